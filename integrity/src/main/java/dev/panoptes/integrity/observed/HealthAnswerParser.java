package dev.panoptes.integrity.observed;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/** Tells from an HTTP answer whether it is that of a health endpoint, and what it reports. Pure. */
final class HealthAnswerParser {
    private static final int LONGEST_TEXT = 200;
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
    private static final Pattern PORT = Pattern.compile("\\d{1,9}");
    private static final Pattern DUPLICATE = Pattern.compile("[Dd]uplicate Object property \"([^\"]{1,200})\"");

    private final JsonFactory json = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(64)
                    .maxNumberLength(400)
                    .build())
            .build();

    ProbeAnswer parse(HttpAnswer answer, long millis) {
        return switch (answer) {
            case HttpAnswer.Broken(Integer status, String reason) ->
                new ProbeAnswer.Faulty(status, reason, true, millis);
            case HttpAnswer.Whole whole -> parse(whole, millis);
        };
    }

    private ProbeAnswer parse(HttpAnswer.Whole answer, long millis) {
        int status = answer.status();
        if (status / 100 == 3) {
            String location = answer.fields().get("location");
            return faulty(
                    status,
                    "redirects with status " + status
                            + (location == null ? "" : " to " + HttpAnswerReader.quote(withoutUserinfo(location))),
                    millis);
        }
        if (status == 400 && startsTls(answer)) {
            return faulty(status, "answers that it speaks HTTPS: its URL should begin with https://", millis);
        }
        if (status / 100 != 2) {
            return faulty(status, "answers with status " + status, millis);
        }
        if (answer.body().length == 0) {
            return faulty(status, "answers with an empty body", millis);
        }
        Map<String, Value> fields = new HashMap<>();
        try (JsonParser parser = json.createParser(ObjectReadContext.empty(), answer.body())) {
            JsonToken first = parser.nextToken();
            if (first != JsonToken.START_OBJECT) {
                return faulty(
                        status, "answers with " + value(first, parser, answer) + ", not with a JSON object", millis);
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                JsonToken token = parser.nextToken();
                if (token.isStructStart()) {
                    parser.skipChildren();
                } else {
                    fields.put(name, new Value(token, parser.getString()));
                }
            }
            if (parser.nextToken() != null) {
                return faulty(status, "answers with more than one JSON value", millis);
            }
        } catch (JacksonException e) {
            Matcher duplicate = DUPLICATE.matcher(String.valueOf(e.getMessage()));
            if (duplicate.find()) {
                return faulty(
                        status,
                        "answers with a JSON object that holds the key '"
                                + HttpAnswerReader.quote(cut(duplicate.group(1))) + "' twice",
                        millis);
            }
            return faulty(status, "answers with " + kind(answer) + ", not with a JSON object", millis);
        }
        return new ProbeAnswer.Healthy(
                status, identity(fields), port(fields), version(fields), text(fields.get("status")), millis);
    }

    /** What the valid JSON is that is no object; what else the body is where it is none. */
    private static String value(@Nullable JsonToken first, JsonParser parser, HttpAnswer.Whole answer) {
        String kind = switch (first) {
            case START_ARRAY -> "a JSON array";
            case VALUE_STRING -> "a JSON text";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a JSON number";
            case VALUE_TRUE, VALUE_FALSE -> "JSON true or false";
            case VALUE_NULL -> "JSON null";
            case null, default -> "";
        };
        if (kind.isEmpty()) {
            return kind(answer);
        }
        parser.skipChildren();
        return parser.nextToken() == null ? kind : kind(answer);
    }

    /** Servers that speak TLS say so to whoever does not. */
    private static boolean startsTls(HttpAnswer.Whole answer) {
        return new String(answer.body(), StandardCharsets.ISO_8859_1).contains("HTTPS");
    }

    /** A field that is no object or array. */
    private record Value(JsonToken token, String text) {}

    private static ProbeAnswer faulty(int status, String reason, long millis) {
        return new ProbeAnswer.Faulty(status, reason, true, millis);
    }

    private static String withoutUserinfo(String location) {
        return location.replaceFirst("^([a-zA-Z][a-zA-Z0-9+.-]*://)[^/@]*@", "$1");
    }

    private static String kind(HttpAnswer.Whole answer) {
        String type = answer.fields().getOrDefault("content-type", "").toLowerCase(Locale.ROOT);
        int first = 0;
        while (first < answer.body().length && Character.isWhitespace(answer.body()[first])) {
            first++;
        }
        boolean tag = first < answer.body().length && answer.body()[first] == '<';
        if (tag || type.startsWith("text/html")) {
            return "HTML";
        }
        return type.contains("json") ? "malformed JSON" : "something else";
    }

    private static @Nullable String identity(Map<String, Value> fields) {
        String agent = text(fields.get("agent"));
        String service = agent == null ? text(fields.get("service")) : agent;
        return service == null ? text(fields.get("name")) : service;
    }

    private static @Nullable Integer port(Map<String, Value> fields) {
        Value port = fields.get("port");
        return port == null || !PORT.matcher(port.text()).matches() ? null : Integer.valueOf(port.text());
    }

    /** A number keeps the text it was sent as. */
    private static @Nullable String version(Map<String, Value> fields) {
        Value version = fields.get("version");
        return version != null && version.token().isNumeric() ? cut(version.text()) : text(version);
    }

    private static @Nullable String text(@Nullable Value value) {
        return value == null
                        || value.token() != JsonToken.VALUE_STRING
                        || value.text().isBlank()
                ? null
                : cut(value.text().strip());
    }

    /** Foreign text as it is kept: on one line, and not longer than anybody reads. */
    static String cut(String text) {
        String plain = CONTROL.matcher(text).replaceAll(" ");
        return plain.length() > LONGEST_TEXT ? plain.substring(0, LONGEST_TEXT) : plain;
    }
}
