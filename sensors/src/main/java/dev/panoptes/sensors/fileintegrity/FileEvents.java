package dev.panoptes.sensors.fileintegrity;

import dev.panoptes.core.event.Event;
import dev.panoptes.sensors.packages.Ownership;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Changes of files as events. Pure. */
final class FileEvents {
    private final Map<String, Ownership> owners;
    private final Map<Long, String> users;
    private final Map<Long, String> groups;
    private final Instant time;
    private final String provider;
    private final Function<String, WriterSource.@Nullable Writer> writers;

    /** @param owners by path @param users names by id @param groups names by id @param writers by path, where it is known who wrote */
    FileEvents(
            Map<String, Ownership> owners,
            Map<Long, String> users,
            Map<Long, String> groups,
            Instant time,
            String provider,
            Function<String, WriterSource.@Nullable Writer> writers) {
        this.writers = writers;
        this.owners = owners;
        this.users = users;
        this.groups = groups;
        this.time = time;
        this.provider = provider;
    }

    /** @param before null for a new file @param now null for one that is gone */
    Event.Builder of(String action, @Nullable FileRecord before, @Nullable FileRecord now, List<String> changed) {
        FileRecord shown = now == null ? before : now;
        if (shown == null) {
            throw new IllegalArgumentException("neither before nor now");
        }
        Event.Builder event = Event.builder()
                .put("@timestamp", time)
                .put("event.category", List.of("file"))
                .put("event.type", List.of(type(action)))
                .put("event.action", action)
                .put("event.outcome", "success")
                .put("event.provider", provider);
        fields(event, "file", shown);
        event.put("file.changed", changed);
        if (before != null && now != null) {
            fields(event, "file.previous", before);
        }
        WriterSource.Writer writer = now == null ? null : writers.apply(now.path());
        if (writer != null) {
            event.put("process.pid", writer.pid())
                    .put("process.name", writer.name())
                    .put("process.executable", writer.executable());
            if (writer.uid() != null) {
                String id = Long.toString(writer.uid());
                event.put("process.user.id", id).put("user.id", id);
                event.put("process.user.name", users.get(writer.uid())).put("user.name", users.get(writer.uid()));
            }
        }
        Ownership owner = owners.get(shown.path());
        if (owner != null) {
            event.put("package.name", owner.name())
                    .put("package.version", owner.version().isEmpty() ? null : owner.version())
                    .put("package.verified", now == null ? Boolean.FALSE : owner.verified());
        }
        return event;
    }

    private static String type(String action) {
        return switch (action) {
            case "created" -> "creation";
            case "deleted" -> "deletion";
            default -> "change";
        };
    }

    private void fields(Event.Builder event, String field, FileRecord record) {
        event.put(field + ".path", record.path())
                .put(field + ".type", record.type())
                .put(field + ".size", record.size())
                .put(field + ".mtime", instant(record.mtime()))
                .put(field + ".ctime", instant(record.ctime()))
                .put(field + ".mode", String.format(Locale.ROOT, "%04o", record.mode()))
                .put(field + ".uid", Integer.toString(record.uid()))
                .put(field + ".gid", Integer.toString(record.gid()))
                .put(field + ".owner", users.get((long) record.uid()))
                .put(field + ".group", groups.get((long) record.gid()))
                .put(field + ".inode", Long.toString(record.inode()))
                .put(field + ".target_path", record.target())
                .put(field + ".hash.sha256", record.sha256())
                .put(field + ".capabilities", record.capabilities());
    }

    private static Instant instant(long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L));
    }
}
