package dev.panoptes.code.tree;

import java.util.Arrays;

/**
 * A syntax tree copied out of native memory: parallel arrays in document order. Nodes are numbered from 0, the root; every node's
 * children follow it directly.
 *
 * @param types node type names by symbol
 * @param kinds by symbol: neither punctuation nor keyword nor comment
 * @param fields field names by id, 0 for none
 * @param size how many nodes there are
 * @param next the number of the node that follows the whole subtree of a node
 * @param left where the functions begin whose bodies were left out; ascending
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
        int[] next,
        int[] left) {
    /** True where a function begins here whose body was left out. */
    public boolean left(int offset) {
        return Arrays.binarySearch(left, offset) >= 0;
    }

    public SyntaxNode root() {
        return new SyntaxNode(this, 0);
    }
}
