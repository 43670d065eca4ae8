package dev.panoptes.detection.analytics;

import dev.panoptes.detection.fusion.Entity;
import dev.panoptes.detection.fusion.Hit;
import dev.panoptes.detection.sigma.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One user asks for many different things about a host within a short time: {@link #KINDS} of the rules of discovery within
 * {@link #WITHIN}. What services do (a unit other than a session) does not count. Reports for support and inventories ask as much: it
 * is low, and medium where {@link #HUNTED} kinds of it look for ways to more rights, or a web server or database asks.
 */
public final class ReconBurst {
    /** By what it is known where something is kept for it. */
    public static final String NAME = "reconnaissance";

    public static final int KINDS = 6;
    static final Duration WITHIN = Duration.ofMinutes(2);
    private static final int MOST = 200_000;
    private static final Set<String> RULES = Set.of(
            "account_enumeration",
            "system_information",
            "process_discovery",
            "network_connections_discovery",
            "remote_system_discovery",
            "sudo_enumeration",
            "passwd_file_read",
            "scheduled_task_discovery",
            "service_discovery",
            "suid_search",
            "security_software_discovery",
            "software_discovery",
            "share_discovery",
            "password_policy_discovery",
            "permission_groups_discovery",
            "device_discovery",
            "sandbox_check",
            "shell_history_read",
            "credential_search",
            "credential_search_low",
            "private_key_search",
            "private_key_search_low",
            "domain_enumeration");

    private static final int HUNTED = 2;
    private static final Set<String> HUNTS = Set.of(
            "suid_search",
            "shell_history_read",
            "credential_search",
            "credential_search_low",
            "private_key_search",
            "private_key_search_low");
    private static final Set<String> SERVICES =
            Set.of("www-data", "apache", "nginx", "httpd", "nobody", "tomcat", "redis", "mysql");

    private record Asked(Instant at, String rule, String event) {}

    private record Key(String host, String user) {}

    private final Map<Key, List<Asked>> asked = new HashMap<>();
    private long kept;
    private long dropped;

    /** What a match must be seen together with: the host and the user; null where it is none that counts. */
    public static @Nullable String key(String rule, Seen seen) {
        if (!RULES.contains(rule)) {
            return null;
        }
        String unit = seen.text("service.name");
        boolean service =
                !unit.isEmpty() && !unit.startsWith("session") && !unit.startsWith("user@") && !unit.startsWith("ssh");
        if (service) {
            return null;
        }
        String user = seen.text("user.name");
        return seen.host() + '\n' + (user.isEmpty() ? seen.text("process.user.name") : user);
    }

    /** A rule of discovery matched. */
    public void match(String rule, Seen seen) {
        String key = key(rule, seen);
        if (key != null) {
            add(rule, key, seen.at(), seen.id());
        }
    }

    /** The same of a match that was kept. */
    public void add(String rule, String key, Instant at, String event) {
        if (kept >= MOST) {
            dropped++;
            return;
        }
        kept++;
        int end = key.indexOf('\n');
        asked.computeIfAbsent(new Key(key.substring(0, end), key.substring(end + 1)), _ -> new ArrayList<>())
                .add(new Asked(at, rule, event));
    }

    /** How many matches did not fit. */
    public long dropped() {
        return dropped;
    }

    /** What the matches mean. */
    public List<Hit> conclude() {
        List<Hit> hits = new ArrayList<>();
        asked.forEach((key, all) -> {
            List<Asked> sorted = new ArrayList<>(all);
            sorted.sort(
                    Comparator.comparing(Asked::at).thenComparing(Asked::event).thenComparing(Asked::rule));
            int from = 0;
            Map<String, Integer> kinds = new HashMap<>();
            for (int i = 0; i < sorted.size(); i++) {
                kinds.merge(sorted.get(i).rule(), 1, Integer::sum);
                while (sorted.get(from).at().isBefore(sorted.get(i).at().minus(WITHIN))) {
                    kinds.computeIfPresent(sorted.get(from++).rule(), (_, count) -> count == 1 ? null : count - 1);
                }
                if (kinds.size() >= KINDS) {
                    Instant end = sorted.get(from).at().plus(WITHIN);
                    while (i + 1 < sorted.size() && !sorted.get(i + 1).at().isAfter(end)) {
                        kinds.merge(sorted.get(++i).rule(), 1, Integer::sum);
                    }
                    hits.add(told(key, sorted.subList(from, i + 1), kinds.keySet()));
                    kinds.clear();
                    from = i + 1;
                    if (from >= sorted.size()) {
                        break;
                    }
                }
            }
        });
        return hits;
    }

    private static Hit told(Key key, List<Asked> asked, Set<String> kinds) {
        SortedSet<Entity> entities = new TreeSet<>();
        if (!key.host().isEmpty()) {
            entities.add(new Entity("host", key.host()));
        }
        if (!key.user().isEmpty()) {
            entities.add(new Entity("user", key.user()));
        }
        boolean hunts = kinds.stream().filter(HUNTS::contains).count() >= HUNTED;
        return LoginGuessing.hit(
                "reconnaissance_burst",
                "One user asks for everything about a host",
                hunts || SERVICES.contains(key.user()) ? Level.MEDIUM : Level.LOW,
                List.of("T1082", "T1033", "T1057", "T1049"),
                "discovery",
                asked.getFirst().at(),
                asked.getLast().at(),
                asked.stream().map(Asked::event).distinct().limit(50).toList(),
                asked.size(),
                entities,
                String.join(", ", new TreeSet<>(kinds)));
    }
}
