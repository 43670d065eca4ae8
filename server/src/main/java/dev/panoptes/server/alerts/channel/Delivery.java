package dev.panoptes.server.alerts.channel;

/** How sending one message ended. */
public sealed interface Delivery {
    /** The receiver took it. */
    record Sent() implements Delivery {}

    /** The receiver works and refuses this message; another one may be taken. */
    record Refused(String why) implements Delivery {}

    /** The receiver cannot be reached, is too slow or fails; the same message is tried again later. */
    record Failed(String why) implements Delivery {}
}
