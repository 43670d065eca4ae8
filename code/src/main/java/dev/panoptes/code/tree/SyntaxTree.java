package dev.panoptes.code.tree;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A syntax tree copied out of native memory: parallel arrays in document order. Immutable. Nodes are numbered from 0, the
 * root; every node's children follow it directly.
 */
public final class SyntaxTree {
    private final byte[] source;
    private final String[] types;
    private final boolean[] named;
    private final String[] fields;
    private final int size;
    private final short[] type;
    private final byte[] field;
    private final int[] start;
    private final int[] end;
    private final int[] next;

    /**
     * @param types node type names by symbol
     * @param named by symbol: neither punctuation nor keyword nor comment
     * @param fields field names by id, 0 for none
     * @param next the number of the node that follows the whole subtree of a node
     */
    SyntaxTree(
            byte[] source,
            String[] types,
            boolean[] named,
            String[] fields,
            int size,
            short[] type,
            byte[] field,
            int[] start,
            int[] end,
            int[] next) {
        this.source = source;
        this.types = types;
        this.named = named;
        this.fields = fields;
        this.size = size;
        this.type = type;
        this.field = field;
        this.start = start;
        this.end = end;
        this.next = next;
    }

    public SyntaxNode root() {
        return new SyntaxNode(this, 0);
    }

    public int size() {
        return size;
    }

    String type(int node) {
        return types[type[node] & 0xffff];
    }

    boolean named(int node) {
        return named[type[node] & 0xffff];
    }

    int start(int node) {
        return start[node];
    }

    int end(int node) {
        return end[node];
    }

    String text(int node) {
        return new String(source, start[node], end[node] - start[node], StandardCharsets.UTF_8);
    }

    @Nullable
    SyntaxNode child(int node, String fieldName) {
        for (int child = node + 1; child < next[node]; child = next[child]) {
            if (fieldName.equals(fields[field[child]])) {
                return new SyntaxNode(this, child);
            }
        }
        return null;
    }

    List<SyntaxNode> children(int node) {
        List<SyntaxNode> children = new ArrayList<>();
        for (int child = node + 1; child < next[node]; child = next[child]) {
            children.add(new SyntaxNode(this, child));
        }
        return children;
    }

    List<SyntaxNode> namedChildren(int node) {
        List<SyntaxNode> children = new ArrayList<>();
        for (int child = node + 1; child < next[node]; child = next[child]) {
            if (named[type[child] & 0xffff]) {
                children.add(new SyntaxNode(this, child));
            }
        }
        return children;
    }

    @Nullable
    String field(int node) {
        return fields[field[node]];
    }
}
