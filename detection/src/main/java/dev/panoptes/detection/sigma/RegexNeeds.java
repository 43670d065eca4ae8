package dev.panoptes.detection.sigma;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a text must contain for a regular expression to match: one of several literals, folded. Reads only what it is sure of:
 * of any construct that it does not know it says that nothing is needed. For one expression.
 */
final class RegexNeeds {
    private static final int SHORTEST = 2;
    private static final int MOST = 200;
    private static final int DEEPEST = 40;
    /** Of those letters case is more than upper and lower: a long s and the sign for kelvin fold to them. */
    private static final String MANY_CASES = "kKsS";

    private final String source;
    private final boolean foldsAsExpressionsDo;
    /** What the whole expression needs besides: it is one sequence, and of each of these sets one literal is in it. */
    private final List<Set<String>> parts = new ArrayList<>();

    private int at;
    private boolean divided;
    private @Nullable Set<String> best;

    private RegexNeeds(String source) {
        this.source = source;
        this.foldsAsExpressionsDo =
                Folded.of("\u017f").equals("s") && Folded.of("\u212a").equals("k");
    }

    /** Thrown where a construct is not known; never leaves this class. */
    private static final class Unknown extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unknown() {
            super("not known", null, false, false);
        }
    }

    /** One of these is in every text that the expression finds something in; null where nothing can be said. */
    static @Nullable Set<String> of(String expression) {
        RegexNeeds reader = new RegexNeeds(expression);
        return reader.read() ? reader.best : null;
    }

    /** Of each of these sets one literal is in every text that the expression finds something in; none where nothing can be said. */
    static List<Set<String>> all(String expression) {
        RegexNeeds reader = new RegexNeeds(expression);
        if (!reader.read() || reader.best == null) {
            return List.of();
        }
        return reader.divided ? List.of(reader.best) : List.copyOf(reader.parts);
    }

    private boolean read() {
        try {
            while (source.startsWith("(?i)", at) || source.startsWith("(?s)", at)) {
                at += 4;
            }
            best = alternatives(0);
            return at == source.length();
        } catch (Unknown e) {
            return false;
        }
    }

    private @Nullable Set<String> alternatives(int depth) {
        if (depth > DEEPEST) {
            throw new Unknown();
        }
        Set<String> all = sequence(depth);
        while (at < source.length() && source.charAt(at) == '|') {
            at++;
            divided |= depth == 0;
            Set<String> other = sequence(depth);
            if (all != null && other != null && all.size() + other.size() <= MOST) {
                all.addAll(other);
            } else {
                all = null;
            }
        }
        return all;
    }

    private @Nullable Set<String> sequence(int depth) {
        Set<String> needed = null;
        StringBuilder run = new StringBuilder();
        while (at < source.length() && source.charAt(at) != '|' && source.charAt(at) != ')') {
            char c = source.charAt(at++);
            Set<String> inner = null;
            boolean literal = false;
            switch (c) {
                case '^', '$' -> {
                    continue;
                }
                case '\\' -> {
                    char escaped = next();
                    if (escaped == 'b' || escaped == 'B') {
                        continue;
                    }
                    literal = "./-+*?()[]{}|^$\\\"' _=:,;&<>~!@#%".indexOf(escaped) >= 0;
                    if (!literal && "sSdDwWtnrfv".indexOf(escaped) < 0) {
                        throw new Unknown();
                    }
                    c = escaped;
                }
                case '[' -> characterClass();
                case '(' -> inner = group(depth);
                case '.' -> {}
                case '*', '+', '?', '{' -> throw new Unknown();
                default -> literal = c >= ' ' && c < 0x7f;
            }
            if (literal && !foldsAsExpressionsDo && MANY_CASES.indexOf(c) >= 0) {
                literal = false;
            }
            int least = repeated();
            if (literal && least != 0) {
                run.append(c);
            }
            if (!literal || least >= 0) {
                needed = better(needed, run, depth);
                run.setLength(0);
            }
            if (inner != null && least != 0) {
                part(inner, depth);
                needed = cost(inner) < cost(needed) ? inner : needed;
            }
        }
        return better(needed, run, depth);
    }

    private void part(Set<String> literals, int depth) {
        if (depth == 0) {
            parts.add(literals);
        }
    }

    /** How often the last atom stands at the least, 0 or 1 for more; -1 where nothing says that it is repeated. */
    private int repeated() {
        if (at == source.length()) {
            return -1;
        }
        int least = switch (source.charAt(at)) {
            case '*', '?' -> 0;
            case '+' -> 1;
            case '{' -> {
                int end = source.indexOf('}', at);
                if (end < 0 || !source.substring(at, end).matches("\\{[0-9]+(,[0-9]*)?")) {
                    throw new Unknown();
                }
                boolean none = source.substring(at, end).matches("\\{0+(,[0-9]*)?");
                at = end;
                yield none ? 0 : 1;
            }
            default -> -1;
        };
        if (least >= 0) {
            at++;
            if (at < source.length() && source.charAt(at) == '?') {
                at++;
            } else if (at < source.length() && "*+{".indexOf(source.charAt(at)) >= 0) {
                throw new Unknown();
            }
        }
        return least;
    }

    private @Nullable Set<String> group(int depth) {
        if (source.startsWith("?", at)) {
            if (!source.startsWith("?:", at)) {
                throw new Unknown();
            }
            at += 2;
        }
        Set<String> inner = alternatives(depth + 1);
        if (next() != ')') {
            throw new Unknown();
        }
        return inner;
    }

    private void characterClass() {
        char c = next();
        if (c == '^') {
            c = next();
        }
        if (c == ']') {
            c = next();
        }
        while (c != ']') {
            if (c == '[') {
                throw new Unknown();
            }
            if (c == '\\') {
                next();
            }
            c = next();
        }
    }

    private char next() {
        if (at == source.length()) {
            throw new Unknown();
        }
        return source.charAt(at++);
    }

    private @Nullable Set<String> better(@Nullable Set<String> needed, CharSequence run, int depth) {
        if (run.length() < SHORTEST) {
            return needed;
        }
        Set<String> one = new TreeSet<>(Set.of(Folded.of(run.toString())));
        part(one, depth);
        return cost(one) < cost(needed) ? one : needed;
    }

    /** About how often a text contains one of these. */
    static double cost(@Nullable Set<String> literals) {
        return literals == null
                ? Double.MAX_VALUE
                : literals.stream()
                        .mapToDouble(literal -> Math.pow(0.45, Math.min(literal.length(), 10)))
                        .sum();
    }
}
