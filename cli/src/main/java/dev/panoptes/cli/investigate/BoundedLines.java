package dev.panoptes.cli.investigate;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Lines of text of which none is held beyond a bound. For one thread. */
final class BoundedLines implements AutoCloseable {
    private static final int BUFFER = 1 << 16;

    private final Reader reader;
    private final char[] buffer = new char[BUFFER];
    private final int longest;
    private final StringBuilder line = new StringBuilder();
    private int from;
    private int to;
    private boolean overlong;

    BoundedLines(InputStream in, int longest) {
        this.reader = new InputStreamReader(in, StandardCharsets.UTF_8);
        this.longest = longest;
    }

    /** The next line without its end, or its beginning where it is {@link #overlong}; null at the end. */
    @Nullable
    String next() throws IOException {
        line.setLength(0);
        overlong = false;
        while (true) {
            if (from == to && !fill()) {
                return line.isEmpty() ? null : line.toString();
            }
            int end = from;
            while (end < to && buffer[end] != '\n') {
                end++;
            }
            int taken = Math.min(end - from, longest - line.length());
            line.append(buffer, from, taken);
            overlong |= taken < end - from;
            from = end;
            if (end < to) {
                from++;
                return line.toString();
            }
        }
    }

    private boolean fill() throws IOException {
        from = 0;
        to = Math.max(0, reader.read(buffer, 0, buffer.length));
        return to > 0;
    }

    /** Whether the last line was longer than the bound. */
    boolean overlong() {
        return overlong;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
