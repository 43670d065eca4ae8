package dev.panoptes.integrity.declared;

/** What stands around a port, letter by letter. */
final class PortLetters {
    private PortLetters() {}

    static boolean isComment(String whole, String before) {
        String line = whole.stripLeading();
        if (line.startsWith("#")
                || line.startsWith("//")
                || line.startsWith(";")
                || line.startsWith("*")
                || line.startsWith("/*")
                || line.startsWith("-- ")
                || line.startsWith("<!--")) {
            return true;
        }
        return before.contains(" # ") || before.contains(" // ");
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    static boolean isBetween(char c) {
        return !isDigit(c) && (c < 'a' || c > 'z') && c != '\n' && c != ';';
    }

    static boolean isOfHost(char c) {
        return isOfWord(c) || c == '.' || c == ']';
    }

    static boolean isOfWord(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c) || c == '-' || c == '_';
    }

    /** What a name goes on with to its left, so that it is no host. */
    static boolean isOfPath(char c) {
        return c == '/' || c == '$' || c == '}' || c == ':' || c == '\\';
    }
}
