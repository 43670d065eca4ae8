package dev.panoptes.integrity.declared;

import org.jspecify.annotations.Nullable;

/**
 * Takes the object that a JavaScript file exports, where it is written out as one literal, and writes it as a YAML flow mapping. What is
 * computed stays as it is written, a plain scalar that is no number. Lines stay where they are.
 */
final class ObjectLiteral {
    private final String text;
    private final StringBuilder flow = new StringBuilder();
    private int at;
    private int depth;

    private ObjectLiteral(String text) {
        this.text = text;
    }

    /** Null where the file exports no literal, or one that cannot be written so: with templates, functions or odd strings. */
    static @Nullable String exported(String text) {
        int export = Math.max(text.indexOf("module.exports"), text.indexOf("export default"));
        int open = export < 0 ? -1 : text.indexOf('{', export);
        if (open < 0 || !text.substring(export, open).strip().matches("module\\.exports\\s*=|export default")) {
            return null;
        }
        ObjectLiteral literal = new ObjectLiteral(text);
        literal.at = open;
        literal.flow.append(
                "\n".repeat((int) text.substring(0, open).lines().count() - (startsLine(text, open) ? 0 : 1)));
        return literal.written() ? literal.flow.toString() : null;
    }

    private static boolean startsLine(String text, int at) {
        return at > 0 && text.charAt(at - 1) == '\n';
    }

    private boolean written() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '/') {
                if (!comment()) {
                    return false;
                }
                continue;
            }
            switch (c) {
                case '"', '\'' -> {
                    if (!string(c)) {
                        return false;
                    }
                }
                case '`', '(', '=', '&', '*', '!', '%', '@', '?', '|', '>', '<', '#' -> {
                    return false;
                }
                case '{', '[' -> {
                    depth++;
                    flow.append(c);
                    at++;
                }
                case '}', ']' -> {
                    depth--;
                    flow.append(c);
                    at++;
                    if (depth == 0) {
                        return true;
                    }
                }
                case ':' -> {
                    flow.append(": ");
                    at++;
                }
                case '\t', '\r' -> {
                    flow.append(' ');
                    at++;
                }
                default -> {
                    flow.append(c);
                    at++;
                }
            }
        }
        return false;
    }

    /** Steps over a comment; its line breaks stay. */
    private boolean comment() {
        char next = at + 1 < text.length() ? text.charAt(at + 1) : 0;
        int end = next == '/' ? text.indexOf('\n', at) : next == '*' ? text.indexOf("*/", at) + 2 : -1;
        if ((next != '/' && next != '*') || end < 2) {
            return false;
        }
        text.substring(at, end).chars().filter(c -> c == '\n').forEach(c -> flow.append('\n'));
        at = end;
        return true;
    }

    private boolean string(char quote) {
        int end = text.indexOf(quote, at + 1);
        if (end < 0
                || text.substring(at, end).indexOf('\n') >= 0
                || text.substring(at, end).indexOf('\\') >= 0) {
            return false;
        }
        flow.append(text, at, end + 1);
        at = end + 1;
        return true;
    }
}
