package dev.panoptes.integrity.declared;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What {@code env} and {@code envFrom} of a container set (Kubernetes API reference, "EnvVar", "EnvFromSource"). ConfigMaps of the tree
 * are looked up; what Secrets and fields of the pod hold is not known.
 */
final class PodEnvironment {
    /** {@code $(VAR)}; {@code $$(VAR)} stands for itself. */
    private static final Pattern REFERENCE = Pattern.compile("\\$(\\$)?\\(([A-Za-z_][-.\\w]*)\\)");

    private final Map<String, ConfigMap> configMaps = new HashMap<>();

    /**
     * @param data never printed
     * @param open why it may hold other values; null where not
     */
    record ConfigMap(Map<String, String> data, @Nullable String open) {
        ConfigMap {
            data = Map.copyOf(data);
        }
    }

    /** Of several of one name, as overlays have them, nothing is known. */
    void add(String namespace, String name, ConfigMap map) {
        configMaps.merge(
                namespace + "/" + name,
                map,
                (one, other) -> new ConfigMap(Map.of(), name + " is there more than once"));
    }

    private @Nullable ConfigMap find(String namespace, @Nullable String name) {
        ConfigMap own = configMaps.get(namespace + "/" + name);
        return own != null || namespace.isEmpty() ? own : configMaps.get("/" + name);
    }

    ComposeFile.Environment of(String namespace, YamlNode.Fields container) {
        Map<String, String> known = new HashMap<>();
        Set<String> unclear = new HashSet<>();
        String incomplete = null;
        for (YamlNode source : ManifestYaml.items(container, "envFrom")) {
            String prefix = ManifestYaml.text(source, "prefix");
            String name = ManifestYaml.text(source, "configMapRef", "name");
            ConfigMap map = name == null ? null : find(namespace, name);
            if (map == null || map.open() != null) {
                incomplete = name == null
                        ? "a Secret may set more"
                        : map == null ? "the ConfigMap " + name + " is not in the tree" : map.open();
            } else {
                map.data().forEach((key, value) -> known.put((prefix == null ? "" : prefix) + key, value));
            }
        }
        for (YamlNode each : ManifestYaml.items(container, "env")) {
            String name = ManifestYaml.text(each, "name");
            if (name == null) {
                continue;
            }
            String value = value(namespace, each, known);
            known.remove(name);
            unclear.remove(name);
            if (value == null || ManifestYaml.isPlaceholder(value)) {
                unclear.add(name);
            } else {
                known.put(name, value);
            }
        }
        return new ComposeFile.Environment(known, unclear, incomplete);
    }

    private @Nullable String value(String namespace, YamlNode variable, Map<String, String> known) {
        if (ManifestYaml.at(variable, "valueFrom") == null) {
            YamlNode value = ManifestYaml.at(variable, "value");
            return value == null || value.isNull()
                    ? ""
                    : value instanceof YamlNode.Scalar scalar ? expanded(scalar.text(), known) : null;
        }
        ConfigMap map = find(namespace, ManifestYaml.text(variable, "valueFrom", "configMapKeyRef", "name"));
        String key = ManifestYaml.text(variable, "valueFrom", "configMapKeyRef", "key");
        return map == null || key == null || map.open() != null
                ? null
                : map.data().get(key);
    }

    /** With {@code $(VAR)} replaced where the variable is known; else it stays, as Kubernetes leaves it. */
    static String expanded(String text, Map<String, String> known) {
        if (text.indexOf('$') < 0) {
            return text;
        }
        return REFERENCE
                .matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(
                        found.group(1) != null
                                ? found.group().substring(1)
                                : known.getOrDefault(found.group(2), found.group())));
    }
}
