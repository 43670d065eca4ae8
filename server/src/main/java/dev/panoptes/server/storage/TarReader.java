package dev.panoptes.server.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tar archive of files, directories and symbolic links entry by entry. Anything else in it is refused rather than
 * passed over. For one thread.
 */
public final class TarReader {
    private static final int RECORD = 512;
    private static final int EXECUTABLE = 0100;

    private final TarArchiveInputStream tar;

    public TarReader(InputStream archive) {
        // One record at a time: what follows the end mark is the caller's to look at.
        this.tar = new TarArchiveInputStream(archive, RECORD, RECORD, StandardCharsets.UTF_8.name());
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
        TarArchiveEntry entry;
        try {
            entry = tar.getNextEntry();
        } catch (IllegalArgumentException e) {
            throw new IOException("damaged header in the archive", e);
        }
        if (entry == null) {
            return null;
        }
        if (!entry.isCheckSumOK()) {
            throw new IOException("damaged header in the archive");
        }
        return new Entry(
                entry.getName(),
                type(entry),
                entry.getSize(),
                (entry.getMode() & EXECUTABLE) != 0,
                entry.isSymbolicLink() ? entry.getLinkName() : "");
    }

    /** Bytes of the current entry; -1 at its end. */
    public int read(byte[] buffer) throws IOException {
        return tar.read(buffer, 0, buffer.length);
    }

    private static Type type(TarArchiveEntry entry) throws IOException {
        if (entry.isDirectory()) {
            return Type.DIRECTORY;
        }
        if (entry.isSymbolicLink()) {
            return Type.LINK;
        }
        if (entry.isFile() && !entry.isLink() && !entry.isSparse()) {
            return Type.FILE;
        }
        throw new IOException("unexpected entry of type " + entry.getLinkFlag() + " in the archive");
    }
}
