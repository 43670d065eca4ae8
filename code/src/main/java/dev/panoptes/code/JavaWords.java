package dev.panoptes.code;

/** What the words of a Java file say about it: it is a program where it has a main method. */
final class JavaWords {
    private JavaWords() {}

    static WordScan scan(byte[] source) {
        for (int i = 0; i + 5 < source.length; i++) {
            boolean wordStart = i > 0 && !Words.part(source[i - 1]);
            if (source[i] == 'm' && wordStart && PythonWords.is(source, i, i + 4, "main")) {
                int at = i + 4;
                while (at < source.length && source[at] == ' ') {
                    at++;
                }
                if (at < source.length && source[at] == '(' && voidBefore(source, i)) {
                    return new WordScan(true, true);
                }
            }
        }
        return new WordScan(false, false);
    }

    private static boolean voidBefore(byte[] source, int at) {
        int end = at;
        while (end > 0 && source[end - 1] <= ' ') {
            end--;
        }
        return end >= 4 && PythonWords.is(source, end - 4, end, "void");
    }
}
