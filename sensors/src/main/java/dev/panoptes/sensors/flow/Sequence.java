package dev.panoptes.sensors.flow;

import java.util.ArrayList;
import java.util.List;

/**
 * The numbers of one sender. A step forward leaves a gap, which a datagram that comes late fills; a step back that fills none is a
 * new start. For one thread.
 */
final class Sequence {
    private static final int MOST_GAPS = 64;
    private static final long MODULO = 1L << 32;

    private final List<Gap> gaps = new ArrayList<>();
    private long expected = -1;
    private long lost;

    /** How far a number lies ahead of the one that should come; -1 where it lies behind and fills no gap. */
    long ahead(long number) {
        if (expected < 0) {
            return 0;
        }
        long ahead = number - expected & MODULO - 1;
        if (ahead < MODULO / 2) {
            return ahead;
        }
        return gaps.stream().anyMatch(gap -> gap.holds(number)) ? 0 : -1;
    }

    /** @param units how far the next number is; -1 where that is not known */
    void follow(long number, long units) {
        if (expected >= 0) {
            long ahead = number - expected & MODULO - 1;
            if (ahead >= MODULO / 2) {
                if (late(number, Math.max(1, units))) {
                    return;
                }
            } else if (ahead > 0) {
                if (gaps.size() >= MOST_GAPS) {
                    lost += gaps.removeFirst().missing;
                }
                gaps.add(new Gap(expected, ahead));
            }
        }
        expected = units < 0 ? -1 : number + units & MODULO - 1;
    }

    private boolean late(long number, long units) {
        for (Gap gap : gaps) {
            if (gap.holds(number)) {
                gap.missing = Math.max(0, gap.missing - units);
                return true;
            }
        }
        return false;
    }

    /** How many numbers are missing since this was asked last. */
    long takeLost() {
        long all = lost;
        lost = 0;
        for (Gap gap : gaps) {
            all += gap.missing;
        }
        gaps.clear();
        return all;
    }

    /** Numbers that were stepped over. */
    private static final class Gap {
        private final long from;
        private final long length;
        private long missing;

        Gap(long from, long length) {
            this.from = from;
            this.length = length;
            this.missing = length;
        }

        boolean holds(long number) {
            return missing > 0 && (number - from & MODULO - 1) < length;
        }
    }
}
