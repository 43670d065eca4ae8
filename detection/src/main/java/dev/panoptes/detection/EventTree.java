package dev.panoptes.detection;

import dev.panoptes.core.event.Event;
import dev.panoptes.core.event.FieldMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads an event from a JSON parser, without a tree between. Depth is bounded by the parser. */
public final class EventTree {
    private final boolean strict;
    private boolean dotted;

    private EventTree(boolean strict) {
        this.strict = strict;
    }

    /**
     * The event of the object that the parser stands before; null where there is no object, or, where it is strict, a key
     * stands twice or something follows the object.
     *
     * @throws tools.jackson.core.JacksonException where it is no JSON
     */
    public static @Nullable Event read(JsonParser parser, boolean strict) {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            return null;
        }
        EventTree tree = new EventTree(strict);
        Map<String, Object> fields = tree.object(parser);
        if (fields == null || (strict && parser.nextToken() != null)) {
            return null;
        }
        return Event.owning(fields, tree.dotted);
    }

    private @Nullable Map<String, Object> object(JsonParser parser) {
        FieldMap.Filling fields = new FieldMap.Filling();
        Set<String> absent = Set.of();
        boolean twice = false;
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            dotted |= name.indexOf('.') >= 0;
            Object value = value(parser, parser.nextToken());
            if (value instanceof Twice) {
                twice = true;
            } else if (value != null) {
                boolean before = fields.put(name, value) || absent.contains(name);
                twice |= strict && before;
            } else if (strict) {
                absent = absent.isEmpty() ? new HashSet<>() : absent;
                twice |= fields.has(name) || !absent.add(name);
            } else {
                fields.remove(name);
            }
        }
        return twice ? null : fields.map();
    }

    /** Stands for an object in which a key stands twice. */
    private enum Twice {
        TWICE
    }

    private @Nullable Object value(JsonParser parser, JsonToken token) {
        return switch (token) {
            case START_OBJECT -> {
                Map<String, Object> inner = object(parser);
                yield inner == null ? Twice.TWICE : inner;
            }
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>(4);
                boolean twice = false;
                for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
                    Object element = value(parser, next);
                    if (element instanceof Twice) {
                        twice = true;
                    } else if (element != null) {
                        list.add(element);
                    }
                }
                yield twice ? Twice.TWICE : Collections.unmodifiableList(list);
            }
            case VALUE_STRING -> parser.getString();
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            case VALUE_NULL -> null;
            case VALUE_NUMBER_INT ->
                parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                        ? parser.getBigIntegerValue()
                        : (Object) parser.getLongValue();
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            default -> throw new IllegalStateException("no value is " + token);
        };
    }
}
