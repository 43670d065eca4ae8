package dev.panoptes.server.http;

import dev.panoptes.server.config.TimeText;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads the fields of a JSON object by name and type, and remembers everything that is wrong: missing, of another type, out
 * of bounds, unknown. The reader goes on with harmless stand-ins; what it makes of them is thrown away when there was a
 * violation, and the caller learns of all of them at once.
 */
public final class Fields {
    private static final int MOST_ERRORS = 100;

    private final JsonNode object;
    private final String pointer;
    private final List<Problem.FieldError> errors;
    private final Set<String> known = new LinkedHashSet<>();

    private Fields(JsonNode object, String pointer, List<Problem.FieldError> errors) {
        this.object = object;
        this.pointer = pointer;
        this.errors = errors;
    }

    static <T> T read(JsonNode body, Function<Fields, T> reader) {
        List<Problem.FieldError> errors = new ArrayList<>();
        if (!body.isObject()) {
            throw problem(List.of(new Problem.FieldError("", "must be an object")));
        }
        Fields fields = new Fields(body, "", errors);
        T value = null;
        RuntimeException refused = null;
        try {
            value = reader.apply(fields);
        } catch (IllegalArgumentException e) {
            // A record refused a value; where we gave it a stand-in, the true reason is among the errors already.
            refused = e;
        }
        fields.refuseUnknown();
        if (!errors.isEmpty()) {
            throw problem(errors);
        }
        if (refused != null) {
            throw problem(List.of(new Problem.FieldError("", String.valueOf(refused.getMessage()))));
        }
        return java.util.Objects.requireNonNull(value);
    }

    private static ProblemException problem(List<Problem.FieldError> errors) {
        Problem.FieldError first = errors.getFirst();
        String where = first.pointer().isEmpty() ? "The body" : first.pointer();
        return new Problem(ErrorCode.INVALID_REQUEST, where + " " + first.detail(), errors, null).exception();
    }

    /** Text that must be there, with at least {@code least} characters that are not blank. */
    public String text(String name, int least, int most) {
        if (value(name) == null) {
            error(name, has(name) ? "must be a string" : "is missing");
            return "";
        }
        String text = optionalText(name, most);
        if (text == null) {
            return "";
        }
        if (text.strip().length() < least) {
            error(name, least == 1 ? "must not be empty" : "must have at least " + least + " characters");
        }
        return text;
    }

    /** @return null where it is missing or null */
    public @Nullable String optionalText(String name, int most) {
        JsonNode value = value(name);
        if (value == null) {
            return null;
        }
        if (!value.isString()) {
            error(name, "must be a string");
            return null;
        }
        String text = value.asString();
        if (text.length() > most) {
            error(name, "must have at most " + most + " characters");
            return null;
        }
        return text;
    }

    /** One of a closed set. @param parse empty for what is none of it; @param words for the message */
    public <T> T choice(String name, Function<String, Optional<T>> parse, String words, T standIn) {
        String text = text(name, 1, 200);
        Optional<T> value = parse.apply(text);
        if (value.isEmpty() && !text.isEmpty()) {
            error(name, "must be one of " + words);
        }
        return value.orElse(standIn);
    }

    public boolean bool(String name, boolean otherwise) {
        JsonNode value = value(name);
        if (value == null) {
            return otherwise;
        }
        if (!value.isBoolean()) {
            error(name, "must be true or false");
            return otherwise;
        }
        return value.asBoolean();
    }

    /** @return null where it is missing or null */
    public @Nullable Long optionalWhole(String name, long least, long most) {
        JsonNode value = value(name);
        if (value == null) {
            return null;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.asLong() < least || value.asLong() > most) {
            error(name, "must be a whole number from " + least + " to " + most);
            return null;
        }
        return value.asLong();
    }

    /** A number that is finite; null where it is missing or null. */
    public @Nullable Double optionalNumber(String name, double least, double most) {
        JsonNode value = value(name);
        if (value == null) {
            return null;
        }
        if (!value.isNumber() || !(value.asDouble() >= least && value.asDouble() <= most)) {
            error(name, "must be a number from " + least + " to " + most);
            return null;
        }
        return value.asDouble();
    }

    /** Numbers by any names; empty where it is missing. Null where it stands for a number is left out. */
    public Map<String, Double> numbers(String name, int most) {
        JsonNode value = value(name);
        if (value == null) {
            return Map.of();
        }
        if (!value.isObject() || value.size() > most) {
            error(name, "must be an object of at most " + most + " numbers");
            return Map.of();
        }
        Map<String, Double> numbers = new LinkedHashMap<>();
        value.properties().forEach(each -> number(escaped(name) + "/" + escaped(each.getKey()), each, numbers));
        return numbers;
    }

