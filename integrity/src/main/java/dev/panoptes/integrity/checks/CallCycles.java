package dev.panoptes.integrity.checks;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * The cycles of a directed graph: its strongly connected components of several nodes, and nodes that lead to themselves.
 * Tarjan's algorithm with a stack of its own, because a registry may nest deeper than a thread's stack. Linear time.
 */
final class CallCycles {
    private static final int UNSEEN = -1;

    private final int[][] edges;
    private final int[] order;
    private final int[] lowest;
    private final boolean[] onPath;
    private final Deque<Integer> path = new ArrayDeque<>();
    private final List<List<Integer>> found = new ArrayList<>();
    private int next;

    /** @param edges for each node those that it leads to */
    CallCycles(int[][] edges) {
        this.edges = edges;
        this.order = new int[edges.length];
        this.lowest = new int[edges.length];
        this.onPath = new boolean[edges.length];
        Arrays.fill(order, UNSEEN);
    }

    /** Each cycle's nodes in rising order. */
    List<List<Integer>> all() {
        for (int node = 0; node < edges.length; node++) {
            if (order[node] == UNSEEN) {
                walk(node);
            }
        }
        return found;
    }

    private void walk(int start) {
        Deque<int[]> steps = new ArrayDeque<>();
        steps.push(enter(start));
        while (!steps.isEmpty()) {
            int[] step = steps.element();
            int node = step[0];
            if (step[1] < edges[node].length) {
                int to = edges[node][step[1]++];
                if (order[to] == UNSEEN) {
                    steps.push(enter(to));
                } else if (onPath[to]) {
                    lowest[node] = Math.min(lowest[node], order[to]);
                }
            } else {
                steps.pop();
                leave(node);
                if (!steps.isEmpty()) {
                    int above = steps.element()[0];
                    lowest[above] = Math.min(lowest[above], lowest[node]);
                }
            }
        }
    }

    /** A node and how many of its edges have been followed. */
    private int[] enter(int node) {
        order[node] = next;
        lowest[node] = next;
        next++;
        path.push(node);
        onPath[node] = true;
        return new int[] {node, 0};
    }

    private void leave(int node) {
        if (lowest[node] != order[node]) {
            return;
        }
        List<Integer> component = new ArrayList<>();
        int member;
        do {
            member = path.pop();
            onPath[member] = false;
            component.add(member);
        } while (member != node);
        boolean toItself = Arrays.stream(edges[node]).anyMatch(to -> to == node);
        if (component.size() > 1 || toItself) {
            component.sort(null);
            found.add(component);
        }
    }
}
