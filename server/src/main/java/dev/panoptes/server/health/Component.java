package dev.panoptes.server.health;

import java.util.Locale;
import java.util.function.Supplier;

/**
 * A part of the infrastructure.
 *
 * @param name as the API tells it
 * @param state measured when it is asked for
 */
public record Component(String name, Supplier<State> state) {
    /** How a part of the infrastructure is. */
    public enum State {
        HEALTHY,
        UNHEALTHY,
        /** It is configured, but was not tried yet. */
        UNKNOWN,
        NOT_CONFIGURED;

        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
