package dev.panoptes.sensors.live;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The files beside a log that were the log before: {@code auth.log.1}, {@code secure-20261130}, {@code audit.log.2.gz}. */
final class RotatedLogs {
    private static final Pattern NUMBERED = Pattern.compile("[.-]\\d[\\w.-]*");
    private static final Pattern COMPRESSED = Pattern.compile(".*\\.(?:gz|xz|bz2|zst|lz4)");

    private final Path file;

    RotatedLogs(Path file) {
        this.file = file;
    }

    /**
     * Those that followed another one.
     *
     * @param files the oldest first
     * @param unreadable true where one of them is compressed already
     */
    record Later(List<Path> files, boolean unreadable) {}

    /** The file of this inode, or one that begins like it; null where there is none. */
    @Nullable
    Path find(long inode, LogHead head) throws IOException {
        Path alike = null;
        for (Path sibling : all()) {
            if (inode(sibling) == inode) {
                return sibling;
            }
            if (alike == null && head.tells() && isAlike(sibling, head)) {
                alike = sibling;
            }
        }
        return alike;
    }

    /** A copy of the file of this inode, of this length at least; null where there is none. */
    @Nullable
    Path copy(long inode, LogHead head, long length) throws IOException {
        for (Path sibling : all()) {
            if (head.tells()
                    && inode(sibling) != inode
                    && Files.size(sibling) >= length
                    && isAlike(sibling, head)) {
                return sibling;
            }
        }
        return null;
    }

    /** Those that were written to after another one was, but for the one that is the log now. */
    Later later(Path than, long current) throws IOException {
        FileTime last = Files.getLastModifiedTime(than);
        List<Path> files = new ArrayList<>();
        boolean unreadable = false;
        for (Path sibling : all()) {
            String name = sibling.getFileName().toString();
            if (sibling.equals(than)
                    || inode(sibling) == current
                    || !NUMBERED.matcher(name.substring(file.getFileName().toString().length()))
                            .matches()
                    || Files.getLastModifiedTime(sibling).compareTo(last) <= 0) {
                continue;
            }
            if (COMPRESSED.matcher(name).matches()) {
                unreadable = true;
            } else {
                files.add(sibling);
            }
        }
        List<Aged> aged = new ArrayList<>();
        for (Path each : files) {
            aged.add(new Aged(each, Files.getLastModifiedTime(each)));
        }
        aged.sort(Comparator.comparing(Aged::modified));
        return new Later(aged.stream().map(Aged::file).toList(), unreadable);
    }

    private record Aged(Path file, FileTime modified) {}

    private static boolean isAlike(Path sibling, LogHead head) throws IOException {
        try {
            return head.isOf(sibling);
        } catch (NoSuchFileException | AccessDeniedException e) {
            return false; // gone meanwhile, or not for us
        }
    }

    private List<Path> all() throws IOException {
        List<Path> all = new ArrayList<>();
        Path folder = file.getParent();
        Path own = file.getFileName();
        if (folder == null || own == null) {
            return all;
        }
        try (DirectoryStream<Path> siblings = Files.newDirectoryStream(folder, own + "*")) {
            for (Path sibling : siblings) {
                if (Files.isRegularFile(sibling) && !sibling.equals(file)) {
                    all.add(sibling);
                }
            }
        } catch (NoSuchFileException e) {
            return all;
        }
        return all;
    }

    private static long inode(Path path) throws IOException {
        try {
            return (long) Files.getAttribute(path, "unix:ino");
        } catch (NoSuchFileException e) {
            return -1; // gone meanwhile
        }
    }
}
