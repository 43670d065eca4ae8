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
     * What the log was before.
     *
     * @param files the one that was being read, and those that followed it, the oldest first
     * @param unreadable true where one of them is compressed already
     */
    record Earlier(List<Path> files, boolean unreadable) {}

    /**
     * The file of this inode that begins so, or a copy of it, and those that were the log after it.
     *
     * @param length how long it is at least
     * @param current the inode of what is the log now; -1 where nothing is
     * @return null where it is gone
     */
    @Nullable
    Earlier find(long inode, LogHead head, long length, long current) throws IOException {
        Path found = null;
        List<Path> all = all();
        for (Path sibling : all) {
            if (!isAlike(sibling, head, length)) {
                continue;
            }
            if (inode(sibling) == inode && inode != current) {
                found = sibling;
                break;
            }
            found = found == null && head.tells() ? sibling : found;
        }
        return found == null ? null : after(found, head, current, all);
    }

    private Earlier after(Path found, LogHead head, long current, List<Path> all) throws IOException {
        FileTime last = Files.getLastModifiedTime(found);
        List<Aged> later = new ArrayList<>();
        boolean unreadable = false;
        int own = String.valueOf(file.getFileName()).length();
        for (Path sibling : all) {
            String name = String.valueOf(sibling.getFileName());
            try {
                FileTime modified = Files.getLastModifiedTime(sibling);
                if (!NUMBERED.matcher(name.substring(own)).matches()
                        || modified.compareTo(last) <= 0
                        || inode(sibling) == current
                        || (head.tells() && isAlike(sibling, head, 0))) {
                    continue;
                }
                if (COMPRESSED.matcher(name).matches()) {
                    unreadable = true;
                } else {
                    later.add(new Aged(sibling, modified));
                }
            } catch (NoSuchFileException e) {
                unreadable = true; // it has just been moved on
            }
        }
        later.sort(Comparator.comparing(Aged::modified));
        List<Path> files = new ArrayList<>(List.of(found));
        later.forEach(each -> files.add(each.file()));
        return new Earlier(files, unreadable);
    }

    private record Aged(Path file, FileTime modified) {}

    private static boolean isAlike(Path sibling, LogHead head, long length) throws IOException {
        try {
            return Files.size(sibling) >= length && head.isOf(sibling);
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
