package dev.panoptes.sensors.fileintegrity;

import dev.panoptes.core.host.DirectoryLook;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Files as they were, by their paths: what is as it was is found without a text of its path, which it keeps from before. Notes
 * which of them one look found so: where that is all of them, nothing has to be gathered or compared. For one look.
 */
final class Known {
    private static final int MOST_STEPS = 64;

    private final Map<String, FileRecord> byPath;
    private final @Nullable FileRecord[] table;
    /** Places of the table whose files were found as they were. */
    private final BitSet found;

    private int count;
    /** Those of them that lie too far from their place in the table. */
    private final Set<FileRecord> far = new HashSet<>();

    Known(Map<String, FileRecord> byPath) {
        this.byPath = byPath;
        this.table = new FileRecord[Integer.highestOneBit(Math.max(16, byPath.size())) * 4];
        this.found = new BitSet(table.length);
        for (FileRecord record : byPath.values()) {
            int place = place(record.path().hashCode());
            while (table[place] != null) {
                place = place + 1 & table.length - 1;
            }
            table[place] = record;
        }
    }

    private int place(int hash) {
        return (hash ^ hash >>> 16) & table.length - 1;
    }

    @Nullable
    FileRecord at(String path) {
        return byPath.get(path);
    }

    /** The entry of a directory as it was, where nothing of it can have changed since; else null. */
    @Nullable
    FileRecord same(String directory, DirectoryLook look) {
        String before = directory.equals("/") ? "" : directory;
        int hash = look.pathHash(before);
        int place = place(hash);
        int steps = 0;
        for (FileRecord record = table[place]; record != null; record = table[place]) {
            String path = record.path();
            if (path.hashCode() == hash
                    && path.length() > before.length()
                    && path.charAt(before.length()) == '/'
                    && look.isName(path, before.length() + 1)
                    && path.startsWith(before)) {
                return record.isSameAs(look) ? noted(place, record) : null;
            }
            if (++steps == MOST_STEPS) {
                // Names that were chosen to have one hash.
                FileRecord named = at(FileSource.below(directory, look.name()));
                return named != null && named.isSameAs(look) ? noted(named) : null;
            }
            place = place + 1 & table.length - 1;
        }
        return null;
    }

    /** The file as it was, where nothing of it can have changed since; else null. */
    @Nullable
    FileRecord same(FileRecord seen) {
        FileRecord old = at(seen.path());
        return old != null && seen.sameAsOf(old) ? noted(old) : null;
    }

    private FileRecord noted(FileRecord record) {
        int place = place(record.path().hashCode());
        for (int steps = 0; steps < MOST_STEPS; steps++) {
            if (record.equals(table[place])) {
                return noted(place, record);
            }
            place = place + 1 & table.length - 1;
        }
        far.add(record);
        return record;
    }

    private FileRecord noted(int place, FileRecord record) {
        if (!found.get(place)) {
            found.set(place);
            count++;
        }
        return record;
    }

    /** True where every file was found as it was. */
    boolean areAllFound() {
        return count + far.size() == byPath.size();
    }

    /** Puts those that were found as they were beside what else was seen, which is newer. */
    void addFound(Map<String, FileRecord> seen) {
        for (int place = found.nextSetBit(0); place >= 0; place = found.nextSetBit(place + 1)) {
            FileRecord record = table[place];
            if (record != null) {
                seen.putIfAbsent(record.path(), record);
            }
        }
        far.forEach(record -> seen.putIfAbsent(record.path(), record));
    }
}
