package dev.panoptes.server.api;

import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** Every field of every answer, as the description has them. */
final class ResponseFields {
    private final JsonNode api;
    private final SortedMap<String, SortedMap<String, Boolean>> calls = new TreeMap<>();

    ResponseFields(JsonNode api) {
        this.api = api;
        for (Map.Entry<String, JsonNode> path : api.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> call : path.getValue().properties()) {
                for (Map.Entry<String, JsonNode> response :
                        call.getValue().path("responses").properties()) {
                    if (response.getKey().startsWith("2")) {
                        String name =
                                call.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey() + " " + response.getKey();
                        take(name, resolved(response.getValue()));
                    }
                }
            }
        }
    }

    /** By call and status, each field's path and whether it is always there. */
    SortedMap<String, SortedMap<String, Boolean>> calls() {
        return calls;
    }

    private void take(String call, JsonNode response) {
        SortedMap<String, Boolean> fields = calls.computeIfAbsent(call, _ -> new TreeMap<>());
        for (Map.Entry<String, JsonNode> media : response.path("content").properties()) {
            fields.put(media.getKey(), true);
            if (media.getKey().equals("application/json")) {
                walk(media.getValue().path("schema"), "", true, fields, new HashSet<>());
            }
        }
    }

    private void walk(
            JsonNode schema, String at, boolean always, SortedMap<String, Boolean> fields, Set<String> within) {
        String reference = schema.path("$ref").asString("");
        if (!reference.isEmpty()) {
            if (within.add(reference)) {
                walk(api.at(reference.substring(1)), at, always, fields, within);
                within.remove(reference);
            }
        }
        schema.path("allOf").forEach(part -> walk(part, at, always, fields, within));
        schema.path("oneOf").forEach(part -> walk(part, at, false, fields, within));
        schema.path("anyOf").forEach(part -> walk(part, at, false, fields, within));
        if (schema.has("items")) {
            walk(schema.path("items"), at + "[]", always, fields, within);
        }
        JsonNode more = schema.path("additionalProperties");
        if (more.isObject() && !more.isEmpty()) {
            walk(more, at + ".*", always, fields, within);
        }
        Set<String> required = new HashSet<>();
        schema.path("required").forEach(name -> required.add(name.asString()));
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            String field = at + "." + property.getKey();
            boolean there = always && required.contains(property.getKey());
            fields.merge(field, there, Boolean::logicalOr);
            walk(property.getValue(), field, there, fields, within);
        }
        for (String name : required) {
            // One of a dictionary, or of a part that stands beside this one.
            fields.merge(at + "." + name, always, Boolean::logicalOr);
        }
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? api.at(node.path("$ref").asString().substring(1)) : node;
    }
}
