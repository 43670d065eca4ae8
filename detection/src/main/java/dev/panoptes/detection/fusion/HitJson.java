package dev.panoptes.detection.fusion;

import dev.panoptes.detection.sigma.Level;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Hits as they are kept. Thread-safe. */
public final class HitJson {
    private final ObjectMapper mapper = new ObjectMapper();

    public String write(Hit hit) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", hit.name());
        fields.put("rule", hit.rule());
        fields.put("title", hit.title());
        fields.put("level", hit.level().word());
        fields.put("techniques", hit.techniques());
        fields.put("tactics", hit.tactics());
        fields.put("first", hit.first().toString());
        fields.put("last", hit.last().toString());
        fields.put("event", hit.event());
        fields.put("events", hit.events());
        fields.put("count", hit.count());
        fields.put(
                "entities",
                hit.entities().stream()
                        .map(entity -> List.of(entity.type(), entity.id()))
                        .toList());
        fields.put("text", hit.text());
        if (!hit.adjustments().isEmpty()) {
            fields.put(
                    "adjustments",
                    hit.adjustments().stream()
                            .map(one -> List.of(one.levels(), one.reason()))
                            .toList());
        }
        return mapper.writeValueAsString(fields);
    }

    /** What {@link #write} wrote; damage there is a bug. */
    public Hit read(String text) {
        JsonNode node = mapper.readTree(text);
        SortedSet<Entity> entities = new TreeSet<>();
        node.path("entities")
                .forEach(pair -> entities.add(
                        new Entity(pair.path(0).asString(), pair.path(1).asString())));
        SortedSet<Hit.Adjustment> adjustments = new TreeSet<>();
        node.path("adjustments")
                .forEach(pair -> adjustments.add(
                        new Hit.Adjustment(pair.path(0).asInt(), pair.path(1).asString())));
        return new Hit(
                node.path("name").asString(),
                node.path("rule").asString(),
                node.path("title").asString(),
                Objects.requireNonNull(Level.of(node.path("level").asString())),
                texts(node.path("techniques")),
                texts(node.path("tactics")),
                Instant.parse(node.path("first").asString()),
                Instant.parse(node.path("last").asString()),
                node.path("event").asString(),
                texts(node.path("events")),
                node.path("count").asLong(),
                entities,
                node.path("text").asString(),
                adjustments);
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(item -> texts.add(item.asString()));
        return texts;
    }
}
