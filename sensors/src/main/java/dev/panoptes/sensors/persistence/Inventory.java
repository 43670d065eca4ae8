package dev.panoptes.sensors.persistence;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/** What was there at one look, kept as text until the next one; and the difference of two. Pure. */
final class Inventory {
    private static final JsonMapper JSON = JsonMapper.shared();

    private Inventory() {}

    /** What became of an entry. @param before null where there was none @param now null where it is gone */
    record Change(@Nullable Entry before, @Nullable Entry now) {}

    /**
     * The changes between two looks. Entries of one file and kind that are the same in substance are the same entry wherever
     * they stand; what is left is paired by name, for it was modified.
     */
    static List<Change> changes(List<Entry> before, List<Entry> now) {
        Map<String, List<Entry>> old = grouped(before);
        Map<String, List<Entry>> fresh = grouped(now);
        List<Change> changes = new ArrayList<>();
        fresh.forEach((key, entries) -> {
            List<Entry> left = old.remove(key);
            compare(left == null ? new ArrayList<>() : left, entries, changes);
        });
        old.values().forEach(gone -> gone.forEach(entry -> changes.add(new Change(entry, null))));
        return changes;
    }

    private static void compare(List<Entry> before, List<Entry> now, List<Change> changes) {
        List<Entry> added = new ArrayList<>();
        for (Entry entry : now) {
            Optional<Entry> same = before.stream().filter(entry::sameSubstance).findFirst();
            if (same.isPresent()) {
                before.remove(same.get());
            } else {
                added.add(entry);
            }
        }
        for (Entry entry : added) {
            // By its name, or by its place in the file where only one line of it is another.
            Optional<Entry> twin = before.stream()
                    .filter(other -> other.name().equals(entry.name()))
                    .findFirst()
                    .or(() -> before.stream()
                            .filter(other -> other.line() == entry.line() && before.size() == added.size())
                            .findFirst());
            twin.ifPresent(before::remove);
            changes.add(new Change(twin.orElse(null), entry));
        }
        before.forEach(entry -> changes.add(new Change(entry, null)));
    }

    private static Map<String, List<Entry>> grouped(List<Entry> entries) {
        Map<String, List<Entry>> groups = new LinkedHashMap<>();
        for (Entry entry : entries) {
            groups.computeIfAbsent(entry.kind() + "\0" + entry.path(), _ -> new ArrayList<>())
                    .add(entry);
        }
        return groups;
    }

    static String text(List<Entry> entries) {
        ArrayNode all = JSON.createArrayNode();
        for (Entry entry : entries) {
            ArrayNode one = all.addArray();
            one.add(entry.kind()).add(entry.name()).add(entry.path()).add(entry.line());
            one.add(entry.runs()).add(entry.user()).add(entry.schedule());
            one.add(entry.enabled()).add(entry.digest());
        }
        return JSON.writeValueAsString(all);
    }

    /** Empty where the text is none of {@link #text}'s. */
    static List<Entry> parse(String text) {
        List<Entry> entries = new ArrayList<>();
        try {
            for (JsonNode one : JSON.readTree(text)) {
                entries.add(new Entry(
                        one.path(0).asString(""),
                        one.path(1).asString(""),
                        one.path(2).asString(""),
                        one.path(3).asInt(0),
                        string(one.path(4)),
                        string(one.path(5)),
                        string(one.path(6)),
                        one.path(7).asBoolean(true),
                        one.path(8).asString("")));
            }
        } catch (JacksonException e) {
            return List.of();
        }
        return entries;
    }

    private static @Nullable String string(JsonNode node) {
        return node.isNull() || node.isMissingNode() ? null : node.asString();
    }
}
