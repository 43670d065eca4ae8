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
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A source tries many ports of one host ({@link #PORTS} within {@link #MINUTES} minutes) or one port of many hosts
 * ({@link #HOSTS}). Answers (from a port below 1024 to a high one) are not tries; one port of many hosts is nothing special
 * for the web, names, time and mail. Monitoring and configuration management ask one port of every host, and clusters, transfers and
 * exporters have many high ports: that is low. {@link #SYSTEMS} ports of the system's own, or {@link #MANY} of any, and what worms
 * ask of addresses outside, are medium, and alone not more.
 */
public final class PortScan implements Analytic {
    static final int PORTS = 20;
    static final int HOSTS = 25;
    static final int MINUTES = 5;
    private static final int SYSTEMS = 8;
    private static final int MANY = 500;
    /** Telnet, files of Windows, Redis, Docker, Android's and routers' debuggers: nobody manages strangers by them. */
    private static final Set<String> OF_WORMS = Set.of("23", "445", "2323", "2375", "5555", "6379", "7547");

    private static final Set<Long> EVERYBODYS = Set.of(25L, 53L, 80L, 123L, 443L, 853L, 5353L, 8080L);
    private static final int MOST_KEYS = 20_000;
    private static final int MOST_TRIES = 2_000;

    private record Key(String source, long window, boolean ports, String target) {}

    private static final class Tries {
        private final Set<String> tried = new HashSet<>();
        private final TreeSet<String> events = new TreeSet<>();
        private final Set<String> hosts = new TreeSet<>();
        private Instant first = Instant.MAX;
        private Instant last = Instant.MIN;
    }

    private final Map<Key, Tries> tries = new HashMap<>();
    private long dropped;

    @Override
    public String name() {
        return "port-scan";
    }

    @Override
    public int least() {
        return PORTS;
    }

    @Override
    public List<String> keys(Seen seen) {
        return tries(seen).keySet().stream()
                .map(key -> key.source() + '\n' + key.window() + '\n' + key.ports() + '\n' + key.target())
                .toList();
    }

    @Override
    public void see(Seen seen) {
        tries(seen).forEach((key, what) -> put(key, what, seen));
    }

    /** What an event is a try of, and what it tries there. */
    private static Map<Key, String> tries(Seen seen) {
        Event event = seen.event();
        if (!"panoptes.flow".equals(event.dataset())) {
            return Map.of();
        }
        String source = event.text("source.ip");
        String destination = event.text("destination.ip");
        Long port = event.number("destination.port");
        Long from = event.number("source.port");
        if (source == null || destination == null || port == null || (from != null && from < 1024 && port >= 1024)) {
            return Map.of();
        }
        if ("connection_closed".equals(event.action())) {
            return Map.of();
        }
        long window = Math.floorDiv(seen.at().getEpochSecond(), MINUTES * 60L);
        Key ports = new Key(source, window, true, destination);
        return EVERYBODYS.contains(port)
                ? Map.of(ports, Long.toString(port))
                : Map.of(ports, Long.toString(port), new Key(source, window, false, Long.toString(port)), destination);
    }

    private void put(Key key, String what, Seen seen) {
        Tries known = tries.get(key);
        if (known == null) {
            if (tries.size() >= MOST_KEYS) {
                dropped++;
                return;
            }
            known = new Tries();
            tries.put(key, known);
        }
        if (known.tried.size() < MOST_TRIES) {
            known.tried.add(what);
        }
        known.events.add(seen.id());
        if (known.events.size() > 50) {
            known.events.removeLast();
        }
        if (!seen.host().isEmpty()) {
            known.hosts.add(seen.host());
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
        tries.forEach((key, known) -> {
            if (known.tried.size() < (key.ports() ? PORTS : HOSTS)) {
                return;
            }
            SortedSet<Entity> entities = new TreeSet<>();
            entities.add(new Entity("source.ip", key.source()));
            known.hosts.forEach(host -> entities.add(new Entity("host", host)));
            if (key.ports()) {
                entities.add(new Entity("destination.ip", key.target()));
            }
            String text = key.ports()
                    ? known.tried.size() + " ports of " + key.target() + " tried by " + key.source()
                    : "port " + key.target() + " of " + known.tried.size() + " hosts tried by " + key.source();
            hits.add(LoginGuessing.hit(
                    "port_scan",
                    key.ports() ? "Ports of a host are scanned" : "Hosts are scanned for one port",
                    severe(key, known) ? Level.MEDIUM : Level.LOW,
                    List.of("T1046"),
                    "discovery",
                    known.first,
                    known.last,
                    List.copyOf(known.events),
                    known.tried.size(),
                    entities,
                    text));
        });
        return hits;
    }

    private static boolean severe(Key key, Tries known) {
        if (key.ports()) {
            long systems = known.tried.stream()
                    .filter(port -> port.length() <= 4 && Integer.parseInt(port) < 1_024)
                    .count();
            return systems >= SYSTEMS || known.tried.size() >= MANY;
        }
        return OF_WORMS.contains(key.target())
                && known.tried.stream()
                                .filter(host -> !Addresses.internal(host))
                                .count()
                        >= HOSTS;
    }
}
