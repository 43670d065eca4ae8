package dev.panoptes.server.configs;

import dev.panoptes.server.auth.Secrets;
import dev.panoptes.server.http.Json;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A configuration as it was put: rules, settings and limits, or, from older clients, one free object under {@code config}.
 *
 * @param body JSON, exactly as it was put
 */
public record ConfigDocument(String body) {
    /** What an agent has that was never configured. */
    public static final ConfigDocument EMPTY = new ConfigDocument("{\"rules\":[],\"settings\":{},\"limits\":{}}");

    private static final String CONFIG = "config";

    /** SHA-256 of the body, hex: what an agent says that it runs. */
    public String hash() {
        return HexFormat.of().formatHex(Secrets.hash(body));
    }

    private Map<?, ?> root() {
        return Json.readOwn(body, Map.class);
    }

    /** rules, settings and limits, whichever way it was put. */
    public Map<String, Object> parts() {
        Map<?, ?> root = root();
        Object free = root.get(CONFIG);
        Map<?, ?> whole = free instanceof Map<?, ?> map ? map : root;
        boolean parted = List.of("rules", "settings", "limits").containsAll(whole.keySet());
        Map<String, Object> parts = new LinkedHashMap<>();
        parts.put("rules", parted && whole.get("rules") instanceof List<?> rules ? rules : List.of());
        parts.put(
                "settings",
                !parted ? whole : whole.get("settings") instanceof Map<?, ?> settings ? settings : Map.of());
        parts.put("limits", parted && whole.get("limits") instanceof Map<?, ?> limits ? limits : Map.of());
        return parts;
    }

    /** As one free object. */
    public Object free() {
        Map<?, ?> root = root();
        @Nullable Object free = root.get(CONFIG);
        return free == null ? root : free;
    }

    /** The limits that are numbers, JSON. */
    String limits() {
        Map<String, Object> numbers = new LinkedHashMap<>();
        if (parts().get("limits") instanceof Map<?, ?> limits) {
            limits.forEach((name, limit) -> {
                if (limit instanceof Number) {
                    numbers.put(String.valueOf(name), limit);
                }
            });
        }
        return Json.writeText(numbers);
    }

    /** rules, settings and limits as JSON. */
    public String partsJson() {
        return Json.writeText(parts());
    }
}
