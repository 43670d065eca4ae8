package dev.panoptes.detection;

import dev.panoptes.core.event.Event;
import dev.panoptes.detection.analytics.Analytic;
import dev.panoptes.detection.analytics.Analytics;
import dev.panoptes.detection.analytics.ReconBurst;
import dev.panoptes.detection.analytics.Seen;
import dev.panoptes.detection.fusion.Entity;
import dev.panoptes.detection.fusion.Fusion;
import dev.panoptes.detection.fusion.Hit;
import dev.panoptes.detection.fusion.Hits;
import dev.panoptes.detection.fusion.Tactics;
import dev.panoptes.detection.sigma.Correlator;
import dev.panoptes.detection.sigma.Level;
import dev.panoptes.detection.sigma.RuleInfo;
import dev.panoptes.detection.sigma.RuleSet;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Runs rules and analytics over events, and fuses what they conclude. The same events in any order, any number of times, give
 * the same result. For one thread.
 */
public final class Detector {
    private final RuleSet rules;
    private final Correlator correlator;
    private final List<Analytic> analytics = Analytics.all();
    private final ReconBurst recon = new ReconBurst();
    private final Hits hits = new Hits();
    private final Known known = new Known();
    private long events;
    private long repeated;
    private long timeless;
    private @Nullable Instant last;

    public Detector(RuleSet rules) {
        this.rules = rules;
        this.correlator = new Correlator(rules);
    }

    /** @param key what the event is known by, for evidence: its id, or file and line */
    public void accept(Event event, String key) {
        if (!known.add(key)) {
            repeated++;
            return;
        }
        events++;
        Instant at = event.timestamp();
        if (at == null) {
            timeless++;
            at = Instant.EPOCH;
        } else if (last == null || at.isAfter(last)) {
            last = at;
        }
        Seen seen = Seen.of(event, key, at);
        List<Integer> matched = new ArrayList<>(4);
        rules.match(event, matched::add);
        for (int number : matched) {
            RuleInfo rule = rules.rules().get(number);
            if (correlator.wants(number)) {
                correlator.add(number, event, key, 0);
            }
            if (!rule.silent()) {
                hits.add(rule, seen.host(), seen.at(), seen.id(), seen.entities(), () -> hit(rule, seen));
                recon.match(rule.name(), seen);
            }
        }
        for (Analytic analytic : analytics) {
            analytic.see(seen);
        }
    }

    /** What a rule that matched says. */
    public static Hit hit(RuleInfo rule, Seen seen) {
        return new Hit(
                rule.name(),
                rule.key(),
                rule.title(),
                rule.level() == null ? Level.LOW : rule.level(),
                rule.techniques(),
                Tactics.of(rule.tags()),
                seen.at(),
                seen.at(),
                seen.id(),
                List.of(seen.id()),
                1,
                seen.entities(),
                seen.line());
    }

    /** What the events mean. Call it once, at their end. */
    public Fusion.Result conclude() {
        List<Hit> all = hits.drain();
        all.addAll(conclusions());
        return Fusion.fuse(all);
    }

    /** What follows from several events: correlations and analytics. Call it once, at the end of the events. */
    public List<Hit> conclusions() {
        List<Hit> all = new ArrayList<>();
        for (Correlator.Completed completed : correlator.completed()) {
            RuleInfo rule = rules.rules().get(completed.rule());
            if (!rule.silent()) {
                all.add(hit(rule, completed));
            }
        }
        for (Analytic analytic : analytics) {
            all.addAll(analytic.conclude());
        }
        all.addAll(recon.conclude());
        return all;
    }

    static Hit hit(RuleInfo rule, Correlator.Completed completed) {
        SortedSet<Entity> entities = new TreeSet<>();
        completed.group().forEach((field, value) -> {
            switch (field) {
                case "host.name", "host.id", "Computer" -> entities.add(new Entity("host", value));
                case "user.name", "User", "user.id" -> entities.add(new Entity("user", value));
                case "source.ip", "SourceIp" -> entities.add(new Entity("source.ip", value));
                case "destination.ip", "DestinationIp" -> entities.add(new Entity("destination.ip", value));
                default -> {}
            }
        });
        return new Hit(
                rule.name(),
                rule.key(),
                rule.title(),
                rule.level() == null ? Level.LOW : rule.level(),
                rule.techniques(),
                Tactics.of(rule.tags()),
                completed.at(),
                completed.at(),
                completed.event(),
                completed.events(),
                completed.count(),
                entities,
                completed.count() + " events");
    }

    /** How many different events there were. */
    public long events() {
        return events;
    }

    public long repeated() {
        return repeated;
    }

    /** How many had no time. */
    public long timeless() {
        return timeless;
    }

    /** How much did not fit the bounds. */
    public long dropped() {
        return hits.dropped()
                + correlator.dropped()
                + recon.dropped()
                + analytics.stream().mapToLong(Analytic::dropped).sum();
    }

    /** The time of the last event; null where none had one. */
    public @Nullable Instant last() {
        return last;
    }

    /** Which keys there were, by 64 bits of each: of a million keys two fall together once in forty million runs. */
    private static final class Known {
        private long[] table = new long[1 << 12];
        private int size;
        private boolean zero;

        boolean add(String key) {
            long hash = hash(key);
            if (hash == 0) {
                boolean fresh = !zero;
                zero = true;
                return fresh;
            }
            if (size * 2 >= table.length) {
                long[] old = table;
                table = new long[old.length * 2];
                Arrays.stream(old).filter(one -> one != 0).forEach(one -> table[place(one)] = one);
            }
            int at = place(hash);
            if (table[at] == hash) {
                return false;
            }
            table[at] = hash;
            size++;
            return true;
        }

        private int place(long hash) {
            int at = (int) (hash >>> 20) & (table.length - 1);
            while (table[at] != 0 && table[at] != hash) {
                at = (at + 1) & (table.length - 1);
            }
            return at;
        }

        /** FNV-1a with a final mix, over UTF-8. */
        private static long hash(String key) {
            long hash = 0xcbf29ce484222325L;
            for (byte b : key.getBytes(StandardCharsets.UTF_8)) {
                hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
            }
            hash ^= hash >>> 33;
            hash *= 0xff51afd7ed558ccdL;
            return hash ^ (hash >>> 33);
        }
    }
}
