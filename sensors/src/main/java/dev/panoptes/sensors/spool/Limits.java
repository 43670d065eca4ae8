package dev.panoptes.sensors.spool;

/**
 * How large a spool may grow.
 *
 * @param bytes of all its files together
 * @param segmentBytes of one file
 * @param dropOldest at the bound the oldest events go; false: new ones are not taken
 */
public record Limits(long bytes, long segmentBytes, boolean dropOldest) {
    public static final Limits DEFAULT = new Limits(512L << 20, 8L << 20, true);
}
