package dev.panoptes.code;

/** The languages of source files. */
public enum Language {
    PYTHON(true),
    JAVASCRIPT(true),
    TYPESCRIPT(true),
    GO(true),
    JAVA(true),
    SHELL(true);

    private final boolean read;

    Language(boolean read) {
        this.read = read;
    }

    /**
     * True where what a program of this language binds and reports is read. Of the others only lines are counted, so that
     * "binds nothing" is not known of a directory that holds some. Set it with the reader of the language, not before.
     */
    public boolean read() {
        return read;
    }
}
