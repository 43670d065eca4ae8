package dev.panoptes.server.storage;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Rows in the text format of PostgreSQL's COPY. For one thread. */
public final class CopyText {
    private final ByteArrayOutputStream out;
    private boolean first = true;

    /** @param bytes about how many there will be */
    public CopyText(int bytes) {
        out = new ByteArrayOutputStream(bytes);
    }

    /** A column; null for none. The database takes no NUL: it becomes a question mark. */
    public CopyText text(@Nullable String text) {
        if (text == null) {
            begin();
            out.write('\\');
            out.write('N');
            return this;
        }
        return bytes(text.replace('\0', '?').getBytes(StandardCharsets.UTF_8));
    }

    /** A column of UTF-8 without NUL. */
    public CopyText bytes(byte[] bytes) {
        begin();
        int from = 0;
        for (int i = 0; i < bytes.length; i++) {
            int letter = switch (bytes[i]) {
                case '\\' -> '\\';
                case '\n' -> 'n';
                case '\r' -> 'r';
                case '\t' -> 't';
                default -> 0;
            };
            if (letter != 0) {
                out.write(bytes, from, i - from);
                out.write('\\');
                out.write(letter);
                from = i + 1;
            }
        }
        out.write(bytes, from, bytes.length - from);
        return this;
    }

    /** Ends the row. */
    public void end() {
        out.write('\n');
        first = true;
    }

    /** What was written. */
    public byte[] bytes() {
        return out.toByteArray();
    }

    private void begin() {
        if (!first) {
            out.write('\t');
        }
        first = false;
    }
}
