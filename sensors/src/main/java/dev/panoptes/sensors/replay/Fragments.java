package dev.panoptes.sensors.replay;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Joins IP fragments (RFC 791, RFC 8200 section 4.5). What was there first stays where two overlap. At most {@link #MOST} packets
 * wait; the one that waits longest makes room. For one thread.
 */
final class Fragments {
    private static final int MOST = 256;
    private static final int MOST_BYTES = 65_535;

    private final Map<Key, Parts> waiting = new LinkedHashMap<>();

    /** What the fragments of one packet have in common. */
    record Key(byte[] source, byte[] destination, int protocol, long id) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key
                    && id == key.id
                    && protocol == key.protocol
                    && Arrays.equals(source, key.source)
                    && Arrays.equals(destination, key.destination);
        }

        @Override
        public int hashCode() {
            return Long.hashCode(id) * 31 + Arrays.hashCode(source) * 17 + Arrays.hashCode(destination) + protocol;
        }
    }

    /** The whole payload once the last missing part came, else null. */
    byte @Nullable [] add(Key key, int offset, boolean more, byte[] data, int from, int to) {
        int length = to - from;
        if (length < 0 || offset + length > MOST_BYTES) {
            waiting.remove(key);
            return null;
        }
        Parts parts = waiting.computeIfAbsent(key, unused -> new Parts());
        if (waiting.size() > MOST) {
            Key oldest = waiting.keySet().iterator().next();
            waiting.remove(oldest);
        }
        if (!more) {
            parts.total = offset + length;
        }
        if (parts.pieces.putIfAbsent(offset, Arrays.copyOfRange(data, from, to)) == null) {
            parts.bytes += length;
        }
        byte[] whole = parts.whole();
        if (whole != null) {
            waiting.remove(key);
        }
        return whole;
    }

    private static final class Parts {
        private final TreeMap<Integer, byte[]> pieces = new TreeMap<>();
        private int total = -1;
        private int bytes;

        byte @Nullable [] whole() {
            if (total < 0 || bytes < total) {
                return null;
            }
            int reached = 0;
            for (Map.Entry<Integer, byte[]> piece : pieces.entrySet()) {
                if (piece.getKey() > reached) {
                    return null;
                }
                reached = Math.max(reached, piece.getKey() + piece.getValue().length);
            }
            if (reached < total) {
                return null;
            }
            byte[] whole = new byte[total];
            int written = 0;
            for (Map.Entry<Integer, byte[]> piece : pieces.entrySet()) {
                int skip = written - piece.getKey();
                int count = Math.min(piece.getValue().length - skip, total - written);
                if (count > 0) {
                    System.arraycopy(piece.getValue(), skip, whole, written, count);
                    written += count;
                }
            }
            return whole;
        }
    }
}
