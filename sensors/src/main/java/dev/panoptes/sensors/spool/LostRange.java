package dev.panoptes.sensors.spool;

/**
 * Numbers of a stream that will never come.
 *
 * @param from the first one
 * @param to the last one
 * @param reason a word of the ledger, for example {@code disk_full}
 */
public record LostRange(long from, long to, String reason) {
    public LostRange {
        if (from < 1 || to < from) {
            throw new IllegalArgumentException("no range: " + from + " to " + to);
        }
    }

    public long count() {
        return to - from + 1;
    }
}
