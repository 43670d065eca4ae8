package dev.panoptes.server.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Unpacks a tar archive of plain files, directories and relative links, as ours is. Anything else in it is refused. */
final class TarArchive {
    private TarArchive() {}

    static void extract(InputStream archive, Path target) throws IOException {
        TarReader tar = new TarReader(archive);
        for (TarReader.Entry entry = tar.next(); entry != null; entry = tar.next()) {
            Path path = below(target, entry.name());
            switch (entry.type()) {
                case DIRECTORY -> Files.createDirectories(path);
                case LINK -> {
                    Path link = Path.of(entry.link());
                    below(target, target.relativize(path.resolveSibling(link)).toString());
                    Files.createSymbolicLink(path, link);
                }
                case FILE -> {
                    Files.createDirectories(path.getParent());
                    write(tar, path);
                    Files.setPosixFilePermissions(
                            path, PosixFilePermissions.fromString(entry.program() ? "rwxr-xr-x" : "rw-r--r--"));
                }
            }
        }
        for (Path directory : directories(target)) {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    private static Iterable<Path> directories(Path target) throws IOException {
        try (var all = Files.walk(target)) {
            return all.filter(path -> Files.isDirectory(path, java.nio.file.LinkOption.NOFOLLOW_LINKS))
                    .toList();
        }
    }

    private static Path below(Path target, String name) throws IOException {
        Path path = target.resolve(name).normalize();
        if (!path.startsWith(target)) {
            throw new IOException("an entry of the archive leads out of it: " + name);
        }
        return path;
    }

    private static void write(TarReader tar, Path file) throws IOException {
        byte[] buffer = new byte[1 << 16];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int read = tar.read(buffer); read >= 0; read = tar.read(buffer)) {
                out.write(buffer, 0, read);
            }
        }
    }
}
