package dev.panoptes.cli.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The variables that a service manager gives to a service, as systemd.exec(5) describes {@code EnvironmentFile=}. */
final class EnvironmentFile {
    private EnvironmentFile() {}

    /** @throws IOException where it is not there or cannot be read */
    static Map<String, String> read(Path file) throws IOException {
        return parse(Files.readString(file));
    }

    /** Lines {@code NAME=value}, whole values quoted or not; a backslash ends a line that goes on; no variables within. */
    static Map<String, String> parse(String text) {
        Map<String, String> variables = new LinkedHashMap<>();
        for (String line : text.replace("\\\n", "").lines().map(String::strip).toList()) {
            int equals = line.indexOf('=');
            if (equals > 0 && !line.startsWith("#") && !line.startsWith(";")) {
                variables.put(
                        line.substring(0, equals).strip(),
                        unquoted(line.substring(equals + 1).strip()));
            }
        }
        return variables;
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() > 1
                && (value.startsWith("\"") || value.startsWith("'"))
                && value.charAt(value.length() - 1) == value.charAt(0);
        return quoted ? value.substring(1, value.length() - 1) : value;
    }
}
