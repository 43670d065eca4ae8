package dev.panoptes.code.tree;

/** The grammars that can be loaded. Each is a native library of its own and is loaded when first used. */
public enum Grammar {
    PYTHON("python"),
    JAVASCRIPT("javascript"),
    TYPESCRIPT("typescript"),
    GO("go"),
    JAVA("java"),
    BASH("bash");

    private final String word;

    Grammar(String word) {
        this.word = word;
    }

    String library() {
        return "tree-sitter-" + word;
    }

    String symbol() {
        return "tree_sitter_" + word;
    }
}
