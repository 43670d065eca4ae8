package dev.panoptes.integrity.report;

import org.jspecify.annotations.Nullable;

/** Escapes text for XML 1.0; characters that XML 1.0 forbids become U+FFFD. */
final class Xml {
    private Xml() {}

    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            String entity = entity(c);
            if (entity == null) {
                escaped.appendCodePoint(c);
            } else {
                escaped.append(entity);
            }
            i += Character.charCount(c);
        }
        return escaped.toString();
    }

    private static @Nullable String entity(int c) {
        return switch (c) {
            case '&' -> "&amp;";
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            case '"' -> "&quot;";
            case '\'' -> "&#39;";
            case '\t' -> "&#9;";
            case '\n' -> "&#10;";
            case '\r' -> "&#13;";
            default -> allowed(c) ? null : "\ufffd";
        };
    }

    private static boolean allowed(int c) {
        return (c >= 0x20 && c <= 0xd7ff) || (c >= 0xe000 && c <= 0xfffd) || c >= 0x10000;
    }
}
