package dev.panoptes.detection.analytics;

import dev.panoptes.core.event.Event;
import dev.panoptes.detection.fusion.Entity;
import dev.panoptes.detection.fusion.Hit;
import dev.panoptes.detection.sigma.Level;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Data travels in names. For each source and registered domain: how many different names, how long the part below the
 * registered domain is, its entropy, and the share of record types that carry data (TXT, NULL, PRIVATE, CNAME, MX, SRV, KEY,
 * DNSKEY). A tunnel has {@link #NAMES} different names or more, at least 70 % of its queries each for another name, and
 * either a mean length of 24 with an entropy of 3.2 bits, or of 10 with half its queries of such types. Content delivery,
 * anti-virus and block lists are in a table of familiar domains; names that are addresses or reversed addresses do not count.
 */
public final class DnsTunnel implements Analytic {
    static final int NAMES = 25;
    private static final Set<String> CARRYING =
            Set.of("TXT", "NULL", "TYPE65399", "PRIVATE", "CNAME", "MX", "SRV", "KEY", "DNSKEY", "TYPE10");
    private static final Pattern ADDRESS = Pattern.compile("[0-9-]{4,15}");
    private static final int MOST_KEYS = 20_000;
    private static final int MOST_NAMES = 5_000;
    private static final long EXFILTRATION_BYTES = 20_000;

    private record Key(String host, String source, String domain) {}

    private static final class Asked {
        private final Set<String> names = new HashSet<>();
        private final TreeSet<String> events = new TreeSet<>();
        private long queries;
        private long carrying;
        private long length;
        private double entropy;
        private Instant first = Instant.MAX;
        private Instant last = Instant.MIN;
    }

    private final Map<Key, Asked> asked = new HashMap<>();
    private long dropped;

    @Override
    public String name() {
        return "dns-tunnel";
    }

    @Override
    public int least() {
        return NAMES;
    }

    @Override
    public List<String> keys(Seen seen) {
        Key key = key(seen);
        return key == null ? List.of() : List.of(key.host() + '\n' + key.source() + '\n' + key.domain());
    }

    /** Null where the event is none of a name below a registered one that could carry something. */
    private static @Nullable Key key(Seen seen) {
        Event event = seen.event();
        if (!"panoptes.dns".equals(event.dataset()) || "answer".equals(event.action())) {
            return null;
        }
        String name = seen.text("dns.question.name").toLowerCase(Locale.ROOT);
        if (name.indexOf('.') < 0 || name.endsWith(".arpa") || name.endsWith(".local") || Names.familiar(name)) {
            return null;
        }
        String domain = Names.registered(name);
        String below = below(name, domain);
        return below.isEmpty() || ADDRESS.matcher(below).matches()
                ? null
                : new Key(seen.host(), seen.text("source.ip"), domain);
    }

    private static String below(String name, String domain) {
        return name.length() > domain.length()
                ? name.substring(0, name.length() - domain.length() - 1).replace(".", "")
                : "";
    }

    @Override
    public void see(Seen seen) {
        Key key = key(seen);
        if (key == null) {
            return;
        }
        String below = below(seen.text("dns.question.name").toLowerCase(Locale.ROOT), key.domain());
        Asked known = asked.get(key);
        if (known == null) {
            if (asked.size() >= MOST_KEYS) {
                dropped++;
                return;
            }
            known = new Asked();
            asked.put(key, known);
        }
        known.queries++;
        if (known.names.size() < MOST_NAMES && known.names.add(below)) {
            known.length += below.length();
            known.entropy += Names.entropy(below);
        }
        known.carrying += CARRYING.contains(seen.text("dns.question.type")) ? 1 : 0;
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
        asked.forEach((key, known) -> {
            int different = known.names.size();
            if (different < NAMES || (different < MOST_NAMES && different * 10 < known.queries * 7)) {
                return;
            }
            double length = (double) known.length / different;
            double entropy = known.entropy / different;
            double carrying = (double) known.carrying / known.queries;
            boolean long24 = length >= 24 && entropy >= 3.2;
            boolean types = carrying >= 0.5 && length >= 10 && entropy >= 2.6;
            if (long24 || types) {
                hits.add(told(key, known, length, entropy, carrying));
            }
        });
        return hits;
    }

    private static Hit told(Key key, Asked known, double length, double entropy, double carrying) {
        SortedSet<Entity> entities = new TreeSet<>();
        if (!key.host().isEmpty()) {
            entities.add(new Entity("host", key.host()));
        }
        if (!key.source().isEmpty()) {
            entities.add(new Entity("source.ip", key.source()));
        }
        entities.add(new Entity("domain", key.domain()));
        boolean out = known.length >= EXFILTRATION_BYTES && carrying < 0.5;
        return LoginGuessing.hit(
                out ? "dns_exfiltration" : "dns_tunnel",
                out ? "Data leaves in DNS queries" : "Data travels in DNS names",
                Level.HIGH,
                out ? List.of("T1048.003", "T1071.004") : List.of("T1572", "T1071.004"),
                out ? "exfiltration" : "command-and-control",
                known.first,
                known.last,
                List.copyOf(known.events),
                known.queries,
                entities,
                String.format(
                        Locale.ROOT,
                        "%d different names below %s, %.0f characters and %.1f bits each, %.0f %% of types that carry"
                                + " data",
                        known.names.size(),
                        key.domain(),
                        length,
                        entropy,
                        100 * carrying));
    }
}
