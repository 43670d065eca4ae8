package dev.panoptes.integrity.declared.code;

import dev.panoptes.integrity.declared.Language;

/**
 * Counts code lines: lines that are neither blank nor only comment. Of Python, lines that lie wholly in a docstring (a
 * triple-quoted text at the start of a line outside brackets) do not count either.
 */
final class LineCount {
    private final byte[] source;
    private int at;
    private int lines;
    private boolean code;

    private LineCount(byte[] source) {
        this.source = source;
    }

    static int of(Language language, byte[] source) {
        LineCount count = new LineCount(source);
        switch (language) {
            case PYTHON -> count.python();
            case SHELL -> count.shell();
            case JAVASCRIPT, TYPESCRIPT, GO, JAVA -> count.braces(language);
        }
        count.endLine();
        return count.lines;
    }

    private void endLine() {
        if (code) {
            lines++;
        }
        code = false;
    }

    private boolean is(int index, char c) {
        return index < source.length && source[index] == c;
    }

    private void toLineEnd() {
        while (at < source.length && source[at] != '\n') {
            at++;
        }
    }

    private void shell() {
        for (; at < source.length; at++) {
            if (source[at] == '\n') {
                endLine();
            } else if (source[at] == '#' && !code) {
                toLineEnd();
                at--;
            } else if (source[at] > ' ' || source[at] < 0) {
                code = true;
            }
        }
    }

    private void python() {
        int brackets = 0;
        for (; at < source.length; at++) {
            byte c = source[at];
            if (c == '\n') {
                endLine();
            } else if (c == '#') {
                toLineEnd();
                at--;
            } else if (c == '"' || c == '\'') {
                boolean documents = !code && brackets == 0;
                if (is(at + 1, (char) c) && is(at + 2, (char) c)) {
                    at += 3;
                    text((char) c, 3, !documents);
                    code |= !documents;
                } else {
                    code = true;
                    at++;
                    text((char) c, 1, true);
                }
            } else if (c > ' ' || c < 0) {
                brackets += c == '(' || c == '[' || c == '{' ? 1 : c == ')' || c == ']' || c == '}' ? -1 : 0;
                code = true;
            }
        }
    }

    /** Goes to the last character of a text that has begun. */
    private void text(char quote, int quotes, boolean counts) {
        for (; at < source.length; at++) {
            if (source[at] == '\\') {
                at++;
                if (is(at, '\n')) {
                    endLine();
                }
            } else if (source[at] == '\n') {
                if (quotes == 1 && quote != '`') {
                    at--;
                    return;
                }
                endLine();
            } else if (source[at] == quote && (quotes == 1 || (is(at + 1, quote) && is(at + 2, quote)))) {
                at += quotes - 1;
                return;
            } else if (counts && source[at] > ' ') {
                code = true;
            }
        }
    }

    private void braces(Language language) {
        for (; at < source.length; at++) {
            byte c = source[at];
            if (c == '\n') {
                endLine();
            } else if (c == '/' && is(at + 1, '/')) {
                toLineEnd();
                at--;
            } else if (c == '/' && is(at + 1, '*')) {
                comment();
            } else if (c == '"' || c == '\'' || (c == '`' && language != Language.JAVA)) {
                code = true;
                boolean block = language == Language.JAVA && c == '"' && is(at + 1, '"') && is(at + 2, '"');
                at += block ? 3 : 1;
                text((char) c, block ? 3 : 1, true);
            } else if (c > ' ' || c < 0) {
                code = true;
            }
        }
    }

    private void comment() {
        for (at += 2; at < source.length; at++) {
            if (source[at] == '\n') {
                endLine();
            } else if (source[at] == '*' && is(at + 1, '/')) {
                at++;
                return;
            }
        }
    }
}
