package dev.panoptes.server.storage;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;

/** Writes a tar archive (POSIX.1-1988 ustar) of plain files that belong to root and only their owner may read. */
public final class TarWriter {
    private static final int TIME_AT = 136;
    private static final int MAGIC_AT = 257;
    private static final int IDS_AT = 108;

    private final OutputStream out;
    private final Instant time;

    /** @param time that every entry bears */
    public TarWriter(OutputStream out, Instant time) {
        this.out = out;
        this.time = time;
    }

    /** @param name at most 100 bytes */
    public void write(String name, byte[] content) throws IOException {
        byte[] header = new byte[TarReader.BLOCK];
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > TarReader.NAME_LENGTH) {
            throw new IOException("too long a name for an archive: " + name);
        }
        System.arraycopy(bytes, 0, header, 0, bytes.length);
        octal(header, TarReader.MODE_AT, 7, 0600);
        octal(header, IDS_AT, 7, 0);
        octal(header, IDS_AT + 8, 7, 0);
        octal(header, TarReader.SIZE_AT, 11, content.length);
        octal(header, TIME_AT, 11, time.getEpochSecond());
        header[TarReader.TYPE_AT] = '0';
        put(header, MAGIC_AT, "ustar\00000");
        octal(header, TarReader.SUM_AT, 6, TarReader.sum(header));
        header[TarReader.SUM_AT + 7] = ' ';
        out.write(header);
        out.write(content);
        out.write(new byte[(TarReader.BLOCK - content.length % TarReader.BLOCK) % TarReader.BLOCK]);
    }

    /** The end mark: two empty blocks. */
    public void end() throws IOException {
        out.write(new byte[2 * TarReader.BLOCK]);
    }

    private static void octal(byte[] header, int at, int digits, long number) {
        put(header, at, String.format(Locale.ROOT, "%0" + digits + "o", number));
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }
}
