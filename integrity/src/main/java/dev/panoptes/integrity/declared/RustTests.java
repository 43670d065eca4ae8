package dev.panoptes.integrity.declared;

/** Blanks the modules of tests of Rust's sources, which are in no program that is built for use. */
final class RustTests {
    private static final String MARK = "#[cfg(test)]";
    /** Between the mark and the module there are other attributes at most. */
    private static final int NEAR = 200;

    private RustTests() {}

    /** The same text without modules that begin and end at the margin; its lines keep their numbers. */
    static String blanked(String text) {
        StringBuilder blanked = new StringBuilder(text.length());
        int copied = 0;
        for (int at = text.indexOf(MARK); at >= 0; at = text.indexOf(MARK, at)) {
            String head = text.substring(at, Math.min(text.length(), at + NEAR));
            int module = head.indexOf("mod ");
            int brace = head.indexOf('{');
            boolean whole = (at == 0 || text.charAt(at - 1) == '\n')
                    && module > 0
                    && brace > module
                    && head.substring(MARK.length(), brace).indexOf(';') < 0
                    && head.substring(brace).startsWith("{\n");
            int end = whole ? text.indexOf("\n}", at + brace) : -1;
            if (whole && end < 0) {
                break;
            }
            if (!whole) {
                at += MARK.length();
                continue;
            }
            blanked.append(text, copied, at);
            text.substring(at, end).chars().filter(c -> c == '\n').forEach(c -> blanked.append('\n'));
            blanked.append('\n');
            copied = end + 2;
            at = copied;
        }
        return blanked.append(text, copied, text.length()).toString();
    }
}
