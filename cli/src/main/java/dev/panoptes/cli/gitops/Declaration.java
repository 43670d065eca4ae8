package dev.panoptes.cli.gitops;

import dev.panoptes.cli.shell.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a directory of files declares.
 *
 * @param configs by agent: {@code rules}, {@code settings} and {@code limits}, or {@code config}
 * @param limits by agent: numbers by resource
 * @param schemas JSON Schema by the agents' name
 * @param waivers null where there is no such file, which is not the same as an empty list
 * @param silences the same
 */
public record Declaration(
        Map<String, JsonNode> configs,
        Map<String, JsonNode> limits,
        Map<String, JsonNode> schemas,
        @Nullable List<JsonNode> waivers,
        @Nullable List<JsonNode> silences) {
    static final String CONFIGS = "configs";
    static final String LIMITS = "limits";
    static final String SCHEMAS = "schemas";
    static final String WAIVERS = "waivers.yaml";
    static final String SILENCES = "silences.yaml";

    /** @throws UsageException with the first file that is not as it must be, or where there is none at all */
    public static Declaration read(Path directory) throws UsageException {
        Declaration read = new Declaration(
                named(
                        directory.resolve(CONFIGS),
                        "agent",
                        Declaration::isConfig,
                        "rules, settings and limits, or config"),
                named(directory.resolve(LIMITS), "agent", Declaration::isLimits, "limits, a number for each resource"),
                named(
                        directory.resolve(SCHEMAS),
                        "agent_name",
                        each -> each.path("schema").isObject(),
                        "schema"),
                list(directory.resolve(WAIVERS), each -> texts(each, "issue", "owner", "reason", "expires")),
                list(
                        directory.resolve(SILENCES),
                        each -> texts(each, "reason", "expires_at")
                                && each.path("matcher").isObject()));
        for (String agent : read.limits.keySet()) {
            JsonNode config = read.configs.get(agent);
            if (config != null && (config.has("limits") || config.has("config"))) {
                throw new UsageException(
                        "the limits of " + agent + " are declared twice", "In its file below configs or below limits");
            }
        }
        if (read.empty()) {
            throw new UsageException(
                    "there is nothing to apply in " + directory,
                    "It takes configs/*.yaml, limits/*.yaml, schemas/*.yaml, waivers.yaml, silences.yaml; panoptes"
                            + " export makes them");
        }
        return read;
    }

    private boolean empty() {
        return configs.isEmpty() && limits.isEmpty() && schemas.isEmpty() && waivers == null && silences == null;
    }

    private static boolean isConfig(JsonNode file) {
        if (file.has("config")) {
            return file.path("config").isObject() && file.size() == 2;
        }
        for (String name : file.propertyNames()) {
            boolean fits = switch (name) {
                case "agent" -> true;
                case "rules" -> file.path(name).isArray();
                case "settings", "limits" -> file.path(name).isObject();
                default -> false;
            };
            if (!fits) {
                return false;
            }
        }
        return file.size() > 1;
    }

    private static boolean isLimits(JsonNode file) {
        JsonNode limits = file.path("limits");
        return file.size() == 2 && limits.isObject() && limits.valueStream().allMatch(JsonNode::isNumber);
    }

    private static boolean texts(JsonNode file, String... names) {
        return Stream.of(names)
                .allMatch(name -> file.path(name).isString()
                        && !file.path(name).asString().isEmpty());
    }

    private static Map<String, JsonNode> named(Path directory, String key, Predicate<JsonNode> fits, String expected)
            throws UsageException {
        Map<String, JsonNode> found = new TreeMap<>();
        for (Path file : files(directory)) {
            JsonNode node = Yaml.read(file);
            if (!node.isObject() || !texts(node, key) || !fits.test(node)) {
                throw new UsageException(file + " must hold " + key + ", and " + expected, "");
            }
            if (found.put(node.path(key).asString(), node) != null) {
                throw new UsageException(
                        file + " declares " + node.path(key).asString() + ", which another file does too", "");
            }
        }
        return found;
    }

    private static List<Path> files(Path directory) throws UsageException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(each -> each.getFileName().toString().matches("[^.].*\\.ya?ml"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UsageException(directory + " cannot be read: " + e.getMessage(), "");
        }
    }

    private static @Nullable List<JsonNode> list(Path file, Predicate<JsonNode> fits) throws UsageException {
        if (!Files.exists(file)) {
            return null;
        }
        JsonNode node = Yaml.read(file);
        if (node.isNull()) {
            return List.of();
        }
        List<JsonNode> entries = new ArrayList<>();
        for (JsonNode each : node) {
            entries.add(each);
        }
        for (int i = 0; i < entries.size(); i++) {
            if (!fits.test(entries.get(i))) {
                throw new UsageException(
                        "entry " + (i + 1) + " of " + file + " is not complete",
                        "waivers: issue, owner, reason, expires. silences: matcher, reason, expires_at");
            }
        }
        if (!node.isArray()) {
            throw new UsageException(file + " must be a list", "");
        }
        return List.copyOf(entries);
    }
}