    /** Every field that was not asked for, as numbers by their names. */
    public Map<String, Double> otherNumbers(int most) {
        Map<String, Double> numbers = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> each : object.properties()) {
            if (known.add(each.getKey())) {
                number(escaped(each.getKey()), each, numbers);
            }
        }
        if (numbers.size() > most) {
            errorAt("", "must have at most " + most + " numbers");
        }
        return numbers;
    }

    private void number(String below, Map.Entry<String, JsonNode> each, Map<String, Double> numbers) {
        JsonNode value = each.getValue();
        if (each.getKey().isBlank() || each.getKey().length() > 100) {
            errorAt("/" + below, "must have a name of 1 to 100 characters");
        } else if (value.isNumber()) {
            numbers.put(each.getKey(), value.asDouble());
        } else if (!value.isNull()) {
            errorAt("/" + below, "must be a number");
        }
    }

    /** A free JSON object, as text; null where it is missing or null. */
    public @Nullable String optionalJsonObject(String name, int most) {
        JsonNode value = value(name);
        if (value != null && !value.isObject()) {
            error(name, "must be an object");
            return null;
        }
        return optionalJson(name, most);
    }

    /** @return null where it is missing or null */
    public @Nullable Instant optionalInstant(String name) {
        String text = optionalText(name, 64);
        if (text == null) {
            return null;
        }
        try {
            return java.time.OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            error(name, "must be a time such as 2026-01-31T09:00:00Z");
            return null;
        }
    }

    /** A length of time such as {@code "30d"}, or a whole number of seconds; null where it is missing or null. */
    public @Nullable Duration optionalDuration(String name, Duration most) {
        JsonNode value = value(name);
        if (value == null) {
            return null;
        }
        try {
            Duration duration = value.isIntegralNumber() && value.canConvertToLong()
                    ? Duration.ofSeconds(value.asLong())
                    : TimeText.parse(value.isString() ? value.asString() : "");
            if (duration.isPositive() && duration.compareTo(most) <= 0) {
                return duration;
            }
        } catch (IllegalArgumentException e) {
            // Said below, as for a length that is out of bounds.
            known.add(name);
        }
        error(name, "must be a length of time such as \"12h\" or \"30d\", of at most " + most.toDays() + " days");
        return null;
    }

    /** @return null where it is missing or null */
    public @Nullable LocalDate optionalDate(String name) {
        String text = optionalText(name, 32);
        if (text == null) {
            return null;
        }
        try {
            return LocalDate.parse(text);
        } catch (DateTimeParseException e) {
            error(name, "must be a date such as 2026-01-31");
            return null;
        }
    }

    /** Empty where it is missing. */
    public List<String> texts(String name, int mostItems, int mostCharacters) {
        JsonNode value = value(name);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray() || value.size() > mostItems) {
            error(name, "must be a list of at most " + mostItems + " strings");
            return List.of();
        }
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < value.size(); i++) {
            JsonNode item = value.get(i);
            if (item.isString() && item.asString().length() <= mostCharacters) {
                texts.add(item.asString());
            } else {
                errorAt("/" + escaped(name) + "/" + i, "must be a string of at most " + mostCharacters + " characters");
            }
        }
        return texts;
    }

    /** The objects of a list, each by its own reader; empty where it is missing. */
    public <T> List<T> objects(String name, int mostItems, Function<Fields, T> reader) {
        JsonNode value = value(name);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray() || value.size() > mostItems) {
            error(name, "must be a list of at most " + mostItems + " objects");
            return List.of();
        }
        List<T> objects = new ArrayList<>();
        for (int i = 0; i < value.size(); i++) {
            T object = nested("/" + escaped(name) + "/" + i, value.get(i), reader);
            if (object != null) {
                objects.add(object);
            }
        }
        return objects;
    }

    /** @return null where it is missing, null or wrong */
    public <T> @Nullable T optionalObject(String name, Function<Fields, T> reader) {
        JsonNode value = value(name);
        return value == null ? null : nested("/" + escaped(name), value, reader);
    }

    /** Free JSON, as text; null where it is missing or null. */
    public @Nullable String optionalJson(String name, int most) {
        JsonNode value = value(name);
        if (value == null) {
            return null;
        }
        String text = value.toString();
        if (text.length() > most) {
            error(name, "must have at most " + most + " characters of JSON");
            return null;
        }
        return text;
    }

    /** The whole object, whatever it holds, as text. */
    public String wholeObject(int most) {
        known.addAll(object.propertyNames());
        String text = object.toString();
        if (text.length() > most) {
            errorAt("", "must have at most " + most + " characters of JSON");
        }
        return text;
    }

    /** Every text of the object, whatever it is called. */
    public List<String> allTexts() {
        known.addAll(object.propertyNames());
        return object.properties().stream()
                .map(Map.Entry::getValue)
                .filter(JsonNode::isString)
                .map(JsonNode::asString)
                .toList();
    }

    /** True where the field is there, even as null. */
    public boolean has(String name) {
        return object.has(name);
    }

    /** For an option whose absence means something: null would mean the same and look like a decision. */
    public void refuseNull(String name) {
        if (object.has(name) && object.path(name).isNull()) {
            error(name, "must not be null; leave it out");
        }
    }

    /** As {@link #text}, of one line: no control characters. */
    public String line(String name, int least, int most) {
        String text = text(name, least, most);
        if (text.chars().anyMatch(Character::isISOControl)) {
            error(name, "must be one line without control characters");
        }
        return text;
    }

    /** Something that only the reader can tell. */
    public void error(String name, String detail) {
        errorAt("/" + escaped(name), detail);
    }

    private void errorAt(String below, String detail) {
        if (errors.size() < MOST_ERRORS) {
            errors.add(new Problem.FieldError(pointer + below, detail));
        }
    }

    private <T> @Nullable T nested(String below, JsonNode value, Function<Fields, T> reader) {
        if (!value.isObject()) {
            errorAt(below, "must be an object");
            return null;
        }
        Fields fields = new Fields(value, pointer + below, errors);
        int before = errors.size();
        try {
            T object = reader.apply(fields);
            fields.refuseUnknown();
            return object;
        } catch (IllegalArgumentException e) {
            fields.refuseUnknown();
            if (errors.size() == before) {
                errorAt(below, String.valueOf(e.getMessage()));
            }
            return null;
        }
    }

    private @Nullable JsonNode value(String name) {
        known.add(name);
        JsonNode value = object.get(name);
        return value == null || value.isNull() ? null : value;
    }

    private void refuseUnknown() {
        for (String name : object.propertyNames()) {
            if (!known.contains(name)) {
                error(name.length() > 64 ? name.substring(0, 64) : name, "is not known");
            }
        }
    }

    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
