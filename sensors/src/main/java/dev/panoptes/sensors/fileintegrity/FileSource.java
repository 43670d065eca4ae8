package dev.panoptes.sensors.fileintegrity;

import dev.panoptes.core.host.DirectoryLook;
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
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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

    /** Takes what a walk meets. */
    interface Visitor {
        /** @param same true where the record is the one that is known, since nothing of the file can have changed */
        void seen(FileRecord record, boolean same);
    }

    /** Everything below a path, itself included; links are not followed. */
    void walk(String path, Predicate<String> leftOut, Known known, Visitor into) throws InterruptedException {
        Path place = locate(path);
        if (place == null) {
            return;
        }
        try (DirectoryLook look = DirectoryLook.open().orElse(null)) {
            new Walk(look, leftOut, known, into).from(path, place);
        }
    }

    /** A path below a directory. */
    static String below(String directory, String name) {
        return (directory.equals("/") ? "" : directory) + "/" + name;
    }

    /** One walk. */
    private final class Walk implements DirectoryLook.Visitor {
        /** Null where every file must be asked for in Java's way. */
        private final @Nullable DirectoryLook look;

        private final Predicate<String> leftOut;
        private final Known known;
        private final Visitor into;
        private String directory = "";
        private Path place = Path.of("/");
        private List<FileRecord> inner = new ArrayList<>();
        private boolean foreign;

        Walk(@Nullable DirectoryLook look, Predicate<String> leftOut, Known known, Visitor into) {
            this.look = look;
            this.leftOut = leftOut;
            this.known = known;
            this.into = into;
        }

        /** What lies here, asked for in Java's way, and everything below it. */
        void from(String path, Path at) throws InterruptedException {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            FileRecord record = leftOut.test(path) ? null : look(path, at);
            if (record == null) {
                return;
            }
            tell(record);
            if (record.type().equals("dir")) {
                below(path, at);
            }
        }

        private void tell(FileRecord record) {
            FileRecord old = known.same(record);
            into.seen(old == null ? record : old, old != null);
        }

        private void below(String path, Path at) throws InterruptedException {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (look == null) {
                entries(path, at, false);
                return;
            }
            directory = path;
            place = at;
            inner = new ArrayList<>();
            foreign = false;
            List<FileRecord> directories = inner;
            if (!look.list(at.toString(), this)) {
                entries(path, at, false);
                return;
            }
            if (foreign) {
                entries(path, at, true);
            }
            for (FileRecord record : directories) {
                below(
                        record.path(),
                        at.resolve(record.path().substring(record.path().lastIndexOf('/') + 1)));
            }
        }

        /** @param foreignOnly to leave out what has a name of ASCII, which has been told already */
        private void entries(String path, Path at, boolean foreignOnly) throws InterruptedException {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(at)) {
                for (Path entry : entries) {
                    String name = String.valueOf(entry.getFileName());
                    if (!foreignOnly || name.chars().anyMatch(c -> c > 0x7f)) {
                        from(FileSource.below(path, name), entry);
                    }
                }
            } catch (IOException | DirectoryIteratorException e) {
                // It is gone again, or may not be read.
                return;
            }
        }

        @Override
        public void entry(DirectoryLook look) {
            FileRecord old = known.same(directory, look);
            FileRecord record = old;
            if (record == null) {
                String path = FileSource.below(directory, look.name());
                if (leftOut.test(path)) { // what is known is not
                    return;
                }
                try {
                    record = seen(path, look, place);
                } catch (IOException e) {
                    return; // a link that is gone again
                }
            }
            into.seen(record, old != null);
            if (record.type().equals("dir")) {
                inner.add(record);
            }
        }

        @Override
        public void unknown(DirectoryLook look) {
            String path = FileSource.below(directory, look.name());
            FileRecord record = leftOut.test(path) ? null : FileSource.this.look(path, place.resolve(look.name()));
            if (record != null) {
                tell(record);
                if (record.type().equals("dir")) {
                    inner.add(record);
                }
            }
        }

        @Override
        public void foreign() {
            foreign = true;
        }
    }

    private static FileRecord seen(String path, DirectoryLook look, Path directory) throws IOException {
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
                type.equals("symlink")
                        ? Files.readSymbolicLink(directory.resolve(look.name())).toString()
                        : null,
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
