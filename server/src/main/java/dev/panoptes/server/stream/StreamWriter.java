package dev.panoptes.server.stream;

import dev.panoptes.server.changes.Change;
import dev.panoptes.server.changes.ChangeListener;
import dev.panoptes.server.storage.Transaction;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells the stream of changes, each under its kind and with its data as it is. */
public final class StreamWriter implements ChangeListener {
    /** What viewers may not see. */
    private static final Set<String> FOR_ADMINS = Set.of("user", "token", "enrollment_token", "permission", "setting");

    private static final Map<String, Set<String>> TOLD = Map.of(
            "issue", Set.of("host", "from", "to", "actor", "at"),
            "waiver", Set.of("actor", "at"),
            "silence", Set.of("actor", "at"),
            "host", Set.of("at"),
            "scan", Set.of());

    private final StreamStore store = new StreamStore();

    @Override
    public void changed(Transaction transaction, List<Change> changes, Instant at) {
        store.append(
                transaction,
                changes.stream()
                        .filter(change -> !FOR_ADMINS.contains(change.kind()))
                        .map(change -> event(change, at))
                        .toList());
    }

    /**
     * What every change has and what its feature says. The first kinds had names of their own before there were others; clients
     * know these.
     */
    private static StreamEvent event(Change change, Instant at) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        Set<String> told = TOLD.getOrDefault(change.kind(), Set.of("subject", "host", "from", "to", "actor", "at"));
        put(data, told, "subject", change.subject());
        put(data, told, "host", change.host());
        put(data, told, "from", change.from());
        put(data, told, "to", change.to());
        put(data, told, "actor", change.actor().name());
        put(data, told, "at", at);
        data.putAll(change.data());
        return new StreamEvent(change.kind(), data);
    }

    private static void put(Map<String, @Nullable Object> data, Set<String> told, String name, @Nullable Object value) {
        if (told.contains(name)) {
            data.put(name, value);
        }
    }

    /** For what is decided about a change, and no change itself. */
    public void tell(Transaction transaction, List<StreamEvent> events) {
        store.append(transaction, events);
    }
}
