package dev.panoptes.detection.analytics;

import java.io.DataInputStream;
import java.io.IOException;

/** Decision trees whose leaves are added up. A node asks whether a feature is at most its threshold; then it goes left. */
final class NameTrees {
    /** The first node of each tree. */
    private final int[] roots;

    /**
     * Four numbers a node, so that it is one read of memory: feature, bits of the threshold, the node to the left and the one to
     * the right; below zero a leaf, of which it is the complement.
     */
    private final int[] nodes;

    private final float[] leaves;

    private NameTrees(int trees, int nodes) {
        roots = new int[trees];
        this.nodes = new int[4 * nodes];
        leaves = new float[nodes + trees];
    }

    static NameTrees read(DataInputStream in) throws IOException {
        NameTrees trees = new NameTrees(in.readUnsignedShort(), in.readUnsignedShort());
        int node = 0;
        int leaf = 0;
        for (int tree = 0; tree < trees.roots.length; tree++) {
            int nodes = in.readUnsignedByte();
            int root = node;
            trees.roots[tree] = 4 * root;
            for (int i = 0; i < nodes; i++, node++) {
                trees.nodes[4 * node] = in.readByte();
                trees.nodes[4 * node + 1] = in.readInt();
                for (int side = 2; side < 4; side++) {
                    int to = in.readByte();
                    trees.nodes[4 * node + side] = to < 0 ? to - leaf : 4 * (root + to);
                }
            }
            for (int i = 0; i <= nodes; i++) {
                trees.leaves[leaf++] = in.readFloat();
            }
        }
        return trees;
    }

    double score(float[] of) {
        double sum = 0;
        for (int root : roots) {
            int at = root;
            while (at >= 0) {
                at = nodes[at + 2 + (of[nodes[at]] > Float.intBitsToFloat(nodes[at + 1]) ? 1 : 0)];
            }
            sum += leaves[~at];
        }
        return sum;
    }
}
