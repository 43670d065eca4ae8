package dev.panoptes.code;

/**
 * Looks at the words of a file before it is parsed: most files neither bind nor report nor define anything, and need not be
 * parsed unless another one takes something from them.
 *
 * @param eager it may bind, route or define an application
 * @param starts it may be run as a program, or is eager
 */
record WordScan(boolean eager, boolean starts) {
    static WordScan of(Language language, byte[] source) {
        return switch (language) {
            case PYTHON -> PythonWords.scan(source);
            case JAVASCRIPT, TYPESCRIPT -> JavaScriptWords.scan(source);
            case GO -> GoWords.scan(source);
            case JAVA -> JavaWords.scan(source);
            case SHELL -> ShellWords.scan(source);
        };
    }
}
