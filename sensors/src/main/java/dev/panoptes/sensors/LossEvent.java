package dev.panoptes.sensors;

import dev.panoptes.core.event.Event;
import java.time.Instant;
import java.util.List;

/** The event that tells that others are missing. */
final class LossEvent {
    private LossEvent() {}

    /** @param count 0 where it is not known */
    static Event.Builder of(Instant time, Loss reason, String provider, long count) {
        Event.Builder event = Event.builder()
                .put("@timestamp", time)
                .put("event.action", "lost")
                .put("event.category", List.of("host"))
                .put("event.type", List.of("error"))
                .put("event.outcome", "failure")
                .put("event.reason", reason.text())
                .put("event.provider", provider);
        return count > 0 ? event.put("event.count", count) : event;
    }
}
