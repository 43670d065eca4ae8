package dev.panoptes.server.storage;

import dev.panoptes.server.life.CannotStart;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The directory that one running instance owns: its database, its secrets, its lock. Who holds it holds the only one; the
 * lock is the kernel's, so that it falls with the process however that ends.
 */
public final class DataDirectory implements AutoCloseable {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final int LONGEST_SECRET = 65_536;

    private final Path path;
    private final FileChannel channel;
    private final FileLock lock;

    private DataDirectory(Path path, FileChannel channel, FileLock lock) {
        this.path = path;
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Makes the directory where it is missing and takes it. A directory that is made here can be walked through by others
     * (0711) but not listed, so that the unprivileged database can reach its own part; one that exists keeps its mode.
     */
    public static DataDirectory open(Path directory) throws CannotStart {
        return switch (take(directory)) {
            case Taken(DataDirectory taken) -> taken;
            case InUse(Path path, String holder) ->
                throw new CannotStart("the data directory " + path + " is in use by another instance" + holder
                        + "; stop it, or choose another with --data-dir");
        };
    }

    /** What came of the attempt to take a directory. */
    public sealed interface Attempt {}

    /** It is ours until it is closed. */
    public record Taken(DataDirectory directory) implements Attempt {}

    /** Another instance has it. @param holder {@code " (pid 7)"} for a message; empty where that is not known */
    public record InUse(Path path, String holder) implements Attempt {}

    /** The same as {@link #open} for callers that get on with a directory that is in use. */
    public static Attempt take(Path directory) throws CannotStart {
        Path path = directory.toAbsolutePath().normalize();
        try {
            make(path);
            path = path.toRealPath();
            FileChannel channel = FileChannel.open(
                    path.resolve("lock"),
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            return take(path, channel);
        } catch (IOException e) {
            throw new CannotStart("the data directory " + path + " cannot be used: " + reason(e), e);
        }
    }

    private static Attempt take(Path path, FileChannel channel) throws IOException {
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Held by this very process: the answer is the same, and is given below.
            lock = null;
        }
        if (lock == null) {
            String holder = holder(channel);
            channel.close();
            return new InUse(path, holder);
        }
        channel.truncate(0);
        channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.UTF_8)), 0);
        return new Taken(new DataDirectory(path, channel, lock));
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(32);
        channel.read(text, 0);
        String pid = new String(text.array(), 0, text.position(), StandardCharsets.UTF_8).strip();
        return pid.matches("\\d{1,10}") ? " (pid " + pid + ")" : "";
    }

    private static void make(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            return;
        }
        if (path.getParent() != null) {
            Files.createDirectories(path.getParent());
        }
        Files.createDirectory(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
        // The umask may have taken the last bits away; they are ours to give, as the directory is.
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx--x--x"));
    }

    /** Absolute, without links. */
    public Path path() {
        return path;
    }

    /** A small file of ours that only the owner may read; empty where it is missing. */
    public Optional<String> secret(String name) throws IOException {
        Path file = path.resolve(name);
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            ByteBuffer text = ByteBuffer.allocate((int) Math.min(in.size(), LONGEST_SECRET));
            while (text.hasRemaining() && in.read(text) >= 0) {
                // read() fills the buffer in as many turns as it needs
            }
            return Optional.of(new String(text.array(), 0, text.position(), StandardCharsets.UTF_8).strip());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Writes such a file so that it is there whole or not at all, whatever happens meanwhile. */
    public void writeSecret(String name, String value) throws IOException {
        Path temporary = path.resolve(name + ".new");
        Files.deleteIfExists(temporary);
        try (FileChannel out = FileChannel.open(
                temporary,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
            ByteBuffer text = ByteBuffer.wrap((value + "\n").getBytes(StandardCharsets.UTF_8));
            while (text.hasRemaining()) {
                out.write(text);
            }
            out.force(true);
        }
        Files.move(temporary, path.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        sync(path);
    }

    public void deleteSecret(String name) throws IOException {
        Files.deleteIfExists(path.resolve(name));
    }

    /** Makes renames and new names in a directory durable. */
    public static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Of a failure, for a message: what kind it was, and what it says. */
    public static String reason(IOException e) {
        String message = e.getMessage();
        return e.getClass().getSimpleName().replace("Exception", "") + (message == null ? "" : ": " + message);
    }

    /** Lets it go. Idempotent. */
    @Override
    public void close() {
        release(lock, channel);
    }

    private static void release(@Nullable FileLock lock, FileChannel channel) {
        try (channel) {
            if (lock != null && lock.isValid()) {
                lock.release();
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("the lock of the data directory could not be released", e);
        }
    }
}
