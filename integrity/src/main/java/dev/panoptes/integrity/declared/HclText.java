package dev.panoptes.integrity.declared;

import dev.panoptes.integrity.declared.HclParser.Malformed;

/** The characters of an HCL file, read once from front to end. */
final class HclText {
    private static final int DEEPEST = 60;

    private final String text;
    private int at;
    private int line = 1;
    private int nested;

    HclText(String text) {
        this.text = text;
    }

    int line() {
        return line;
    }

    int position() {
        return at;
    }

    String from(int begin) {
        return text.substring(begin, at).strip();
    }

    boolean isEnd() {
        return at >= text.length();
    }

    boolean at(char c) {
        return at < text.length() && text.charAt(at) == c;
    }

    boolean startsWith(String prefix) {
        return text.startsWith(prefix, at);
    }

    void take() {
        if (text.charAt(at++) == '\n') {
            line++;
        }
    }

    /** Spaces and comments within a line. */
    void skipSpace() {
        while (!isEnd()) {
            char c = text.charAt(at);
            if (c == ' ' || c == '\t' || c == '\r') {
                at++;
            } else if (startsWith("/*")) {
                skipComment();
            } else {
                return;
            }
        }
    }

    /** The same with line ends and comments of a line. */
    void skipBlank() {
        while (!isEnd()) {
            skipSpace();
            if (at('\n') || at('\uFEFF')) {
                take();
            } else if (at('#') || startsWith("//")) {
                skipLine();
            } else {
                return;
            }
        }
    }

    private void skipLine() {
        while (!isEnd() && !at('\n')) {
            at++;
        }
    }

    private void skipComment() {
        int end = text.indexOf("*/", at + 2);
        int stop = end < 0 ? text.length() : end + 2;
        while (at < stop) {
            take();
        }
    }

    boolean isIdentifier() {
        return !isEnd() && isStart(text.charAt(at));
    }

    private static boolean isStart(char c) {
        return Character.isLetter(c) || c == '_';
    }

    /** Empty where none stands here. */
    String identifier() {
        int begin = at;
        while (!isEnd()
                && (isStart(text.charAt(at)) || (at > begin && (Character.isDigit(text.charAt(at)) || at('-'))))) {
            at++;
        }
        return text.substring(begin, at);
    }

    /** An identifier, a number, a path of names. */
    String word() {
        int begin = at;
        while (!isEnd() && (Character.isLetterOrDigit(text.charAt(at)) || "_-.+".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        return text.substring(begin, at);
    }

    /** A text in quotes; templates in it stay as they are written. */
    String quoted() throws Malformed {
        int begin = line;
        StringBuilder value = new StringBuilder();
        at++;
        while (!at('"')) {
            if (isEnd() || at('\n')) {
                throw new Malformed(begin, "a text has no closing quote");
            }
            if (startsWith("${") || startsWith("%{")) {
                int start = at;
                skipTemplate();
                value.append(text, start, at);
            } else if (startsWith("$${") || startsWith("%%{")) {
                value.append(text.charAt(at));
                at += 2;
            } else if (at('\\') && at + 1 < text.length()) {
                at += escape(value);
            } else {
                value.append(text.charAt(at++));
            }
        }
        at++;
        return value.toString();
    }

    private int escape(StringBuilder value) {
        char next = text.charAt(at + 1);
        if (next == 'u'
                && at + 6 <= text.length()
                && text.substring(at + 2, at + 6).matches("[0-9a-fA-F]{4}")) {
            value.append((char) Integer.parseInt(text.substring(at + 2, at + 6), 16));
            return 6;
        }
        int known = "nrtbf".indexOf(next);
        value.append(known >= 0 ? "\n\r\t\b\f".charAt(known) : next);
        return 2;
    }

    private void skipTemplate() throws Malformed {
        int begin = line;
        int depth = 0;
        if (++nested > DEEPEST) {
            throw new Malformed(line, "a template is nested too deep");
        }
        do {
            if (isEnd()) {
                throw new Malformed(begin, "a template is not closed");
            }
            if (at('"')) {
                quoted();
                continue;
            }
            depth += at('{') ? 1 : at('}') ? -1 : 0;
            take();
        } while (depth > 0 || text.charAt(at - 1) == '$' || text.charAt(at - 1) == '%');
        nested--;
    }

    /** {@code <<EOF} or {@code <<-EOF}, with its lines. */
    String heredoc() throws Malformed {
        int begin = line;
        at += startsWith("<<-") ? 3 : 2;
        String marker = identifier();
        if (marker.isEmpty()) {
            throw new Malformed(begin, "a text has no marker");
        }
        skipLine();
        StringBuilder value = new StringBuilder();
        while (!isEnd()) {
            take();
            int start = at;
            skipLine();
            String each = text.substring(start, at);
            if (each.strip().equals(marker)) {
                return value.toString();
            }
            value.append(each).append('\n');
        }
        throw new Malformed(begin, "a text is not closed by " + marker);
    }

    /** True where a value ends: at the end of its line, or of what holds it. */
    boolean isEndOfValue() {
        return isEnd() || ",]})\n#".indexOf(text.charAt(at)) >= 0 || startsWith("//");
    }

    /** The rest of an expression, with what is in brackets. */
    void skipExpression() throws Malformed {
        int begin = line;
        int depth = 0;
        while (!isEnd()) {
            char c = text.charAt(at);
            if (c == '"') {
                quoted();
                continue;
            }
            if (depth == 0 && (",]})\n".indexOf(c) >= 0)) {
                return;
            }
            depth += "([{".indexOf(c) >= 0 ? 1 : ")]}".indexOf(c) >= 0 ? -1 : 0;
            take();
        }
        if (depth > 0) {
            throw new Malformed(begin, "an expression is not closed");
        }
    }

    /** From a bracket at {@code begin} to after the one that closes it. */
    void skipTo(int begin, int beginLine, char bracket) throws Malformed {
        at = begin;
        line = beginLine;
        take();
        while (!isEnd() && !(at(bracket == '[' ? ']' : '}'))) {
            skipExpression();
            if (at(',') || at('\n') || (at(')'))) {
                take();
            } else if (at(bracket == '[' ? '}' : ']')) {
                throw new Malformed(line, "a bracket closes what another opened");
            }
        }
        if (isEnd()) {
            throw new Malformed(line, "a bracket is not closed");
        }
        take();
    }
}
