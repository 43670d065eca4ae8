package dev.panoptes.code.syntax;

import java.util.ArrayList;
import java.util.List;

/**
 * Where the bodies of the outermost functions of a Python file stand, told by its logical lines (Python's reference, 2.1): strings and
 * brackets may span lines, a backslash joins two, and a body is what is indented more than its {@code def}.
 */
final class PythonLines {
    private static final int DEEPEST = 200;
    private static final int TAB = 8;

    private final byte[] source;
    private final byte[] open = new byte[DEEPEST];
    private int depth;
    private int at;
    /** The end of the last token that was passed. */
    private int last;

    /** After the first colon outside of brackets of a logical line; 0 for none. */
    private int colon;

    private PythonLines(byte[] source) {
        this.source = source;
    }

    /** The lines of the file are not certain. */
    private static final class Odd extends Exception {
        private static final long serialVersionUID = 1L;

        private Odd() {
            super("", null, false, false);
        }
    }

    /**
     * @param start of {@code def}, or of {@code async} before it
     * @param header after the colon
     * @param end after the last token of the body
     * @param next the beginning of the first line of code behind it, or the end of the file
     */
    record Body(int start, int header, int end, int next) {}

    /** In their order; none where the lines of the file are not certain. */
    static List<Body> bodies(byte[] source) {
        try {
            return new PythonLines(source).bodies();
        } catch (Odd e) {
            return List.of();
        }
    }

    private List<Body> bodies() throws Odd {
        List<Body> bodies = new ArrayList<>();
        int start = -1;
        int header = 0;
        int outer = 0;
        while (at < source.length) {
            int line = at;
            int indent = indent();
            if (at < source.length && source[at] != '\n' && source[at] != '#') {
                if (start >= 0 && indent <= outer) {
                    bodies.add(new Body(start, header, last, line));
                    start = -1;
                }
                if (source[at] == '\\') {
                    throw new Odd();
                }
                int first = at;
                boolean defines = start < 0 && defines();
                logicalLine();
                if (defines && colon == last) {
                    start = first;
                    header = colon;
                    outer = indent;
                }
            } else {
                comment();
                at++;
            }
        }
        if (start >= 0) {
            bodies.add(new Body(start, header, last, source.length));
        }
        return bodies;
    }

    private int indent() throws Odd {
        int indent = 0;
        for (; at < source.length; at++) {
            switch (source[at]) {
                case ' ' -> indent++;
                case '\t' -> indent += TAB;
                case '\f' -> indent = 0;
                case '\r' -> carriageReturn();
                default -> {
                    return indent;
                }
            }
        }
        return indent;
    }

    private void carriageReturn() throws Odd {
        if (at + 1 >= source.length || source[at + 1] != '\n') {
            throw new Odd();
        }
    }

    private boolean defines() {
        int from = at;
        if (word(from, "async")) {
            from += "async".length();
            while (from < source.length && source[from] == ' ') {
                from++;
            }
        }
        return word(from, "def");
    }

    private boolean word(int from, String word) {
        int end = from + word.length();
        if (end >= source.length || wordPart(source[end])) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (source[from + i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean wordPart(byte b) {
        return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') || b == '_' || b < 0;
    }

    private void comment() {
        while (at < source.length && source[at] != '\n') {
            at++;
        }
    }

    /** From its first token behind its end. */
    private void logicalLine() throws Odd {
        colon = 0;
        while (at < source.length) {
            byte b = source[at];
            if (b == '\n') {
                at++;
                if (depth == 0) {
                    return;
                }
            } else if (b == '#') {
                comment();
            } else if (b == ' ' || b == '\t' || b == '\f') {
                at++;
            } else if (b == '\r') {
                carriageReturn();
                at++;
            } else if (b == '\\') {
                joined();
            } else {
                token(b);
                last = at;
                if (b == ':' && depth == 0 && colon == 0) {
                    colon = at;
                }
            }
        }
        if (depth > 0) {
            throw new Odd();
        }
    }

    /** A backslash at the end of a line. */
    private void joined() throws Odd {
        at++;
        if (at < source.length && source[at] == '\r') {
            at++;
        }
        if (at >= source.length || source[at] != '\n') {
            throw new Odd();
        }
        at++;
    }

    private void token(byte b) throws Odd {
        if (wordPart(b)) {
            int start = at;
            while (at < source.length && wordPart(source[at])) {
                at++;
            }
            if (at < source.length && (source[at] == '"' || source[at] == '\'')) {
                string(formatted(start));
            }
            return;
        }
        switch (b) {
            case '"', '\'' -> string(false);
            case '(', '[', '{' -> {
                push(b);
                at++;
            }
            case ')', ']', '}' -> {
                pop(b);
                at++;
            }
            case '`', '$', '?', 0 -> throw new Odd();
            default -> at++;
        }
    }

    private void push(byte opening) throws Odd {
        if (depth == DEEPEST) {
            throw new Odd();
        }
        open[depth++] = opening;
    }

    private void pop(byte closing) throws Odd {
        int opening = closing == ')' ? '(' : closing == ']' ? '[' : '{';
        if (depth == 0 || open[--depth] != opening) {
            throw new Odd();
        }
    }

    /** True where the letters before a quote make what is in braces code. */
    private boolean formatted(int start) throws Odd {
        boolean formatted = false;
        for (int i = start; i < at; i++) {
            switch (source[i]) {
                case 'f', 'F' -> formatted = true;
                case 'r', 'R', 'b', 'B', 'u', 'U' -> {}
                default -> throw new Odd();
            }
        }
        return formatted;
    }

    /** From its opening quote behind its end. */
    private void string(boolean formatted) throws Odd {
        byte quote = source[at];
        boolean triple = quoted(quote);
        at += triple ? 3 : 1;
        while (at < source.length) {
            byte b = source[at];
            if (b == '\\') {
                if (formatted && at + 1 < source.length && source[at + 1] == '{') {
                    throw new Odd();
                }
                at += 2;
            } else if (b == quote && (!triple || quoted(quote))) {
                at += triple ? 3 : 1;
                return;
            } else if (b == '\n' && !triple) {
                throw new Odd();
            } else if (b == '{' && formatted) {
                braces();
            } else {
                at++;
            }
        }
        throw new Odd();
    }

    private boolean quoted(byte quote) {
        return at + 2 < source.length && source[at + 1] == quote && source[at + 2] == quote;
    }

    /** Code between braces in a string, or two braces for one. */
    private void braces() throws Odd {
        at++;
        if (at < source.length && source[at] == '{') {
            at++;
            return;
        }
        int outside = depth;
        push((byte) '{');
        while (at < source.length && depth > outside) {
            byte b = source[at];
            if (b == '\n' || b == '#' || b == '\\') {
                throw new Odd();
            }
            if (b == ':' && depth == outside + 1) {
                format();
            } else {
                token(b);
            }
        }
    }

    /** How a value between braces is written, up to the brace that closes it. */
    private void format() throws Odd {
        while (at < source.length && source[at] != '}') {
            switch (source[at]) {
                case '"', '\'', '\n', '\\' -> throw new Odd();
                case '{' -> braces();
                default -> at++;
            }
        }
    }
}
