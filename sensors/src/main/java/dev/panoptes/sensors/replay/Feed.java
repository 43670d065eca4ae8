package dev.panoptes.sensors.replay;

import java.time.Instant;

/**
 * What one sensor makes of input, wherever it comes from: a live source and a replayed file call the same methods. It does no
 * I/O and reads no clock. Input of a kind that a sensor does not read is passed over. For one thread.
 */
public interface Feed {
    /** One line of a text log, or one entry of a journal. */
    default void line(LogLine line, Output out) {}

    /** One record of wtmp or btmp. */
    default void login(LoginRecord record, Output out) {}

    /** One UDP datagram, whole. */
    default void datagram(Datagram datagram, Output out) {}

    /** One TCP segment, as captured. */
    default void segment(Segment segment, Output out) {}

    /** True where UDP or TCP of these ports is wanted; what nobody wants is not put together. */
    default boolean wants(boolean tcp, int sourcePort, int destinationPort) {
        return false;
    }

    /** One uevent of the kernel. */
    default void uevent(Uevent uevent, Output out) {}

    /** Time has passed without input: tell what has waited long enough, by the source's clock. */
    default void idle(Instant now, Output out) {}

    /** Where the oldest line begins that is still needed to go on; -1 where none is. */
    default long heldOffset() {
        return -1;
    }

    /** The input has ended: tell what was waiting for more. */
    default void finish(Output out) {}
}
