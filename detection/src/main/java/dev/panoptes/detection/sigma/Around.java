package dev.panoptes.detection.sigma;

/**
 * Which characters may stand before something, or after it.
 *
 * @param low those below 64, a bit for each
 * @param high those from 64 to 127
 * @param beyond whether one beyond ASCII may
 * @param edge whether nothing may: it is the beginning or the end of the text
 */
record Around(long low, long high, boolean beyond, boolean edge) {
    static final Around ANY = new Around(-1, -1, true, true);
    static final Around EDGE = new Around(0, 0, false, true);
    static final Around EDGE_OF_LINE = new Around(1L << '\n', 0, false, true);
    /** Letters and digits of ASCII, and the underscore. */
    static final Around WORD = new Around(0x03ff_0000_0000_0000L, 0x07ff_fffe_87ff_fffeL, false, false);

    static final Around NO_WORD = new Around(~WORD.low, ~WORD.high, true, true);

    Around or(Around other) {
        return new Around(low | other.low, high | other.high, beyond || other.beyond, edge || other.edge);
    }

    Around and(Around other) {
        return new Around(low & other.low, high & other.high, beyond && other.beyond, edge && other.edge);
    }

    boolean within(Around other) {
        return and(other).equals(this);
    }

    boolean none() {
        return low == 0 && high == 0 && !beyond && !edge;
    }

    /** Whether what stands at a place of a text may stand there; a place outside of it is its edge. */
    boolean allows(String text, int at) {
        if (at < 0 || at >= text.length()) {
            return edge;
        }
        char c = text.charAt(at);
        return c >= 128 ? beyond : ((c < 64 ? low : high) & 1L << c) != 0;
    }
}
