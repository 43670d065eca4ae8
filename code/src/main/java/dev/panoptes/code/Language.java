package dev.panoptes.code;

/** The languages of source files. */
public enum Language {
    PYTHON("python"),
    JAVASCRIPT("javascript"),
    TYPESCRIPT("typescript"),
    GO("go"),
    JAVA("java"),
    SHELL("bash");

    private final String grammar;

    Language(String grammar) {
        this.grammar = grammar;
    }

    /** What tree-sitter calls its grammar. */
    public String grammar() {
        return grammar;
    }
}
