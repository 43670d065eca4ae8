package dev.panoptes.code.tree;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A node of a syntax tree. */
public record SyntaxNode(SyntaxTree tree, int index) {
    /** As the grammar calls it: {@code call}, {@code string}, {@code "("} ... */
    public String type() {
        return tree.type(index);
    }

    public boolean is(String type) {
        return type().equals(type);
    }

    /** Byte offset of the first byte. */
    public int start() {
        return tree.start(index);
    }

    /** Byte offset after the last byte. */
    public int end() {
        return tree.end(index);
    }

    public String text() {
        return tree.text(index);
    }

    /** The first child in this field; null where there is none. */
    public @Nullable SyntaxNode child(String field) {
        return tree.child(index, field);
    }

    /** All children, comments and punctuation included. */
    public List<SyntaxNode> children() {
        return tree.children(index);
    }

    /** Children that the grammar names: no punctuation, no keyword, no comment. */
    public List<SyntaxNode> named() {
        return tree.namedChildren(index);
    }

    /** The field that this node fills in its parent; null where it fills none. */
    public @Nullable String field() {
        return tree.field(index);
    }
}
