package dev.panoptes.detection.sigma;

import com.google.re2j.Pattern;
import dev.panoptes.detection.sigma.Automaton.CharacterSet;
import dev.panoptes.detection.sigma.Automaton.Node;
import dev.panoptes.detection.sigma.Automaton.Sets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a regular expression into the program of an {@link Automaton}: what stands in nearly all rules (classes, groups,
 * repeats, ends of lines and words). Of anything else it says that it does not know. For one expression.
 */
final class AutomatonReader {
    private static final int MOST_NODES = 1_500;
    private static final int DEEPEST = 60;
    private static final String ESCAPED = "./-+*?()[]{}|^$\\\"' _=:,;&<>~!@#%`";

    private final String source;
    private final List<Node> nodes = new ArrayList<>();
    private final Sets sets = new Sets();
    private boolean folds;
    private boolean dotAll;
    private boolean lines;
    private int at;

    /** Thrown where a construct is not known; never leaves this class. */
    private static final class Unknown extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unknown() {
            super("not known", null, false, false);
        }
    }

    private AutomatonReader(String source, int flags) {
        this.source = source;
        this.folds = (flags & Pattern.CASE_INSENSITIVE) != 0;
        this.dotAll = (flags & Pattern.DOTALL) != 0;
        this.lines = (flags & Pattern.MULTILINE) != 0;
    }

    /** @param flags of {@link Pattern} @return null where something in the expression is not known */
    static @Nullable Automaton read(String source, int flags) {
        try {
            AutomatonReader reader = new AutomatonReader(source, flags);
            reader.flagsAtStart();
            Part whole = reader.alternatives(0);
            if (reader.at != source.length()) {
                return null;
            }
            int end = reader.add(new Node(Automaton.FOUND, null, 0, 0));
            int start = reader.write(whole, end);
            return Automaton.fits(reader.nodes) ? new Automaton(reader.nodes, start) : null;
        } catch (Unknown e) {
            return null;
        }
    }

    private sealed interface Part {
        record One(CharacterSet set) implements Part {}

        record Between(int kind) implements Part {}

        record Row(List<Part> parts) implements Part {
            public Row {
                parts = List.copyOf(parts);
            }
        }

        record Either(List<Part> parts) implements Part {
            public Either {
                parts = List.copyOf(parts);
            }
        }

        /** @param most -1 for any number */
        record Times(Part part, int least, int most) implements Part {}
    }

    private void flagsAtStart() {
        while (source.startsWith("(?", at)) {
            int end = source.indexOf(')', at);
            String words = end < 0 ? "" : source.substring(at + 2, end);
            if (!words.matches("[ims]+")) {
                return;
            }
            folds |= words.indexOf('i') >= 0;
            lines |= words.indexOf('m') >= 0;
            dotAll |= words.indexOf('s') >= 0;
            at = end + 1;
        }
    }

    private Part alternatives(int depth) {
        if (depth > DEEPEST) {
            throw new Unknown();
        }
        List<Part> parts = new ArrayList<>();
        parts.add(row(depth));
        while (at < source.length() && source.charAt(at) == '|') {
            at++;
            parts.add(row(depth));
        }
        return parts.size() == 1 ? parts.getFirst() : new Part.Either(parts);
    }

    private Part row(int depth) {
        List<Part> parts = new ArrayList<>();
        while (at < source.length() && source.charAt(at) != '|' && source.charAt(at) != ')') {
            parts.add(repeated(atom(depth)));
        }
        return new Part.Row(parts);
    }

    private Part atom(int depth) {
        char c = source.charAt(at++);
        return switch (c) {
            case '^' -> new Part.Between(lines ? Automaton.BEGIN_LINE : Automaton.BEGIN_TEXT);
            case '$' -> new Part.Between(lines ? Automaton.END_LINE : Automaton.END_TEXT);
            case '.' -> new Part.One(dotAll ? CharacterSet.of("\0\uffff") : CharacterSet.LINE_FEED.negated());
            case '[' -> new Part.One(characterClass());
            case '(' -> group(depth);
            case '\\' -> escaped();
            case '*', '+', '?', '{' -> throw new Unknown();
            default -> new Part.One(single(c));
        };
    }

    private CharacterSet single(char c) {
        if (Character.isSurrogate(c) || (folds && c >= 128)) {
            throw new Unknown();
        }
        return sets.single(c, folds);
    }

    private Part escaped() {
        char c = next();
        return switch (c) {
            case 'b' -> new Part.Between(Automaton.WORD_BOUNDARY);
            case 'B' -> new Part.Between(Automaton.NO_WORD_BOUNDARY);
            case 'A' -> new Part.Between(Automaton.BEGIN_TEXT);
            case 'z' -> new Part.Between(Automaton.END_TEXT);
            default -> new Part.One(set(c));
        };
    }

    /** What an escape other than a place between characters stands for. */
    private CharacterSet set(char c) {
        return switch (c) {
            case 'd' -> CharacterSet.DIGIT;
            case 'D' -> CharacterSet.DIGIT.negated();
            case 's' -> CharacterSet.BLANK;
            case 'S' -> CharacterSet.BLANK.negated();
            case 'w' -> word();
            case 'W' -> word().negated();
            case 't' -> single('\t');
            case 'n' -> single('\n');
            case 'r' -> single('\r');
            case 'f' -> single('\f');
            case 'x' -> single(hexadecimal());
            default -> {
                if (ESCAPED.indexOf(c) < 0) {
                    throw new Unknown();
                }
                yield single(c);
            }
        };
    }

    private CharacterSet word() {
        if (folds) {
            // Whether the long s and the sign for kelvin are then among them, the general engine knows.
            throw new Unknown();
        }
        return CharacterSet.WORD;
    }

    private char hexadecimal() {
        if (at + 2 > source.length() || !source.substring(at, at + 2).matches("[0-9A-Fa-f]{2}")) {
            throw new Unknown();
        }
        at += 2;
        return (char) Integer.parseInt(source.substring(at - 2, at), 16);
    }

    private Part group(int depth) {
        if (source.startsWith("?", at)) {
            if (!source.startsWith("?:", at)) {
                throw new Unknown();
            }
            at += 2;
        }
        Part inner = alternatives(depth + 1);
        if (next() != ')') {
            throw new Unknown();
        }
        return inner;
    }

    private CharacterSet characterClass() {
        boolean[] members = new boolean[0x10000];
        boolean not = source.startsWith("^", at);
        at += not ? 1 : 0;
        boolean first = true;
        for (char c = next(); first || c != ']'; c = next()) {
            first = false;
            if (c == '[') {
                throw new Unknown();
            }
            CharacterSet set = null;
            if (c == '\\') {
                c = next();
                if ("dDsSwW".indexOf(c) >= 0) {
                    set = set(c);
                } else {
                    c = escapedInClass(c);
                }
            }
            if (set != null) {
                set.addTo(members);
                continue;
            }
            char last = c;
            if (source.startsWith("-", at) && at + 1 < source.length() && source.charAt(at + 1) != ']') {
                at++;
                last = next();
                last = last == '\\' ? escapedInClass(next()) : last;
            }
            if (last < c || last >= 128) {
                throw new Unknown();
            }
            java.util.Arrays.fill(members, c, last + 1, true);
        }
        CharacterSet all = CharacterSet.of(folds ? Sets.folded(members) : members);
        return not ? all.negated() : all;
    }

    private char escapedInClass(char c) {
        return switch (c) {
            case 't' -> '\t';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 'f' -> '\f';
            case 'x' -> hexadecimal();
            default -> {
                if (ESCAPED.indexOf(c) < 0) {
                    throw new Unknown();
                }
                yield c;
            }
        };
    }

    private Part repeated(Part part) {
        if (at == source.length()) {
            return part;
        }
        int least = 0;
        int most = -1;
        switch (source.charAt(at)) {
            case '*' -> {}
            case '+' -> least = 1;
            case '?' -> most = 1;
            case '{' -> {
                int end = source.indexOf('}', at);
                String range = end < 0 ? "" : source.substring(at + 1, end);
                if (!range.matches("[0-9]{1,4}(,[0-9]{0,4})?")) {
                    throw new Unknown();
                }
                int comma = range.indexOf(',');
                least = Integer.parseInt(comma < 0 ? range : range.substring(0, comma));
                most = comma < 0
                        ? least
                        : comma + 1 == range.length() ? -1 : Integer.parseInt(range, comma + 1, range.length(), 10);
                at = end;
            }
            default -> {
                return part;
            }
        }
        at++;
        if (at < source.length() && source.charAt(at) == '?') {
            // Greedy or not finds the same texts.
            at++;
        }
        if (at < source.length() && "*+?{".indexOf(source.charAt(at)) >= 0) {
            throw new Unknown();
        }
        return new Part.Times(part, least, most);
    }

    private char next() {
        if (at == source.length()) {
            throw new Unknown();
        }
        return source.charAt(at++);
    }

    private int add(Node node) {
        if (nodes.size() >= MOST_NODES) {
            throw new Unknown();
        }
        nodes.add(node);
        return nodes.size() - 1;
    }

    /** Writes a part so that it goes on at {@code next}. @return where it begins */
    private int write(Part part, int next) {
        return switch (part) {
            case Part.One(CharacterSet set) -> add(new Node(Automaton.CHARACTERS, set, next, 0));
            case Part.Between(int kind) -> add(new Node(kind, null, next, 0));
            case Part.Row(List<Part> parts) -> {
                int begin = next;
                for (Part one : parts.reversed()) {
                    begin = write(one, begin);
                }
                yield begin;
            }
            case Part.Either(List<Part> parts) -> {
                int begin = write(parts.getLast(), next);
                for (Part one : parts.subList(0, parts.size() - 1).reversed()) {
                    begin = add(new Node(Automaton.SPLIT, null, write(one, next), begin));
                }
                yield begin;
            }
            case Part.Times times -> times(times, next);
        };
    }

    private int times(Part.Times times, int next) {
        int begin = next;
        if (times.most() < 0) {
            int loop = add(new Node(Automaton.SPLIT, null, 0, next));
            nodes.set(loop, new Node(Automaton.SPLIT, null, write(times.part(), loop), next));
            begin = loop;
        } else {
            for (int i = times.least(); i < times.most(); i++) {
                begin = add(new Node(Automaton.SPLIT, null, write(times.part(), begin), next));
            }
        }
        for (int i = 0; i < times.least(); i++) {
            begin = write(times.part(), begin);
        }
        return begin;
    }
}
