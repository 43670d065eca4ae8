package dev.panoptes.code;

import dev.panoptes.code.library.Table;

/**
 * Looks at the words of a file before it is parsed: most files neither bind nor report nor define anything, and need not be
 * parsed unless another one takes something from them. The words stand in the tables.
 *
 * @param eager it may bind, route or define an application
 * @param starts it may be run as a program, or is eager
 */
record WordScan(boolean eager, boolean starts) {
    static WordScan of(Language language, byte[] source) {
        return switch (language) {
            case PYTHON -> words(source, Python.TELLING, "\"'");
            case JAVASCRIPT, TYPESCRIPT -> words(source, JavaScript.TELLING, "\"'` ");
            case GO -> main(source, "func", false);
            case JAVA -> main(source, "void", true);
            case SHELL -> shell(source);
        };
    }

    /**
     * The tables' words of one language.
     *
     * @param anywhere words that say so wherever they stand
     * @param imports packages that bind, route or define applications
     * @param preparing calls in the first column that start nothing
     */
    private record Telling(Words anywhere, Words imports, Words preparing) {
        static Telling of(Table table) {
            return new Telling(
                    new Words(table.words("words")),
                    new Words(table.words("imports")),
                    new Words(table.words("preparing")));
        }
    }

    /** Made when the language is first met. */
    private static final class Python {
        private static final Telling TELLING = Telling.of(Table.of(Language.PYTHON));
    }

    private static final class JavaScript {
        private static final Telling TELLING = Telling.of(Table.of(Language.JAVASCRIPT));
    }

    private static final class Shell {
        private static final Words RUNNERS = new Words(Table.of(Language.SHELL).words("runners"));
    }

    /** @param quotes what may stand before the path of a health endpoint */
    private static WordScan words(byte[] source, Telling telling, String quotes) {
        boolean eager = false;
        boolean starts = false;
        boolean importing = false;
        int i = 0;
        while (i < source.length && !eager) {
            boolean first = lineStart(source, i);
            if (!Words.part(source[i])) {
                importing &= source[i] != '\n';
                eager = health(source, i, quotes);
                starts |= source[i] == '(' && first;
                i++;
                continue;
            }
            int start = i;
            i = Words.end(source, i);
            eager = telling.anywhere.has(source, start, i) || (importing && telling.imports.has(source, start, i));
            if (Words.is(source, start, i, "import") || Words.is(source, start, i, "from")) {
                importing |= blankBefore(source, start);
            } else if (first) {
                starts |= !telling.preparing.has(source, start, i) && calls(source, i);
                starts |= Words.is(source, start, i, "await");
            }
            starts |= Words.is(source, start, i, "__main__") || Words.is(source, start, i, "listen");
        }
        return new WordScan(eager, starts || eager);
    }

    private static WordScan shell(byte[] source) {
        boolean runs = false;
        for (int i = 0; i < source.length && !runs; i++) {
            int end = Words.end(source, i);
            runs = end > i && Shell.RUNNERS.has(source, i, end);
            i = Math.max(i, end);
        }
        return new WordScan(runs, runs);
    }

    /**
     * A program of Go or Java is one with a main function.
     *
     * @param before the word that stands before it
     * @param anywhere false where that word begins a line
     */
    private static WordScan main(byte[] source, String before, boolean anywhere) {
        for (int i = 0; i < source.length; i++) {
            int end = Words.end(source, i);
            if (Words.is(source, i, end, before) && (anywhere || lineStart(source, i))) {
                int name = blanksAfter(source, end);
                int after = Words.end(source, name);
                int bracket = blanksAfter(source, after);
                if (Words.is(source, name, after, "main") && bracket < source.length && source[bracket] == '(') {
                    return new WordScan(true, true);
                }
            }
            i = Math.max(i, end);
        }
        return new WordScan(false, false);
    }

    private static int blanksAfter(byte[] source, int from) {
        int at = from;
        while (at < source.length && source[at] >= 0 && source[at] <= ' ') {
            at++;
        }
        return at;
    }

    private static boolean lineStart(byte[] source, int at) {
        return at == 0 || source[at - 1] == '\n';
    }

    private static boolean blankBefore(byte[] source, int start) {
        int at = start;
        while (at > 0 && (source[at - 1] == ' ' || source[at - 1] == '\t')) {
            at--;
        }
        return lineStart(source, at);
    }

    /** The path of a health endpoint begins here, behind a quote. */
    private static boolean health(byte[] source, int slash, String quotes) {
        if (source[slash] != '/' || slash == 0 || quotes.indexOf(source[slash - 1]) < 0) {
            return false;
        }
        int end = Words.end(source, slash + 1);
        return Words.is(source, slash + 1, end, "health") || Words.is(source, slash + 1, end, "healthz");
    }

    /** A call that begins in the first column: {@code main()}, {@code server.serve()}. */
    private static boolean calls(byte[] source, int from) {
        int i = from;
        while (i < source.length && (Words.part(source[i]) || source[i] == '.')) {
            i++;
        }
        return i < source.length && source[i] == '(';
    }
}
