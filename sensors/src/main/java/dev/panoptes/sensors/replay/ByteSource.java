package dev.panoptes.sensors.replay;

import java.io.IOException;
import java.io.InputStream;

/** The bytes of a stream behind those that were read from it to learn its format. */
final class ByteSource {
    private final InputStream in;
    private final byte[] head;
    private final int headLength;
    private int from;

    ByteSource(InputStream in, byte[] head, int headLength) {
        this.in = in;
        this.head = head;
        this.headLength = headLength;
    }

    /** Fills the array from {@code at}; how many bytes were there, fewer than {@code count} only at the end. */
    int read(byte[] into, int at, int count) throws IOException {
        int done = Math.min(count, headLength - from);
        System.arraycopy(head, from, into, at, done);
        from += done;
        return done + (done < count ? in.readNBytes(into, at + done, count - done) : 0);
    }

    /** Passes over bytes; false where the end came first. */
    boolean skip(long count) throws IOException {
        byte[] waste = new byte[(int) Math.min(count, 8192)];
        long left = count;
        while (left > 0) {
            int read = read(waste, 0, (int) Math.min(left, waste.length));
            if (read == 0) {
                return false;
            }
            left -= read;
        }
        return true;
    }

    /** All that is left as a stream. */
    InputStream stream() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return ByteSource.this.read(one, 0, 1) == 1 ? one[0] & 0xff : -1;
            }

            @Override
            public int read(byte[] into, int at, int count) throws IOException {
                if (count == 0) {
                    return 0;
                }
                if (from < headLength) {
                    int done = Math.min(count, headLength - from);
                    System.arraycopy(head, from, into, at, done);
                    from += done;
                    return done;
                }
                return in.read(into, at, count);
            }
        };
    }
}
