package dev.panoptes.cli.gitops;

import dev.panoptes.cli.client.Line;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** Where two values differ. Numbers are compared by their value: 90 is 90.0. */
final class Difference {
    private Difference() {}

    /** One line for every place, such as {@code /limits/cpu: 90 -> 80}; empty where the values are the same. */
    static List<String> between(JsonNode before, JsonNode after) {
        List<String> lines = new ArrayList<>();
        walk("", before, after, lines);
        return lines;
    }

    private static void walk(String pointer, JsonNode before, JsonNode after, List<String> lines) {
        if (before.isObject() && after.isObject()) {
            Set<String> names = new TreeSet<>(before.propertyNames());
            names.addAll(after.propertyNames());
            for (String name : names) {
                walk(pointer + "/" + name, before.path(name), after.path(name), lines);
            }
        } else if (before.isArray() && after.isArray() && before.size() == after.size()) {
            for (int i = 0; i < before.size(); i++) {
                walk(pointer + "/" + i, before.get(i), after.get(i), lines);
            }
        } else if (!same(before, after)) {
            lines.add(Line.of((pointer.isEmpty() ? "/" : pointer) + ": " + text(before) + " -> " + text(after)));
        }
    }

    private static boolean same(JsonNode before, JsonNode after) {
        return (before.isNumber() && after.isNumber())
                ? before.decimalValue().compareTo(after.decimalValue()) == 0
                : before.equals(after);
    }

    private static String text(JsonNode node) {
        return node.isMissingNode() ? "nothing" : node.toString();
    }
}
