package dev.panoptes.detection.sigma;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value of a rule with Sigma's wildcards: {@code *} for any text, also over line ends, {@code ?} for one character; a
 * backslash makes a wildcard or a backslash literal and is itself before anything else. Immutable while it is put together,
 * compiled once by {@link #compiled}.
 */
final class Glob {
    private static final char MANY = 1;
    private static final char ONE = 2;
    private static final char DASH = 3;
    private static final String DASHES = "-/\u2013\u2014\u2015";

    private final String text;
    /** One for each character of the text: 0 where it stands for itself. */
    private final String kinds;

    private Glob(String text, String kinds) {
        this.text = text;
        this.kinds = kinds;
    }

    static Glob parse(String source) {
        StringBuilder text = new StringBuilder(source.length());
        StringBuilder kinds = new StringBuilder(source.length());
        for (int i = 0; i < source.length(); i++) {
            char c = source.charAt(i);
            char kind = c == '*' ? MANY : c == '?' ? ONE : 0;
            if (c == '\\' && i + 1 < source.length() && "*?\\".indexOf(source.charAt(i + 1)) >= 0) {
                c = source.charAt(++i);
                kind = 0;
            }
            text.append(c);
            kinds.append(kind);
        }
        return new Glob(text.toString(), kinds.toString());
    }

    static Glob literal(String text) {
        return new Glob(text, "\0".repeat(text.length()));
    }

    boolean plain() {
        return kinds.chars().allMatch(kind -> kind == 0);
    }

    String text() {
        return text;
    }

    int length() {
        return text.length();
    }

    Glob plus(Glob other) {
        return new Glob(text + other.text, kinds + other.kinds);
    }

    Glob part(int from, int to) {
        return new Glob(text.substring(from, to), kinds.substring(from, to));
    }

    /** Where a literal stands in the literal characters, from a position on; -1 where it does not. */
    int find(String literal, int from) {
        return text.indexOf(literal, from);
    }

    Glob startsWith() {
        return endsInMany() ? this : plus(new Glob("*", String.valueOf(MANY)));
    }

    Glob endsWith() {
        return beginsWithMany() ? this : new Glob("*", String.valueOf(MANY)).plus(this);
    }

    Glob contains() {
        return startsWith().endsWith();
    }

    private boolean beginsWithMany() {
        return !kinds.isEmpty() && kinds.charAt(0) == MANY;
    }

    private boolean endsInMany() {
        return !kinds.isEmpty() && kinds.charAt(kinds.length() - 1) == MANY;
    }

    /** Each dash or slash that begins a word stands for any of the five. */
    Glob windash() {
        StringBuilder changed = new StringBuilder(kinds);
        for (int i = 0; i + 1 < text.length(); i++) {
            boolean dash = kinds.charAt(i) == 0 && (text.charAt(i) == '-' || text.charAt(i) == '/');
            boolean begins = i == 0 || !word(text.charAt(i - 1)) || kinds.charAt(i - 1) != 0;
            if (dash && begins && word(text.charAt(i + 1)) && kinds.charAt(i + 1) == 0) {
                changed.setCharAt(i, DASH);
            }
        }
        return new Glob(text, changed.toString());
    }

    private static boolean word(char c) {
        return Character.isLetterOrDigit(c) || c == '_';
    }

    Compiled compiled(boolean cased) {
        return new Compiled(this, cased);
    }

    /** A glob that is ready to be compared. Thread-safe. Time is linear in the value for each literal piece. */
    static final class Compiled {
        private final boolean cased;
        private final boolean anchoredStart;
        private final boolean anchoredEnd;
        private final Piece[] pieces;
        private final int shortest;

        private Compiled(Glob glob, boolean cased) {
            this.cased = cased;
            this.anchoredStart = !glob.beginsWithMany();
            this.anchoredEnd = !glob.endsInMany();
            List<Piece> found = new ArrayList<>();
            int from = 0;
            for (int i = 0; i <= glob.length(); i++) {
                if (i == glob.length() || glob.kinds.charAt(i) == MANY) {
                    if (i > from) {
                        found.add(new Piece(glob.part(from, i), cased));
                    }
                    from = i + 1;
                }
            }
            this.pieces = found.toArray(Piece[]::new);
            this.shortest =
                    Arrays.stream(pieces).mapToInt(piece -> piece.length).sum();
        }

        boolean cased() {
            return cased;
        }

        /** True where anything may stand before what is asked, and nothing after it: a name at the end of a path. */
        boolean asksForEnd() {
            return !anchoredStart && anchoredEnd;
        }

        /** The whole text where there is no wildcard, else null. */
        @Nullable
        String exact() {
            if (pieces.length == 0) {
                return anchoredStart && anchoredEnd ? "" : null;
            }
            return pieces.length == 1 && anchoredStart && anchoredEnd && pieces[0].plain ? pieces[0].text : null;
        }

        /** The literal that a value must contain, and need not be more than that; null where that is not so. */
        Needed.@Nullable Literal only() {
            if (cased || pieces.length != 1 || !pieces[0].plain) {
                return null;
            }
            Needed.Literal literal = new Needed.Literal(pieces[0].text, before(0), after(0));
            return literal.equals(literal.cut()) ? literal : null;
        }

        /** What a value must contain to match. */
        Needed needed() {
            List<Needed> literals = new ArrayList<>();
            for (int i = 0; i < pieces.length; i++) {
                pieces[i].literals(before(i), after(i), literals);
            }
            return Needed.all(literals);
        }

        private Around before(int piece) {
            return piece == 0 && anchoredStart ? Around.EDGE : Around.ANY;
        }

        private Around after(int piece) {
            return piece == pieces.length - 1 && anchoredEnd ? Around.EDGE : Around.ANY;
        }

        /** @param value as it is, or folded where the glob is not cased */
        boolean matches(String value) {
            if (value.length() < shortest) {
                return false;
            }
            if (pieces.length == 0) {
                return !(anchoredStart && anchoredEnd) || value.isEmpty();
            }
            int from = 0;
            int to = value.length();
            int first = 0;
            int last = pieces.length;
            if (pieces.length == 1 && anchoredStart && anchoredEnd) {
                return value.length() == pieces[0].length && pieces[0].at(value, 0);
            }
            if (anchoredStart) {
                if (!pieces[0].at(value, 0)) {
                    return false;
                }
                from = pieces[0].length;
                first = 1;
            }
            if (anchoredEnd) {
                last--;
                to -= pieces[last].length;
                if (to < from || !pieces[last].at(value, to)) {
                    return false;
                }
            }
            for (int i = first; i < last; i++) {
                int at = pieces[i].find(value, from, to);
                if (at < 0) {
                    return false;
                }
                from = at + pieces[i].length;
            }
            return true;
        }
    }

    private static final class Piece {
        private static final int SHORT = 24;

        private final String text;
        private final String kinds;
        private final boolean plain;
        private final int length;
        /** Knuth, Morris and Pratt's table, so that a long literal cannot make the search quadratic. */
        private final int @Nullable [] borders;

        Piece(Glob part, boolean cased) {
            this.text = cased ? part.text : Folded.of(part.text);
            this.kinds = part.kinds;
            this.plain = part.plain();
            this.length = text.length();
            this.borders = plain && length > SHORT ? borders(text) : null;
        }

        /** Adds what stands between wildcards. */
        void literals(Around before, Around after, List<Needed> to) {
            int from = 0;
            for (int i = 0; i <= length; i++) {
                if (i == length || kinds.charAt(i) != 0) {
                    if (i > from) {
                        Around left = from == 0 ? before : Around.ANY;
                        Around right = i == length ? after : Around.ANY;
                        to.add(new Needed.Literal(Folded.of(text.substring(from, i)), left, right).cut());
                    }
                    from = i + 1;
                }
            }
        }

        boolean at(String value, int position) {
            if (plain) {
                return value.startsWith(text, position);
            }
            if (position + length > value.length()) {
                return false;
            }
            for (int i = 0; i < length; i++) {
                char c = value.charAt(position + i);
                boolean same = switch (kinds.charAt(i)) {
                    case 0 -> c == text.charAt(i);
                    case ONE -> true;
                    default -> DASHES.indexOf(c) >= 0;
                };
                if (!same) {
                    return false;
                }
            }
            return true;
        }

        int find(String value, int from, int to) {
            if (borders != null) {
                return findLong(value, from, to, borders);
            }
            if (plain) {
                int at = value.indexOf(text, from);
                return at >= 0 && at + length <= to ? at : -1;
            }
            for (int i = from; i + length <= to; i++) {
                if (at(value, i)) {
                    return i;
                }
            }
            return -1;
        }

        private int findLong(String value, int from, int to, int[] table) {
            int matched = 0;
            for (int i = from; i < to; i++) {
                while (matched > 0 && value.charAt(i) != text.charAt(matched)) {
                    matched = table[matched - 1];
                }
                if (value.charAt(i) == text.charAt(matched)) {
                    matched++;
                }
                if (matched == length) {
                    return i - length + 1;
                }
            }
            return -1;
        }

        private static int[] borders(String text) {
            int[] table = new int[text.length()];
            int matched = 0;
            for (int i = 1; i < table.length; i++) {
                while (matched > 0 && text.charAt(i) != text.charAt(matched)) {
                    matched = table[matched - 1];
                }
                if (text.charAt(i) == text.charAt(matched)) {
                    matched++;
                }
                table[i] = matched;
            }
            return table;
        }
    }
}
