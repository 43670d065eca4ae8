package dev.panoptes.detection.analytics;

import dev.panoptes.core.event.Event;
import dev.panoptes.detection.fusion.Hit;
import dev.panoptes.detection.sigma.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Something is seen for the first time where little new is seen: a program or a pair of parent and child on a host, a destination
 * of a program on a host, a network that a user logs in from.
 *
 * <p>A group (the host; the host and the program; the user) is known once {@link #LEARNING} have passed since anything of it was
 * seen. A new value of a known group is told where something was new fewer than {@link #QUIET} times in the {@link #LEARNING}
 * before it (what is new within an hour of the one before is the same time) and fewer than {@link #AT_ONCE} others within an hour
 * around it: an update brings many at once, and a host on which something is new all day says nothing by one more. Numbers and hexadecimal digits within names are one value, so that a name that counts up
 * is not new each time.
 *
 * <p>Novelty is no attack: a login from a new network and a new program are low, the others informational, and none raises an
 * incident.
 */
public final class FirstSeen implements Analytic {
    static final Duration LEARNING = Duration.ofDays(7);
    static final int QUIET = 10;
    static final int AT_ONCE = 4;
    private static final int MOST_GROUPS = 50_000;
    private static final int MOST_VALUES = 2_000;
    private static final int LONGEST = 300;

    /** What may be new. */
    private enum Kind {
        BINARY("first_seen_binary", "A program runs on this host for the first time", Level.LOW),
        PAIR("first_seen_parent_child", "A program is started by this one for the first time", Level.INFORMATIONAL),
        DESTINATION("first_seen_destination", "A program connects there for the first time", Level.INFORMATIONAL),
        LOGIN("first_seen_login_source", "A user logs in from this network for the first time", Level.LOW);

        private final String finding;
        private final String title;
        private final Level level;

        Kind(String finding, String title, Level level) {
            this.finding = finding;
            this.title = title;
            this.level = level;
        }
    }

    private record Key(Kind kind, String group) {
        String text() {
            return kind.name() + '\n' + group;
        }
    }

    private record Value(Key key, String value) {}

    /** The first event of a value. */
    private record First(Instant at, Seen seen) {}

    private final Map<Key, Map<String, First>> groups = new HashMap<>();
    private long dropped;

    @Override
    public String name() {
        return "first-seen";
    }

    @Override
    public boolean looksAt(String dataset) {
        return dataset.equals("panoptes.proc") || dataset.equals("panoptes.flow") || dataset.equals("panoptes.auth");
    }

    @Override
    public int least() {
        return 2;
    }

    @Override
    public List<String> keys(Seen seen) {
        return values(seen).stream().map(value -> value.key().text()).toList();
    }

    @Override
    public @Nullable String once(Seen seen, String key) {
        return values(seen).stream()
                .filter(value -> value.key().text().equals(key))
                .map(Value::value)
                .findFirst()
                .orElse(null);
    }

    private static List<Value> values(Seen seen) {
        Event event = seen.event();
        String dataset = event.dataset();
        String action = event.action();
        if (dataset == null || action == null || seen.host().isEmpty()) {
            return List.of();
        }
        return switch (dataset) {
            case "panoptes.proc" -> action.equals("process_started") ? started(seen) : List.of();
            case "panoptes.flow" -> action.equals("connection_opened") ? connected(seen) : List.of();
            case "panoptes.auth" -> action.equals("login") ? login(seen) : List.of();
            default -> List.of();
        };
    }

    private static List<Value> started(Seen seen) {
        String program = seen.text("process.executable");
        if (program.isEmpty()) {
            return List.of();
        }
        List<Value> values = new ArrayList<>(2);
        values.add(new Value(new Key(Kind.BINARY, seen.host()), alike(program)));
        String parent = seen.text("process.parent.executable");
        if (!parent.isEmpty()) {
            values.add(new Value(new Key(Kind.PAIR, seen.host()), alike(file(parent)) + " > " + alike(file(program))));
        }
        return values;
    }

    private static List<Value> connected(Seen seen) {
        String destination = seen.text("destination.ip");
        String program = file(seen.text("process.executable"));
        if (destination.isEmpty() || program.isEmpty() || "inbound".equals(seen.text("network.direction"))) {
            return List.of();
        }
        String domain = seen.text("destination.domain");
        String value = domain.isEmpty() ? network(destination) : Names.registered(domain.toLowerCase(Locale.ROOT));
        return List.of(new Value(new Key(Kind.DESTINATION, seen.host() + '\n' + alike(program)), value));
    }

    private static List<Value> login(Seen seen) {
        String source = seen.text("source.ip");
        String user = seen.text("user.name");
        return source.isEmpty() || user.isEmpty()
                ? List.of()
                : List.of(new Value(new Key(Kind.LOGIN, user), network(source)));
    }

    private static String file(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** The first three parts of an IPv4 address, the first three groups of an IPv6 one. */
    static String network(String address) {
        char separator = address.indexOf(':') >= 0 ? ':' : '.';
        int at = -1;
        for (int part = 0; part < 3; part++) {
            int next = address.indexOf(separator, at + 1);
            if (next < 0) {
                return address;
            }
            at = next;
        }
        return address.substring(0, at);
    }

    /** The name with runs of digits, and of eight or more hexadecimal ones, as one sign each. */
    static String alike(String name) {
        String text = name.length() > LONGEST ? name.substring(0, LONGEST) : name;
        StringBuilder alike = new StringBuilder(text.length());
        int i = 0;
        while (i < text.length()) {
            int end = i;
            boolean digit = false;
            while (end < text.length() && Character.digit(text.charAt(end), 16) >= 0) {
                digit |= text.charAt(end) <= '9';
                end++;
            }
            if (end - i >= 8 && digit) {
                alike.append('*');
                i = end;
            } else if (text.charAt(i) >= '0' && text.charAt(i) <= '9') {
                while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
                    i++;
                }
                alike.append('#');
            } else {
                alike.append(text.charAt(i++));
            }
        }
        return alike.toString();
    }

    @Override
    public void see(Seen seen) {
        for (Value value : values(seen)) {
            Map<String, First> known = groups.get(value.key());
            if (known == null) {
                if (groups.size() >= MOST_GROUPS) {
                    dropped++;
                    continue;
                }
                known = new HashMap<>(4);
                groups.put(value.key(), known);
            }
            First before = known.get(value.value());
            if (before == null && known.size() >= MOST_VALUES) {
                dropped++;
            } else if (before == null || earlier(seen, before)) {
                known.put(value.value(), new First(seen.at(), seen));
            }
        }
    }

    private static boolean earlier(Seen seen, First first) {
        int byTime = seen.at().compareTo(first.at());
        return byTime < 0 || (byTime == 0 && seen.id().compareTo(first.seen().id()) < 0);
    }

    @Override
    public long dropped() {
        return dropped;
    }

    @Override
    public List<Hit> conclude() {
        List<Hit> hits = new ArrayList<>();
        groups.forEach((key, known) -> {
            Map<String, First> sorted = new TreeMap<>(known);
            List<Map.Entry<String, First>> byTime = new ArrayList<>(sorted.entrySet());
            byTime.sort(Comparator.comparing(entry -> entry.getValue().at()));
            Instant known7 = byTime.getFirst().getValue().at().plus(LEARNING);
            for (int i = 1; i < byTime.size(); i++) {
                First first = byTime.get(i).getValue();
                if (!first.at().isBefore(known7) && quiet(byTime, i)) {
                    hits.add(told(key, byTime.get(i).getKey(), first));
                }
            }
        });
        return hits;
    }

    private static boolean quiet(List<Map.Entry<String, First>> byTime, int place) {
        Instant at = byTime.get(place).getValue().at();
        int before = 0;
        int around = 0;
        for (int i = place - 1; i >= 0; i--) {
            Instant other = byTime.get(i).getValue().at();
            if (other.isBefore(at.minus(LEARNING))) {
                break;
            }
            boolean apart = i == place - 1
                    || other.isBefore(byTime.get(i + 1).getValue().at().minusSeconds(3_600));
            before += apart ? 1 : 0;
            around += other.isBefore(at.minusSeconds(3_600)) ? 0 : 1;
        }
        for (int i = place + 1;
                i < byTime.size() && !byTime.get(i).getValue().at().isAfter(at.plusSeconds(3_600));
                i++) {
            around++;
        }
        return before < QUIET && around < AT_ONCE;
    }

    private static Hit told(Key key, String value, First first) {
        return LoginGuessing.hit(
                key.kind().finding,
                key.kind().title,
                key.kind().level,
                key.kind() == Kind.LOGIN ? List.of("T1078") : List.of(),
                key.kind() == Kind.LOGIN ? "initial-access" : "execution",
                first.at(),
                first.at(),
                List.of(first.seen().id()),
                1,
                first.seen().entities(),
                value.isEmpty() ? first.seen().line() : value);
    }
}
