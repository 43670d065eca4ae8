package dev.panoptes.integrity.declared;

import dev.panoptes.code.PortValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the fields of a Kubernetes object hold, as far as no tool has still to fill them in. */
final class ManifestYaml {
    private static final int MOST = 2_000;
    private static final int HIGHEST_PORT = 65_535;

    /** How templates and scripts mark what they replace; {@code $(VAR)} is Kubernetes' own and none of them. */
    private static final Pattern PLACEHOLDER =
            Pattern.compile("\\{\\{|\\$\\{|\\$[A-Za-z_]|<[A-Za-z_][^>]*>|__[A-Za-z]\\w*__|@[A-Z_]{2,}@|%[A-Z_]{2,}%"
                    + "|\\b(REPLACE|CHANGE|CHANGEME|PLACEHOLDER|TODO|FIXME)(_\\w+)?\\b");

    private ManifestYaml() {}

    /** True where somebody still has to replace a part of the text. */
    static boolean isPlaceholder(String text) {
        return PLACEHOLDER.matcher(text).find();
    }

    /** The mapping at a path of keys; null where there is none. */
    static YamlNode.@Nullable Fields fields(@Nullable YamlNode from, String... path) {
        return at(from, path) instanceof YamlNode.Fields fields ? fields : null;
    }

    /** The entries of the list at a path of keys; empty where there is none. */
    static List<YamlNode> items(@Nullable YamlNode from, String... path) {
        return at(from, path) instanceof YamlNode.Items items
                ? items.items().subList(0, Math.min(MOST, items.items().size()))
                : List.of();
    }

    /** The scalar at a path of keys; null where there is none, or none but null. */
    static @Nullable String text(@Nullable YamlNode from, String... path) {
        return at(from, path) instanceof YamlNode.Scalar scalar && !scalar.isNull() ? scalar.text() : null;
    }

    static boolean isTrue(@Nullable YamlNode from, String... path) {
        return "true".equals(text(from, path));
    }

    static @Nullable YamlNode at(@Nullable YamlNode from, String... path) {
        YamlNode node = from;
        for (String key : path) {
            node = node instanceof YamlNode.Fields fields ? fields.get(key) : null;
        }
        return node;
    }

    /** Labels and the like: every entry whose value is a scalar. */
    static Map<String, String> strings(@Nullable YamlNode from) {
        Map<String, String> strings = new LinkedHashMap<>();
        if (from instanceof YamlNode.Fields fields) {
            fields.entries(MOST).forEach((key, field) -> {
                if (field.value() instanceof YamlNode.Scalar scalar) {
                    strings.put(key, scalar.isNull() ? "" : scalar.text());
                }
            });
        }
        return strings;
    }

    /** True where a mapping holds what a tool has still to replace. */
    static boolean isOpen(@Nullable YamlNode from) {
        if (from == null || from.isNull()) {
            return false;
        }
        return !(from instanceof YamlNode.Fields fields)
                || fields.entries(MOST).entrySet().stream()
                        .anyMatch(entry -> isPlaceholder(entry.getKey())
                                || !(entry.getValue().value() instanceof YamlNode.Scalar scalar)
                                || isPlaceholder(scalar.text()));
    }

    /** A port by its number; null where the field is absent. One that is written by its name is not known here. */
    static @Nullable PortValue port(@Nullable YamlNode node) {
        if (node == null || node.isNull()) {
            return null;
        }
        if (node instanceof YamlNode.Scalar scalar && scalar.text().matches("[0-9]{1,5}")) {
            int port = Integer.parseInt(scalar.text());
            if (port >= 1 && port <= HIGHEST_PORT) {
                return new PortValue.Known(port, null);
            }
        }
        return new PortValue.Unresolved("a port of the manifest is no number yet: a tool fills it in", null);
    }

    static @Nullable Integer number(@Nullable YamlNode node) {
        return port(node) instanceof PortValue.Known(int port, String _) ? port : null;
    }
}
