package dev.panoptes.core;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Objects;

/** Why a file or folder could not be looked at, in words for a person; never its path, which the caller tells. */
public final class IoReason {
    private IoReason() {}

    /** @return a clause such as {@code permission denied} */
    public static String of(DirectoryIteratorException failure) {
        return of(Objects.requireNonNull(failure.getCause(), "it always has one"));
    }

    /** @return a clause such as {@code permission denied} */
    public static String of(IOException failure) {
        return switch (failure) {
            case AccessDeniedException _ -> "permission denied";
            case NoSuchFileException _ -> "it is not there";
            case NotDirectoryException _ -> "it is no folder";
            case FileSystemException refused when refused.getReason() != null -> system(refused.getReason());
            default -> failure.getClass().getSimpleName();
        };
    }

    /** The text of the C library for an errno (errno(3)), as the JDK hands it on. */
    private static String system(String reason) {
        if (reason.startsWith("Too many levels of symbolic links")) {
            return "its links lead in a circle";
        }
        if (reason.startsWith("File name too long")) {
            return "its path is too long";
        }
        return Character.toLowerCase(reason.charAt(0)) + reason.substring(1);
    }
}
