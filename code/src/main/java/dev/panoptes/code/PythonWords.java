package dev.panoptes.code;

import dev.panoptes.code.library.Table;

/** What the words of a Python file say about it. */
final class PythonWords {
    private static final Table TABLE = Table.of(Language.PYTHON);
    /** Packages that bind, route or define applications. */
    private static final Words PACKAGES = new Words(TABLE.words("imports"));
    /** Words that say so wherever they stand. */
    private static final Words TELLING = new Words(TABLE.words("words"));
    /** Calls in the first column that start nothing. */
    private static final Words PREPARING = new Words(TABLE.words("preparing"));

    private PythonWords() {}

    static WordScan scan(byte[] source) {
        boolean eager = false;
        boolean starts = false;
        boolean importing = false;
        int i = 0;
        while (i < source.length && !eager) {
            byte b = source[i];
            if (!Words.part(b)) {
                importing &= b != '\n';
                eager |= b == '/' && i > 0 && (source[i - 1] == '"' || source[i - 1] == '\'') && health(source, i + 1);
                i++;
                continue;
            }
            int start = i;
            while (i < source.length && Words.part(source[i])) {
                i++;
            }
            boolean lineStart = start == 0 || source[start - 1] == '\n';
            if (importing || TELLING.has(source, start, i)) {
                eager |= TELLING.has(source, start, i) || PACKAGES.has(source, start, i);
            }
            if (is(source, start, i, "import") || is(source, start, i, "from")) {
                importing = lineStart || blankBefore(source, start) || importing;
            } else if (lineStart && !PREPARING.has(source, start, i)) {
                starts |= calls(source, i);
            }
            starts |= is(source, start, i, "__main__") || is(source, start, i, "listen");
        }
        return new WordScan(eager, starts || eager);
    }

    private static boolean blankBefore(byte[] source, int start) {
        int at = start - 1;
        while (at >= 0 && (source[at] == ' ' || source[at] == '\t')) {
            at--;
        }
        return at < 0 || source[at] == '\n';
    }

    static boolean is(byte[] source, int start, int end, String word) {
        if (end - start != word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (source[start + i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    static boolean health(byte[] source, int at) {
        int end = at;
        while (end < source.length && Words.part(source[end])) {
            end++;
        }
        return is(source, at, end, "health") || is(source, at, end, "healthz");
    }

    /** A call that begins in the first column: {@code main()}, {@code server.serve()}. */
    static boolean calls(byte[] source, int from) {
        int i = from;
        while (i < source.length && (Words.part(source[i]) || source[i] == '.')) {
            i++;
        }
        return i < source.length && source[i] == '(';
    }
}
