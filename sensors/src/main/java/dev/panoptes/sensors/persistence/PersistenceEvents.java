package dev.panoptes.sensors.persistence;

import dev.panoptes.core.event.Event;
import dev.panoptes.sensors.packages.Ownership;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Entries as events. Pure. */
final class PersistenceEvents {
    private final Map<String, List<String>> techniques;
    private final Map<String, Ownership> owners;
    private final Instant time;

    /** @param techniques by kind @param owners by path */
    PersistenceEvents(Map<String, List<String>> techniques, Map<String, Ownership> owners, Instant time) {
        this.techniques = techniques;
        this.owners = owners;
        this.time = time;
    }

    /** @param action present, created, modified or removed @param before what it was; null where nothing is known of that */
    Event.Builder of(String action, Entry entry, @Nullable Entry before) {
        String type = switch (action) {
            case "present" -> "info";
            case "created" -> "creation";
            case "removed" -> "deletion";
            default -> "change";
        };
        Event.Builder event = Event.builder()
                .put("@timestamp", time)
                .put("event.category", List.of("configuration"))
                .put("event.type", List.of(type))
                .put("event.action", action)
                .put("event.outcome", "success")
                .put("event.provider", "files")
                .put("persistence.kind", entry.kind())
                .put("persistence.name", entry.name())
                .put("persistence.path", entry.path())
                .put("persistence.line", entry.line() == 0 ? null : entry.line())
                .put("persistence.runs", entry.runs())
                .put("persistence.user", entry.user())
                .put("persistence.schedule", entry.schedule())
                .put("persistence.enabled", entry.enabled())
                .put("persistence.digest", entry.digest().isEmpty() ? null : entry.digest())
                .put("file.path", entry.path())
                .put("threat.technique.id", techniques.getOrDefault(entry.kind(), List.of()));
        if (before != null) {
            event.put("persistence.previous.runs", before.runs())
                    .put("persistence.previous.user", before.user())
                    .put("persistence.previous.schedule", before.schedule())
                    .put("persistence.previous.enabled", before.enabled())
                    .put("persistence.previous.digest", before.digest().isEmpty() ? null : before.digest());
        }
        Ownership owner = owners.get(entry.path());
        if (owner != null) {
            event.put("package.name", owner.name())
                    .put("package.version", owner.version().isEmpty() ? null : owner.version())
                    .put("package.verified", owner.verified());
        }
        return event;
    }
}
