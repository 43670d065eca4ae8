package dev.panoptes.integrity.observed;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What somebody else says of himself in JSON: bounded in depth, texts cut, lists cut. */
final class ForeignJson {
    private static final int MOST_NAMES = 1_000;
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(64).build())
                    .build())
            .build();

    private ForeignJson() {}

    /** The object that these bytes are; null where they are none. */
    static @Nullable JsonNode object(byte[] bytes) {
        try {
            JsonNode node = JSON.readTree(bytes);
            return node.isObject() ? node : null;
        } catch (JacksonException e) {
            return null;
        }
    }

    static byte[] bytes(Object message) {
        return JSON.writeValueAsBytes(message);
    }

    /** Null where it is no text or a blank one. */
    static @Nullable String text(JsonNode value) {
        if (!value.isString() || value.asString("").isBlank()) {
            return null;
        }
        return HealthAnswerParser.cut(value.asString("").strip());
    }

    /** A number as it was written counts as well, as some write a version. */
    static @Nullable String version(JsonNode value) {
        return value.isNumber() ? HealthAnswerParser.cut(value.asString("")) : text(value);
    }

    /** The texts below one name of each object of a list, in its order; what has none is left out. */
    static List<String> names(JsonNode list, String name) {
        List<String> names = new ArrayList<>();
        for (JsonNode each : list) {
            String text = text(each.path(name));
            if (text != null && names.size() < MOST_NAMES) {
                names.add(text);
            }
        }
        return names;
    }

    /** True where an answer says that its body is of this media type. */
    static boolean is(HttpAnswer.Whole answer, String type) {
        return answer.fields()
                .getOrDefault("content-type", "")
                .toLowerCase(Locale.ROOT)
                .strip()
                .startsWith(type);
    }
}
