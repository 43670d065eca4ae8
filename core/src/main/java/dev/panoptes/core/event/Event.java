package dev.panoptes.core.event;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a sensor saw: a document whose fields have the names of the Elastic Common Schema 8, and our own beside them
 * where it has none. Values are text, whole numbers (as {@code Long}, or {@code BigInteger} beyond it), {@code Double},
 * {@code Boolean}, lists of these and of objects, and objects. What a source does not tell is absent: there is no null, no empty
 * text in its place, no 0. Immutable; safe to share between threads.
 */
public final class Event {
    private final Map<String, Object> fields;
    private final boolean dotted;
    /** Read when it is first asked for; threads that do so at once read the same. */
    private @Nullable Instant time;

    private Event(Map<String, ?> tree) {
        boolean[] dots = {false};
        this.fields = frozen(tree, dots);
        this.dotted = dots[0];
    }

    private Event(Map<String, Object> fields, boolean dotted) {
        this.fields = fields;
        this.dotted = dotted;
    }

    /** An event to be filled; the order in which fields are put is the order in which they are written. */
    public static Builder builder() {
        return new Builder(false);
    }

    /** Begins with the fields of this one. */
    public Builder toBuilder() {
        Builder builder = new Builder(dotted);
        builder.fields.putAll(mutable(fields));
        return builder;
    }

    /**
     * The event that a tree of fields holds, as a JSON reader makes it. Numbers of other kinds become {@code Long},
     * {@code BigInteger} or {@code Double}; null values are left out. A key with dots is kept as it is: only
     * {@link #value} looks through both spellings.
     */
    public static Event of(Map<String, ?> tree) {
        return new Event(tree);
    }

    /** A time as events write it: ISO 8601 in UTC, with no fraction, or with one of 3, 6 or 9 digits. */
    public static String text(Instant time) {
        return EventTime.text(time);
    }

    /**
     * An empty object for {@link Builder#put}, which takes it over as it is: whoever filled it lets it go then. For one thread.
     */
    public static Map<String, Object> object() {
        return new GrowingMap();
    }

    /**
     * The event of a tree that nobody else holds and nobody can change, with values of the kinds that an event has: for readers
     * that make it so, without the copy of {@link #of}.
     *
     * @param dotted whether some key holds a dot
     */
    public static Event owning(Map<String, Object> fields, boolean dotted) {
        return new Event(fields, dotted);
    }

    /** Whether some key of an object holds a dot itself, so that a path may be spelled in more than one way. */
    public boolean dotted() {
        return dotted;
    }

    /** The whole document; cannot be changed. */
    public Map<String, Object> fields() {
        return fields;
    }

    /**
     * The value at a dotted path ({@code process.parent.pid}); empty where it is absent. Nested objects and keys that hold the dots
     * themselves are both looked through. A path through a list of objects gives the list of what its elements have there.
     */
    public Optional<Object> value(String path) {
        return Optional.ofNullable(find(path));
    }

    /** The text at a path, also of a number or boolean; null where the field is absent or an object or a list. */
    public @Nullable String text(String path) {
        Object value = find(path);
        return value == null || value instanceof Map || value instanceof List ? null : value.toString();
    }

    /** The number at a path, also of text that is one; null where there is none that a long holds. */
    public @Nullable Long number(String path) {
        Object value = find(path);
        return switch (value) {
            case Long number -> number;
            case String text -> parsed(text);
            case null, default -> null;
        };
    }

    /** The values at a path: the elements of a list, or the one value; empty where the field is absent. */
    public List<Object> values(String path) {
        Object value = find(path);
        if (value == null) {
            return List.of();
        }
        return value instanceof List<?> list ? List.copyOf(list) : List.of(value);
    }

