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
 * Passwords are guessed. Failures of one source on one host count once for each attempt: the lines of pam and of the service
 * for one attempt share host, process id and user, and the service's own line ("Failed password") goes before the others.
 * Guessing is {@link #FAST} attempts within {@link #FAST_WITHIN} or {@link #SLOW} within {@link #SLOW_WITHIN}; it is spraying
 * where more than half as many users as attempts were tried. Distributed: one user, {@link #SLOW} attempts from
 * {@link #SOURCES} sources or more within {@link #FAR_WITHIN}. A success from the same source, or of the user who was guessed
 * from everywhere, within {@link #AFTER} makes it high.
 */
public final class LoginGuessing implements Analytic {
    static final int FAST = 6;
    static final Duration FAST_WITHIN = Duration.ofMinutes(10);
    static final int SLOW = 20;
    static final Duration SLOW_WITHIN = Duration.ofHours(24);
    static final int SOURCES = 5;
    static final Duration FAR_WITHIN = Duration.ofHours(1);
    static final Duration AFTER = Duration.ofHours(1);
    private static final Duration GAP = Duration.ofHours(1);
    private static final int MOST_KEYS = 50_000;
    private static final int MOST_ATTEMPTS = 20_000;
    private static final String NAME = "brute_force_detected";

    private record Key(String host, String source) {}

    private record Attempt(Instant at, String id, String pid, String user, String source, boolean service, int times) {}

    private final Map<Key, List<Attempt>> bySource = new HashMap<>();
    private final Map<Key, List<Attempt>> byUser = new HashMap<>();
    private final Map<Key, List<Attempt>> successes = new HashMap<>();
    private final Map<String, String> shared = new HashMap<>();
    private final boolean distributed;
    private long dropped;

    private LoginGuessing(boolean distributed) {
        this.distributed = distributed;
    }

    /** Looks at what comes from one source. */
    static LoginGuessing bySource() {
        return new LoginGuessing(false);
    }

    /** Looks at what happens to one user, from wherever. */
    static LoginGuessing byUser() {
        return new LoginGuessing(true);
    }

    @Override
    public String name() {
        return distributed ? "guessing-of-user" : "guessing-by-source";
    }

    @Override
    public int least() {
        // Of one line that says how often it was repeated something may follow.
        return 1;
    }

    @Override
    public List<String> keys(Seen seen) {
        if (!relevant(seen.event())) {
            return List.of();
        }
        String source = source(seen);
        if (!distributed) {
            return List.of(seen.host() + '\n' + source);
        }
        String user = seen.text("user.name");
        return user.isEmpty() || source.startsWith("local ") ? List.of() : List.of(seen.host() + '\n' + user);
    }

    private static boolean relevant(Event event) {
        String action = event.action();
        return "panoptes.auth".equals(event.dataset())
                && action != null
                && (action.equals("login_failed") || action.equals("login") || action.equals("privilege_refused"));
    }

    private static String source(Seen seen) {
        String source = seen.text("source.ip");
        if (source.isEmpty()) {
            source = seen.text("source.domain");
        }
        if (source.isEmpty()) {
            // Local: whoever sits at the terminal and tries sudo or su.
            String user = seen.text("user.name");
            source = "local " + (user.isEmpty() ? seen.text("user.target.name") : user);
        }
        return source;
    }

    @Override
    public void see(Seen seen) {
        Event event = seen.event();
        String action = event.action();
        if (!relevant(event) || action == null) {
            return;
        }
        String source = source(seen);
        String user = share(seen.text("user.name"));
        Long count = event.number("event.count");
        Attempt attempt = new Attempt(
                seen.at(),
                seen.id(),
                share(seen.text("process.pid")),
                user,
                share(source),
                event.value("auth.method").isPresent(),
                count == null ? 1 : Math.clamp(count, 1, 10_000));
        Key key = new Key(share(seen.host()), attempt.source());
        if (action.equals("login")) {
            put(successes, key, attempt);
        } else if (!distributed) {
            put(bySource, key, attempt);
        } else if (!user.isEmpty() && !attempt.source().startsWith("local ")) {
            put(byUser, new Key(key.host(), user), attempt);
        }
    }

    private String share(String text) {
        if (shared.size() > MOST_KEYS) {
            return text;
        }
        String known = shared.putIfAbsent(text, text);
        return known == null ? text : known;
    }

    private void put(Map<Key, List<Attempt>> map, Key key, Attempt attempt) {
        List<Attempt> list = map.get(key);
        if (list == null) {
            if (map.size() >= MOST_KEYS) {
                dropped++;
                return;
            }
            list = new ArrayList<>(4);
            map.put(key, list);
        }
        if (list.size() >= MOST_ATTEMPTS) {
            dropped++;
        } else {
            list.add(attempt);
        }
    }

    @Override
    public long dropped() {
        return dropped;
    }

    @Override
    public List<Hit> conclude() {
        List<Hit> hits = new ArrayList<>();
        bySource.forEach((key, all) -> {
            for (List<Attempt> burst : bursts(attempts(all), SLOW_WITHIN)) {
                if (guessing(burst)) {
                    hits.addAll(told(key.host(), burst, false));
                }
            }
        });
        byUser.forEach((key, all) -> {
            for (List<Attempt> burst : bursts(attempts(all), FAR_WITHIN)) {
                Set<String> sources = new TreeSet<>();
                burst.forEach(attempt -> sources.add(attempt.source()));
                if (times(burst) >= SLOW && sources.size() >= SOURCES && within(burst, SLOW, FAR_WITHIN)) {
                    hits.addAll(told(key.host(), burst, true));
                }
            }
        });
        return hits;
    }

    /** One for each attempt, by time. */
    private static List<Attempt> attempts(List<Attempt> all) {
        List<Attempt> sorted = new ArrayList<>(all);
        sorted.sort(Comparator.comparing(Attempt::at).thenComparing(Attempt::id));
        Map<String, List<Attempt>> byProcess = new TreeMap<>();
        List<Attempt> kept = new ArrayList<>();
        for (Attempt attempt : sorted) {
            if (attempt.pid().isEmpty()) {
                kept.add(attempt);
            } else {
                byProcess.computeIfAbsent(attempt.pid(), _ -> new ArrayList<>()).add(attempt);
            }
        }
        byProcess.values().forEach(lines -> kept.addAll(ofProcess(lines)));
        kept.sort(Comparator.comparing(Attempt::at).thenComparing(Attempt::id));
        return kept;
    }

    private static List<Attempt> ofProcess(List<Attempt> lines) {
        List<Attempt> own = lines.stream().filter(Attempt::service).toList();
        if (!own.isEmpty()) {
            return own;
        }
        // Without the service's line, what pam and the service say within two seconds is one attempt.
        List<Attempt> kept = new ArrayList<>();
        for (Attempt line : lines) {
            if (kept.isEmpty() || line.at().isAfter(kept.getLast().at().plusSeconds(2)) || line.times() > 1) {
                kept.add(line);
            }
        }
        return kept;
    }

    private static List<List<Attempt>> bursts(List<Attempt> attempts, Duration longest) {
        List<List<Attempt>> bursts = new ArrayList<>();
        List<Attempt> burst = new ArrayList<>();
        for (Attempt attempt : attempts) {
            boolean far = !burst.isEmpty()
                    && attempt.at()
                            .isAfter(burst.getLast().at().plus(GAP.compareTo(longest) < 0 ? slowGap(longest) : GAP));
            if (far) {
                bursts.add(burst);
                burst = new ArrayList<>();
            }
            burst.add(attempt);
        }
        if (!burst.isEmpty()) {
            bursts.add(burst);
        }
        return bursts;
    }

    /** Slow guessing may pause for as long as its window still holds enough. */
    private static Duration slowGap(Duration longest) {
        return longest.dividedBy(6);
    }

    private static boolean guessing(List<Attempt> burst) {
        return within(burst, FAST, FAST_WITHIN) || within(burst, SLOW, SLOW_WITHIN);
    }

    private static boolean within(List<Attempt> burst, int least, Duration window) {
        int from = 0;
        int sum = 0;
        for (Attempt attempt : burst) {
            sum += attempt.times();
            while (burst.get(from).at().isBefore(attempt.at().minus(window))) {
                sum -= burst.get(from++).times();
            }
            if (sum >= least) {
                return true;
            }
        }
        return false;
    }

    private static int times(List<Attempt> burst) {
        return burst.stream().mapToInt(Attempt::times).sum();
    }

    private List<Hit> told(String host, List<Attempt> burst, boolean distributed) {
        Set<String> users = new TreeSet<>();
        Set<String> sources = new TreeSet<>();
        burst.forEach(attempt -> {
            if (!attempt.user().isEmpty()) {
                users.add(attempt.user());
            }
            sources.add(attempt.source());
        });
        Attempt first = burst.getFirst();
        Attempt last = burst.getLast();
        boolean spraying = users.size() * 2 > burst.size();
        String from = distributed ? sources.size() + " sources" : first.source();
        String text = times(burst) + " failed logins from " + from + " for " + users.size()
                + (users.size() == 1 ? " user" : " users");
        SortedSet<Entity> entities = entities(host, sources);
        (distributed ? users : users.stream().limit(5).toList())
                .forEach(user -> entities.add(new Entity("user", user)));
        List<Hit> hits = new ArrayList<>();
        hits.add(hit(
                NAME,
                distributed
                        ? "One account is guessed from many sources"
                        : spraying ? "Many accounts are tried" : "Passwords are guessed",
                Level.MEDIUM,
                List.of(spraying ? "T1110.003" : "T1110.001"),
                "credential-access",
                first.at(),
                last.at(),
                ids(burst),
                times(burst),
                entities,
                text));
        Attempt success = success(host, burst, distributed);
        if (success != null) {
            SortedSet<Entity> who = entities(host, Set.of(success.source()));
            who.add(new Entity("user", success.user()));
            hits.add(hit(
                    "credential_access",
                    "Login succeeded after passwords were guessed",
                    Level.HIGH,
                    List.of("T1110.001", "T1078"),
                    "initial-access",
                    success.at(),
                    success.at(),
                    List.of(success.id()),
                    1,
                    who,
                    "login of " + success.user() + " from " + success.source() + " after " + text));
        }
        return hits;
    }

    private static SortedSet<Entity> entities(String host, Set<String> sources) {
        SortedSet<Entity> entities = new TreeSet<>();
        if (!host.isEmpty()) {
            entities.add(new Entity("host", host));
        }
        for (String source : sources) {
            if (!source.startsWith("local ")) {
                entities.add(new Entity("source.ip", source));
            }
        }
        return entities;
    }

    private @Nullable Attempt success(String host, List<Attempt> burst, boolean distributed) {
        Instant enough = burst.get(Math.min(burst.size(), FAST) - 1).at();
        Instant until = burst.getLast().at().plus(AFTER);
        Attempt found = null;
        Set<String> sources = new TreeSet<>();
        burst.forEach(attempt -> sources.add(attempt.source()));
        Set<String> users = new TreeSet<>();
        burst.forEach(attempt -> users.add(attempt.user()));
        for (Map.Entry<Key, List<Attempt>> entry : successes.entrySet()) {
            if (!entry.getKey().host().equals(host)) {
                continue;
            }
            for (Attempt login : entry.getValue()) {
                boolean same = distributed
                        ? users.contains(login.user()) && sources.contains(login.source())
                        : sources.contains(login.source());
                boolean later = !login.at().isBefore(enough) && !login.at().isAfter(until);
                boolean first = found == null
                        || login.at().isBefore(found.at())
                        || (login.at().equals(found.at()) && login.id().compareTo(found.id()) < 0);
                if (same && later && first) {
                    found = login;
                }
            }
        }
        return found;
    }

    private static List<String> ids(List<Attempt> burst) {
        return burst.stream().map(Attempt::id).limit(50).toList();
    }

    static Hit hit(
            String name,
            String title,
            Level level,
            List<String> techniques,
            String tactic,
            Instant first,
            Instant last,
            List<String> events,
            long count,
            SortedSet<Entity> entities,
            String text) {
        return new Hit(
                name,
                name,
                title,
                level,
                techniques,
                List.of(tactic),
                first,
                last,
                events.getFirst(),
                events,
                count,
                entities,
                text);
    }
}
