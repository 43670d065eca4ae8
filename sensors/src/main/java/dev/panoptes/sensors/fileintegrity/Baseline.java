package dev.panoptes.sensors.fileintegrity;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * How the files were, in one file of the data directory, replaced whole: a line that says what it is, the scope, and each
 * listing as it is in memory; at its end a checksum.
 */
final class Baseline {
    private static final byte[] HEAD = "panoptes baseline 3\n".getBytes(StandardCharsets.US_ASCII);
    private static final int BUFFER = 1 << 16;
    private static final int END = -1;

    private final Path file;

    Baseline(Path file) {
        this.file = file;
    }

    /** What was seen. @param scope of what; null where the file does not tell @param older true where it is to be written anew */
    record Kept(@Nullable Scope scope, FileTable files, boolean older) {}

    /** Empty where there is none, or it was cut. */
    Optional<Kept> read() throws IOException {
        CRC32C sum = new CRC32C();
        try (DataInputStream in = new DataInputStream(
                new CheckedInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER), sum))) {
            long size = Files.size(file);
            byte[] head = in.readNBytes(HEAD.length);
            return Arrays.equals(head, HEAD) ? read(in, sum, size) : older();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (EOFException e) {
            return Optional.empty();
        }
    }

    private Optional<Kept> older() throws IOException {
        try (var in = Files.newInputStream(file)) {
            return OlderBaseline.read(in);
        }
    }

    private static Optional<Kept> read(DataInputStream in, CRC32C sum, long size) throws IOException {
        byte[] scope = bytes(in, in.readInt(), size);
        Map<String, Listing> listings = HashMap.newHashMap((int) Math.min(size >> 10, 1 << 20));
        for (int length = in.readInt(); length != END; length = in.readInt()) {
            String directory = new String(bytes(in, length, size), StandardCharsets.UTF_8);
            int count = in.readInt();
            listings.put(directory, new Listing(bytes(in, in.readInt(), size), count));
        }
        long expected = sum.getValue();
        Scope of = in.readLong() == expected ? Scope.parse(new String(scope, StandardCharsets.UTF_8)) : null;
        return of == null ? Optional.empty() : Optional.of(new Kept(of, new FileTable(listings), false));
    }

    private static byte[] bytes(DataInputStream in, int length, long most) throws IOException {
        if (length < 0 || length > most) {
            throw new EOFException("no length");
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
    }

    void write(Scope scope, FileTable files) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        CRC32C sum = new CRC32C();
        try (DataOutputStream out = new DataOutputStream(
                new CheckedOutputStream(new BufferedOutputStream(Files.newOutputStream(fresh), BUFFER), sum))) {
            out.write(HEAD);
            put(out, scope.line().getBytes(StandardCharsets.UTF_8));
            for (Map.Entry<String, Listing> entry : files.listings().entrySet()) {
                put(out, entry.getKey().getBytes(StandardCharsets.UTF_8));
                out.writeInt(entry.getValue().count());
                put(out, entry.getValue().bytes());
            }
            out.writeInt(END);
            out.writeLong(sum.getValue());
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void put(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }
}
