package dev.panoptes.server.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Unpacks a tar archive of plain files, directories and relative links, as ours is. Anything else in it is refused rather
 * than guessed. Format: POSIX.1-1988 ustar and GNU, without long names.
 */
final class TarArchive {
    private static final int BLOCK = 512;
    private static final int NAME_LENGTH = 100;
    private static final int SIZE_AT = 124;
    private static final int MODE_AT = 100;
    private static final int TYPE_AT = 156;
    private static final int LINK_AT = 157;
    private static final int NUMBER_LENGTH = 12;
    private static final int MODE_LENGTH = 8;

    private TarArchive() {}

    static void extract(InputStream tar, Path target) throws IOException {
        byte[] header = new byte[BLOCK];
        while (tar.readNBytes(header, 0, BLOCK) == BLOCK && header[0] != 0) {
            Path path = below(target, text(header, 0, NAME_LENGTH));
            long size = number(header, SIZE_AT, NUMBER_LENGTH);
            char type = (char) header[TYPE_AT];
            switch (type) {
                case '5' -> Files.createDirectories(path);
                case '2' -> {
                    Path link = Path.of(text(header, LINK_AT, NAME_LENGTH));
                    below(target, target.relativize(path.resolveSibling(link)).toString());
                    Files.createSymbolicLink(path, link);
                }
                case '0', '\0' -> {
                    Files.createDirectories(path.getParent());
                    write(tar, size, path);
                    boolean program = (number(header, MODE_AT, MODE_LENGTH) & 0100) != 0;
                    Files.setPosixFilePermissions(
                            path, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
                }
                default -> throw new IOException("unexpected entry of type " + type + " in the archive");
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

    private static void write(InputStream tar, long size, Path file) throws IOException {
        byte[] buffer = new byte[1 << 16];
        long left = size;
        try (OutputStream out = Files.newOutputStream(file)) {
            while (left > 0) {
                int read = tar.read(buffer, 0, (int) Math.min(left, buffer.length));
                if (read < 0) {
                    throw new IOException("the archive ends in the middle of " + file.getFileName());
                }
                out.write(buffer, 0, read);
                left -= read;
            }
        }
        tar.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
    }

    private static String text(byte[] header, int at, int length) {
        int end = at;
        while (end < at + length && header[end] != 0) {
            end++;
        }
        return new String(header, at, end - at, StandardCharsets.UTF_8);
    }

    private static long number(byte[] header, int at, int length) throws IOException {
        try {
            return Long.parseLong(text(header, at, length).strip(), 8);
        } catch (NumberFormatException e) {
            throw new IOException("damaged header in the archive", e);
        }
    }
}
