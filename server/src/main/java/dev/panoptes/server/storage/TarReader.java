package dev.panoptes.server.storage;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tar archive entry by entry. What it does not know, it refuses rather than guesses; every header is checked by its
 * sum. Format: POSIX.1-1988 ustar and GNU, without long names. For one thread.
 */
public final class TarReader {
    static final int BLOCK = 512;

    static final int NAME_LENGTH = 100;
    static final int MODE_AT = 100;
    static final int MODE_LENGTH = 8;
    static final int SIZE_AT = 124;
    static final int NUMBER_LENGTH = 12;
    static final int SUM_AT = 148;
    static final int SUM_LENGTH = 8;
    static final int TYPE_AT = 156;
    static final int LINK_AT = 157;

    private final InputStream tar;
    private long left;
    private long padding;

    public TarReader(InputStream tar) {
        this.tar = tar;
    }

    /** One header. @param link where a link leads; empty for everything else */
    public record Entry(String name, Type type, long size, boolean program, String link) {}

    /** What an entry is. */
    public enum Type {
        FILE,
        DIRECTORY,
        LINK
    }

    /** The next entry, whatever was left of the one before; null at the end of the archive. */
    public @Nullable Entry next() throws IOException {
        tar.skipNBytes(left + padding);
        left = 0;
        padding = 0;
        byte[] header = tar.readNBytes(BLOCK);
        if (header.length < BLOCK) {
            throw new EOFException("the archive ends before its end mark");
        }
        if (header[0] == 0) {
            return null;
        }
        if (number(header, SUM_AT, SUM_LENGTH) != sum(header)) {
            throw new IOException("damaged header in the archive");
        }
        Type type = type((char) header[TYPE_AT]);
        long size = type == Type.FILE ? number(header, SIZE_AT, NUMBER_LENGTH) : 0;
        if (size < 0) {
            throw new IOException("damaged header in the archive");
        }
        left = size;
        padding = (BLOCK - size % BLOCK) % BLOCK;
        return new Entry(
                text(header, 0, NAME_LENGTH),
                type,
                size,
                (number(header, MODE_AT, MODE_LENGTH) & 0100) != 0,
                text(header, LINK_AT, NAME_LENGTH));
    }

    /** Bytes of the current entry; -1 at its end. */
    public int read(byte[] buffer) throws IOException {
        if (left == 0) {
            return -1;
        }
        int read = tar.read(buffer, 0, (int) Math.min(left, buffer.length));
        if (read < 0) {
            throw new EOFException("the archive ends in the middle of an entry");
        }
        left -= read;
        return read;
    }

    private static Type type(char type) throws IOException {
        return switch (type) {
            case '0', '\0' -> Type.FILE;
            case '5' -> Type.DIRECTORY;
            case '2' -> Type.LINK;
            default -> throw new IOException("unexpected entry of type " + (int) type + " in the archive");
        };
    }

    /** Of all bytes, those of the sum itself taken as blanks. */
    static long sum(byte[] header) {
        long sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            sum += i >= SUM_AT && i < SUM_AT + SUM_LENGTH ? ' ' : header[i] & 0xff;
        }
        return sum;
    }

    private static String text(byte[] header, int at, int length) {
        int end = at;
        while (end < at + length && header[end] != 0) {
            end++;
        }
        return new String(header, at, end - at, StandardCharsets.UTF_8);
    }

    private static long number(byte[] header, int at, int length) throws IOException {
        try {
            return Long.parseLong(text(header, at, length).strip(), 8);
        } catch (NumberFormatException e) {
            throw new IOException("damaged header in the archive", e);
        }
    }
}