    /** When it happened ({@code @timestamp}); null where that is absent or no time. */
    public @Nullable Instant timestamp() {
        Instant known = time;
        if (known != null) {
            return known;
        }
        String text = text("@timestamp");
        try {
            time = text == null ? null : EventTime.parse(text);
            return time;
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    /** {@code event.id}; null where absent. */
    public @Nullable String id() {
        return text("event.id");
    }

    /** {@code event.action}; null where absent. */
    public @Nullable String action() {
        return text("event.action");
    }

    /** {@code event.dataset}, for example {@code panoptes.auth}; null where absent. */
    public @Nullable String dataset() {
        return text("event.dataset");
    }

    /** One line of JSON without a line break at its end. */
    public String json() {
        return EventJson.write(fields);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Event event && event.fields.equals(fields);
    }

    @Override
    public int hashCode() {
        return fields.hashCode();
    }

    @Override
    public String toString() {
        return json();
    }

    private static @Nullable Long parsed(String text) {
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private @Nullable Object find(String path) {
        if (dotted) {
            return find(fields, path, 0);
        }
        Map<?, ?> object = fields;
        int from = 0;
        for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', from)) {
            Object inner = part(object, path, from, dot);
            from = dot + 1;
            if (inner instanceof Map<?, ?> map) {
                object = map;
            } else {
                List<Object> found =
                        inner instanceof List<?> list ? gathered(list, path.substring(from)) : List.<Object>of();
                return found.isEmpty() ? null : found;
            }
        }
        return part(object, path, from, path.length());
    }

    private static @Nullable Object part(Map<?, ?> object, String path, int from, int to) {
        if (object instanceof FieldMap fields) {
            return fields.get(path, from, to);
        }
        return object.get(path.substring(from, to));
    }

    /** @param from where the part of the path begins that leads on from this object */
    private static @Nullable Object find(Map<?, ?> object, String path, int from) {
        Object direct = part(object, path, from, path.length());
        if (direct != null) {
            return direct;
        }
        for (int dot = path.indexOf('.', from); dot > from; dot = path.indexOf('.', dot + 1)) {
            Object inner = part(object, path, from, dot);
            if (inner instanceof Map<?, ?> map) {
                Object found = find(map, path, dot + 1);
                if (found != null) {
                    return found;
                }
            } else if (inner instanceof List<?> list) {
                List<Object> found = gathered(list, path.substring(dot + 1));
                if (!found.isEmpty()) {
                    return found;
                }
            }
        }
        return null;
    }

    private static List<Object> gathered(List<?> list, String rest) {
        List<Object> found = new ArrayList<>();
        for (Object element : list) {
            Object value = element instanceof Map<?, ?> map ? find(map, rest, 0) : null;
            if (value instanceof List<?> more) {
                found.addAll(more);
            } else if (value != null) {
                found.add(value);
            }
        }
        return found;
    }

    private static Map<String, Object> frozen(Map<String, ?> tree, boolean[] dots) {
        FieldMap.Filling copy = new FieldMap.Filling();
        tree.forEach((key, value) -> {
            if (value != null) {
                dots[0] |= key.indexOf('.') >= 0;
                copy.put(key, frozenValue(value, dots));
            }
        });
        return copy.map();
    }

    private static Object frozenValue(Object value, boolean[] dots) {
        return switch (value) {
            case Map<?, ?> map -> {
                FieldMap.Filling named = new FieldMap.Filling();
                map.forEach((key, inner) -> {
                    if (inner != null) {
                        String name = String.valueOf(key);
                        dots[0] |= name.indexOf('.') >= 0;
                        named.put(name, frozenValue(inner, dots));
                    }
                });
                yield named.map();
            }
            case List<?> list -> {
                List<Object> copy = new ArrayList<>(list.size());
                for (Object element : list) {
                    if (element != null) {
                        copy.add(frozenValue(element, dots));
                    }
                }
                yield Collections.unmodifiableList(copy);
            }
            case Integer number -> (long) number;
            case Short number -> (long) number;
            case Byte number -> (long) number;
            case Float number -> (double) number;
            default -> value;
        };
    }

    private static GrowingMap mutable(Map<?, ?> object) {
        GrowingMap copy = new GrowingMap();
        object.forEach((key, value) -> {
            if (value != null) {
                copy.put((String) key, value instanceof Map<?, ?> map ? mutable(map) : value);
            }
        });
        return copy;
    }

    /** Fills an event. For one thread. */
    public static final class Builder {
        /** Most objects within an event have so many fields or less. */
        private static final int INNER = 8;

        private final GrowingMap fields = new GrowingMap(12);
        /** Whether names may hold dots themselves, as those of an event that was read may. */
        private final boolean dotted;
        /**
         * The object into which was put last, and the path to it: most fields follow one of the same object. What takes an
         * object's place is put into the object around it, which then is the latest.
         */
        private GrowingMap latest = fields;

        private String latestPath = "";

        private Builder(boolean dotted) {
            this.dotted = dotted;
        }

        /**
         * Puts a value at a dotted path, in nested objects. Null, an empty list and an empty object leave the field absent; a
         * field that is there is replaced. Times go in as {@code Instant}.
         */
        public Builder put(String path, @Nullable Object value) {
            return value == null ? this : put(EventPath.of(path), value);
        }

        /** The same at a path that is kept. */
        public Builder put(EventPath parts, @Nullable Object value) {
            if (value == null || isEmpty(value)) {
                return this;
            }
            int last = parts.depth() - 1;
            GrowingMap object = latest;
            if (!isLatest(parts.parent())) {
                object = fields;
                for (int i = 0; i < last; i++) {
                    object = inner(object, parts.name(i));
                }
                latest = object;
                latestPath = parts.parent();
            }
            object.putKnown(parts.name(last), value instanceof Instant time ? EventTime.text(time) : value);
            return this;
        }

        private static boolean isEmpty(Object value) {
            // What it mostly is comes first: a test for a class is quick, one for an interface may not be.
            return !(value instanceof String)
                    && !(value instanceof Long)
                    && ((value instanceof List<?> list && list.isEmpty())
                            || (value instanceof Map<?, ?> map && map.isEmpty()));
        }

        @SuppressWarnings("ReferenceEquality") // parents of paths are the same text where they are the same
        private boolean isLatest(String parent) {
            return latestPath == parent;
        }

        /** Puts a value where nothing stands at its path. */
        public Builder putIfAbsent(EventPath parts, @Nullable Object value) {
            return has(parts) ? this : put(parts, value);
        }

        /** True where something stands at this path. */
        public boolean has(String path) {
            return value(path) != null;
        }

        /** What stands at this path; null where nothing does. A list or object is the builder's own. */
        public @Nullable Object value(String path) {
            return value(EventPath.of(path));
        }

        /** The same at a path that is kept. */
        public @Nullable Object value(EventPath parts) {
            String path = parts.text();
            int last = parts.depth() - 1;
            if (isLatest(parts.parent())) {
                Object value = latest.known(parts.name(last));
                return value != null || !dotted ? value : find(fields, path, 0);
            }
            Map<?, ?> object = fields;
            for (int i = 0; i < last; i++) {
                Object inner = named(object, parts.name(i));
                if (!(inner instanceof Map<?, ?> map)) {
                    return dotted || inner != null ? find(fields, path, 0) : null;
                }
                object = map;
            }
            Object value = named(object, parts.name(last));
            return value != null || !dotted ? value : find(fields, path, 0);
        }

        /** True where something stands at this path. */
        public boolean has(EventPath path) {
            return value(path) != null;
        }

        /**
         * Appends what has been put so far as one line of JSON, with no line break: the text that {@link #build} and then
         * {@link Event#json} give, without the copy between, for writers that keep no event.
         */
        public void json(EventLine out) {
            EventJson.write(out, fields);
        }

        /** What has been put so far; the builder can be used on. */
        public Event build() {
            return new Event(fields);
        }

        private static @Nullable Object named(Map<?, ?> object, String name) {
            return object instanceof GrowingMap own ? own.known(name) : object.get(name);
        }

        private static GrowingMap inner(GrowingMap object, String name) {
            Object inner = object.known(name);
            if (inner instanceof GrowingMap known) {
                return known;
            }
            GrowingMap made = inner instanceof Map<?, ?> map ? mutable(map) : new GrowingMap(INNER);
            object.putKnown(name, made);
            return made;
        }
    }
}
