package dev.panoptes.sensors;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a sensor is at a moment.
 *
 * @param reason why it does not see all that it is made for; null where it does
 * @param interval between two cycles; null where it does not run
 */
public record SensorState(
        String sensor,
        Word word,
        @Nullable String reason,
        @Nullable Duration interval,
        Counters.Seen counters) {
    /** In one word. */
    public enum Word {
        RUNNING("running"),
        /** It sees a part of what it is made for, or nothing. */
        DEGRADED("degraded"),
        /** Its last cycle failed. */
        ERROR("error"),
        /** It is switched off. */
        STOPPED("stopped");

        private final String text;

        Word(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }
}
