package dev.panoptes.code.tree;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A node of a syntax tree. */
public record SyntaxNode(SyntaxTree tree, int index) {
    /** As the grammar calls it: {@code call}, {@code string}, {@code "("} ... */
    public String type() {
        return tree.types()[tree.type()[index] & 0xffff];
    }

    public boolean is(String type) {
        return type().equals(type);
    }

    /** Byte offset of the first byte. */
    public int start() {
        return tree.start()[index];
    }

    /** Byte offset after the last byte. */
    public int end() {
        return tree.end()[index];
    }

    public String text() {
        return new String(tree.source(), start(), end() - start(), StandardCharsets.UTF_8);
    }

    /** The first child in this field; null where there is none. */
    public @Nullable SyntaxNode child(String field) {
        for (int child = index + 1; child < tree.next()[index]; child = tree.next()[child]) {
            if (field.equals(tree.fields()[tree.field()[child]])) {
                return new SyntaxNode(tree, child);
            }
        }
        return null;
    }

    /** All children, comments and punctuation included. */
    public List<SyntaxNode> children() {
        return children(true);
    }

    /** Children that the grammar names: no punctuation, no keyword, no comment. */
    public List<SyntaxNode> named() {
        return children(false);
    }

    private List<SyntaxNode> children(boolean all) {
        List<SyntaxNode> children = new ArrayList<>();
        for (int child = index + 1; child < tree.next()[index]; child = tree.next()[child]) {
            if (all || tree.kinds()[tree.type()[child] & 0xffff]) {
                children.add(new SyntaxNode(tree, child));
            }
        }
        return children;
    }

    /** The field that this node fills in its parent; null where it fills none. */
    public @Nullable String field() {
        return tree.fields()[tree.field()[index]];
    }
}
