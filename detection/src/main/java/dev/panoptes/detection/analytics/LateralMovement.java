package dev.panoptes.detection.analytics;

import dev.panoptes.core.event.Event;
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
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One address inside logs in to many hosts: {@link #HOSTS} or more within {@link #WITHIN}, at least half of which it had not
 * logged in to before, and in no earlier hour to half as many; of a day only the first login to each host counts. So a jump host, a control node or a monitoring host that does it
 * every day is silent from its second day on.
 *
 * <p>With a key alone it is low: configuration management does so when it is new, and so does a ticket of the realm, by which people go
 * everywhere. Where a password was typed it is medium.
 */
public final class LateralMovement implements Analytic {
    static final int HOSTS = 4;
    static final Duration WITHIN = Duration.ofMinutes(30);
    private static final Set<String> INTERACTIVE =
            Set.of("password", "keyboard-interactive", "keyboard-interactive/pam");
    private static final int MOST_SOURCES = 20_000;
    private static final int MOST_LOGINS = 5_000;

    private record Login(Instant at, String event, String host, String user, boolean interactive) {}

    /** The first login of a day to a host. */
    private final Map<String, Map<String, Login>> bySource = new HashMap<>();

    private long dropped;

    @Override
    public String name() {
        return "lateral-movement";
    }

    @Override
    public boolean looksAt(String dataset) {
        return dataset.equals("panoptes.auth");
    }

    @Override
    public int least() {
        return HOSTS;
    }

    @Override
    public List<String> keys(Seen seen) {
        String source = source(seen);
        return source == null ? List.of() : List.of(source);
    }

    @Override
    public @Nullable String once(Seen seen, String key) {
        return seen.host()
                + '\n'
                + Math.floorDiv(seen.at().getEpochSecond(), 86_400L)
                + '\n'
                + interactive(seen.event());
    }

    private static @Nullable String source(Seen seen) {
        Event event = seen.event();
        String source = event.text("source.ip");
        boolean login = "panoptes.auth".equals(event.dataset()) && "login".equals(event.action());
        return login
                        && source != null
                        && !seen.host().isEmpty()
                        && Addresses.internal(source)
                        && !source.startsWith("127.")
                        && !source.equals("::1")
                ? source
                : null;
    }

    private static boolean interactive(Event event) {
        String method = event.text("auth.method");
        return method != null && INTERACTIVE.contains(method);
    }

    @Override
    public void see(Seen seen) {
        String source = source(seen);
        if (source == null) {
            return;
        }
        Map<String, Login> known = bySource.get(source);
        if (known == null) {
            if (bySource.size() >= MOST_SOURCES) {
                dropped++;
                return;
            }
            known = new HashMap<>(4);
            bySource.put(source, known);
        }
        String once = once(seen, source);
        Login login = new Login(seen.at(), seen.id(), seen.host(), seen.text("user.name"), interactive(seen.event()));
        Login before = known.get(once);
        if (before == null && known.size() >= MOST_LOGINS) {
            dropped++;
        } else if (before == null || ORDER.compare(login, before) < 0) {
            known.put(once, login);
        }
    }

    private static final Comparator<Login> ORDER =
            Comparator.comparing(Login::at).thenComparing(Login::event);

    @Override
    public long dropped() {
        return dropped;
    }

    @Override
    public List<Hit> conclude() {
        List<Hit> hits = new ArrayList<>();
        new TreeMap<>(bySource).forEach((source, known) -> {
            List<Login> sorted = new ArrayList<>(known.values());
            sorted.sort(ORDER);
            int from = 0;
            for (int i = 0; i < sorted.size(); i++) {
                Instant begin = sorted.get(i).at().minus(WITHIN);
                while (sorted.get(from).at().isBefore(begin)) {
                    from++;
                }
                List<Login> window = sorted.subList(from, i + 1);
                if (hosts(window).size() >= HOSTS && unusual(sorted.subList(0, from), hosts(window))) {
                    int end = i + 1;
                    // What goes on without a pause is the same movement.
                    while (end < sorted.size()
                            && !sorted.get(end)
                                    .at()
                                    .isAfter(sorted.get(end - 1).at().plus(WITHIN))) {
                        end++;
                    }
                    hits.add(told(source, sorted.subList(from, end)));
                    from = end;
                    i = end - 1;
                    if (from >= sorted.size()) {
                        break;
                    }
                }
            }
        });
        return hits;
    }

    private static SortedSet<String> hosts(List<Login> logins) {
        SortedSet<String> hosts = new TreeSet<>();
        logins.forEach(login -> hosts.add(login.host()));
        return hosts;
    }

    private static boolean unusual(List<Login> earlier, SortedSet<String> hosts) {
        Map<Long, Set<String>> hours = new HashMap<>();
        Set<String> before = new TreeSet<>();
        for (Login login : earlier) {
            hours.computeIfAbsent(Math.floorDiv(login.at().getEpochSecond(), 3_600L), _ -> new TreeSet<>())
                    .add(login.host());
            before.add(login.host());
        }
        long fresh = hosts.stream().filter(host -> !before.contains(host)).count();
        return fresh * 2 >= hosts.size() && hours.values().stream().noneMatch(hour -> hour.size() * 2 >= hosts.size());
    }

    private static Hit told(String source, List<Login> logins) {
        SortedSet<Entity> entities = new TreeSet<>();
        entities.add(new Entity("source.ip", source));
        SortedSet<String> hosts = hosts(logins);
        hosts.stream().limit(20).forEach(host -> entities.add(new Entity("host", host)));
        SortedSet<String> users = new TreeSet<>();
        logins.stream().map(Login::user).filter(user -> !user.isEmpty()).forEach(users::add);
        users.stream().limit(5).forEach(user -> entities.add(new Entity("user", user)));
        boolean interactive = logins.stream().anyMatch(Login::interactive);
        return LoginGuessing.hit(
                "lateral_movement",
                "One address logs in to many hosts",
                interactive ? Level.MEDIUM : Level.LOW,
                List.of("T1021.004"),
                "lateral-movement",
                logins.getFirst().at(),
                logins.getLast().at(),
                logins.stream().map(Login::event).distinct().limit(50).toList(),
                logins.size(),
                entities,
                source + " logged in to " + hosts.size() + " hosts as " + String.join(", ", users) + ": "
                        + String.join(", ", hosts.stream().limit(8).toList()));
    }
}
