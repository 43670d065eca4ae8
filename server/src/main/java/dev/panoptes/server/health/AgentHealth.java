package dev.panoptes.server.health;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the last scan saw of one declared agent.
 *
 * @param agent the registry's key
 * @param name the declared name, or the key
 * @param host where a copy is, or is expected
 * @param status one of {@link Status}, by its id
 * @param pid of the process that listens for it; null where nothing does, where that could not be seen, and where what listens
 *     is not this agent
 * @param cycle how often it worked, as its heartbeats tell; null without heartbeats
 * @param lastDurationMs how long its last health answer took; null where it gave none
 * @param lastError why it is not running, in one sentence; null where it is
 * @param seenAt when its host was looked at; null where nobody looked
 * @param scheme of its declared URL; null where that cannot be used
 * @param address of its declared URL; null where that cannot be used
 * @param port of its declared URL; null where that cannot be used
 */
public record AgentHealth(
        String agent,
        String name,
        String host,
        String status,
        @Nullable Integer pid,
        @Nullable Long cycle,
        @Nullable Long lastDurationMs,
        @Nullable String lastError,
        @Nullable Instant seenAt,
        @Nullable String scheme,
        @Nullable String address,
        @Nullable Integer port) {

    /** How an agent is. */
    public enum Status {
        /** It listens, and nothing says that it is another agent. */
        RUNNING,
        /** Nothing of it runs where it is declared. */
        STOPPED,
        /** Something answers in its place, but not as this agent. */
        INCOMPATIBLE,
        /** Its host was last looked at too long ago. */
        STALE,
        /** Nobody could look. */
        UNKNOWN;

        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    boolean is(Status wanted) {
        return status.equals(wanted.id());
    }
}
