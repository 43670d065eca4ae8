package dev.panoptes.server.api;

import dev.panoptes.server.http.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** {@code openapi.yaml}, as it is shipped. Read when somebody asks for it, not at the start. */
public final class ApiDescription {
    private static final String FILE = "/openapi.yaml";

    private ApiDescription() {}

    static String yaml() {
        try (InputStream in = ApiDescription.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException(FILE + " is not in the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] json() {
        return Json.write(root());
    }

    private static Map<?, ?> root() {
        Object root = new Load(LoadSettings.builder().setLabel(FILE).build()).loadFromString(yaml());
        if (root instanceof Map<?, ?> map) {
            return map;
        }
        throw new IllegalStateException(FILE + " is no map");
    }

    /**
     * One call, as the page shows it.
     *
     * @param description empty where there is none
     */
    public record Call(String method, String path, String tag, String access, String summary, String description) {}

    /** Every call, in the order of the file. */
    public static List<Call> calls() {
        List<Call> calls = new ArrayList<>();
        map(root().get("paths"))
                .forEach((path, item) -> map(item).forEach((method, operation) -> {
                    Map<?, ?> fields = map(operation);
                    calls.add(new Call(
                            method.toString().toUpperCase(java.util.Locale.ROOT),
                            path.toString(),
                            fields.get("tags") instanceof List<?> tags
                                    ? tags.getFirst().toString()
                                    : "",
                            text(fields, "x-access"),
                            text(fields, "summary"),
                            text(fields, "description")));
                }));
        return calls;
    }

    /** What the description begins with. */
    public static String introduction() {
        return text(map(root().get("info")), "description");
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    private static String text(Map<?, ?> fields, String name) {
        Object value = fields.get(name);
        return value == null ? "" : value.toString();
    }
}
