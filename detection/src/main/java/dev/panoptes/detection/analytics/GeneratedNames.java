package dev.panoptes.detection.analytics;

import dev.panoptes.detection.fusion.Entity;
import dev.panoptes.detection.fusion.Hit;
import dev.panoptes.detection.sigma.Level;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Names that an algorithm made. Each registered label is judged by {@link NameModel}; a source that asks {@link #FEW} or more
 * of them is told, with every name held for generated. One name in twenty that people made is held for generated, so that
 * whoever asks many names has some: few are low. Within an hour {@link #SOME} that are surely generated, or {@link #MANY} of any,
 * are medium, and {@link #SURE} of the sure ones high: such a program asks them one after another.
 */
public final class GeneratedNames implements Analytic {
    static final int FEW = 3;
    static final int SOME = 8;
    static final int SURE = 20;
    static final int MANY = 40;
    private static final long HOUR = 3_600;
    private static final int MOST_SOURCES = 20_000;
    private static final int MOST_NAMES = 20_000;

    private record Key(String host, String source) {}

    private static final class Held {
        private final TreeSet<String> names = new TreeSet<>();
        /** Registered domain -> the second in which it was asked first. */
        private final Map<String, Long> asked = new HashMap<>();

        private final TreeSet<String> events = new TreeSet<>();
        private Instant first = Instant.MAX;
        private Instant last = Instant.MIN;
        private long count;
    }

    private final Map<Key, Held> held = new HashMap<>();
    private final Map<String, Boolean> judged = new HashMap<>();
    private long dropped;

    @Override
    public String name() {
        return "generated-names";
    }

    @Override
    public int least() {
        return FEW;
    }

    @Override
    public List<String> keys(Seen seen) {
        return generated(seen).isEmpty() ? List.of() : List.of(seen.host() + '\n' + source(seen));
    }

    /** The name that is asked, where it is held for generated; else an empty text. */
    private String generated(Seen seen) {
        if (!"panoptes.dns".equals(seen.event().dataset())) {
            return "";
        }
        String name = seen.text("dns.question.name").toLowerCase(Locale.ROOT);
        if (name.indexOf('.') < 0 || name.endsWith(".arpa") || name.endsWith(".local") || Names.familiar(name)) {
            return "";
        }
        if (judged.size() > 200_000) {
            judged.clear();
        }
        return judged.computeIfAbsent(
                        Names.registered(name),
                        domain -> !Names.wellKnown(domain) && !Names.platform(domain) && NameModel.generated(domain))
                ? name
                : "";
    }

    /** An answer and its query are asked by the same machine. */
    private static String source(Seen seen) {
        return "answer".equals(seen.event().action()) ? seen.text("destination.ip") : seen.text("source.ip");
    }

    @Override
    public void see(Seen seen) {
        String name = generated(seen);
        if (name.isEmpty()) {
            return;
        }
        Key key = new Key(seen.host(), source(seen));
        Held known = held.get(key);
        if (known == null) {
            if (held.size() >= MOST_SOURCES) {
                dropped++;
                return;
            }
            known = new Held();
            held.put(key, known);
        }
        if (known.names.size() < MOST_NAMES) {
            known.names.add(name);
            known.asked.merge(Names.registered(name), seen.at().getEpochSecond(), Math::min);
        } else {
            dropped++;
        }
        known.count++;
        known.events.add(seen.id());
        if (known.events.size() > 50) {
            known.events.removeLast();
        }
        known.first = seen.at().isBefore(known.first) ? seen.at() : known.first;
        known.last = seen.at().isAfter(known.last) ? seen.at() : known.last;
    }

    @Override
    public long dropped() {
        return dropped;
    }

    @Override
    public List<Hit> conclude() {
        List<Hit> hits = new ArrayList<>();
        held.forEach((key, known) -> {
            if (known.names.size() < FEW) {
                return;
            }
            SortedSet<Entity> entities = new TreeSet<>();
            if (!key.host().isEmpty()) {
                entities.add(new Entity("host", key.host()));
            }
            if (!key.source().isEmpty()) {
                entities.add(new Entity("source.ip", key.source()));
            }
            known.names.forEach(name -> entities.add(new Entity("domain", name)));
            hits.add(LoginGuessing.hit(
                    "dga_domain",
                    "Names that an algorithm made are asked",
                    level(known),
                    List.of("T1568.002"),
                    "command-and-control",
                    known.first,
                    known.last,
                    List.copyOf(known.events),
                    known.count,
                    entities,
                    known.names.size() + " names such as " + known.names.getFirst()));
        });
        return hits;
    }

    private static Level level(Held known) {
        long sure = most(known.asked.entrySet().stream()
                .filter(entry -> NameModel.surely(entry.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sorted()
                .toArray());
        if (sure >= SOME) {
            return sure >= SURE ? Level.HIGH : Level.MEDIUM;
        }
        long any = most(known.asked.values().stream()
                .mapToLong(Long::longValue)
                .sorted()
                .toArray());
        return any >= MANY ? Level.MEDIUM : Level.LOW;
    }

    /** How many lie within one hour at most. */
    private static long most(long[] seconds) {
        int from = 0;
        int most = 0;
        for (int i = 0; i < seconds.length; i++) {
            while (seconds[i] - seconds[from] > HOUR) {
                from++;
            }
            most = Math.max(most, i - from + 1);
        }
        return most;
    }
}
