package dev.panoptes.sensors;

/**
 * What came of captures.
 *
 * @param records lines, journal entries, packets or datagrams read, malformed ones included
 * @param events given to the sink, those that tell of a loss included
 * @param malformed records that could not be read
 * @param lost missing serials or sequence numbers
 */
public record ReplayResult(long records, long events, long malformed, long lost) {
    public static final ReplayResult NOTHING = new ReplayResult(0, 0, 0, 0);

    public ReplayResult plus(ReplayResult other) {
        return new ReplayResult(
                records + other.records, events + other.events, malformed + other.malformed, lost + other.lost);
    }

    /** The last line of a replay on standard error. */
    public String line() {
        return "replayed " + records + " records, " + events + " events, " + malformed + " malformed, " + lost
                + " lost";
    }
}
