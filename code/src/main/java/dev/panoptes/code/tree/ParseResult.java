package dev.panoptes.code.tree;

/** What parsing one text gave. */
public sealed interface ParseResult {
    record Parsed(SyntaxTree tree) implements ParseResult {}

    /** The text needs more time or nesting than is allowed. */
    record TooHard(String reason) implements ParseResult {}
}
