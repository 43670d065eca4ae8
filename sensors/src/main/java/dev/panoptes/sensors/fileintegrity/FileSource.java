package dev.panoptes.sensors.fileintegrity;

import dev.panoptes.core.host.ExtendedAttributes;
import dev.panoptes.core.host.FileDigest;
import dev.panoptes.core.host.HostFiles;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads files of a host: what the kernel says of them, and their content. Safe for several threads but for capabilities. */
final class FileSource {
    private static final String ATTRIBUTES =
            "unix:mode,uid,gid,ino,ctime,lastModifiedTime,size,isRegularFile,isDirectory,isSymbolicLink";
    private static final int EXECUTE = 0111;
    private static final int PERMISSIONS = 07777;

    private final HostFiles files;

    FileSource(HostFiles files) {
        this.files = files;
    }

    @Nullable
    Path locate(String path) {
        try {
            return files.locate(path);
        } catch (IOException e) {
            return null;
        }
    }

    /** Everything below a path, itself included; links are not followed. */
    void walk(String path, Predicate<String> leftOut, Consumer<FileRecord> into) throws InterruptedException {
        Path place = locate(path);
        if (place != null) {
            walk(path, place, leftOut, into);
        }
    }

    private void walk(String path, Path place, Predicate<String> leftOut, Consumer<FileRecord> into)
            throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (leftOut.test(path)) {
            return;
        }
        FileRecord record = look(path, place);
        if (record == null) {
            return;
        }
        into.accept(record);
        if (!record.type().equals("dir")) {
            return;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(place)) {
            for (Path entry : entries) {
                walk((path.equals("/") ? "" : path) + "/" + entry.getFileName(), entry, leftOut, into);
            }
        } catch (IOException | DirectoryIteratorException e) {
            // It is gone again, or may not be read.
            return;
        }
    }

    /** What the kernel says, without content; null where there is nothing. */
    @Nullable
    FileRecord look(String path, Path place) {
        try {
            Map<String, Object> seen = Files.readAttributes(place, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
            boolean link = Boolean.TRUE.equals(seen.get("isSymbolicLink"));
            String type = Boolean.TRUE.equals(seen.get("isRegularFile"))
                    ? "file"
                    : Boolean.TRUE.equals(seen.get("isDirectory")) ? "dir" : link ? "symlink" : "other";
            return new FileRecord(
                    path,
                    type,
                    number(seen, "size"),
                    nanos(seen, "lastModifiedTime"),
                    nanos(seen, "ctime"),
                    (int) number(seen, "mode") & PERMISSIONS,
                    (int) number(seen, "uid"),
                    (int) number(seen, "gid"),
                    number(seen, "ino"),
                    link ? Files.readSymbolicLink(place).toString() : null,
                    null,
                    null);
        } catch (IOException e) {
            return null;
        }
    }

    private static long number(Map<String, Object> seen, String name) {
        return seen.get(name) instanceof Number number ? number.longValue() : 0;
    }

    private static long nanos(Map<String, Object> seen, String name) {
        return seen.get(name) instanceof FileTime time ? time.to(TimeUnit.NANOSECONDS) : 0;
    }

    /** The same with its content's digest and its capabilities. */
    FileRecord complete(FileRecord record, ExtendedAttributes attributes, FileDigest digest) {
        Path place = locate(record.path());
        if (place == null || !record.type().equals("file")) {
            return record;
        }
        byte[] capabilities = (record.mode() & EXECUTE) == 0 ? null : attributes.value(place, "security.capability");
        return record.with(
                digest(place, digest),
                capabilities == null ? null : HexFormat.of().formatHex(capabilities));
    }

    /** Lower-case hex; null where it cannot be read. */
    private static @Nullable String digest(Path place, FileDigest digest) {
        try {
            return digest.sha256(place);
        } catch (IOException e) {
            return null;
        }
    }
}
