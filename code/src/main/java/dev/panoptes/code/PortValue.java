package dev.panoptes.code;

import org.jspecify.annotations.Nullable;

/** A port as far as a declaration lets it be known. */
public sealed interface PortValue {
    /** The environment variable that decides, or would; null where none does. */
    @Nullable
    String variable();

    /** True where it is known to be this one. */
    default boolean is(int port) {
        return this instanceof Known known && known.port == port;
    }

    /**
     * @param port 1 to 65535
     * @param variable the environment variable whose default this is, so that a unit's or container's environment can
     *     overrule it; null for a constant
     */
    record Known(int port, @Nullable String variable) implements PortValue {}

    /** @param reason one sentence: what would have to be known
     *  @param variable the environment variable that decides, where there is one without a default; else null */
    record Unresolved(String reason, @Nullable String variable) implements PortValue {}
}
