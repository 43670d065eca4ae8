package dev.panoptes.code.syntax;

import java.util.List;
import java.util.Locale;

/** Literals as the languages write them. */
final class Literals {
    /** Longer texts name no host, port, path or agent; they are not kept. */
    static final int LONGEST = 1_000;

    private Literals() {}

    /** Decimal, hexadecimal, octal and binary integers with {@code _}; anything else is unread. */
    static Expression integer(String text) {
        String digits = text.replace("_", "").toLowerCase(Locale.ROOT);
        try {
            if (digits.startsWith("0x")) {
                return new Expression.Literal(Long.parseLong(digits.substring(2), 16));
            }
            if (digits.startsWith("0o")) {
                return new Expression.Literal(Long.parseLong(digits.substring(2), 8));
            }
            if (digits.startsWith("0b")) {
                return new Expression.Literal(Long.parseLong(digits.substring(2), 2));
            }
            String plain =
                    digits.endsWith("l") || digits.endsWith("n") ? digits.substring(0, digits.length() - 1) : digits;
            return new Expression.Literal(Long.parseLong(plain));
        } catch (NumberFormatException e) {
            return decimal(text);
        }
    }

    /** What stands between quotes, escapes replaced; a text of several lines without what indents it. */
    static String unquoted(String text) {
        if (text.startsWith("\"\"\"") && text.length() >= 6) {
            return unescape(text.substring(3, text.length() - 3)).strip();
        }
        if (text.length() < 2 || "\"'`".indexOf(text.charAt(0)) < 0) {
            return text;
        }
        String inner = text.substring(1, text.length() - 1);
        return text.charAt(0) == '`' ? inner : unescape(inner);
    }

    /** A text of parts; itself where it is a single literal. */
    static Expression joined(List<Expression> parts) {
        if (parts.isEmpty()) {
            return new Expression.Literal("");
        }
        return parts.size() == 1 && parts.getFirst() instanceof Expression.Literal only
                ? only
                : new Expression.Template(parts);
    }

    /** A text, unless it is a long one. */
    static Expression text(String text) {
        return text.length() > LONGEST ? Expression.UNREAD : new Expression.Literal(text);
    }

    static Expression decimal(String text) {
        try {
            return new Expression.Literal(Double.parseDouble(text.replace("_", "")));
        } catch (NumberFormatException e) {
            return Expression.UNREAD;
        }
    }

    /** Backslash escapes of C, Python, JavaScript, Go and Java; unknown ones stay as they are. */
    static String unescape(String text) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\' || i + 1 == text.length()) {
                plain.append(c);
                continue;
            }
            i++;
            char escaped = text.charAt(i);
            switch (escaped) {
                case 'n' -> plain.append('\n');
                case 't' -> plain.append('\t');
                case 'r' -> plain.append('\r');
                case '0' -> plain.append('\0');
                case '\n' -> {}
                case '\\', '\'', '"', '`', '/', '$' -> plain.append(escaped);
                case 'x' -> i = coded(text, i, 2, plain);
                case 'u' -> i = coded(text, i, 4, plain);
                default -> plain.append('\\').append(escaped);
            }
        }
        return plain.toString();
    }

    private static int coded(String text, int at, int digits, StringBuilder plain) {
        if (at + digits < text.length()) {
            try {
                plain.append((char) Integer.parseInt(text.substring(at + 1, at + 1 + digits), 16));
                return at + digits;
            } catch (NumberFormatException e) {
                plain.append('\\').append(text.charAt(at));
                return at;
            }
        }
        plain.append('\\').append(text.charAt(at));
        return at;
    }
}
