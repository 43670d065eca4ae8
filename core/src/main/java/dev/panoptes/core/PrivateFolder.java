package dev.panoptes.core;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/** Folders in which a program keeps what nobody else may write to. */
public final class PrivateFolder {
    private PrivateFolder() {}

    /**
     * True where the folder is this process's own and closed to all others; it is made so where there is none. False where it is
     * a link, somebody else's, open to others, or cannot be made: then nothing in it is to be believed.
     */
    public static boolean usable(Path folder) {
        try {
            if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
                Path parent = folder.getParent();
                if (parent != null) {
                    Files.createDirectories(parent);
                }
                Files.createDirectory(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            PosixFileAttributes attributes =
                    Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return attributes.isDirectory()
                    && PosixFilePermissions.toString(attributes.permissions()).endsWith("------")
                    && attributes.owner().equals(Files.getOwner(Path.of("/proc/self")));
        } catch (IOException | UnsupportedOperationException e) {
            // No folder to keep things in.
            return false;
        }
    }
}
