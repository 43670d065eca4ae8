package dev.panoptes.sensors.replay;

/** An output that is told where one record ends and the next begins. */
public interface Receiver extends Output {
    /**
     * Everything that one record gave has been told.
     *
     * @throws InterruptedException where the receiver was interrupted while it waited for room
     */
    void endOfRecord() throws InterruptedException;
}
