package dev.panoptes.detection.sigma;

import dev.panoptes.core.event.Event;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The paths that the rules of one partition look at, each with its number. Filled while rules are compiled, then only read. */
final class Paths {
    private static final Object[] NONE = {};

    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<Path> paths = new ArrayList<>();
    private final List<String> besides = new ArrayList<>();
    private int[] elementwise = {};
    private @Nullable PathTree tree;
    /** What is in a view before an event is read: what the tree does not read is marked so. */
    private @Nullable Object[] unread = {};

    /** The number of a path as a rule names it. */
    int plain(String path) {
        return numbers.computeIfAbsent(path, _ -> {
            paths.add(new Plain(path));
            return paths.size() - 1;
        });
    }

    /** The number of a path as the table of log sources names it. */
    int listed(String path) {
        boolean through = path.contains("[].");
        if (!path.startsWith("@") && !through) {
            return plain(path);
        }
        String key = "listed " + path;
        Integer known = numbers.get(key);
        if (known != null) {
            return known;
        }
        int number = paths.size();
        numbers.put(key, number);
        paths.add(through ? Through.of(path) : computed(path));
        if (through) {
            int[] more = Arrays.copyOf(elementwise, elementwise.length + 1);
            more[elementwise.length] = number;
            elementwise = more;
        }
        return number;
    }

    private Computed computed(String name) {
        String process = name.startsWith("@parent.") ? "process.parent" : "process";
        return switch (name) {
            case "@called", "@parent.called" -> new Computed(name, process, beside(process + ".args"), -1);
            case "@command", "@parent.command" ->
                new Computed(name, process, beside(process + ".args"), beside(process + ".command_line"));
            case "@audit.success", "@auth.program" -> new Computed(name, process, -1, -1);
            default -> new Computed(name, process, beside("process.args"), -1);
        };
    }

    /** The number of a path that only computed ones ask. */
    private int beside(String path) {
        if (!besides.contains(path)) {
            besides.add(path);
        }
        return besides.indexOf(path);
    }

    int size() {
        return paths.size();
    }

    /** Lets events be read in one walk. No path is added afterwards. */
    void finish() {
        PathTree of = new PathTree();
        unread = new Object[paths.size() + besides.size()];
        for (int i = 0; i < besides.size(); i++) {
            of.add(besides.get(i), paths.size() + i);
        }
        for (int i = 0; i < paths.size(); i++) {
            if (paths.get(i) instanceof Plain plain) {
                of.add(plain.path(), i);
            } else {
                unread[i] = PathTree.Unread.UNREAD;
            }
        }
        of.finish();
        tree = of;
    }

    /** What an event has at each path; {@link PathTree.Unread} where that is not read yet. */
    @Nullable
    Object[] read(Event event) {
        PathTree known = tree;
        if (known == null || event.dotted()) {
            @Nullable Object[] values = new Object[paths.size() + besides.size()];
            Arrays.fill(values, PathTree.Unread.UNREAD);
            return values;
        }
        @Nullable Object[] values = unread.clone();
        known.read(event, values);
        return values;
    }

    /** What the paths read of an event, those that are computed too, as {@link Signature} understands it. */
    Set<String> sources() {
        Set<String> sources = new LinkedHashSet<>();
        for (Path path : paths) {
            switch (path) {
                case Plain plain -> sources.add(plain.path());
                case Through through -> sources.add(through.before());
                case Computed computed -> sources.addAll(Signature.sources(computed.name()));
            }
        }
        return sources;
    }

    Path path(int number) {
        return paths.get(number);
    }

    int[] elementwise() {
        return elementwise;
    }

    /** How many elements the list has that the elementwise paths go through. */
    int elements(Event event) {
        return elementwise.length == 0
                ? 0
                : ((Through) paths.get(elementwise[0])).list(event).size();
    }

    sealed interface Path {
        Object[] read(View view, Event event);
    }

    /** A path that is looked up in nested objects first, in every spelling where some key has dots. */
    private record Plain(String path, String[] segments) implements Path {
        Plain(String path) {
            this(path, path.split("\\."));
        }

