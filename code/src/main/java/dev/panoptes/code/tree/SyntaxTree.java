package dev.panoptes.code.tree;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A syntax tree copied out of native memory: parallel arrays in document order. Nodes are numbered from 0, the root; every node's
 * children follow it directly.
 *
 * @param types node type names by symbol
 * @param kinds by symbol: neither punctuation nor keyword nor comment
 * @param fields field names by id, 0 for none
 * @param size how many nodes there are
 * @param next the number of the node that follows the whole subtree of a node
 */
public record SyntaxTree(
        byte[] source,
        String[] types,
        boolean[] kinds,
        String[] fields,
        int size,
        short[] type,
        byte[] field,
        int[] start,
        int[] end,
        int[] next) {
    public SyntaxNode root() {
        return new SyntaxNode(this, 0);
    }

    String type(int node) {
        return types[type[node] & 0xffff];
    }

    boolean named(int node) {
        return kinds[type[node] & 0xffff];
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
            if (kinds[type[child] & 0xffff]) {
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
