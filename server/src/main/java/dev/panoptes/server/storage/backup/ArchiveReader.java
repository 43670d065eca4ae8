package dev.panoptes.server.storage.backup;

import dev.panoptes.server.storage.TarReader;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Reads an archive from its beginning, once. For one thread. */
final class ArchiveReader implements AutoCloseable {
    private static final int BUFFER = 1 << 16;
    private static final int LARGEST_MANIFEST = 64 << 20;
    /** More than a database of a terabyte has; bounds what a hostile archive makes us remember. */
    private static final int MOST_MEMBERS = 500_000;

    private final InputStream file;
    private final TarReader tar;

    private ArchiveReader(InputStream file) {
        this.file = file;
        this.tar = new TarReader(file);
    }

    /** @throws IOException for a file that cannot be read or is not gzip */
    static ArchiveReader open(Path archive) throws IOException {
        InputStream plain = Files.newInputStream(archive);
        try {
            return new ArchiveReader(new BufferedInputStream(
                    new GZIPInputStream(new BufferedInputStream(plain, BUFFER), BUFFER), BUFFER));
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }

    /** Takes the bytes of a member as they come. */
    @FunctionalInterface
    interface Sink {
        void take(byte[] bytes, int length) throws IOException;
    }

    /** Reads everything and compares it with the manifest at the end; nobody need trust an archive that passed before. */
    Manifest verify() throws IOException, BackupRefused {
        List<Manifest.Member> seen = new ArrayList<>();
        for (TarReader.Entry entry = next(); entry != null; entry = next()) {
            if (entry.name().equals(ManifestJson.NAME)) {
                Manifest manifest = ManifestJson.read(bytes(entry));
                if (next() != null || !onlyZeroes()) {
                    throw new IOException("something follows its manifest");
                }
                if (!manifest.members().equals(seen)) {
                    throw new IOException(
                            "its members are not those of its manifest" + firstDifference(manifest, seen));
                }
                return manifest;
            }
            if (seen.size() == MOST_MEMBERS) {
                throw new IOException("it has more than " + MOST_MEMBERS + " members");
            }
            seen.add(read(entry, (_, _) -> {}));
        }
        throw new IOException("it has no manifest");
    }

    private static String firstDifference(Manifest manifest, List<Manifest.Member> seen) {
        for (int i = 0; i < Math.min(seen.size(), manifest.members().size()); i++) {
            if (!manifest.members().get(i).equals(seen.get(i))) {
                return "; the first is " + manifest.members().get(i).name();
            }
        }
        return "; it has " + seen.size() + " of " + manifest.members().size();
    }

    /** The next member; null at the end. */
    TarReader.@Nullable Entry next() throws IOException {
        TarReader.Entry entry = tar.next();
        if (entry != null && entry.type() != TarReader.Type.FILE) {
            throw new IOException("it holds something that is no file");
        }
        return entry;
    }

    /** Reads the current member to its end. @return what it is */
    Manifest.Member read(TarReader.Entry entry, Sink sink) throws IOException {
        Sha256 sum = new Sha256();
        byte[] buffer = new byte[BUFFER];
        long size = 0;
        for (int read = tar.read(buffer); read >= 0; read = tar.read(buffer)) {
            sum.add(buffer, read);
            sink.take(buffer, read);
            size += read;
        }
        return new Manifest.Member(entry.name(), size, sum.hex());
    }

    private byte[] bytes(TarReader.Entry entry) throws IOException {
        if (entry.size() > LARGEST_MANIFEST) {
            throw new IOException("its manifest is larger than " + LARGEST_MANIFEST + " bytes");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream((int) entry.size());
        read(entry, (part, length) -> bytes.write(part, 0, length));
        return bytes.toByteArray();
    }

    /** The rest of a tar archive is padding; reading it also makes gzip compare its own sum at the end. */
    private boolean onlyZeroes() throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int read = file.read(buffer); read >= 0; read = file.read(buffer)) {
            for (int i = 0; i < read; i++) {
                if (buffer[i] != 0) {
                    return false;
                }
            }
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
