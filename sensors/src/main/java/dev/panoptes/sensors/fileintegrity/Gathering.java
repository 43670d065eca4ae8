package dev.panoptes.sensors.fileintegrity;

import dev.panoptes.core.host.DirectoryLook;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The listing of one directory that is looked at, beside the one of before. As long as the same entries come in the same order
 * nothing is kept but how many they were. For one look.
 */
final class Gathering {
    private final Listing was;
    /** Of what was: where the entry is that is expected next. */
    private int next;
    /** How many entries are as they were. */
    private int kept;
    /** Of what was: so far everything is as it was and in order. */
    private int inOrder;
    /** What came behind that: where an entry is that is as it was, or less than 0 the complement of a place in {@link #fresh}. */
    private int @Nullable [] behind;

    private int size;
    private final List<FileRecord> fresh = new ArrayList<>(0);
    /** Which entries of what was came behind, made when it is needed. */
    private @Nullable BitSet marked;

    private @Nullable Map<String, Integer> byName;
    private int awaited;
    private boolean whole;

    Gathering(Listing was) {
        this.was = was;
    }

    Listing was() {
        return was;
    }

    /** Where the entry of what was is that a look tells of; -1 where it had none of its name. */
    int find(DirectoryLook look) {
        if (next < was.bytes().length && was.isName(next, look)) {
            return next;
        }
        return was.count() == 0 ? -1 : find(look.name());
    }

    int find(String name) {
        if (was.count() == 0) {
            return -1;
        }
        Map<String, Integer> index = byName;
        if (index == null) {
            Map<String, Integer> made = HashMap.newHashMap(was.count());
            was.each(at -> made.put(was.name(at), at));
            index = made;
            byName = index;
        }
        return index.getOrDefault(name, -1);
    }

    /** An entry is as it was. */
    void keep(int at) {
        if (behind == null && at == next) {
            kept++;
            next = was.next(at);
            inOrder = next;
            return;
        }
        BitSet seen = marked == null ? new BitSet() : marked;
        marked = seen;
        if (at < inOrder || seen.get(at)) {
            return; // a directory that changes meanwhile may tell of an entry twice
        }
        seen.set(at);
        kept++;
        next = was.next(at);
        append(at);
    }

    /** An entry is new or another. @return its place, for {@link #complete} */
    int add(FileRecord record) {
        fresh.add(record);
        append(-fresh.size());
        return fresh.size() - 1;
    }

    private void append(int entry) {
        int[] entries = behind == null ? new int[8] : behind;
        entries = size == entries.length ? Arrays.copyOf(entries, size * 2) : entries;
        entries[size++] = entry;
        behind = entries;
    }

    /** One that was added will be completed. */
    void await() {
        awaited++;
    }

    void complete(int place, FileRecord record) {
        fresh.set(place, record);
        awaited--;
    }

    /** Every entry has been told of. */
    void end() {
        whole = true;
    }

    /** True where it can be made to a listing. */
    boolean isComplete() {
        return whole && awaited == 0;
    }

    /** True where an entry came, went or is another. */
    boolean differs() {
        return !fresh.isEmpty() || kept != was.count();
    }

    /** What was, where it is the same in the same order. */
    Listing listing() {
        int[] entries = behind;
        if (entries == null && kept == was.count()) {
            return was;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(was.bytes(), 0, inOrder);
        for (int i = 0; entries != null && i < size; i++) {
            int at = entries[i];
            if (at < 0) {
                Listing.put(fresh.get(-1 - at), out);
            } else {
                out.write(was.bytes(), at, was.next(at) - at);
            }
        }
        int count = kept + fresh.size();
        return count == 0 ? Listing.EMPTY : new Listing(out.toByteArray(), count);
    }
}
