package dev.panoptes.server.alerts.channel;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A receiver of messages. One call at a time. */
public interface Channel {
    /** Stable: the database knows it by this name. */
    String name();

    boolean takes(Message.Kind kind);

    /**
     * Sends one message, once.
     *
     * @param id the same when the same message is sent again, so that a receiver can tell
     */
    Delivery send(Message message, String id) throws InterruptedException;

    /** Whether it wants every issue, in as many messages as it takes; else one message names the first and counts the rest. */
    default boolean wantsAll() {
        return false;
    }

    /** Whether the receiver says of itself that it is well, asked now; null where it cannot be asked. */
    default @Nullable Boolean answers() throws InterruptedException {
        return null;
    }

    /** How often this receiver wants to be told again of everything that is open; null: never. */
    default @Nullable Duration interval() {
        return null;
    }

    /** Tells of everything that is open. */
    default Delivery repeat() throws InterruptedException {
        return new Delivery.Sent();
    }
}
