package dev.panoptes.sensors.fileintegrity;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Files as they were: of each directory that has entries its listing. Not for several threads at once. */
final class FileTable {
    private final Map<String, Listing> listings;

    FileTable() {
        this(new HashMap<>());
    }

    FileTable(Map<String, Listing> listings) {
        this.listings = listings;
    }

    static FileTable of(Map<String, FileRecord> records) {
        FileTable table = new FileTable();
        table.update(records, Set.of());
        return table;
    }

    Map<String, Listing> listings() {
        return listings;
    }

    Listing listing(String directory) {
        return listings.getOrDefault(directory, Listing.EMPTY);
    }

    @Nullable
    FileRecord at(String path) {
        String directory = FileSource.directory(path);
        Listing listing = listing(directory);
        int at = listing.find(FileSource.name(path));
        return at < 0 ? null : listing.record(at, directory);
    }

    /** All records of a directory by their paths. */
    Map<String, FileRecord> in(String directory) {
        Map<String, FileRecord> records = new HashMap<>();
        each(directory, listing(directory), record -> records.put(record.path(), record));
        return records;
    }

    void each(Consumer<FileRecord> each) {
        listings.forEach((directory, listing) -> each(directory, listing, each));
    }

    /** Everything that lies anywhere below a directory. */
    void below(String directory, Consumer<FileRecord> each) {
        String inner = directory.equals("/") ? "/" : directory + "/";
        listings.forEach((path, listing) -> {
            if (path.equals(directory) || path.startsWith(inner)) {
                each(path, listing, each);
            }
        });
    }

    private static void each(String directory, Listing listing, Consumer<FileRecord> each) {
        listing.each(at -> each.accept(listing.record(at, directory)));
    }

    /** Those of them that are of interest. */
    FileTable where(Predicate<String> path) {
        Map<String, Listing> some = new HashMap<>();
        listings.forEach((directory, listing) -> {
            List<FileRecord> records = new ArrayList<>();
            each(directory, listing, record -> {
                if (path.test(record.path())) {
                    records.add(record);
                }
            });
            if (records.size() == listing.count()) {
                some.put(directory, listing);
            } else if (!records.isEmpty()) {
                some.put(directory, Listing.of(records));
            }
        });
        return new FileTable(some);
    }

    /** Puts some in place of those of their paths, and takes others out. */
    void update(Map<String, FileRecord> now, Set<String> gone) {
        Map<String, List<FileRecord>> byDirectory = new HashMap<>();
        now.forEach((path, record) -> byDirectory
                .computeIfAbsent(FileSource.directory(path), directory -> new ArrayList<>())
                .add(record));
        Set<String> touched = new HashSet<>(byDirectory.keySet());
        gone.forEach(path -> touched.add(FileSource.directory(path)));
        for (String directory : touched) {
            List<FileRecord> records = new ArrayList<>();
            each(directory, listing(directory), record -> {
                if (!now.containsKey(record.path()) && !gone.contains(record.path())) {
                    records.add(record);
                }
            });
            records.addAll(byDirectory.getOrDefault(directory, List.of()));
            if (records.isEmpty()) {
                listings.remove(directory);
            } else {
                listings.put(directory, Listing.of(records));
            }
        }
    }
}
