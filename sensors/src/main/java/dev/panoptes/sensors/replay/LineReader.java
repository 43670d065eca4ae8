package dev.panoptes.sensors.replay;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Lines of a stream, each with its offset in bytes. Bytes that are no UTF-8 become U+FFFD. A line longer than
 * {@link #MOST_BYTES} is passed over and counts as overlong; memory stays bounded whatever comes.
 */
final class LineReader {
    static final int MOST_BYTES = 1 << 20;

    private final InputStream in;
    private final byte delimiter;
    private byte[] buffer = new byte[1 << 16];
    private int from;
    private int to;
    private boolean ended;
    private long bufferOffset;
    private long lineOffset;
    private boolean overlong;
    private int most = MOST_BYTES;
    /** All bits of the bytes of the line that is read: its highest tells whether some byte is no ASCII. */
    private int bits;

    LineReader(InputStream in, byte[] head, int headLength, char delimiter) {
        this.in = in;
        this.delimiter = (byte) delimiter;
        if (headLength > buffer.length) {
            buffer = new byte[headLength];
        }
        System.arraycopy(head, 0, buffer, 0, headLength);
        this.to = headLength;
    }

    /** The next line without its end ({@code \n} or {@code \r\n}); null at the end; empty where {@link #overlong}. */
    @Nullable
    String next() throws IOException {
        overlong = false;
        lineOffset = bufferOffset + from;
        int scan = from;
        bits = 0;
        while (true) {
            byte[] bytes = buffer;
            byte end = delimiter;
            int last = to;
            int seen = bits;
            for (int i = scan; i < last; i++) {
                byte b = bytes[i];
                if (b == end) {
                    bits = seen;
                    String line = text(from, i);
                    from = i + 1;
                    return overlong ? "" : line;
                }
                seen |= b;
            }
            bits = seen;
            scan = to;
            if (ended) {
                if (from == to) {
                    return overlong ? "" : null;
                }
                String line = text(from, to);
                from = to;
                return overlong ? "" : line;
            }
            if (to - from >= MOST_BYTES) {
                overlong = true;
                bufferOffset += to - from;
                to = from;
                scan = from;
            }
            if (from > 0) {
                System.arraycopy(buffer, from, buffer, 0, to - from);
                scan -= from;
                bufferOffset += from;
                to -= from;
                from = 0;
            }
            if (to == buffer.length) {
                buffer = Arrays.copyOf(buffer, buffer.length * 2);
            }
            int read = in.read(buffer, to, buffer.length - to);
            if (read < 0) {
                ended = true;
            } else {
                to += read;
            }
        }
    }

    /** From now on only the first bytes of each line are given: for readers that look at nothing else. */
    void onlyFirst(int bytes) {
        most = bytes;
    }

    /** Where the line returned last begins. */
    long offset() {
        return lineOffset;
    }

    /** True where the line returned last was too long to be kept. */
    boolean overlong() {
        return overlong;
    }

    private String text(int start, int end) {
        int last = delimiter == '\n' && end > start && buffer[end - 1] == '\r' ? end - 1 : end;
        // What is ASCII is copied as it is; what is not is looked through for what is no UTF-8.
        return new String(
                buffer,
                start,
                Math.min(most, last - start),
                bits < 0 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
    }
}
