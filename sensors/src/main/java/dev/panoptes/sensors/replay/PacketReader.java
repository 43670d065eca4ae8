package dev.panoptes.sensors.replay;

import java.time.Instant;

/** Gives packets that begin with their IP header to a feed. For one thread. */
public final class PacketReader {
    private static final int RAW_IP = 101;

    private final PacketDecoder decoder;

    public PacketReader(Feed feed, Output out) {
        this.decoder = new PacketDecoder(feed, out);
    }

    /** Takes one packet; what cannot be read is counted. */
    public void packet(Instant time, byte[] data) {
        decoder.packet(RAW_IP, time, data, data.length);
    }
}
