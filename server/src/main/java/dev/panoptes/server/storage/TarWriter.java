package dev.panoptes.server.storage;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Writes a tar archive (POSIX ustar) of plain files that belong to root and only their owner may read. */
public final class TarWriter {
    private static final int RECORD = 512;
    private static final int OWNER_ONLY = 0100600;

    private final TarArchiveOutputStream tar;
    private final FileTime time;

    /** @param time that every entry bears */
    public TarWriter(OutputStream out, Instant time) {
        this.tar = new TarArchiveOutputStream(out, RECORD, StandardCharsets.UTF_8.name());
        this.time = FileTime.from(Instant.ofEpochSecond(time.getEpochSecond()));
    }

    /** @param name at most 100 bytes */
    public void write(String name, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setMode(OWNER_ONLY);
        entry.setIds(0, 0);
        entry.setNames("", "");
        entry.setModTime(time);
        entry.setSize(content.length);
        try {
            tar.putArchiveEntry(entry);
        } catch (IllegalArgumentException e) {
            throw new IOException("too long a name for an archive: " + name, e);
        }
        tar.write(content);
        tar.closeArchiveEntry();
    }

    /** The end mark: two empty records. */
    public void end() throws IOException {
        tar.finish();
    }
}
