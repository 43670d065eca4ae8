package dev.panoptes.sensors;

import dev.panoptes.core.event.Event;
import dev.panoptes.core.event.EventPath;
import dev.panoptes.core.event.FieldMap;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Adds to a sensor's event what every event has. Immutable. */
public final class Stamp {
    private static final List<EventPath> ADDRESSES =
            List.of(EventPath.of("source.ip"), EventPath.of("destination.ip"), EventPath.of("dns.resolved_ip"));
    private static final List<EventPath> USERS =
            List.of(EventPath.of("user.name"), EventPath.of("user.target.name"), EventPath.of("process.user.name"));
    private static final List<EventPath> HASHES =
            List.of(EventPath.of("file.hash.sha256"), EventPath.of("process.hash.sha256"));

    private static final EventPath AT_EVENT_ID = EventPath.of("event.id");
    private static final EventPath AT_EVENT_KIND = EventPath.of("event.kind");
    private static final EventPath AT_EVENT_DATASET = EventPath.of("event.dataset");
    private static final EventPath AT_EVENT_SEQUENCE = EventPath.of("event.sequence");
    private static final EventPath AT_HOST = EventPath.of("host");
    private static final EventPath AT_HOST_ID = EventPath.of("host.id");
    private static final EventPath AT_HOST_NAME = EventPath.of("host.name");
    private static final EventPath AT_OBSERVER = EventPath.of("observer");
    private static final EventPath AT_OBSERVER_NAME = EventPath.of("observer.name");
    private static final EventPath AT_OBSERVER_VERSION = EventPath.of("observer.version");
    private static final EventPath AT_RELATED = EventPath.of("related");
    private static final EventPath AT_RELATED_IP = EventPath.of("related.ip");
    private static final EventPath AT_RELATED_USER = EventPath.of("related.user");
    private static final EventPath AT_RELATED_HASH = EventPath.of("related.hash");

    private final String dataset;
    private final Origin origin;
    private final String ids;
    /** Of every event the same, which nobody changes. */
    private final Map<String, Object> observer;

    /** @param ids what the ids of these events begin with: unique for the stream that numbers them */
    public Stamp(String sensor, Origin origin, String ids) {
        this.dataset = "panoptes." + sensor;
        this.origin = origin;
        this.ids = ids + "-";
        this.observer = FieldMap.of(new String[] {"name", "version"}, new Object[] {"panoptes", origin.version()});
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
        event.putIfAbsent(AT_EVENT_ID, ids + number)
                .putIfAbsent(AT_EVENT_KIND, "event")
                .putIfAbsent(AT_EVENT_DATASET, dataset);
        if (sequence != null) {
            event.put(AT_EVENT_SEQUENCE, sequence);
        }
        if (!event.has(AT_HOST)) {
            event.put(AT_HOST_ID, origin.hostId()).put(AT_HOST_NAME, origin.hostName());
        }
        if (!event.has(AT_OBSERVER)) {
            event.put(AT_OBSERVER, observer);
        } else if (!event.has(AT_OBSERVER_NAME)) {
            event.put(AT_OBSERVER_NAME, "panoptes").put(AT_OBSERVER_VERSION, origin.version());
        }
        if (!event.has(AT_RELATED)) {
            related(event, AT_RELATED_IP, ADDRESSES);
            related(event, AT_RELATED_USER, USERS);
            related(event, AT_RELATED_HASH, HASHES);
        }
    }

    private static void related(Event.Builder event, EventPath field, List<EventPath> paths) {
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
