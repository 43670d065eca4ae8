package dev.panoptes.code;

import dev.panoptes.code.library.Table;

/** What the words of a JavaScript or TypeScript file say about it. */
final class JavaScriptWords {
    private static final Table TABLE = Table.of(Language.JAVASCRIPT);
    private static final Words TELLING = new Words(TABLE.words("words"));
    private static final Words PREPARING = new Words(TABLE.words("preparing"));

    private JavaScriptWords() {}

    static WordScan scan(byte[] source) {
        boolean eager = false;
        boolean starts = false;
        int i = 0;
        while (i < source.length && !eager) {
            byte b = source[i];
            if (!Words.part(b)) {
                eager |= b == '/'
                        && i > 0
                        && (source[i - 1] == '"'
                                || source[i - 1] == '\''
                                || source[i - 1] == '`'
                                || source[i - 1] == ' ')
                        && PythonWords.health(source, i + 1);
                starts |= b == '(' && (i == 0 || source[i - 1] == '\n');
                i++;
                continue;
            }
            int start = i;
            while (i < source.length && Words.part(source[i])) {
                i++;
            }
            eager |= TELLING.has(source, start, i);
            boolean lineStart = start == 0 || source[start - 1] == '\n';
            starts |= lineStart && !PREPARING.has(source, start, i) && PythonWords.calls(source, i);
            starts |= PythonWords.is(source, start, i, "await") && lineStart;
        }
        return new WordScan(eager, starts || eager);
    }
}
