package dev.panoptes.detection.sigma;

import dev.panoptes.core.event.Event;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The values of an event at given paths, read in one walk: events for which they are equal are the same to rules that look at nothing
 * else. Immutable; thread-safe.
 */
final class Signature {
    /** Longer values together are not worth remembering. */
    private static final int LONGEST = 2_048;

    private static final int MOST_ELEMENTS = 64;

    private final Node root = new Node();
    private int size;
    /** Where the command line is, which stands for the arguments but for the first; -1 where nothing asks for it. */
    private final int[] lines = {-1, -1};
    /** Where arguments are that only the program as called, or a missing command line, is taken from; -1 where there are none. */
    private final int[] arguments = {-1, -1};

    private static final class Node {
        private final Map<String, Node> inner = new LinkedHashMap<>();
        private String[] keys = {};
        private Node[] nodes = {};
        private int number = -1;

        private void finish() {
            keys = inner.keySet().toArray(String[]::new);
            nodes = inner.values().toArray(Node[]::new);
            for (Node node : nodes) {
                node.finish();
            }
        }
    }

    /** @param paths what rules look at, as {@link Paths#sources} tells it */
    Signature(Set<String> paths) {
        String[] processes = {"process", "process.parent"};
        for (int i = 0; i < processes.length; i++) {
            boolean called = paths.contains(processes[i] + ".args[0]");
            boolean line = paths.contains(processes[i] + ".args?");
            if (line) {
                lines[i] = number(processes[i] + ".command_line");
            }
            if ((called || line) && !paths.contains(processes[i] + ".args")) {
                arguments[i] = number(processes[i] + ".args");
            }
        }
        for (String path : paths) {
            if (!path.endsWith(".args[0]") && !path.endsWith(".args?")) {
                number(path);
            }
        }
        root.finish();
    }

    private int number(String path) {
        Node node = root;
        for (String segment : path.split("\\.")) {
            node = node.inner.computeIfAbsent(segment, _ -> new Node());
        }
        if (node.number < 0) {
            node.number = size++;
        }
        return node.number;
    }

    /** The values, null where there is none; null where the event is not of a form or size that can be told by them. */
    @Nullable
    Object @Nullable [] of(Event event) {
        if (event.dotted()) {
            return null;
        }
        @Nullable Object[] values = new Object[size];
        if (!fill(root, event.fields(), values)) {
            return null;
        }
        for (int i = 0; i < arguments.length; i++) {
            int at = arguments[i];
            if (at >= 0 && values[at] instanceof List<?> list && !list.isEmpty()) {
                // Without a command line it is made of all of them.
                boolean all = lines[i] >= 0 && values[lines[i]] == null;
                values[at] = all ? list : list.getFirst();
            }
        }
        return small(values) ? values : null;
    }

    private static boolean fill(Node node, Map<?, ?> map, @Nullable Object[] values) {
        for (int i = 0; i < node.keys.length; i++) {
            Object value = map.get(node.keys[i]);
            if (value == null) {
                continue;
            }
            Node next = node.nodes[i];
            if (next.number >= 0) {
                if (value instanceof Map) {
                    return false;
                }
                values[next.number] = value;
            }
            if (next.keys.length > 0) {
                if (value instanceof Map<?, ?> inner) {
                    if (!fill(next, inner, values)) {
                        return false;
                    }
                } else if (value instanceof List) {
                    return false; // a path may go through its elements
                }
            }
        }
        return true;
    }

    private static boolean small(@Nullable Object[] values) {
        int length = 0;
        for (Object value : values) {
            if (value instanceof String text) {
                length += text.length();
            } else if (value instanceof List<?> list) {
                if (list.size() > MOST_ELEMENTS) {
                    return false;
                }
                for (Object element : list) {
                    if (element instanceof Map || element instanceof List) {
                        return false;
                    }
                    length += element instanceof String text ? text.length() : 8;
                }
            }
        }
        return length <= LONGEST;
    }

    static int hash(@Nullable Object[] values) {
        int hash = 1;
        for (Object value : values) {
            hash = 31 * hash + (value == null ? 0 : value.hashCode());
        }
        return hash * 0x9E3779B1;
    }

    /** What a computed path is made of: {@code args[0]} is the first argument, {@code args?} all of them where there is no command line. */
    static List<String> sources(String computed) {
        return switch (computed) {
            case "@called" -> List.of("process.args[0]");
            case "@parent.called" -> List.of("process.parent.args[0]");
            case "@command" -> List.of("process.command_line", "process.args?");
            case "@parent.command" -> List.of("process.parent.command_line", "process.parent.args?");
            case "@audit.success" -> List.of("auditd.data.success", "auditd.result");
            case "@auth.program" -> List.of("auth.command");
            default -> List.of("process.args");
        };
    }
}
