package dev.panoptes.server.alerts.channel;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How sending one message ended. */
public sealed interface Delivery {
    /** The receiver took it. */
    record Sent() implements Delivery {}

    /** The receiver works and refuses this message; another one may be taken. */
    record Refused(String why) implements Delivery {}

    /**
     * The receiver cannot be reached, is too slow or fails; the same message is tried again later.
     *
     * @param retryAfter what the receiver asks for (RFC 9110, section 10.2.3); null where it asks for nothing
     */
    record Failed(String why, @Nullable Duration retryAfter) implements Delivery {
        public Failed(String why) {
            this(why, null);
        }
    }
}
