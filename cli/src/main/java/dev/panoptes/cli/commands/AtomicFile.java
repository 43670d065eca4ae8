package dev.panoptes.cli.commands;

import dev.panoptes.cli.shell.UsageException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;

/** A file that is replaced as a whole: whoever reads it sees the old content or the new, never a part. */
final class AtomicFile {
    private static final String ROOT = "root";

    private final Path file;

    AtomicFile(Path file) {
        this.file = file;
    }

    /** @throws UsageException where the file cannot be written */
    void write(byte[] content) throws UsageException {
        try {
            Path target = Files.exists(file) ? file.toRealPath() : file;
            if (Files.exists(target) && !Files.isRegularFile(target)) {
                Files.write(target, content, StandardOpenOption.WRITE);
                return;
            }
            replace(target, content);
        } catch (IOException e) {
            throw new UsageException("cannot write " + file + ": " + reason(e), "");
        }
    }

    private static void replace(Path target, byte[] content) throws IOException {
        Path name = target.getFileName();
        Path temporary =
                target.resolveSibling("." + name + "." + ProcessHandle.current().pid() + ".tmp");
        try (OrderlyStop _ = new OrderlyStop()) {
            write(temporary, target, content);
        }
    }

    /** Leaves no temporary file, whatever happens. */
    private static void write(Path temporary, Path target, byte[] content) throws IOException {
        try {
            Files.write(temporary, new byte[0], StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
            if (Files.exists(target)) {
                inherit(target, temporary);
            }
            Files.write(temporary, content, StandardOpenOption.WRITE);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** The new content is for those who may read the old one. */
    private static void inherit(Path target, Path temporary) throws IOException {
        PosixFileAttributes old = Files.readAttributes(target, PosixFileAttributes.class);
        PosixFileAttributeView fresh = Files.getFileAttributeView(temporary, PosixFileAttributeView.class);
        fresh.setPermissions(old.permissions());
        // Only root may give files away; else the file is of whom replaces it, as with mv(1).
        boolean mayGive = ROOT.equals(System.getProperty("user.name"));
        if (mayGive && !fresh.readAttributes().owner().equals(old.owner())) {
            fresh.setOwner(old.owner());
            fresh.setGroup(old.group());
        }
    }

    private static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException missing -> "there is no such directory";
            case AccessDeniedException denied -> "permission denied";
            case FileSystemException system when system.getReason() != null -> system.getReason();
            default -> String.valueOf(e.getMessage());
        };
    }
}
