package dev.panoptes.server.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The JSON Schema of {@code panoptes.yaml}, made from the table of settings, so that it never lacks one. */
public final class ConfigurationSchema {
    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private ConfigurationSchema() {}

    /** Draft 2020-12, indented. */
    public static String json() {
        Map<String, Object> schema = object("Settings of the server. panoptes doctor explains the effective values.");
        for (Setting<?> setting : Settings.ALL) {
            put(schema, setting.key(), setting);
        }
        Map<String, Object> named = new LinkedHashMap<>();
        named.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        named.put("title", "Panoptes configuration");
        named.putAll(schema);
        return MAPPER.writeValueAsString(named);
    }

    private static void put(Map<String, Object> object, String key, Setting<?> setting) {
        Map<String, Object> properties = properties(object);
        int dot = key.indexOf('.');
        if (dot < 0) {
            properties.put(key, leaf(setting));
            return;
        }
        @SuppressWarnings("unchecked") // made below
        Map<String, Object> inner =
                (Map<String, Object>) properties.computeIfAbsent(key.substring(0, dot), _ -> object(null));
        put(inner, key.substring(dot + 1), setting);
    }

    @SuppressWarnings("unchecked") // made in object()
    private static Map<String, Object> properties(Map<String, Object> object) {
        return (Map<String, Object>) object.computeIfAbsent("properties", _ -> new LinkedHashMap<String, Object>());
    }

    private static Map<String, Object> object(@org.jspecify.annotations.Nullable String description) {
        Map<String, Object> object = new LinkedHashMap<>();
        if (description != null) {
            object.put("description", description);
        }
        object.put("type", "object");
        object.put("additionalProperties", false);
        object.put("properties", new LinkedHashMap<String, Object>());
        return object;
    }

    private static Map<String, Object> leaf(Setting<?> setting) {
        Map<String, Object> leaf = new LinkedHashMap<>();
        leaf.put("description", setting.help() + " (" + setting.kind().words() + ")");
        if (setting.kind().words().startsWith("one of ")) {
            leaf.put(
                    "enum",
                    List.of(setting.kind().words().substring("one of ".length()).split(", ", -1)));
        } else if (setting.kind().words().equals("true or false")) {
            leaf.put("type", "boolean");
        } else {
            leaf.put("type", List.of("string", "number"));
        }
        if (setting.otherwise() != null) {
            leaf.put(
                    "default",
                    setting.kind().words().equals("true or false")
                            ? Boolean.valueOf(setting.otherwise())
                            : setting.otherwise());
        }
        return leaf;
    }
}
