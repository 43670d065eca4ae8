package dev.panoptes.server.storage.backup;

import dev.panoptes.server.storage.DataDirectory;
import dev.panoptes.server.storage.TarWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * An archive that is being written: a hidden file {@code .NAME.PID.part} beside the one that it becomes when it is whole and
 * on the disk. Mode 0600 from its first byte. For one thread.
 */
final class ArchiveWriter implements AutoCloseable {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final String UNFINISHED = ".part";
    private static final int BUFFER = 1 << 16;

    private final Path target;
    private final Path unfinished;
    private final FileChannel channel;
    private final GZIPOutputStream out;
    private final TarWriter tar;
    private final List<Manifest.Member> members = new ArrayList<>();

    private ArchiveWriter(Path target, Path unfinished, FileChannel channel, Instant time) throws IOException {
        this.target = target;
        this.unfinished = unfinished;
        this.channel = channel;
        this.out = new FastGzip(new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER));
        this.tar = new TarWriter(out, time);
    }

    /** Three times as fast as the usual level, for two percent more: most of it is compressed already, in columns. */
    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream out) throws IOException {
            super(out, BUFFER);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }

    /** @throws FileAlreadyExistsException where the target is there: a backup is never overwritten */
    static ArchiveWriter create(Path target, Instant time) throws IOException {
        if (Files.exists(target, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(target.toString());
        }
        deleteAbandoned(target);
        Path unfinished =
                target.resolveSibling(prefix(target) + ProcessHandle.current().pid() + UNFINISHED);
        FileChannel channel = FileChannel.open(
                unfinished,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        return new ArchiveWriter(target, unfinished, channel, time);
    }

    private static String prefix(Path target) {
        return "." + target.getFileName() + ".";
    }

    /** What backups that were killed left behind. */
    private static void deleteAbandoned(Path target) throws IOException {
        Path directory = Objects.requireNonNull(target.toAbsolutePath().getParent(), "a file has a directory");
        String prefix = prefix(target);
        try (DirectoryStream<Path> all = Files.newDirectoryStream(
                directory, each -> each.getFileName().toString().startsWith(prefix))) {
            for (Path each : all) {
                String rest = each.getFileName().toString().substring(prefix.length());
                String pid = rest.endsWith(UNFINISHED) ? rest.substring(0, rest.length() - UNFINISHED.length()) : "";
                if (pid.matches("\\d{1,10}")
                        && ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
                    Files.delete(each);
                }
            }
        }
    }

    void add(String name, byte[] content) throws IOException {
        tar.write(name, content);
        members.add(new Manifest.Member(name, content.length, Sha256.of(content)));
    }

    /** What was added so far. */
    List<Manifest.Member> members() {
        return List.copyOf(members);
    }

    /** Makes it whole: from now on it bears its name. @return its size in bytes */
    long finish(Manifest manifest) throws IOException {
        tar.write(ManifestJson.NAME, ManifestJson.write(manifest));
        tar.end();
        out.finish();
        out.flush();
        channel.force(true);
        long size = channel.size();
        name();
        DataDirectory.sync(Objects.requireNonNull(target.toAbsolutePath().getParent(), "a file has a directory"));
        return size;
    }

    /** By a link, which unlike a rename does not replace a file that has come meanwhile; not every file system has links. */
    private void name() throws IOException {
        try {
            Files.createLink(target, unfinished);
            Files.delete(unfinished);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (FileSystemException | UnsupportedOperationException e) {
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** Takes away what was not finished. Idempotent. */
    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(unfinished);
    }
}
