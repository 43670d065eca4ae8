package dev.panoptes.code;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;

/**
 * A bounded sample of the distinct code lines of a file or of several, to tell how much two bodies of code share without
 * keeping them. It is a bottom-k sketch: of all line hashes those up to a limit, so that sketches can be merged and compared
 * where both are complete. Immutable.
 */
public final class LineSketch {
    /** Line hashes kept of one file; a share of 0.9 is then known to about 0.02. */
    static final int KEPT_OF_FILE = 256;

    private static final int KEPT_OF_MERGED = 4_096;

    /** Of no line at all. */
    public static final LineSketch EMPTY = new LineSketch(new int[0], Integer.MAX_VALUE);

    /** Distinct and ascending. */
    private final int[] hashes;

    /** Every hash up to this one is in {@link #hashes}; none above it is. */
    private final int limit;

    private LineSketch(int[] hashes, int limit) {
        this.hashes = hashes;
        this.limit = limit;
    }

    /** @param lineHashes one per line, in any order, with repetitions; evenly spread over all ints */
    static LineSketch of(int[] lineHashes) {
        return cut(lineHashes.clone(), Integer.MAX_VALUE, KEPT_OF_FILE);
    }

    /** The sketch of all these together. */
    public static LineSketch merged(Collection<LineSketch> parts) {
        int limit = parts.stream().mapToInt(part -> part.limit).min().orElse(Integer.MAX_VALUE);
        int[] all = parts.stream()
                .flatMapToInt(part -> Arrays.stream(part.hashes, 0, part.upTo(limit)))
                .toArray();
        return cut(all, limit, KEPT_OF_MERGED);
    }

    /**
     * The share of distinct lines that two bodies of code have in common: twice the common ones by the sum of both (Dice).
     * 1 where both have the same lines, 0 where they share none or either has none.
     */
    public double likeness(LineSketch other) {
        int common = Math.min(limit, other.limit);
        int mine = upTo(common);
        int theirs = other.upTo(common);
        if (mine == 0 || theirs == 0) {
            return 0;
        }
        int shared = 0;
        for (int i = 0, j = 0; i < mine && j < theirs; ) {
            int difference = Integer.compare(hashes[i], other.hashes[j]);
            shared += difference == 0 ? 1 : 0;
            i += difference <= 0 ? 1 : 0;
            j += difference >= 0 ? 1 : 0;
        }
        return 2.0 * shared / (mine + theirs);
    }

    /** How many hashes are at most this. */
    private int upTo(int highest) {
        if (highest == Integer.MAX_VALUE) {
            return hashes.length;
        }
        int found = Arrays.binarySearch(hashes, highest);
        return found >= 0 ? found + 1 : -found - 1;
    }

    int bytes() {
        return (2 + hashes.length) * Integer.BYTES;
    }

    void encode(ByteBuffer into) {
        into.putInt(limit).putInt(hashes.length);
        into.asIntBuffer().put(hashes);
        into.position(into.position() + hashes.length * Integer.BYTES);
    }

    /** @throws IllegalArgumentException where that is none */
    static LineSketch decoded(ByteBuffer from) {
        int limit = from.getInt();
        int length = from.getInt();
        if (length < 0 || length > KEPT_OF_FILE) {
            throw new IllegalArgumentException("no sketch of a file");
        }
        int[] hashes = new int[length];
        from.asIntBuffer().get(hashes);
        from.position(from.position() + length * Integer.BYTES);
        return new LineSketch(hashes, limit);
    }

    /** Takes the array over. */
    private static LineSketch cut(int[] all, int limit, int kept) {
        Arrays.sort(all);
        int distinct = 0;
        for (int i = 0; i < all.length && distinct <= kept; i++) {
            if (i == 0 || all[i] != all[i - 1]) {
                all[distinct++] = all[i];
            }
        }
        return distinct <= kept
                ? new LineSketch(Arrays.copyOf(all, distinct), limit)
                : new LineSketch(Arrays.copyOf(all, kept), all[kept - 1]);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LineSketch sketch && limit == sketch.limit && Arrays.equals(hashes, sketch.hashes);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(hashes) + limit;
    }

    @Override
    public String toString() {
        return hashes.length + " line hashes up to " + limit;
    }
}