        @Override
        public Object[] read(View view, Event event) {
            if (event.dotted()) {
                return spread(event.value(path).orElse(null));
            }
            Object value = event.fields();
            for (String segment : segments) {
                if (value instanceof Map<?, ?> map) {
                    value = map.get(segment);
                } else {
                    return value instanceof List ? spread(event.value(path).orElse(null)) : NONE;
                }
                if (value == null) {
                    return NONE;
                }
            }
            return spread(value);
        }
    }

    /** A path through a list of objects, element by element. */
    private record Through(String before, String after) implements Path {
        static Through of(String path) {
            int at = path.indexOf("[].");
            return new Through(path.substring(0, at), path.substring(at + 3));
        }

        List<?> list(Event event) {
            return event.value(before).orElse(null) instanceof List<?> list ? list : List.of();
        }

        @Override
        public Object[] read(View view, Event event) {
            List<?> list = list(event);
            List<Object> found = new ArrayList<>();
            for (int i = 0; i < list.size(); i++) {
                boolean wanted = view.element() < 0 || view.element() == i;
                Object value = wanted && list.get(i) instanceof Map<?, ?> map ? map.get(after) : null;
                if (value != null) {
                    found.add(value);
                }
            }
            return found.toArray();
        }
    }

    /**
     * What is not in the event as such.
     *
     * @param args among the besides where the arguments are, -1 where they are not asked
     * @param line the same of the command line
     */
    private record Computed(String name, String process, int args, int line) implements Path {
        @Override
        public Object[] read(View view, Event event) {
            return switch (name) {
                case "@called", "@parent.called" -> called(inner(view, event, args, "args"));
                case "@command", "@parent.command" -> command(inner(view, event, line, "command_line"), view, event);
                case "@audit.success" -> success(event);
                case "@auth.program" -> program(event);
                default ->
                    argument(inner(view, event, args, "args"), Integer.parseInt(name.substring("@argument.".length())));
            };
        }

        private @Nullable Object inner(View view, Event event, int beside, String field) {
            Object known = view.beside(beside);
            return known instanceof PathTree.Unread ? inner(event, process, field) : known;
        }

        private static @Nullable Object inner(Event event, String process, String field) {
            Object object = event.fields().get("process");
            if (process.equals("process.parent") && object instanceof Map<?, ?> map) {
                object = map.get("parent");
            }
            Object found = object instanceof Map<?, ?> map ? map.get(field) : null;
            return found == null && event.dotted()
                    ? event.value(process + "." + field).orElse(null)
                    : found;
        }

        private static Object[] called(@Nullable Object args) {
            Object name = args instanceof List<?> list && !list.isEmpty() ? list.getFirst() : null;
            if (!(name instanceof String text) || text.isEmpty()) {
                return NONE;
            }
            // A login shell is called with a dash before its name.
            String bare = text.startsWith("-") ? text.substring(1) : text;
            return new Object[] {bare.indexOf('/') >= 0 ? bare : "/" + bare};
        }

        private Object[] command(@Nullable Object line, View view, Event event) {
            if (line == null && inner(view, event, args, "args") instanceof List<?> all && !all.isEmpty()) {
                return spread(String.join(" ", all.stream().map(String::valueOf).toList()));
            }
            return spread(line);
        }

        /** The first word of what sudo or cron was told to run. */
        private static Object[] program(Event event) {
            String line = event.text("auth.command");
            String first = line == null ? "" : line.strip().split("\\s", 2)[0];
            return first.isEmpty() ? NONE : new Object[] {first.indexOf('/') >= 0 ? first : "/" + first};
        }

        private static Object[] success(Event event) {
            String raw = event.text("auditd.data.success");
            String result = event.text("auditd.result");
            if (raw == null && result != null) {
                raw = result.equals("success") ? "yes" : result.equals("fail") ? "no" : result;
            }
            return spread(raw);
        }

        private static Object[] argument(@Nullable Object args, int index) {
            return args instanceof List<?> list && index < list.size() && list.get(index) != null
                    ? new Object[] {list.get(index)}
                    : NONE;
        }
    }

    static Object[] spread(@Nullable Object value) {
        return switch (value) {
            case null -> NONE;
            case List<?> list -> list.stream().filter(Objects::nonNull).toArray();
            default -> new Object[] {value};
        };
    }
}
