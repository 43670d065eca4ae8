package dev.panoptes.core.yaml;

import dev.panoptes.core.IoReason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** The bytes of one file that a user named. Opens nothing but regular files, so that no pipe or device can block. */
sealed interface FileContent {
    record Bytes(byte[] bytes) implements FileContent {}

    record Absent() implements FileContent {}

    record Refused(String code, String message) implements FileContent {}

    static FileContent read(Path file, int maxBytes) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            if (!attributes.isRegularFile()) {
                return new Refused("not-a-file", attributes.isDirectory() ? "is a directory" : "is not a regular file");
            }
            if (attributes.size() > maxBytes) {
                return tooLarge(maxBytes);
            }
            try (InputStream in = Files.newInputStream(file)) {
                byte[] bytes = in.readNBytes(maxBytes + 1);
                return bytes.length > maxBytes ? tooLarge(maxBytes) : new Bytes(bytes);
            }
        } catch (NoSuchFileException e) {
            return new Absent();
        } catch (AccessDeniedException e) {
            return new Refused("unreadable", "may not be read by this user");
        } catch (IOException e) {
            return new Refused("unreadable", "cannot be read: " + IoReason.of(e));
        }
    }

    private static FileContent tooLarge(int maxBytes) {
        return new Refused("too-large", "is larger than " + maxBytes + " bytes and was not read");
    }
}
