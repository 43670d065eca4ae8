package dev.panoptes.integrity.declared;

import dev.panoptes.code.CodeDirectory;

/** What is there of the directory that an agent links to. */
public sealed interface DirectoryLink {
    /** The agent's code. */
    record Linked(CodeDirectory directory) implements DirectoryLink {}

    /** The directory is there but holds no code in a language we read. @param rootPath below the root */
    record WithoutCode(String rootPath) implements DirectoryLink {}

    /** There is no such directory. @param wanted where it was looked for, below the root */
    record Missing(String wanted) implements DirectoryLink {}

    /** @param reason one sentence: why it is not known whether it is there */
    record Unclear(String reason) implements DirectoryLink {}
}
