package dev.panoptes.sensors.spool;

import java.util.Arrays;
import java.util.List;

/**
 * What goes to the server in one piece.
 *
 * @param first number of the first event; where there is none, of the next one
 * @param count how many events
 * @param lines the events as lines of JSON, each with its line break
 * @param lost ranges that end before {@code first + count}, those that the server has not acknowledged yet
 */
public record Batch(long first, int count, byte[] lines, List<LostRange> lost) {
    public Batch {
        lost = List.copyOf(lost);
    }

    /** The number that the server acknowledges when it has stored this. */
    public long last() {
        return first + count - 1;
    }

    /** The first half of its events, for a server that does not take so much; itself where it has one. */
    public Batch half() {
        int wanted = count / 2;
        if (wanted == 0) {
            return this;
        }
        int end = 0;
        for (int left = wanted; left > 0; end++) {
            if (lines[end] == '\n') {
                left--;
            }
        }
        long beyond = first + wanted;
        return new Batch(
                first,
                wanted,
                Arrays.copyOf(lines, end),
                lost.stream().filter(range -> range.to() < beyond).toList());
    }

    public boolean isEmpty() {
        return count == 0 && lost.isEmpty();
    }
}
