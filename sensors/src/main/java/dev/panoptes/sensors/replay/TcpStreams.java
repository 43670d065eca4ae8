package dev.panoptes.sensors.replay;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Puts the segments of TCP connections in order, each direction for itself (RFC 9293), and hands on every byte once. What was
 * there first stays where two overlap. Connections and the bytes that wait are bounded; the connection idle longest makes room.
 * For one thread.
 */
public final class TcpStreams {
    private static final int MOST_STREAMS = 2048;
    private static final int MOST_WAITING = 1 << 17;

    private final Function<Segment, Reader> readers;
    private final LinkedHashMap<Key, Stream> streams = new LinkedHashMap<>(64, 0.75f, true);

    /** Takes the bytes of one direction of one connection. */
    public interface Reader {
        /** @param segment the one whose arrival made these bytes readable */
        void bytes(Segment segment, byte[] data, int offset, int length);

        /** Bytes are missing here: what follows does not continue what came before. */
        void gap(Segment segment);

        /** No more bytes come. */
        void end();
    }

    /** @param readers makes the reader of a direction, given its first segment */
    public TcpStreams(Function<Segment, Reader> readers) {
        this.readers = readers;
    }

    /** Takes one segment as it was captured. */
    public void add(Segment segment) {
        Key key = new Key(segment.source(), segment.sourcePort(), segment.destination(), segment.destinationPort());
        if (segment.reset()) {
            close(streams.remove(key));
            close(streams.remove(
                    new Key(segment.destination(), segment.destinationPort(), segment.source(), segment.sourcePort())));
            return;
        }
        Stream stream = streams.get(key);
        if (segment.syn()) {
            long first = segment.sequence() + 1 & 0xffffffffL;
            if (stream == null || stream.next != first) {
                close(stream);
                stream = new Stream(readers.apply(segment), first);
                streams.put(key, stream);
                bound();
            }
            if (segment.length() > 0) {
                stream.add(segment, first);
            }
            return;
        }
        if (segment.length() > 0) {
            if (stream == null) {
                stream = new Stream(readers.apply(segment), segment.sequence());
                streams.put(key, stream);
                bound();
            }
            stream.add(segment, segment.sequence());
        }
        if (segment.fin() && stream != null && stream.pending.isEmpty()) {
            streams.remove(key);
            close(stream);
        }
    }

    /** The capture has ended. */
    public void finish() {
        streams.values().forEach(stream -> stream.reader.end());
        streams.clear();
    }

    private void bound() {
        if (streams.size() > MOST_STREAMS) {
            Key oldest = streams.keySet().iterator().next();
            close(streams.remove(oldest));
        }
    }

    private static void close(@Nullable Stream stream) {
        if (stream != null) {
            stream.reader.end();
        }
    }

    private record Key(byte[] source, int sourcePort, byte[] destination, int destinationPort) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key
                    && sourcePort == key.sourcePort
                    && destinationPort == key.destinationPort
                    && Arrays.equals(source, key.source)
                    && Arrays.equals(destination, key.destination);
        }

        @Override
        public int hashCode() {
            return ((Arrays.hashCode(source) * 31 + Arrays.hashCode(destination)) * 31 + sourcePort) * 31
                    + destinationPort;
        }
    }

    /** One direction. Distances between sequence numbers are taken modulo 2^32. */
    private static final class Stream {
        private final Reader reader;
        private final TreeMap<Long, byte[]> pending = new TreeMap<>();
        private long next;
        private long base;
        private int waiting;

        Stream(Reader reader, long next) {
            this.reader = reader;
            this.next = next;
            this.base = 0;
        }

        void add(Segment segment, long sequence) {
            int distance = (int) (sequence - next);
            int skip = distance < 0 ? -distance : 0;
            if (skip >= segment.length() || distance == Integer.MIN_VALUE) {
                return; // sent again
            }
            if (distance > 0) {
                keep(segment, distance);
                return;
            }
            deliver(segment, segment.data(), segment.offset() + skip, segment.length() - skip);
            drain(segment);
        }

        private void keep(Segment segment, int distance) {
            byte[] copy = Arrays.copyOfRange(segment.data(), segment.offset(), segment.offset() + segment.length());
            if (pending.putIfAbsent(base + distance, copy) == null) {
                waiting += copy.length + 64;
            }
            if (waiting > MOST_WAITING) {
                reader.gap(segment);
                long first = pending.firstKey();
                next = next + (first - base) & 0xffffffffL;
                base = first;
                drain(segment);
            }
        }

        private void drain(Segment segment) {
            while (!pending.isEmpty() && pending.firstKey() <= base) {
                Map.Entry<Long, byte[]> entry = pending.pollFirstEntry();
                waiting -= entry.getValue().length + 64;
                long skip = base - entry.getKey();
                if (skip < entry.getValue().length) {
                    deliver(segment, entry.getValue(), (int) skip, entry.getValue().length - (int) skip);
                }
            }
        }

        private void deliver(Segment segment, byte[] data, int offset, int length) {
            next = next + length & 0xffffffffL;
            base += length;
            reader.bytes(segment, data, offset, length);
        }
    }
}
