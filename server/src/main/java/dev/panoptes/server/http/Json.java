package dev.panoptes.server.http;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** JSON out, from records with names in snake case; JSON in, strictly. */
public final class Json {
    private static final int DEEPEST = 32;
    private static final int LONGEST_NUMBER = 64;
    private static final int LONGEST_NAME = 512;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .maxNumberLength(LONGEST_NUMBER)
                            .maxNameLength(LONGEST_NAME)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .build())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** For what this server has written: 1e308 is short where somebody sends it, and has 309 digits when the database gives it back. */
    private static final JsonMapper OWN = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(2 * DEEPEST)
                            .build())
                    .build())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    private Json() {}

    /** A record, map or list, as UTF-8. */
    public static byte[] write(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    public static String writeText(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /** What {@link #writeText} wrote, from our own database; damage there is a bug. */
    public static <T> T readOwn(String text, Class<T> type) {
        return OWN.readValue(text, type);
    }

    /** A text below a key of an object that somebody else wrote; empty where it is no such thing. */
    public static Optional<String> text(String json, String key) {
        try {
            return MAPPER.readTree(json).path(key).stringValueOpt();
        } catch (JacksonException e) {
            // What others answer need not be JSON.
            return Optional.empty();
        }
    }

    /** True or false below a key of an object that somebody else wrote; empty where it is no such thing. */
    public static Optional<Boolean> flag(String json, String key) {
        try {
            return MAPPER.readTree(json).path(key).booleanValueOpt();
        } catch (JacksonException e) {
            // What others answer need not be JSON.
            return Optional.empty();
        }
    }

    static JsonNode emptyObject() {
        return MAPPER.createObjectNode();
    }

    /** Refuses what {@link #read} refuses, without building it. */
    static void check(byte[] bytes) {
        checkTokens(text(bytes));
    }

    /** @throws ProblemException 400 for anything that is not one strict JSON value */
    static JsonNode read(byte[] bytes) {
        String text = text(bytes);
        checkTokens(text);
        return MAPPER.readTree(text);
    }

    /** A list that {@link #write} wrote, from our own database; damage there is a bug. */
    public static <T> List<T> readList(String text, Class<T> type) {
        return MAPPER.readerForListOf(type).readValue(text);
    }

    /** The same, of the list under a property of an object; fields that the type does not have are skipped. */
    public static <T> List<T> readList(byte[] object, String property, Class<T> type) {
        JsonNode list = MAPPER.readTree(object).path(property);
        return MAPPER.readerForListOf(type)
                .without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .readValue(list);
    }

    private static void checkTokens(String text) {
        if (text.isBlank()) {
            throw invalid("The body is empty; a JSON value was expected");
        }
        try (JsonParser parser = MAPPER.createParser(text)) {
            int depth = 0;
            boolean any = false;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (any && depth == 0) {
                    throw invalid("The body holds more than one JSON value");
                }
                any = true;
                switch (token) {
                    case START_OBJECT, START_ARRAY -> depth++;
                    case END_OBJECT, END_ARRAY -> depth--;
                    case PROPERTY_NAME -> plain(parser.currentName());
                    case VALUE_STRING -> plain(parser.getString());
                    case VALUE_NUMBER_INT -> {
                        if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
                            throw invalid("The body holds a number beyond 64 bits");
                        }
                    }
                    case VALUE_NUMBER_FLOAT -> {
                        if (!Double.isFinite(parser.getDoubleValue())) {
                            throw invalid("The body holds a number beyond range");
                        }
                    }
                    case VALUE_TRUE, VALUE_FALSE, VALUE_NULL -> {
                        // nothing can be wrong with these
                    }
                    case VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                        throw new IllegalStateException("no token of JSON text: " + token);
                }
            }
        } catch (JacksonException e) {
            throw invalid("The body is not strict JSON" + place(e.getLocation()));
        }
    }

    /** A limit that is exceeded (depth, length of a number or a name) has no place. */
    private static String place(@Nullable TokenStreamLocation location) {
        return location == null
                ? ", or too deep or too long for it"
                : ": line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    private static void plain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                throw invalid("The body holds the character NUL");
            }
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw invalid("The body holds half of a surrogate pair");
            }
        }
    }

    private static String text(byte[] bytes) {
        try {
            CharBuffer text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes));
            return text.toString();
        } catch (CharacterCodingException e) {
            throw invalid("The body is not valid UTF-8");
        }
    }

    private static ProblemException invalid(String detail) {
        return Problem.of(ErrorCode.INVALID_REQUEST, detail).exception();
    }
}
