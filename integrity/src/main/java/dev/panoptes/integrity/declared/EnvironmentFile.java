package dev.panoptes.integrity.declared;

import java.util.LinkedHashMap;
import java.util.Map;

/** An environment file as compose reads it (Compose Specification, "Env_file"): {@code NAME=value} by line. */
final class EnvironmentFile {
    static final int LARGEST_BYTES = 1 << 20;

    private static final int MOST_VARIABLES = 5_000;

    private EnvironmentFile() {}

    /** The variables whose value does not depend on others that are not set; the last of one name counts. */
    static Map<String, String> parse(String text) {
        Map<String, String> variables = new LinkedHashMap<>();
        for (String raw : text.split("\r\n|\n|\r")) {
            if (variables.size() >= MOST_VARIABLES) {
                break;
            }
            String line = raw.strip();
            if (line.startsWith("export ")) {
                line = line.substring("export ".length()).strip();
            }
            int equals = separator(line);
            if (line.startsWith("#") || equals <= 0) {
                continue;
            }
            String name = line.substring(0, equals).strip();
            put(variables, name, line.substring(equals + 1).strip());
        }
        return variables;
    }

    /** Where the value begins: compose also takes {@code NAME: value}. */
    private static int separator(String line) {
        int equals = line.indexOf('=');
        int colon = line.indexOf(':');
        return colon > 0 && (equals < 0 || colon < equals) ? colon : equals;
    }

    private static void put(Map<String, String> variables, String name, String written) {
        if (name.isEmpty() || name.length() > 256) {
            return;
        }
        if (written.startsWith("'")) {
            int end = written.indexOf('\'', 1);
            variables.put(name, written.substring(1, end < 0 ? written.length() : end));
            return;
        }
        String plain = written.startsWith("\"") ? doubleQuoted(written) : withoutComment(written);
        ComposeVariables.Replaced value = plain.indexOf('$') < 0
                ? new ComposeVariables.Replaced(plain, java.util.List.of())
                : new ComposeVariables(variables).replace(plain);
        if (value.isKnown()) {
            variables.put(name, value.value());
        } else {
            variables.remove(name);
        }
    }

    private static String doubleQuoted(String written) {
        StringBuilder plain = new StringBuilder();
        for (int i = 1; i < written.length() && written.charAt(i) != '"'; i++) {
            char c = written.charAt(i);
            if (c == '\\' && i + 1 < written.length()) {
                char next = written.charAt(++i);
                plain.append(next == 'n' ? "\n" : next == '$' ? "$$" : String.valueOf(next));
            } else {
                plain.append(c);
            }
        }
        return plain.toString();
    }

    private static String withoutComment(String written) {
        int comment = written.indexOf(" #");
        return (comment < 0 ? written : written.substring(0, comment)).strip();
    }
}
