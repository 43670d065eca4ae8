package dev.panoptes.detection.sigma;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a text must contain for a regular expression to find something in it: literals, and what stands beside them. See Cox, "Regular
 * Expression Matching with a Trigram Index" (2012), for the sets of exact texts that are multiplied.
 */
final class RegexNeeds {
    /** So many texts at most that a part stands for are told one by one. */
    private static final int MOST_EXACT = 200;

    private static final int MOST_PRODUCT = 32;
    private static final int LONGEST = 40;
    private static final int MOST_REPEATS = 3;

    private final Map<Part, Optional<Set<String>>> known = new IdentityHashMap<>();

    private RegexNeeds() {}

    /** @param flags of {@link com.google.re2j.Pattern} */
    static Needed of(String expression, int flags) {
        Part whole = PartReader.read(expression, flags);
        return whole == null ? Needed.NOTHING : new RegexNeeds().needed(whole, Around.ANY, Around.ANY);
    }

    private Needed needed(Part part, Around before, Around after) {
        Set<String> exact = exact(part);
        if (exact != null) {
            return literals(exact, before, after);
        }
        return switch (part) {
            case Part.One _, Part.Between _ -> Needed.NOTHING;
            case Part.Row(List<Part> parts) -> row(parts, before, after);
            case Part.Either(List<Part> parts) ->
                Needed.one(parts.stream().map(one -> needed(one, before, after)).toList());
            case Part.Times times ->
                times.least() == 0
                        ? Needed.NOTHING
                        : needed(
                                times.part(),
                                before,
                                times.most() == 1 ? after : after.or(following(times.part(), after)));
        };
    }

    /** Neighbours that stand for few texts are one literal, as long as their texts multiply to few. */
    private Needed row(List<Part> parts, Around before, Around after) {
        int size = parts.size();
        Around[] preceding = new Around[size + 1];
        Around[] following = new Around[size + 1];
        beside(parts, before, after, preceding, following);
        List<Needed> all = new ArrayList<>();
        Set<String> run = Set.of("");
        int begin = 0;
        for (int i = 0; i < size; i++) {
            Part part = parts.get(i);
            Set<String> exact = exact(part);
            Set<String> longer = exact == null ? null : product(run, exact);
            if (longer != null) {
                run = longer;
                continue;
            }
            // x+ is one x, and any number of them.
            Set<String> grown = part instanceof Part.Times times && times.least() > 0
                    ? product(run, repeated(times.part(), times.least()))
                    : null;
            if (grown != null) {
                Around next = following[i + 1].or(following(((Part.Times) part).part(), following[i + 1]));
                all.add(literals(grown, preceding[begin], next));
            } else {
                all.add(literals(run, preceding[begin], following[i]));
            }
            run = exact == null ? Set.of("") : exact;
            begin = exact == null ? i + 1 : i;
            if (exact == null && grown == null) {
                all.add(needed(part, preceding[i], following[i + 1]));
            }
        }
        all.add(literals(run, preceding[begin], following[size]));
        return Needed.all(all);
    }

    /** What may stand before and after each part; a border of a word tells of one side what is not on the other. */
    private static void beside(List<Part> parts, Around before, Around after, Around[] preceding, Around[] following) {
        int size = parts.size();
        boolean borders = parts.stream().anyMatch(RegexNeeds::border);
        for (int pass = 0; pass < (borders ? 2 : 1); pass++) {
            Around[] left = preceding.clone();
            Around[] right = following.clone();
            preceding[0] = before;
            following[size] = after;
            for (int i = 0; i < size; i++) {
                boolean border = pass > 0 && border(parts.get(i));
                preceding[i + 1] =
                        border ? otherSide(preceding[i], right[i + 1]) : preceding(parts.get(i), preceding[i]);
            }
            for (int i = size - 1; i >= 0; i--) {
                boolean border = pass > 0 && border(parts.get(i));
                following[i] =
                        border ? otherSide(following[i + 1], left[i]) : following(parts.get(i), following[i + 1]);
            }
        }
    }

    private static boolean border(Part part) {
        return part instanceof Part.Between(int kind) && kind == Automaton.WORD_BOUNDARY;
    }

    private static Around otherSide(Around one, Around other) {
        if (other.within(Around.WORD)) {
            return one.and(Around.NO_WORD);
        }
        return other.within(Around.NO_WORD) ? one.and(Around.WORD) : one;
    }

