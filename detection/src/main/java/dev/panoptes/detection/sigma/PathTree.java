package dev.panoptes.detection.sigma;

import dev.panoptes.core.event.Event;
import dev.panoptes.core.event.FieldMap;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Paths as a tree, so that one walk through an event reads all of them. Immutable once built; thread-safe. */
final class PathTree {
    /** Stands for what one walk does not read. */
    enum Unread {
        UNREAD
    }

    private final Node root = new Node();

    private static final class Node {
        private final Map<String, Node> inner = new LinkedHashMap<>();
        private int[] slots = {};
        private String[] names = {};
        private Node[] nodes = {};
        /** By hash of a name: where among the nodes it stands, from 1. */
        private byte[] table = {};

        private void finish() {
            names = inner.keySet().toArray(String[]::new);
            nodes = inner.values().toArray(Node[]::new);
            if (names.length <= 100) {
                table = new byte[Integer.highestOneBit(names.length * 2 + 1) * 2];
                for (int i = 0; i < names.length; i++) {
                    int at = names[i].hashCode() & table.length - 1;
                    while (table[at] != 0) {
                        at = at + 1 & table.length - 1;
                    }
                    table[at] = (byte) (i + 1);
                }
            }
            for (Node node : nodes) {
                node.finish();
            }
        }

        private @Nullable Node find(String name) {
            int at = name.hashCode() & table.length - 1;
            for (int place = table[at]; place != 0; place = table[at]) {
                if (names[place - 1].equals(name)) {
                    return nodes[place - 1];
                }
                at = at + 1 & table.length - 1;
            }
            return null;
        }
    }

    /** Adds a path whose value is put in this slot. */
    void add(String path, int slot) {
        Node node = root;
        for (String segment : path.split("\\.")) {
            node = node.inner.computeIfAbsent(segment, _ -> new Node());
        }
        node.slots = Arrays.copyOf(node.slots, node.slots.length + 1);
        node.slots[node.slots.length - 1] = slot;
    }

    void finish() {
        root.finish();
    }

    /** Puts the values of an event that has no dotted keys; null stays where there is none. */
    void read(Event event, @Nullable Object[] values) {
        read(root, event.fields(), values);
    }

    private static void read(Node node, Map<?, ?> object, @Nullable Object[] values) {
        if (object instanceof FieldMap fields && node.table.length > 0) {
            for (int i = 0; i < fields.size(); i++) {
                Node next = node.find(fields.name(i));
                if (next != null) {
                    put(next, fields.value(i), values);
                }
            }
            return;
        }
        for (int i = 0; i < node.names.length; i++) {
            Object value = object.get(node.names[i]);
            if (value != null) {
                put(node.nodes[i], value, values);
            }
        }
    }

    private static void put(Node node, Object value, @Nullable Object[] values) {
        for (int slot : node.slots) {
            values[slot] = value;
        }
        if (node.nodes.length > 0) {
            if (value instanceof Map<?, ?> object) {
                read(node, object, values);
            } else {
                unread(node, values);
            }
        }
    }

    private static void unread(Node node, @Nullable Object[] values) {
        for (Node next : node.nodes) {
            for (int slot : next.slots) {
                values[slot] = Unread.UNREAD;
            }
            unread(next, values);
        }
    }
}
