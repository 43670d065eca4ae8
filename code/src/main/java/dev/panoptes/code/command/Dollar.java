package dev.panoptes.code.command;

import org.jspecify.annotations.Nullable;

/**
 * What a dollar sign begins (POSIX shell, 2.6 Word Expansions; systemd.service(5) knows the plain forms only).
 *
 * @param end index after it
 */
public record Dollar(Word.Part part, int end) {
    /** What stands at this dollar sign; null where it means itself. */
    public static @Nullable Dollar at(String text, int dollar) {
        if (dollar + 1 >= text.length()) {
            return null;
        }
        char next = text.charAt(dollar + 1);
        if (next == '{') {
            return braced(text, dollar);
        }
        if (next == '(') {
            int end = closing(text, dollar + 1, '(', ')');
            return new Dollar(new Word.Part.Opaque(text.substring(dollar, end)), end);
        }
        if (isNameStart(next)) {
            int end = nameEnd(text, dollar + 1);
            String name = text.substring(dollar + 1, end);
            return new Dollar(new Word.Part.Variable(name, null, "$" + name), end);
        }
        return Character.isDigit(next) || "@*#?!-".indexOf(next) >= 0
                ? new Dollar(new Word.Part.Opaque(text.substring(dollar, dollar + 2)), dollar + 2)
                : null;
    }

    private static Dollar braced(String text, int dollar) {
        int end = closing(text, dollar + 1, '{', '}');
        String source = text.substring(dollar, end);
        String inside = text.substring(dollar + 2, Math.max(dollar + 2, end - 1));
        int nameEnd = nameEnd(inside, 0);
        if (nameEnd == 0) {
            return new Dollar(new Word.Part.Opaque(source), end);
        }
        String name = inside.substring(0, nameEnd);
        String rest = inside.substring(nameEnd);
        if (rest.isEmpty() || rest.startsWith(":?") || rest.startsWith("?")) {
            return new Dollar(new Word.Part.Variable(name, null, source), end);
        }
        for (String operator : new String[] {":-", ":=", "-", "="}) {
            if (rest.startsWith(operator)) {
                return new Dollar(
                        new Word.Part.Variable(name, unquoted(rest.substring(operator.length())), source), end);
            }
        }
        return new Dollar(new Word.Part.Opaque(source), end);
    }

    private static String unquoted(String text) {
        boolean quoted = text.length() >= 2
                && (text.charAt(0) == '"' || text.charAt(0) == '\'')
                && text.charAt(text.length() - 1) == text.charAt(0);
        return quoted ? text.substring(1, text.length() - 1) : text;
    }

    /** Index after the bracket that closes the one at {@code open}; the end of the text where none does. */
    public static int closing(String text, int open, char opening, char closing) {
        int depth = 0;
        for (int i = open; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == opening) {
                depth++;
            } else if (c == closing && --depth == 0) {
                return i + 1;
            }
        }
        return text.length();
    }

    public static boolean isNameStart(char c) {
        return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    /** Index after the variable name that begins at {@code from}. */
    public static int nameEnd(String text, int from) {
        int end = from;
        while (end < text.length()
                && (isNameStart(text.charAt(end))
                        || (end > from && text.charAt(end) >= '0' && text.charAt(end) <= '9'))) {
            end++;
        }
        return end;
    }
}
