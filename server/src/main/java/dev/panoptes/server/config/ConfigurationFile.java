package dev.panoptes.server.config;

import java.util.Map;
import java.util.TreeMap;

/**
 * A {@code panoptes.yaml} that gives the same settings again, for a backup. It holds what somebody set, wherever they set it.
 * Secrets are named, and their values left out.
 */
public final class ConfigurationFile {
    /** Under which a server keeps its own in its data directory. */
    public static final String NAME = "settings.yaml";

    private static final String HEAD = """
        # What was set when this backup was made, wherever it was set. To use it, read it, put the secrets
        # that are named below where they were, and copy it to /etc/panoptes/panoptes.yaml.
        """;

    private ConfigurationFile() {}

    public static String of(Configuration configuration) {
        Map<String, Object> tree = new TreeMap<>();
        StringBuilder text = new StringBuilder(HEAD);
        for (Configuration.Set each : configuration.set()) {
            if (each.setting().secret()) {
                text.append("# secret, not in this file: ")
                        .append(each.setting().key())
                        .append(", set by ")
                        .append(plain(each.source()))
                        .append('\n');
            } else {
                put(tree, each.setting().key(), each.text());
            }
        }
        write(text, tree, 0);
        return text.toString();
    }

    @SuppressWarnings("unchecked") // put() makes nothing but texts and such maps
    private static void put(Map<String, Object> tree, String key, String value) {
        int dot = key.indexOf('.');
        if (dot < 0) {
            tree.put(key, value);
            return;
        }
        Object below = tree.computeIfAbsent(key.substring(0, dot), _ -> new TreeMap<String, Object>());
        put((Map<String, Object>) below, key.substring(dot + 1), value);
    }

    private static void write(StringBuilder text, Map<?, ?> tree, int depth) {
        tree.forEach((key, value) -> {
            text.repeat(' ', 2 * depth).append(key).append(':');
            if (value instanceof Map<?, ?> below) {
                text.append('\n');
                write(text, below, depth + 1);
            } else {
                text.append(" '")
                        .append(plain(String.valueOf(value)).replace("'", "''"))
                        .append("'\n");
            }
        });
    }

    private static String plain(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }
}
