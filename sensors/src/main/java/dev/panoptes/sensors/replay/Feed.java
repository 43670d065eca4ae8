package dev.panoptes.sensors.replay;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

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

    /** What is still needed to go on where the lines of a followed file stop; null where nothing is. */
    default @Nullable Held held() {
        return null;
    }

    /** The lines that come belong to another file than those before: their offsets begin anew. What the file before that left is told. */
    default void anotherFile(Output out) {}

    /** Lines of a followed file come next. @param known as {@link Held#known} told it when these lines were left; else empty */
    default void resume(String known) {}

    /**
     * Where a followed file has to be read again from.
     *
     * @param offset where the oldest line begins that is still needed; -1 where none is
     * @param earlierFile true where that line is of the file before this one
     * @param known what has been made of lines behind it; anything that the feed understands later
     */
    record Held(long offset, boolean earlierFile, String known) {}

    /** The input has ended: tell what was waiting for more. */
    default void finish(Output out) {}
}
