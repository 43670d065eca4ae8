package dev.panoptes.detection.sigma;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
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
    /** True where nothing can begin but at the beginning of the text. */
    private final boolean anchored;

    private volatile Cache cache;

    private static final class State {
        private final int[] nodes;
        private final int before;
        private final @Nullable State[] next;

        State(int[] nodes, int before, int classes) {
            this.nodes = nodes;
            this.before = before;
            this.next = new State[classes + 1];
        }
    }

    private record Key(List<Integer> nodes, int before) {}

    private final class Cache {
        private final Map<Key, State> states = new ConcurrentHashMap<>();
        private final State first = state(new int[0], AFTER_NOTHING);

        private State state(int[] nodes, int before) {
            return states.computeIfAbsent(
                    new Key(Arrays.stream(nodes).boxed().toList(), before), _ -> new State(nodes, before, classes));
        }
    }

    /** The state after which nothing that comes changes the answer. */
    private final State found;

    Automaton(List<Node> nodes, int start) {
        this.program = nodes.toArray(Node[]::new);
        this.start = start;
        this.borders = borders(nodes);
        this.classes = borders.length;
        for (char c = 0; c < 128; c++) {
            ascii[c] = (byte) Math.min(classOf(c), 127);
        }
        this.anchored = anchored(start, new boolean[program.length]);
        this.found = new State(new int[0], AFTER_OTHER, 0);
        this.cache = new Cache();
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
        Cache now = cache;
        State state = now.first;
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
            State next = state.next[kind];
            if (next == null) {
                if (now.states.size() > MOST_STATES) {
                    now = new Cache();
                    cache = now;
                    state = now.state(state.nodes, state.before);
                }
                next = step(now, state, kind);
                state.next[kind] = next;
            }
            if (next == found) {
                return Answer.FOUND;
            }
            state = next;
            if (anchored && next.nodes.length == 0) {
                return Answer.NOT_FOUND; // what has not begun at the beginning does not begin
            }
        }
        return Answer.NOT_FOUND;
    }

    /** @param kind the class of the character that follows, or their number for the end */
    private State step(Cache now, State state, int kind) {
        boolean end = kind == classes;
        char c = end ? '\0' : borders[kind];
        boolean word = !end && CharacterSet.WORD.contains(c);
        boolean[] reached = new boolean[program.length];
        int[] stack = new int[program.length];
        int depth = 0;
        depth = push(stack, depth, start, reached);
        for (int node : state.nodes) {
            depth = push(stack, depth, node, reached);
        }
        List<Integer> after = new ArrayList<>();
        while (depth > 0) {
            int at = stack[--depth];
            Node node = program[at];
            boolean boundary = word != (state.before == AFTER_WORD);
            boolean passes = switch (node.kind()) {
                case SPLIT -> true;
                case BEGIN_TEXT -> state.before == AFTER_NOTHING;
                case BEGIN_LINE -> state.before == AFTER_NOTHING || state.before == AFTER_LINE;
                case END_TEXT -> end;
                case END_LINE -> end || c == '\n';
                case WORD_BOUNDARY -> boundary;
                case NO_WORD_BOUNDARY -> !boundary;
                default -> false;
            };
            if (node.kind() == FOUND) {
                return found;
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
        return now.state(
                after.stream().mapToInt(Integer::intValue).distinct().sorted().toArray(), before);
    }

    private static int push(int[] stack, int depth, int node, boolean[] reached) {
        if (reached[node]) {
            return depth;
        }
        reached[node] = true;
        stack[depth] = node;
        return depth + 1;
    }

    /** Sets of characters of 16 bits, as ranges that ascend. */
    static final class CharacterSet {
        static final CharacterSet WORD = of("09AZ__az");
        static final CharacterSet DIGIT = of("09");
        static final CharacterSet BLANK = of("\t\n\f\r  ");
        static final CharacterSet LINE_FEED = of("\n\n");

        private final char[] ranges;

        private CharacterSet(char[] ranges) {
            this.ranges = ranges;
        }

        /** @param pairs first and last of each range, ascending */
        static CharacterSet of(String pairs) {
            return new CharacterSet(pairs.toCharArray());
        }

        static CharacterSet of(boolean[] members) {
            StringBuilder pairs = new StringBuilder();
            for (int c = 0; c < 0x10000; c++) {
                if (members[c] && (c == 0 || !members[c - 1])) {
                    pairs.append((char) c);
                }
                if (members[c] && (c == 0xffff || !members[c + 1])) {
                    pairs.append((char) c);
                }
            }
            return of(pairs.toString());
        }

        void addTo(boolean[] members) {
            for (int i = 0; i < ranges.length; i += 2) {
                Arrays.fill(members, ranges[i], ranges[i + 1] + 1, true);
            }
        }

        CharacterSet negated() {
            StringBuilder pairs = new StringBuilder();
            int begin = 0;
            for (int i = 0; i < ranges.length; i += 2) {
                if (begin < ranges[i]) {
                    pairs.append((char) begin).append((char) (ranges[i] - 1));
                }
                begin = ranges[i + 1] + 1;
            }
            if (begin <= 0xffff) {
                pairs.append((char) begin).append('\uffff');
            }
            return of(pairs.toString());
        }

        boolean contains(char c) {
            for (int i = 0; i < ranges.length && ranges[i] <= c; i += 2) {
                if (c <= ranges[i + 1]) {
                    return true;
                }
            }
            return false;
        }

        void mark(Set<Integer> begins) {
            for (int i = 0; i < ranges.length; i += 2) {
                begins.add((int) ranges[i]);
                begins.add(ranges[i + 1] + 1);
            }
        }
    }

    /** The sets of a program, each made once. For one thread. */
    static final class Sets {
        private final Map<String, CharacterSet> known = new HashMap<>();

        CharacterSet single(char c, boolean folds) {
            return known.computeIfAbsent(c + (folds ? "i" : ""), _ -> CharacterSet.of(folds ? cases(c) : "" + c + c));
        }

        /** The pairs of a character and of its other cases. */
        private static String cases(char c) {
            char lower = c;
            if (c == '\u212a') {
                lower = 'k';
            } else if (c == '\u017f') {
                lower = 's';
            } else if (c >= 'A' && c <= 'Z') {
                lower = (char) (c + 32);
            }
            if (lower < 'a' || lower > 'z') {
                return "" + c + c;
            }
            char upper = (char) (lower - 32);
            char third = third(lower);
            return "" + upper + upper + lower + lower + (third == lower ? "" : "" + third + third);
        }

        /** The letter beyond ASCII that a letter folds with; itself where there is none. */
        private static char third(char c) {
            return c == 'k' ? '\u212a' : c == 's' ? '\u017f' : c;
        }

        /** With the other case of each letter of ASCII, as Unicode's simple folding has it. */
        static boolean[] folded(boolean[] members) {
            for (char c = 'a'; c <= 'z'; c++) {
                char upper = (char) (c - 32);
                char third = third(c);
                boolean any = members[c] || members[upper] || members[third];
                members[c] = any;
                members[upper] = any;
                members[third] = any;
            }
            return members;
        }
    }
}
