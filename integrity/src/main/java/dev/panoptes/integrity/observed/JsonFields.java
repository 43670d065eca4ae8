package dev.panoptes.integrity.observed;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * One JSON object of a foreign document, read into memory: its scalar fields, lists of scalars and objects within it. Every
 * accessor says where and how the document differs from what it should be.
 */
final class JsonFields {
    private static final int LONGEST_LIST = 4_096;
    private static final int DEEPEST = 4;

    private final String place;
    private final Map<String, Object> values = new HashMap<>();

    private JsonFields(String place) {
        this.place = place;
    }

    /** A document that does not fit; the message is one sentence. Never leaves this package. */
    static final class MisfitException extends Exception {
        private static final long serialVersionUID = 1L;

        MisfitException(String message) {
            super(message, null, false, false);
        }
    }

    /** Reads the object that the parser stands at. */
    static JsonFields read(JsonParser parser) throws MisfitException {
        return read(parser, DEEPEST);
    }

    private static JsonFields read(JsonParser parser, int depth) throws MisfitException {
        String place = parser.streamReadContext().pathAsPointer().toString();
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new MisfitException(at(place) + " is not an object");
        }
        JsonFields fields = new JsonFields(place);
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            switch (token) {
                case START_OBJECT -> {
                    if (depth == 0) {
                        parser.skipChildren();
                    } else {
                        fields.values.put(name, read(parser, depth - 1));
                    }
                }
                case START_ARRAY -> fields.values.put(name, list(parser));
                case VALUE_STRING -> fields.values.put(name, parser.getString());
                case VALUE_TRUE -> fields.values.put(name, true);
                case VALUE_FALSE -> fields.values.put(name, false);
                case VALUE_NUMBER_INT -> fields.values.put(name, integer(parser));
                default -> fields.values.remove(name);
            }
        }
        return fields;
    }

    private static Long integer(JsonParser parser) throws MisfitException {
        if (!parser.getNumberType().equals(JsonParser.NumberType.INT)
                && !parser.getNumberType().equals(JsonParser.NumberType.LONG)) {
            throw new MisfitException(
                    at(parser.streamReadContext().pathAsPointer().toString()) + " is a number out of range");
        }
        return parser.getLongValue();
    }

    private static List<Object> list(JsonParser parser) throws MisfitException {
        String place = parser.streamReadContext().pathAsPointer().toString();
        List<Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            switch (parser.currentToken()) {
                case VALUE_STRING -> list.add(parser.getString());
                case VALUE_NUMBER_INT -> list.add(integer(parser));
                case null -> throw new MisfitException(at(place) + " does not end");
                default -> throw new MisfitException(at(place) + " holds something else than texts and numbers");
            }
            if (list.size() > LONGEST_LIST) {
                throw new MisfitException(at(place) + " has more than " + LONGEST_LIST + " elements");
            }
        }
        return list;
    }

    private static String at(String place) {
        return place.isEmpty() ? "the document" : place;
    }

    String text(String name) throws MisfitException {
        String text = nullableText(name);
        if (text == null) {
            throw new MisfitException(at(place) + " has no " + name);
        }
        return text;
    }

    /** Null where the field is absent or null. */
    @Nullable
    String nullableText(String name) throws MisfitException {
        return switch (values.get(name)) {
            case null -> null;
            case String text -> text;
            default -> throw new MisfitException(place + "/" + name + " is not a text");
        };
    }

    /** Empty where the field is absent or null. */
    String optionalText(String name) throws MisfitException {
        String text = nullableText(name);
        return text == null ? "" : text;
    }

    int integer(String name, int least, int most) throws MisfitException {
        return (int) number(name, least, most);
    }

    /** Null where the field is absent or null. */
    @Nullable
    Integer nullableInteger(String name, int least, int most) throws MisfitException {
        return values.get(name) == null ? null : (Integer) (int) number(name, least, most);
    }

    /** Null where the field is absent or null. */
    @Nullable
    Long nullableNumber(String name, long least, long most) throws MisfitException {
        return values.get(name) == null ? null : (Long) number(name, least, most);
    }

    long number(String name, long least, long most) throws MisfitException {
        Object value = values.get(name);
        if (value == null) {
            throw new MisfitException(at(place) + " has no " + name);
        }
        if (!(value instanceof Long number)) {
            throw new MisfitException(place + "/" + name + " is not a whole number");
        }
        if (number < least || number > most) {
            throw new MisfitException(place + "/" + name + " is not within " + least + " to " + most);
        }
        return number;
    }

    /** False where the field is absent. */
    boolean flag(String name) throws MisfitException {
        return switch (values.get(name)) {
            case null -> false;
            case Boolean flag -> flag;
            default -> throw new MisfitException(place + "/" + name + " is not true or false");
        };
    }

    /** Empty where the field is absent. */
    List<String> texts(String name) throws MisfitException {
        List<String> texts = new ArrayList<>();
        for (Object element : elements(name)) {
            if (!(element instanceof String text)) {
                throw new MisfitException(place + "/" + name + " holds something else than texts");
            }
            texts.add(text);
        }
        return texts;
    }

    /** Null where the field is absent. */
    @Nullable
    List<String> nullableTexts(String name) throws MisfitException {
        return values.get(name) == null ? null : texts(name);
    }

    /** Empty where the field is absent. */
    List<Integer> integers(String name) throws MisfitException {
        List<Integer> integers = new ArrayList<>();
        for (Object element : elements(name)) {
            if (!(element instanceof Long number) || number < 0 || number > Integer.MAX_VALUE) {
                throw new MisfitException(place + "/" + name + " holds something else than whole numbers");
            }
            integers.add(Math.toIntExact(number));
        }
        return integers;
    }

    private List<?> elements(String name) throws MisfitException {
        return switch (values.get(name)) {
            case null -> List.of();
            case List<?> list -> list;
            default -> throw new MisfitException(place + "/" + name + " is not a list");
        };
    }

    /** The names of the objects within. */
    List<String> objects() {
        return values.entrySet().stream()
                .filter(entry -> entry.getValue() instanceof JsonFields)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    JsonFields object(String name) throws MisfitException {
        if (values.get(name) instanceof JsonFields fields) {
            return fields;
        }
        throw new MisfitException(place + "/" + name + " is not an object");
    }

    MisfitException misfit(String name, String what) {
        return new MisfitException(place + "/" + name + " " + what);
    }
}
