package dev.panoptes.core.text;

/** Makes visible what would not be seen and yet change what is: control sequences, marks of direction, line separators. */
public final class Visible {
    private Visible() {}

    /**
     * The text with every control, format, surrogate and line-separating character as {@code \}{@code u{hex}}; line breaks
     * and tabs become a space. The same text where there are none.
     */
    public static String of(String text) {
        StringBuilder clean = null;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            int length = Character.charCount(c);
            if (harmful(c)) {
                if (clean == null) {
                    clean = new StringBuilder(text.length() + 16).append(text, 0, i);
                }
                clean.append(c == '\n' || c == '\t' || c == '\r' ? " " : "\\u{" + Integer.toHexString(c) + "}");
            } else if (clean != null) {
                clean.appendCodePoint(c);
            }
            i += length;
        }
        return clean == null ? text : clean.toString();
    }

    private static boolean harmful(int c) {
        if (c >= ' ' && c < 0x7f) {
            return false;
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
