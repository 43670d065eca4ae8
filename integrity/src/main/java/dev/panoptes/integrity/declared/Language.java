package dev.panoptes.integrity.declared;

/** The languages whose code is read. */
public enum Language {
    PYTHON,
    JAVASCRIPT,
    TYPESCRIPT,
    GO,
    JAVA,
    SHELL
}
