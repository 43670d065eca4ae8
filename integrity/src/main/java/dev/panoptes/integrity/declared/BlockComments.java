package dev.panoptes.integrity.declared;

/** Blanks the comments of sources that stand between a slash with a star and a star with a slash. */
final class BlockComments {
    /** What is longer is more likely no comment but a pattern of paths and another one far below. */
    private static final int LONGEST = 20_000;

    private BlockComments() {}

    /** The same text without them; its lines keep their numbers. */
    static String blanked(String text) {
        StringBuilder blanked = new StringBuilder(text.length());
        int copied = 0;
        int end = -1;
        for (int at = text.indexOf("/*"); at >= 0; at = text.indexOf("/*", at)) {
            end = end < at + 2 ? text.indexOf("*/", at + 2) : end;
            if (end < 0) {
                break;
            }
            if (isPath(text, at + 2) || end - at - 2 > LONGEST) {
                at++;
                continue;
            }
            blanked.append(text, copied, at);
            text.substring(at, end).chars().filter(c -> c == '\n').forEach(c -> blanked.append('\n'));
            copied = end + 2;
            at = copied;
        }
        return blanked.append(text, copied, text.length()).toString();
    }

    /** A pattern of paths goes on with a slash or ends: {@code "src/*"}, {@code /**}{@code /}. */
    private static boolean isPath(String text, int behind) {
        int at = behind < text.length() && text.charAt(behind) == '*' ? behind + 1 : behind;
        return is(text, behind) || is(text, at);
    }

    private static boolean is(String text, int at) {
        return at < text.length() && "\"'/".indexOf(text.charAt(at)) >= 0;
    }
}
