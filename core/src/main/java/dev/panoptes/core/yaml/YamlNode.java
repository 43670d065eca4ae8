package dev.panoptes.core.yaml;

import java.util.List;
import java.util.Optional;

/** A value of a YAML file and where it stands. Aliases share the node of their anchor; there are no cycles. */
public sealed interface YamlNode {
    Location location();

    /** What this is, for a message: {@code a text}, {@code a list}, {@code a map}, {@code empty}. */
    String kind();

    /**
     * A single value. Nothing is converted: {@code 1.0} stays {@code 1.0}.
     *
     * @param plain true where it is written without quotes and is no block text
     */
    record Scalar(String text, boolean plain, Location location) implements YamlNode {
        /** True for an absent value, {@code ~} and {@code null}. */
        public boolean isNull() {
            return plain && (text.isEmpty() || text.equals("~") || text.equalsIgnoreCase("null"));
        }

        @Override
        public String kind() {
            return isNull() ? "empty" : "a text";
        }
    }

    record Sequence(List<YamlNode> items, Location location) implements YamlNode {
        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public String kind() {
            return "a list";
        }
    }

    /** @param entries in file order, each key once; where a file gives a key twice the last counts */
    record Mapping(List<Entry> entries, Location location) implements YamlNode {
        public Mapping {
            entries = List.copyOf(entries);
        }

        public Optional<Entry> find(String key) {
            for (Entry entry : entries) {
                if (entry.key().equals(key)) {
                    return Optional.of(entry);
                }
            }
            return Optional.empty();
        }

        @Override
        public String kind() {
            return "a map";
        }
    }

    /**
     * What stands somewhere else: a local tag such as {@code !include agents.yaml} or {@code !ENV}. Nothing is followed, so
     * nothing is known of the value.
     *
     * @param tag with its exclamation mark
     * @param text what follows it; empty for a list or a map
     */
    record Elsewhere(String tag, String text, Location location) implements YamlNode {
        @Override
        public String kind() {
            return "behind " + tag + ", which is not followed";
        }
    }

    /** @param location where the key stands */
    record Entry(String key, Location location, YamlNode value) {}
}
