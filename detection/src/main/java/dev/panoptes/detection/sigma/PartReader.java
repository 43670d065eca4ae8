package dev.panoptes.detection.sigma;

import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a regular expression into a tree: what stands in nearly all rules (classes, groups, repeats, ends of lines and words). Of
 * anything else it says that it does not know. For one expression.
 */
final class PartReader {
    private static final int DEEPEST = 60;
    private static final String ESCAPED = "./-+*?()[]{}|^$\\\"' _=:,;&<>~!@#%`";

    private final String source;
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

    private PartReader(String source, int flags) {
        this.source = source;
        this.folds = (flags & Pattern.CASE_INSENSITIVE) != 0;
        this.dotAll = (flags & Pattern.DOTALL) != 0;
        this.lines = (flags & Pattern.MULTILINE) != 0;
    }

    /** @param flags of {@link Pattern} @return null where something in the expression is not known */
    static @Nullable Part read(String source, int flags) {
        return new PartReader(source, flags).whole();
    }

    private @Nullable Part whole() {
        try {
            flagsAtStart();
            Part whole = alternatives(0);
            return at == source.length() ? whole : null;
        } catch (Unknown e) {
            return null;
        }
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
            case '.' -> new Part.One(dotAll ? CharacterSet.ALL : CharacterSet.LINE_FEED.negated());
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
        return CharacterSet.single(c, folds);
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
        return folds ? CharacterSet.WORD_FOLDED : CharacterSet.WORD;
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
        CharacterSet.Members members = new CharacterSet.Members();
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
                members.add(set);
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
            members.add(c, last);
        }
        if (folds) {
            members.fold();
        }
        return not ? members.set().negated() : members.set();
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
}
