package dev.panoptes.cli.investigate;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** The line that a place in a file is in, of what it holds where it is compressed. Quick where places are asked in their order. For one thread. */
final class LineNumbers implements AutoCloseable {
    private static final int BUFFER = 1 << 16;

    private final Path file;
    private InputStream in;
    private long offset;
    private long line = 1;

    LineNumbers(Path file) throws IOException {
        this.file = file;
        this.in = open();
    }

    private InputStream open() throws IOException {
        return new BufferedInputStream(Content.open(file), BUFFER);
    }

    /** @param place in bytes from the start */
    long at(long place) throws IOException {
        if (place < offset) {
            in.close();
            in = open();
            offset = 0;
            line = 1;
        }
        while (offset < place) {
            int b = in.read();
            if (b < 0) {
                break;
            }
            offset++;
            line += b == '\n' ? 1 : 0;
        }
        return line;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
