package dev.panoptes.cli.shell;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Standard output. A reader that goes away ({@code | head}) has seen what it wanted: writing to it is no error, and the rest
 * is dropped. A disk that is full is an error.
 */
final class StandardOutput extends OutputStream {
    private final OutputStream target;
    private final boolean pipe;
    private boolean gone;

    /** @param pipe true where the target is a pipe or socket, so that a failed write means that nobody reads any more */
    StandardOutput(OutputStream target, boolean pipe) {
        this.target = target;
        this.pipe = pipe;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (gone) {
            return;
        }
        try {
            target.write(bytes, offset, length);
        } catch (IOException e) {
            if (!pipe) {
                throw new IOException("standard output cannot be written: " + e.getMessage(), e);
            }
            gone = true;
        }
    }

    @Override
    public void flush() throws IOException {
        if (!gone) {
            target.flush();
        }
    }
}
