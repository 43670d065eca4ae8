package dev.panoptes.detection.sigma;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Says whether a regular expression finds something in a text, by a deterministic automaton that is built as texts need it: one
 * look-up a character, where the general engine steps through every thread of the expression. The number of its states is
 * bounded; it begins anew where there are more. A state is the set of places that may come next, before what stands between
 * characters (the ends of lines and of words) is judged, and the kind of the character before. Thread-safe.
 *
 * <p>See Thompson, "Regular Expression Search Algorithm" (1968), and Cox, "Regular Expression Matching in the Wild" (2010).
 */
final class Automaton {
    /** What the automaton says of a text with characters beyond 16 bits. */
    enum Answer {
        FOUND,
        NOT_FOUND,
        UNKNOWN
    }

    private static final int MOST_STATES = 4_000;

    static final int CHARACTERS = 0;
    static final int SPLIT = 1;
    static final int BEGIN_TEXT = 2;
    static final int END_TEXT = 3;
    static final int BEGIN_LINE = 4;
    static final int END_LINE = 5;
    static final int WORD_BOUNDARY = 6;
    static final int NO_WORD_BOUNDARY = 7;
    static final int FOUND = 8;

    private static final int AFTER_NOTHING = 0;
    private static final int AFTER_WORD = 1;
    private static final int AFTER_LINE = 2;
    private static final int AFTER_OTHER = 3;

    /** What a place in the program does. @param set which characters, for {@link #CHARACTERS} */
    record Node(int kind, @Nullable CharacterSet set, int next, int other) {}

    private final Node[] program;
    private final int start;
    /** Where a class of characters that the program does not tell apart begins. */
    private final char[] borders;

    private final byte[] ascii = new byte[128];
    private final int classes;
    /** By so many bits of a number the number of a state is multiplied. */
    private final int shift;
    /** True where nothing can begin but at the beginning of the text. */
    private final boolean anchored;

    private volatile Table table;

    /** @param nodes the places that may come next, ascending @param before the kind of the character before */
    private record State(List<Integer> nodes, int before) {}

    /**
     * What is known of states, by number, and of what follows them: one array, since states that are objects would be a miss of the cache
     * for each character. What is written is written under the lock; who reads the array without it sees a state or none.
     */
    private final class Table {
        private static final int UNKNOWN = 0;
        private static final int SOMETHING_FOUND = 1;
        /** Nothing can be found any more. */
        private static final int LOST = 2;

        private static final int FIRST = 3;

        private final Map<State, Integer> numbers = new HashMap<>();
        private final List<@Nullable State> states = new ArrayList<>(Arrays.asList(null, null, null));
        private char[] next = new char[8 << shift];

        Table() {
            number(new State(List.of(), AFTER_NOTHING));
        }

        private int number(State state) {
            return numbers.computeIfAbsent(state, _ -> {
                states.add(state);
                if (states.size() << shift > next.length) {
                    next = Arrays.copyOf(next, next.length * 2);
                }
                return states.size() - 1;
            });
        }

        synchronized int adopt(Table other, int state) {
            return number(other.state(state));
        }

        private synchronized State state(int number) {
            return Objects.requireNonNull(states.get(number));
        }

        synchronized boolean full() {
            return states.size() > MOST_STATES;
        }

        synchronized char[] next() {
            return next;
        }

        synchronized int step(int state, int kind) {
            State after = Automaton.this.step(state(state), kind);
            int number =
                    after == null ? SOMETHING_FOUND : anchored && after.nodes().isEmpty() ? LOST : number(after);
            next[state << shift | kind] = (char) number;
            return number;
        }
    }

    Automaton(List<Node> nodes, int start) {
        this.program = nodes.toArray(Node[]::new);
        this.start = start;
        this.borders = borders(nodes);
        this.classes = borders.length;
        this.shift = 32 - Integer.numberOfLeadingZeros(classes);
        for (char c = 0; c < 128; c++) {
            ascii[c] = (byte) Math.min(classOf(c), 127);
        }
        this.anchored = anchored(start, new boolean[program.length]);
        this.table = new Table();
    }

