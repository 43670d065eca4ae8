package dev.panoptes.server.oidc;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON that a provider wrote, read as somebody else's: one object, no key twice, not deep. */
final class Answers {
    private static final int DEEPEST = 32;
    private static final int MOST_GROUPS = 5_000;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Answers() {}

    /** @param what the answer is, for the sentence */
    static JsonNode object(byte[] bytes, String what) throws ProviderFailure {
        try {
            JsonNode node = MAPPER.readTree(bytes);
            if (node.isObject()) {
                return node;
            }
        } catch (JacksonException e) {
            throw new ProviderFailure(what + " is no JSON", e);
        }
        throw new ProviderFailure(what + " is no JSON object");
    }

    /** Empty where there is no such text. */
    static Optional<String> text(JsonNode object, String key) {
        return object.path(key).stringValueOpt().filter(text -> !text.isEmpty());
    }

    /** The texts of a list; empty where there is none. */
    static List<String> texts(JsonNode object, String key) {
        List<String> texts = new ArrayList<>();
        object.path(key).values().forEach(each -> each.stringValueOpt().ifPresent(texts::add));
        return texts;
    }

    /** What a claim names, first as a whole, then by its dots. A missing node where it is not there. */
    static JsonNode claim(JsonNode claims, String name) {
        JsonNode whole = claims.path(name);
        if (!whole.isMissingNode()) {
            return whole;
        }
        JsonNode node = claims;
        for (String part : name.split("\\.", -1)) {
            node = node.path(part);
        }
        return node;
    }

    /** Groups as providers write them: a list of texts, or one text with spaces or commas between. */
    static Set<String> groups(JsonNode claim) {
        Set<String> groups = new LinkedHashSet<>();
        if (claim.isArray()) {
            for (JsonNode each : claim.values()) {
                if (groups.size() < MOST_GROUPS) {
                    each.stringValueOpt().ifPresent(groups::add);
                }
            }
        } else {
            claim.stringValueOpt().ifPresent(text -> {
                groups.add(text);
                groups.addAll(List.of(text.split("[ ,]+")));
            });
        }
        return groups;
    }
}