    /** What may stand before the end of a part. */
    private static Around preceding(Part part, Around before) {
        return switch (part) {
            case Part.One(CharacterSet set) -> set.around();
            case Part.Between(int kind) ->
                switch (kind) {
                    case Automaton.BEGIN_TEXT -> before.and(Around.EDGE);
                    case Automaton.BEGIN_LINE -> before.and(Around.EDGE_OF_LINE);
                    default -> before;
                };
            case Part.Row(List<Part> parts) -> {
                Around at = before;
                for (Part one : parts) {
                    at = preceding(one, at);
                }
                yield at;
            }
            case Part.Either(List<Part> parts) ->
                parts.stream()
                        .map(one -> preceding(one, before))
                        .reduce(Around::or)
                        .orElse(before);
            case Part.Times times -> {
                Around last = preceding(times.part(), before);
                yield times.least() == 0 ? last.or(before) : last;
            }
        };
    }

    /** What may stand after the beginning of a part. */
    private static Around following(Part part, Around after) {
        return switch (part) {
            case Part.One(CharacterSet set) -> set.around();
            case Part.Between(int kind) ->
                switch (kind) {
                    case Automaton.END_TEXT -> after.and(Around.EDGE);
                    case Automaton.END_LINE -> after.and(Around.EDGE_OF_LINE);
                    default -> after;
                };
            case Part.Row(List<Part> parts) -> {
                Around at = after;
                for (Part one : parts.reversed()) {
                    at = following(one, at);
                }
                yield at;
            }
            case Part.Either(List<Part> parts) ->
                parts.stream()
                        .map(one -> following(one, after))
                        .reduce(Around::or)
                        .orElse(after);
            case Part.Times times -> {
                Around first = following(times.part(), after);
                yield times.least() == 0 ? first.or(after) : first;
            }
        };
    }

    /** The texts that a part stands for, folded; null where they are many or not known. */
    private @Nullable Set<String> exact(Part part) {
        if (part instanceof Part.One(CharacterSet set)) {
            return set.texts();
        }
        return known.computeIfAbsent(part, this::once).orElse(null);
    }

    private Optional<Set<String>> once(Part part) {
        Set<String> texts = switch (part) {
            case Part.One(CharacterSet set) -> set.texts();
            case Part.Between _ -> null;
            case Part.Row(List<Part> parts) -> {
                Set<String> all = Set.of("");
                for (Part one : parts) {
                    Set<String> more = all == null ? null : exact(one);
                    all = more == null || all == null ? null : product(all, more);
                }
                yield all;
            }
            case Part.Either(List<Part> parts) -> {
                Set<String> all = new LinkedHashSet<>();
                for (Part one : parts) {
                    Set<String> more = exact(one);
                    if (more == null || all.size() + more.size() > MOST_EXACT) {
                        yield null;
                    }
                    all.addAll(more);
                }
                yield all;
            }
            case Part.Times times -> {
                if (times.least() == 0 && times.most() == 1) {
                    Set<String> one = exact(times.part());
                    if (one == null) {
                        yield null;
                    }
                    Set<String> all = new LinkedHashSet<>(one);
                    all.add("");
                    yield all;
                }
                yield times.most() == times.least() && times.least() <= MOST_REPEATS
                        ? repeated(times.part(), times.least())
                        : null;
            }
        };
        return Optional.ofNullable(texts);
    }

    private @Nullable Set<String> repeated(Part part, int times) {
        Set<String> once = exact(part);
        Set<String> texts = once == null ? null : Set.of("");
        for (int i = 0; i < Math.min(times, MOST_REPEATS) && texts != null && once != null; i++) {
            texts = product(texts, once);
        }
        return texts;
    }

    private static @Nullable Set<String> product(Set<String> first, @Nullable Set<String> second) {
        if (second == null || (first.size() > 1 && second.size() > 1 && first.size() * second.size() > MOST_PRODUCT)) {
            return null;
        }
        if (first.size() == 1 && second.size() == 1) {
            String text = first.iterator().next() + second.iterator().next();
            return text.length() > LONGEST ? null : Set.of(text);
        }
        Set<String> texts = new LinkedHashSet<>();
        for (String one : first) {
            for (String two : second) {
                if (one.length() + two.length() > LONGEST) {
                    return null;
                }
                texts.add(one + two);
            }
        }
        return texts;
    }

    private static Needed literals(Set<String> texts, Around before, Around after) {
        List<Needed> literals = new ArrayList<>();
        for (String text : texts) {
            if (text.isEmpty() || common(text)) {
                return Needed.NOTHING;
            }
            literals.add(new Needed.Literal(text, before, after).cut());
        }
        return Needed.one(literals);
    }

    /** A letter, digit or blank alone is in nearly every text. */
    private static boolean common(String text) {
        char c = text.charAt(0);
        return text.length() == 1 && (Character.isLetterOrDigit(c) || " -./".indexOf(c) >= 0);
    }
}