    private boolean anchored(int at, boolean[] seen) {
        if (seen[at]) {
            return true;
        }
        seen[at] = true;
        Node node = program[at];
        return switch (node.kind()) {
            case BEGIN_TEXT -> true;
            case SPLIT -> anchored(node.next(), seen) && anchored(node.other(), seen);
            default -> false;
        };
    }

    /** Whether it can be built: the class of an ASCII character fits a byte. */
    static boolean fits(List<Node> nodes) {
        return borders(nodes).length < 120;
    }

    private static char[] borders(List<Node> nodes) {
        SortedSet<Integer> begins = new TreeSet<>();
        begins.add(0);
        CharacterSet.WORD.mark(begins);
        CharacterSet.LINE_FEED.mark(begins);
        Set<CharacterSet> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Node node : nodes) {
            CharacterSet set = node.set();
            if (set != null && seen.add(set)) {
                set.mark(begins);
            }
        }
        StringBuilder all = new StringBuilder();
        for (int begin : begins) {
            if (begin <= 0xffff) {
                all.append((char) begin);
            }
        }
        return all.toString().toCharArray();
    }

    private int classOf(char c) {
        int at = Arrays.binarySearch(borders, c);
        return at >= 0 ? at : -at - 2;
    }

    /** Whether something is found in the text; unknown where it meets a surrogate first, for its characters are 16 bits wide. */
    Answer finds(String text) {
        Table now = table;
        char[] next = now.next();
        int state = Table.FIRST;
        int length = text.length();
        for (int i = 0; i <= length; i++) {
            int kind = classes;
            if (i < length) {
                char c = text.charAt(i);
                if (c < 128) {
                    kind = ascii[c];
                } else if (Character.isSurrogate(c)) {
                    return Answer.UNKNOWN;
                } else {
                    kind = classOf(c);
                }
            }
            int to = next[state << shift | kind];
            if (to == Table.UNKNOWN) {
                if (now.full()) {
                    Table fresh = new Table();
                    state = fresh.adopt(now, state);
                    now = fresh;
                    table = fresh;
                }
                to = now.step(state, kind);
                next = now.next();
            }
            if (to < Table.FIRST) {
                return to == Table.SOMETHING_FOUND ? Answer.FOUND : Answer.NOT_FOUND;
            }
            state = to;
        }
        return Answer.NOT_FOUND;
    }

    /**
     * @param kind the class of the character that follows, or their number for the end
     * @return null where something is found
     */
    private @Nullable State step(State state, int kind) {
        boolean end = kind == classes;
        char c = end ? '\0' : borders[kind];
        boolean word = !end && CharacterSet.WORD.contains(c);
        boolean[] reached = new boolean[program.length];
        int[] stack = new int[program.length];
        int depth = 0;
        depth = push(stack, depth, start, reached);
        for (int node : state.nodes()) {
            depth = push(stack, depth, node, reached);
        }
        List<Integer> after = new ArrayList<>();
        while (depth > 0) {
            int at = stack[--depth];
            Node node = program[at];
            boolean boundary = word != (state.before() == AFTER_WORD);
            boolean passes = switch (node.kind()) {
                case SPLIT -> true;
                case BEGIN_TEXT -> state.before() == AFTER_NOTHING;
                case BEGIN_LINE -> state.before() == AFTER_NOTHING || state.before() == AFTER_LINE;
                case END_TEXT -> end;
                case END_LINE -> end || c == '\n';
                case WORD_BOUNDARY -> boundary;
                case NO_WORD_BOUNDARY -> !boundary;
                default -> false;
            };
            if (node.kind() == FOUND) {
                return null;
            }
            if (passes) {
                depth = push(stack, depth, node.next(), reached);
                if (node.kind() == SPLIT) {
                    depth = push(stack, depth, node.other(), reached);
                }
            } else if (!end && node.set() != null && node.set().contains(c)) {
                after.add(node.next());
            }
        }
        int before = word ? AFTER_WORD : c == '\n' ? AFTER_LINE : AFTER_OTHER;
        return new State(after.stream().distinct().sorted().toList(), before);
    }

    private static int push(int[] stack, int depth, int node, boolean[] reached) {
        if (reached[node]) {
            return depth;
        }
        reached[node] = true;
        stack[depth] = node;
        return depth + 1;
    }
}
