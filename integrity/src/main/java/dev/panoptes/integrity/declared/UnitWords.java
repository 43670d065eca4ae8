package dev.panoptes.integrity.declared;

import dev.panoptes.code.command.Dollar;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Quoting, escapes, specifiers and assignments in the values of unit files (systemd.syntax(7), systemd.unit(5)). */
final class UnitWords {
    private static final int MOST_WORDS = 4_096;

    private UnitWords() {}

    /** Splits at white space; quotes hold a word together and are removed; C escapes are undone. */
    static List<String> split(String value) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        char quote = 0;
        int at = 0;
        while (at < value.length() && words.size() < MOST_WORDS) {
            char c = value.charAt(at);
            if (c == '\\' && at + 1 < value.length()) {
                inWord = true;
                at = escape(value, at, word);
                continue;
            }
            if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    word.append(c);
                }
            } else if (c == '"' || c == '\'') {
                quote = c;
                inWord = true;
            } else if (Character.isWhitespace(c)) {
                if (inWord) {
                    words.add(word.toString());
                    word.setLength(0);
                }
                inWord = false;
            } else {
                inWord = true;
                word.append(c);
            }
            at++;
        }
        if (inWord && words.size() < MOST_WORDS) {
            words.add(word.toString());
        }
        return words;
    }

    private static int escape(String value, int at, StringBuilder word) {
        char c = value.charAt(at + 1);
        if (c == 'x' && at + 4 <= value.length()) {
            int code = hex(value.substring(at + 2, Math.min(at + 4, value.length())));
            if (code > 0) {
                word.append((char) code);
                return at + 4;
            }
        }
        int known = "nrtsafbv\\\"'".indexOf(c);
        if (known >= 0) {
            word.append("\n\r\t \u0007\f\b\u000B\\\"'".charAt(known));
        } else {
            word.append('\\').append(c);
        }
        return at + 2;
    }

    private static int hex(String digits) {
        return digits.length() == 2 && digits.chars().allMatch(c -> Character.digit(c, 16) >= 0)
                ? Integer.parseInt(digits, 16)
                : -1;
    }

    /** Replaces the specifiers that the unit's name answers; others, and {@code %i} of a template, stay. */
    static String specifiers(String value, String unitName) {
        if (value.indexOf('%') < 0) {
            return value;
        }
        String plain = unitName.endsWith(".service") ? unitName.substring(0, unitName.length() - 8) : unitName;
        int at = plain.indexOf('@');
        String prefix = at < 0 ? plain : plain.substring(0, at);
        String instance = at < 0 ? "" : plain.substring(at + 1);
        StringBuilder resolved = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c != '%' || i + 1 == value.length()) {
                resolved.append(c);
                continue;
            }
            char specifier = value.charAt(++i);
            boolean ofTemplate = at >= 0 && instance.isEmpty();
            switch (specifier) {
                case '%' -> resolved.append('%');
                case 'n' -> resolved.append(ofTemplate ? "%n" : unitName);
                case 'N' -> resolved.append(ofTemplate ? "%N" : plain);
                case 'p' -> resolved.append(prefix);
                case 'P' -> resolved.append(unescaped(prefix));
                case 'j' -> resolved.append(lastPart(prefix));
                case 'J' -> resolved.append(unescaped(lastPart(prefix)));
                case 'i' -> resolved.append(ofTemplate ? "%i" : instance);
                case 'I' -> resolved.append(ofTemplate ? "%I" : unescaped(instance));
                default -> resolved.append('%').append(specifier);
            }
        }
        return resolved.toString();
    }

    private static String lastPart(String prefix) {
        return prefix.substring(prefix.lastIndexOf('-') + 1);
    }

    /** A dash stands for a slash, and {@code \xNN} for a byte (systemd.unit(5), "String Escaping for Inclusion in Unit Names"). */
    private static String unescaped(String name) {
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < name.length(); at++) {
            char c = name.charAt(at);
            int code = c == '\\' && at + 4 <= name.length() && name.charAt(at + 1) == 'x'
                    ? hex(name.substring(at + 2, at + 4))
                    : -1;
            if (code > 0) {
                text.append((char) code);
                at += 3;
            } else {
                text.append(c == '-' ? '/' : c);
            }
        }
        return text.toString();
    }

    /** The variables that {@code Environment=} values assign; later ones win. */
    static Map<String, String> assignments(List<String> values) {
        Map<String, String> variables = new HashMap<>();
        for (String value : values) {
            for (String word : split(value)) {
                int end = Dollar.nameEnd(word, 0);
                if (end > 0 && end < word.length() && word.charAt(end) == '=') {
                    variables.put(word.substring(0, end), word.substring(end + 1));
                }
            }
        }
        return variables;
    }

    /** The variables of an environment file (systemd.exec(5), EnvironmentFile=). */
    static Map<String, String> environmentFile(String text) {
        Map<String, String> variables = new HashMap<>();
        for (String line :
                text.replace("\\\r\n", "").replace("\\\n", "").lines().toList()) {
            String stripped = line.strip();
            int end = Dollar.nameEnd(stripped, 0);
            if (end > 0 && end < stripped.length() && stripped.charAt(end) == '=') {
                variables.put(
                        stripped.substring(0, end),
                        unquoted(stripped.substring(end + 1).strip()));
            }
        }
        return variables;
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2
                && (value.charAt(0) == '"' || value.charAt(0) == '\'')
                && value.indexOf(value.charAt(0), 1) == value.length() - 1;
        return quoted ? value.substring(1, value.length() - 1) : value;
    }
}
