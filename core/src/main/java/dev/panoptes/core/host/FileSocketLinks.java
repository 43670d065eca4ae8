package dev.panoptes.core.host;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads {@code /proc/PID/fd} through Java's own file calls: for captured trees, and cheapest for a few processes. */
final class FileSocketLinks implements SocketLinks {
    private static final String PREFIX = "socket:[";

    private final HostFiles files;

    FileSocketLinks(HostFiles files) {
        this.files = files;
    }

    @Override
    public Visit visit(int pid, Found found) {
        try (DirectoryStream<Path> links = Files.newDirectoryStream(files.locate("/proc/" + pid + "/fd"))) {
            for (Path link : links) {
                read(pid, link, found);
            }
            return Visit.SEEN;
        } catch (AccessDeniedException e) {
            return Visit.DENIED;
        } catch (IOException | DirectoryIteratorException e) {
            return Visit.GONE;
        }
    }

    private static void read(int pid, Path link, Found found) throws IOException {
        String target;
        try {
            target = Files.readSymbolicLink(link).toString();
        } catch (AccessDeniedException e) {
            throw e;
        } catch (FileSystemException e) {
            // closed since the directory was listed, or in a captured tree not a link
            return;
        }
        if (target.startsWith(PREFIX) && target.endsWith("]")) {
            try {
                found.socket(pid, Long.parseLong(target.substring(PREFIX.length(), target.length() - 1)));
            } catch (NumberFormatException e) {
                // a file with a misleading name
            }
        }
    }

    @Override
    public void close() {
        // holds nothing
    }
}
