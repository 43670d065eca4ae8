package dev.panoptes.detection.sigma;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an event must contain for a rule to match at all: of each of a few groups one literal, each in one place. Rules whose needs
 * an event does not meet are not tried.
 */
final class Needs {
    private static final int MOST = 2_000;
    private static final int MOST_GROUPS = 4;
    /** Groups that cost more than this say little besides the first, and would be met in most events. */
    private static final double TELLING = 0.3;
    /** What is met as seldom needs no further groups, which cost looking for. */
    private static final double RARE = 0.02;
    /** Longer literals are cut: a part of what is needed is needed too, and the tables stay small. */
    private static final int LONGEST = 20;

    /** The place that stands for every value of the event. */
    static final int ANYWHERE = -1;

    /** @param whole true where the value must be this and nothing else */
    record Need(int slot, String literal, boolean whole) {}

    private final Compiler compiler;

    Needs(Compiler compiler) {
        this.compiler = compiler;
    }

    /** The groups, what tells most first, the others only where they tell much; none where nothing of the kind can be said. */
    List<List<Need>> of(Expr expr) {
        List<List<Need>> groups = new ArrayList<>(groups(expr));
        groups.sort(Comparator.comparingDouble(Needs::cost));
        List<List<Need>> kept = new ArrayList<>();
        double left = 1;
        for (List<Need> group : groups) {
            boolean further =
                    left > RARE && kept.size() < MOST_GROUPS && cost(group) < TELLING && !kept.contains(group);
            if (kept.isEmpty() || further) {
                kept.add(group);
                left *= cost(group);
            }
        }
        return kept;
    }

    private List<List<Need>> groups(Expr expr) {
        return switch (expr) {
            case Expr.And and ->
                and.parts().stream().flatMap(part -> groups(part).stream()).toList();
            case Expr.Or or -> or(or.parts());
            case Expr.Not _ -> List.of();
            case Expr.Keyword keyword ->
                switch (keyword.test()) {
                    case Test.Text text -> one(literals(text, new int[] {ANYWHERE}, new int[0]));
                    case Test.Matches(Expression expression) -> expression(expression.source(), new int[] {ANYWHERE});
                    default -> List.of();
                };
            case Expr.Field field -> field(field);
        };
    }

    private static List<List<Need>> one(@Nullable List<Need> group) {
        return group == null ? List.of() : List.of(group);
    }

    private List<List<Need>> field(Expr.Field field) {
        Compiler.Slots slots = compiler.slots(field.field());
        return switch (field.test()) {
            case Test.Text text -> one(literals(text, slots.slots(), slots.called()));
            case Test.Matches(Expression expression) -> expression(expression.source(), slots.slots());
            case Test.Truth(boolean wanted)
            when wanted -> {
                List<Need> needs = new ArrayList<>();
                for (int slot : slots.slots()) {
                    needs.add(new Need(slot, "true", true));
                }
                yield List.of(needs);
            }
            case Test.Equal equal
            when equal.text().matches("0|[1-9][0-9]{0,15}") -> {
                // Other spellings of the number (4.0, 04) are told apart by Partition, which looks numbers up by value.
                List<Need> needs = new ArrayList<>();
                for (int slot : slots.slots()) {
                    needs.add(new Need(slot, equal.text(), true));
                }
                yield List.of(needs);
            }
            default -> List.of();
        };
    }

    private static List<List<Need>> expression(String source, int[] slots) {
        List<List<Need>> groups = new ArrayList<>();
        for (Set<String> literals : RegexNeeds.all(source)) {
            List<Need> needs = new ArrayList<>();
            for (String literal : literals) {
                for (int slot : slots) {
                    needs.add(new Need(slot, cut(literal), false));
                }
            }
            groups.add(needs);
        }
        return groups;
    }

    private static @Nullable List<Need> literals(Test.Text text, int[] slots, int[] called) {
        List<Need> needs = new ArrayList<>();
        for (Glob.Compiled glob : text.globs()) {
            String whole = glob.exact();
            String folded = whole == null || glob.cased() ? null : Folded.of(whole);
            boolean exact = folded != null;
            String literal = folded == null ? cut(glob.longest()) : folded;
            if (!exact && (literal.isEmpty() || (literal.length() == 1 && slots[0] == ANYWHERE))) {
                return null;
            }
            for (int slot : slots) {
                needs.add(new Need(slot, literal, exact && slot != ANYWHERE));
            }
            if (glob.asksForEnd()) {
                for (int slot : called) {
                    needs.add(new Need(slot, literal, false));
                }
            }
            if (needs.size() > MOST) {
                return null;
            }
        }
        return needs;
    }

    /** The end of a literal tells more than its beginning: paths begin alike. */
    private static String cut(String literal) {
        return literal.length() > LONGEST ? literal.substring(literal.length() - LONGEST) : literal;
    }

    /** What tells most of each part: one of them is there. */
    private List<List<Need>> or(List<Expr> parts) {
        List<Need> all = new ArrayList<>();
        for (Expr part : parts) {
            List<Need> least = groups(part).stream()
                    .min(Comparator.comparingDouble(Needs::cost))
                    .orElse(null);
            if (least == null || all.size() + least.size() > MOST) {
                return List.of();
            }
            all.addAll(least);
        }
        return List.of(all);
    }

    /** About how often an event meets these: short literals often, whole values rarely, many rather than few. */
    private static double cost(List<Need> needs) {
        double cost = 0;
        for (Need need : needs) {
            double one = Math.pow(0.45, Math.min(need.literal().length(), 10));
            cost += need.whole() ? one / 4 : one;
        }
        return cost;
    }
}
