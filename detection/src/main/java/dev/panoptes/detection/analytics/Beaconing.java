package dev.panoptes.detection.analytics;

import dev.panoptes.core.event.Event;
import dev.panoptes.detection.fusion.Entity;
import dev.panoptes.detection.fusion.Hit;
import dev.panoptes.detection.sigma.Level;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A program calls home in a rhythm. Of the times t of one source and one destination, the median interval m is the period;
 * each interval is divided by how many periods it spans (a lost beat makes two), and the spread is the standard deviation of
 * these over their mean. A beacon has {@link #BEATS} beats or more, a period of 8 s to 70 min, a spread of at most
 * {@link #SPREAD} (uniform jitter of 30 % has 0.17, calls at random 1) and at most a third of lost beats. Time and name
 * service, addresses of the own network, names of updates and telemetry, and what three sources or more ask in a rhythm are
 * none. Clients of the web that jobs start to tell that they ran, and agents of monitoring, call in a rhythm too: theirs is low.
 */
public final class Beaconing implements Analytic {
    static final int BEATS = 12;
    static final double SPREAD = 0.24;
    private static final long SHORTEST_MILLIS = 8_000;
    private static final long LONGEST_MILLIS = 70 * 60_000;
    private static final int FLEET = 3;
    private static final int MOST_KEYS = 50_000;
    private static final int MOST_BEATS = 2_000;
    private static final Set<Long> NO_PORTS =
            Set.of(53L, 123L, 67L, 68L, 137L, 138L, 323L, 514L, 853L, 1514L, 1900L, 5353L, 5355L);

    /** What calls its maker, or a watch over jobs, by its trade. */
    private static final Pattern BY_TRADE = Pattern.compile(
            "/(?:usr|opt|snap|bin|sbin)/(?:\\S*/)?(?:curl|wget|snapd|amazon-ssm-agent|ssm-agent-worker|google_(?:guest|osconfig)_agent|waagent|tailscaled|cloudflared|teleport"
                    + "|datadog-agent|newrelic-infra|telegraf|zabbix_\\S+|prometheus|vmagent|promtail|fluent-bit|vector|netdata|gitlab-runner"
                    + "|Runner\\.Listener|fwupd\\S*|packagekitd|chronyd|postfix)");

    private record Key(String source, String destination, boolean name) {}

    private static final class Calls {
        private long[] times = new long[8];
        private String[] ids = new String[8];
        private long[] bytes = new long[8];
        private int size;
        private String host = "";
        private String process = "";

        void add(long at, String id, long sent) {
            if (size == times.length) {
                times = Arrays.copyOf(times, size * 2);
                ids = Arrays.copyOf(ids, size * 2);
                bytes = Arrays.copyOf(bytes, size * 2);
            }
            times[size] = at;
            ids[size] = id;
            bytes[size++] = sent;
        }
    }

    private final Map<Key, Calls> calls = new HashMap<>();
    private long dropped;

    @Override
    public String name() {
        return "beaconing";
    }

    @Override
    public int least() {
        return BEATS;
    }

    /** What many ask in the same rhythm is no beacon: so all that go to one destination are looked at together. */
    @Override
    public List<String> keys(Seen seen) {
        Key key = key(seen);
        return key == null ? List.of() : List.of((key.name() ? "name " : "") + key.destination());
    }

    @Override
    public void see(Seen seen) {
        Key key = key(seen);
        if (key != null) {
            Long sent = key.name() ? null : seen.event().number("source.bytes");
            put(key, seen, sent == null ? 0 : sent);
        }
    }

    /** Null where the event is no call that could be a beat. */
    private static @Nullable Key key(Seen seen) {
        Event event = seen.event();
        String dataset = event.dataset();
        if ("panoptes.flow".equals(dataset) && !"connection_closed".equals(event.action())) {
            return flow(event);
        }
        if ("panoptes.dns".equals(dataset) && "query".equals(event.action())) {
            String name = seen.text("dns.question.name").toLowerCase(java.util.Locale.ROOT);
            String source = seen.text("source.ip").isEmpty() ? seen.host() : seen.text("source.ip");
            if (!name.isEmpty() && !Names.familiar(name)) {
                return new Key(source, name, true);
            }
        }
        return null;
    }

    private static @Nullable Key flow(Event event) {
        String destination = event.text("destination.ip");
        Long port = event.number("destination.port");
        String source = event.text("source.ip");
        if (destination == null || source == null || port == null || NO_PORTS.contains(port)) {
            return null;
        }
        String domain = event.text("destination.domain");
        if (Addresses.internal(destination) || (domain != null && Names.familiar(domain))) {
            return null;
        }
        return new Key(source, destination + ":" + port, false);
    }

    private void put(Key key, Seen seen, long sent) {
        Calls known = calls.get(key);
        if (known == null) {
            if (calls.size() >= MOST_KEYS) {
                dropped++;
                return;
            }
            known = new Calls();
            calls.put(key, known);
        }
        if (known.size >= MOST_BEATS) {
            dropped++;
            return;
        }
        known.add(seen.at().toEpochMilli(), seen.id(), sent);
        if (known.host.compareTo(seen.host()) < 0) {
            known.host = seen.host();
        }
        String process = seen.text("process.executable");
        if (known.process.compareTo(process) < 0) {
            known.process = process;
        }
    }

    @Override
    public long dropped() {
        return dropped;
    }

    @Override
    public List<Hit> conclude() {
        Map<String, List<Key>> rhythmic = new TreeMap<>();
        calls.forEach((key, known) -> {
            if (period(known) > 0) {
                rhythmic.computeIfAbsent(key.destination(), _ -> new ArrayList<>())
                        .add(key);
            }
        });
        List<Hit> hits = new ArrayList<>();
        rhythmic.forEach((destination, keys) -> {
            if (keys.size() < FLEET) {
                keys.forEach(key -> hits.add(told(key, Objects.requireNonNull(calls.get(key)))));
            }
        });
        return hits;
    }

    /** The period in milliseconds; 0 where there is no rhythm. */
    private static long period(Calls known) {
        long[] times = merged(known);
        if (times.length < BEATS) {
            return 0;
        }
        long[] intervals = new long[times.length - 1];
        for (int i = 0; i < intervals.length; i++) {
            intervals[i] = times[i + 1] - times[i];
        }
        long[] sorted = intervals.clone();
        Arrays.sort(sorted);
        long median = sorted[sorted.length / 2];
        if (median < SHORTEST_MILLIS || median > LONGEST_MILLIS) {
            return 0;
        }
        double sum = 0;
        double squares = 0;
        int whole = 0;
        int missed = 0;
        int used = 0;
        for (long interval : intervals) {
            long periods = Math.max(1, Math.round((double) interval / median));
            if (periods > 12) {
                // A pause: the machine slept.
                whole++;
                continue;
            }
            missed += (int) periods - 1;
            double one = (double) interval / periods / median;
            sum += one;
            squares += one * one;
            used++;
        }
        double mean = sum / Math.max(1, used);
        double spread = Math.sqrt(Math.max(0, squares / Math.max(1, used) - mean * mean)) / mean;
        boolean regular = used >= BEATS - 1
                && spread <= SPREAD
                && missed * 3 <= used + missed
                && whole * 10 <= intervals.length
                && alikeInSize(known);
        return regular ? median : 0;
    }

    /** Sorted times; what lies closer than a second is one call. */
    private static long[] merged(Calls known) {
        long[] times = Arrays.copyOf(known.times, known.size);
        Arrays.sort(times);
        int kept = 0;
        for (int i = 0; i < times.length; i++) {
            if (kept == 0 || times[i] - times[kept - 1] >= 1_000) {
                times[kept++] = times[i];
            }
        }
        return Arrays.copyOf(times, kept);
    }

    /** A beacon says about the same each time; a download does not. */
    private static boolean alikeInSize(Calls known) {
        long[] sizes = Arrays.stream(known.bytes, 0, known.size)
                .filter(size -> size > 0)
                .sorted()
                .toArray();
        if (sizes.length < BEATS) {
            return true;
        }
        return sizes[sizes.length * 3 / 4] <= 3 * Math.max(1, sizes[sizes.length / 4]);
    }

    private static Hit told(Key key, Calls known) {
        long[] order = Arrays.copyOf(known.times, known.size);
        Integer[] index = new Integer[known.size];
        Arrays.setAll(index, i -> i);
        Arrays.sort(
                index,
                (a, b) ->
                        order[a] != order[b] ? Long.compare(order[a], order[b]) : known.ids[a].compareTo(known.ids[b]));
        List<String> events =
                Arrays.stream(index).limit(50).map(i -> known.ids[i]).toList();
        SortedSet<Entity> entities = new TreeSet<>();
        if (!known.host.isEmpty()) {
            entities.add(new Entity("host", known.host));
        }
        if (!known.process.isEmpty()) {
            entities.add(new Entity("process", known.process));
        }
        entities.add(new Entity("source.ip", key.source()));
        entities.add(
                key.name()
                        ? new Entity("domain", key.destination())
                        : new Entity(
                                "destination.ip",
                                key.destination().substring(0, key.destination().lastIndexOf(':'))));
        Instant first = Instant.ofEpochMilli(order[index[0]]);
        Instant last = Instant.ofEpochMilli(order[index[index.length - 1]]);
        return LoginGuessing.hit(
                "c2_beacon",
                "A program calls home in a rhythm",
                BY_TRADE.matcher(known.process).matches() ? Level.LOW : Level.MEDIUM,
                List.of(key.name() ? "T1071.004" : "T1071", "T1029"),
                "command-and-control",
                first,
                last,
                events,
                known.size,
                entities,
                key.destination() + " every " + period(known) / 1000 + " s, " + known.size + " times");
    }
}
