package dev.panoptes.detection;

import dev.panoptes.core.event.Event;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/** Reads events from lines of JSON. Thread-safe. */
public final class EventLines {
    private static final int DEEPEST = 60;
    private static final int LONGEST = 8 << 20;

    private final ObjectMapper mapper = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .maxStringLength(LONGEST)
                            .build())
                    .build())
            .build();

    /** The event of a line; null where it is no JSON object, or beyond the limits. */
    public @Nullable Event read(String line) {
        if (line.length() > LONGEST) {
            return null;
        }
        try (JsonParser parser = mapper.createParser(line)) {
            return EventTree.read(parser, false);
        } catch (JacksonException e) {
            return null;
        }
    }
}
