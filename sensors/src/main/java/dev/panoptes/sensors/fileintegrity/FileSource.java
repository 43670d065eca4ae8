package dev.panoptes.sensors.fileintegrity;

import dev.panoptes.core.host.DirectoryLook;
import dev.panoptes.core.host.ExtendedAttributes;
import dev.panoptes.core.host.FileDigest;
import dev.panoptes.core.host.HostFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Reads files of a host: what the kernel says of them, and their content. Safe for several threads. */
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

    /** A path below a directory. */
    static String below(String directory, String name) {
        return switch (directory) {
            case "" -> name;
            case "/" -> "/" + name;
            default -> directory + "/" + name;
        };
    }

    /** The directory that holds a path's last name; of the root, whose name is a slash, nothing. */
    static String directory(String path) {
        int slash = path.lastIndexOf('/');
        return slash > 0 ? path.substring(0, slash) : path.length() > 1 ? "/" : "";
    }

    static String name(String path) {
        return path.length() > 1 ? path.substring(path.lastIndexOf('/') + 1) : path;
    }

    /** An entry of a directory without content. @param place where it is on this machine */
    FileRecord seen(String path, DirectoryLook look, String place) throws IOException {
        String type = FileRecord.type(look.mode());
        return new FileRecord(
                path,
                type,
                look.size(),
                look.modified(),
                look.changed(),
                look.mode() & PERMISSIONS,
                look.uid(),
                look.gid(),
                look.inode(),
                type.equals("symlink") ? Files.readSymbolicLink(Path.of(place)).toString() : null,
                null,
                null);
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

    /**
     * The same with their contents' digests and their capabilities. Several at once: what reads a file has buffers that are dearer to
     * make than most files are to read.
     *
     * @param rest called before each
     */
    List<FileRecord> complete(List<FileRecord> files, Runnable rest) {
        List<FileRecord> complete = new ArrayList<>(files.size());
        try (ExtendedAttributes attributes = new ExtendedAttributes();
                FileDigest digest = new FileDigest()) {
            for (FileRecord file : files) {
                rest.run();
                complete.add(complete(file, attributes, digest));
            }
        }
        return complete;
    }

    private FileRecord complete(FileRecord record, ExtendedAttributes attributes, FileDigest digest) {
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
