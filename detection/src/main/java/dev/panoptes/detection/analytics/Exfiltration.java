package dev.panoptes.detection.analytics;

import dev.panoptes.core.event.Event;
import dev.panoptes.detection.fusion.Entity;
import dev.panoptes.detection.fusion.Hit;
import dev.panoptes.detection.sigma.Level;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Much leaves and little comes back: an inner source sends {@link #BYTES} or more to one outer address within an hour, at
 * least {@link #RATIO} times what it receives, and did not send half as much there in any earlier hour that was seen.
 */
public final class Exfiltration implements Analytic {
    static final long BYTES = 100_000_000;
    static final int RATIO = 10;
    /** What sends much by its trade: images of containers, sources, backups, files for a cloud. */
    private static final Pattern BY_TRADE = Pattern.compile(
            "/(?:usr|opt|snap|bin|sbin)/(?:\\S*/)?(?:dockerd?|containerd\\S*|podman|buildkitd|buildah|skopeo|crane|kaniko\\S*|git(?:-\\S+)?|restic|borg|duplicity|kopia|rustic"
                    + "|bacula-\\S+|veeam\\S*|aws|gsutil|gcloud|az|azcopy|s3cmd|pgbackrest|wal-g|barman\\S*|twine|npm|mvn|vagrant|packer)");
    /** What sends less is not counted: it would take a hundred thousand of them in an hour. */
    private static final int LEAST = 1_000;

    private static final int MOST = 100_000;

    private record Key(String source, String destination) {}

    private static final class Hour {
        private long sent;
        private long received;
        private Instant first = Instant.MAX;
        private Instant last = Instant.MIN;
        private final TreeSet<String> events = new TreeSet<>();
        private String host = "";
        private boolean byTrade = true;
    }

    private final Map<Key, Map<Long, Hour>> hours = new HashMap<>();
    private int kept;
    private long dropped;

    @Override
    public String name() {
        return "exfiltration";
    }

    @Override
    public int least() {
        return 1;
    }

    @Override
    public List<String> keys(Seen seen) {
        Key key = key(seen.event());
        return key == null ? List.of() : List.of(key.source() + '\n' + key.destination());
    }

    /** Null where the event tells of nothing that leaves. */
    private static @Nullable Key key(Event event) {
        if (!"panoptes.flow".equals(event.dataset())) {
            return null;
        }
        String source = event.text("source.ip");
        String destination = event.text("destination.ip");
        Long sent = event.number("source.bytes");
        if (source == null
                || destination == null
                || sent == null
                || sent < LEAST
                || !Addresses.internal(source)
                || Addresses.internal(destination)) {
            return null;
        }
        return new Key(source, destination);
    }

    @Override
    public void see(Seen seen) {
        Event event = seen.event();
        Key key = key(event);
        Long sent = event.number("source.bytes");
        if (key == null || sent == null) {
            return;
        }
        long at = Math.floorDiv(seen.at().getEpochSecond(), 3_600L);
        Map<Long, Hour> known = hours.computeIfAbsent(key, _ -> new HashMap<>());
        Hour hour = known.get(at);
        if (hour == null) {
            if (kept >= MOST) {
                dropped++;
                return;
            }
            kept++;
            hour = new Hour();
            known.put(at, hour);
        }
        Long back = event.number("destination.bytes");
        hour.sent += sent;
        hour.received += back == null ? 0 : back;
        hour.first = seen.at().isBefore(hour.first) ? seen.at() : hour.first;
        hour.last = seen.at().isAfter(hour.last) ? seen.at() : hour.last;
        hour.host = hour.host.compareTo(seen.host()) < 0 ? seen.host() : hour.host;
        hour.byTrade &= BY_TRADE.matcher(seen.text("process.executable")).matches();
        hour.events.add(seen.id());
        if (hour.events.size() > 50) {
            hour.events.removeLast();
        }
    }

    @Override
    public long dropped() {
        return dropped;
    }

    @Override
    public List<Hit> conclude() {
        List<Hit> hits = new ArrayList<>();
        hours.forEach((key, known) -> known.forEach((at, hour) -> {
            boolean usual = known.entrySet().stream()
                    .anyMatch(other -> other.getKey() < at && other.getValue().sent * 2 >= hour.sent);
            if (hour.sent < BYTES || hour.received * RATIO > hour.sent || usual) {
                return;
            }
            SortedSet<Entity> entities = new TreeSet<>();
            if (!hour.host.isEmpty()) {
                entities.add(new Entity("host", hour.host));
            }
            entities.add(new Entity("source.ip", key.source()));
            entities.add(new Entity("destination.ip", key.destination()));
            hits.add(LoginGuessing.hit(
                    "exfiltration",
                    "Much data leaves for an address outside",
                    hour.byTrade ? Level.LOW : Level.MEDIUM,
                    List.of("T1048", "T1041"),
                    "exfiltration",
                    hour.first,
                    hour.last,
                    List.copyOf(hour.events),
                    hour.events.size(),
                    entities,
                    hour.sent / 1_000_000 + " MB to " + key.destination() + ", " + hour.received / 1_000_000
                            + " MB back"));
        }));
        return hits;
    }
}
