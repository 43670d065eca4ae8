package dev.panoptes.sensors;

import dev.panoptes.core.event.Event;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Adds to a sensor's event what every event has. Immutable. */
public final class Stamp {
    private static final List<String> ADDRESSES = List.of("source.ip", "destination.ip", "dns.resolved_ip");
    private static final List<String> USERS = List.of("user.name", "user.target.name", "process.user.name");
    private static final List<String> HASHES = List.of("file.hash.sha256", "process.hash.sha256");

    private final String dataset;
    private final Origin origin;
    private final String ids;

    /** @param ids what the ids of these events begin with: unique for the stream that numbers them */
    public Stamp(String sensor, Origin origin, String ids) {
        this.dataset = "panoptes." + sensor;
        this.origin = origin;
        this.ids = ids + "-";
    }

    /**
     * @param number of the event in its stream
     * @param sequence the spool's number; null where no spool numbers it
     */
    public Event complete(Event.Builder event, long number, @Nullable Long sequence) {
        fill(event, number, sequence);
        return event.build();
    }

    /** Puts into the builder what {@link #complete} puts, and makes no event of it. */
    void fill(Event.Builder event, long number, @Nullable Long sequence) {
        if (!event.has("event.id")) {
            event.put("event.id", ids + number);
        }
        if (!event.has("event.kind")) {
            event.put("event.kind", "event");
        }
        if (!event.has("event.dataset")) {
            event.put("event.dataset", dataset);
        }
        if (sequence != null) {
            event.put("event.sequence", sequence);
        }
        if (!event.has("host")) {
            event.put("host.id", origin.hostId()).put("host.name", origin.hostName());
        }
        if (!event.has("observer.name")) {
            event.put("observer.name", "panoptes").put("observer.version", origin.version());
        }
        if (!event.has("related")) {
            related(event, "related.ip", ADDRESSES);
            related(event, "related.user", USERS);
            related(event, "related.hash", HASHES);
        }
    }

    private static void related(Event.Builder event, String field, List<String> paths) {
        List<Object> found = null;
        for (int i = 0; i < paths.size(); i++) {
            Object value = event.value(paths.get(i));
            if (value == null) {
                continue;
            }
            found = found == null ? new ArrayList<>(2) : found;
            if (value instanceof List<?> list) {
                Set<Object> all = new LinkedHashSet<>(found);
                all.addAll(list);
                found = new ArrayList<>(all);
            } else if (!found.contains(value)) {
                found.add(value);
            }
        }
        event.put(field, found);
    }
}
