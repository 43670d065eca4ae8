package dev.panoptes.sensors.heartbeat;

import dev.panoptes.core.event.Event;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One beat of a sensor.
 *
 * @param name of the agent, {@code auth_agent}
 * @param cycle how many cycles it has done
 * @param took how long the last one took
 * @param interval to the next one; null where there is none
 * @param events since its start
 * @param errors since its start
 * @param lastError null where nothing failed
 * @param degraded why it sees less than it is made for; null where it sees all
 */
public record Heartbeat(
        String name,
        long pid,
        Instant timestamp,
        String hostname,
        long cycle,
        Duration took,
        @Nullable Duration interval,
        Status status,
        long events,
        long errors,
        @Nullable String lastError,
        @Nullable String degraded,
        String version) {
    /** How it is. */
    public enum Status {
        HEALTHY("healthy"),
        /** The last cycle failed. */
        ERROR("error"),
        /** It was told to stop, and did. */
        STOPPED("stopped");

        private final String word;

        Status(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    /** One object, in one line. */
    public String json() {
        Event.Builder json = Event.builder()
                .put("agent_name", name)
                .put("pid", pid)
                .put("timestamp", timestamp)
                .put("hostname", hostname)
                .put("cycle", cycle)
                .put("duration_ms", took.toMillis())
                .put("status", status.word())
                .put("events", events)
                .put("errors", errors)
                .put("version", version);
        if (interval != null) {
            json.put("interval_seconds", interval.toMillis() / 1_000.0);
        }
        if (status == Status.ERROR) {
            json.put("error", lastError);
        }
        return json.put("last_error", lastError)
                .put("degraded", degraded)
                .build()
                .json();
    }
}
