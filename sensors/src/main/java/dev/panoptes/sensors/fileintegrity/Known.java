package dev.panoptes.sensors.fileintegrity;

import dev.panoptes.core.host.DirectoryLook;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Files as they were, by their paths: what is as it was is found without a text of its path, which it keeps from before.
 * Immutable.
 */
final class Known {
    private static final int MOST_STEPS = 64;

    private final Map<String, FileRecord> byPath;
    private final @Nullable FileRecord[] table;

    Known(Map<String, FileRecord> byPath) {
        this.byPath = byPath;
        this.table = new FileRecord[Integer.highestOneBit(Math.max(16, byPath.size())) * 4];
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
                return record.isSameAs(look) ? record : null;
            }
            if (++steps == MOST_STEPS) {
                // Names that were chosen to have one hash.
                FileRecord named = byPath.get(FileSource.below(directory, look.name()));
                return named != null && named.isSameAs(look) ? named : null;
            }
            place = place + 1 & table.length - 1;
        }
        return null;
    }
}
