package dev.panoptes.code;

/** What the words of a Go file say about it: it is a program where it has a main function. */
final class GoWords {
    private GoWords() {}

    static WordScan scan(byte[] source) {
        for (int i = 0; i + 9 < source.length; i++) {
            boolean lineStart = i == 0 || source[i - 1] == '\n';
            if (lineStart && source[i] == 'f' && PythonWords.is(source, i, i + 4, "func")) {
                int at = i + 4;
                while (at < source.length && (source[at] == ' ' || source[at] == '\t')) {
                    at++;
                }
                if (at + 4 < source.length && PythonWords.is(source, at, at + 4, "main") && source[at + 4] == '(') {
                    return new WordScan(true, true);
                }
            }
        }
        return new WordScan(false, false);
    }
}
