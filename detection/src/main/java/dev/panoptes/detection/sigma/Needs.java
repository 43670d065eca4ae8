package dev.panoptes.detection.sigma;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an event must contain for a rule to match at all: one of several literals, each in one place. Rules whose needs an event
 * does not meet are not tried. Null where nothing of the kind can be said.
 */
final class Needs {
    private static final int MOST = 2_000;
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

    @Nullable
    List<Need> of(Expr expr) {
        return switch (expr) {
            case Expr.And and -> and(and.parts());
            case Expr.Or or -> or(or.parts());
            case Expr.Not _ -> null;
            case Expr.Keyword keyword ->
                switch (keyword.test()) {
                    case Test.Text text -> literals(text, new int[] {ANYWHERE}, new int[0]);
                    case Test.Matches(Expression expression) -> expression(expression.source(), new int[] {ANYWHERE});
                    default -> null;
                };
            case Expr.Field field -> field(field);
        };
    }

    private @Nullable List<Need> field(Expr.Field field) {
        Compiler.Slots slots = compiler.slots(field.field());
        return switch (field.test()) {
            case Test.Text text -> literals(text, slots.slots(), slots.called());
            case Test.Matches(Expression expression) -> expression(expression.source(), slots.slots());
            case Test.Equal equal
            when equal.text().matches("0|[1-9][0-9]{0,15}") -> {
                // Other spellings of the number (4.0, 04) are told apart by Partition, which looks numbers up by value.
                List<Need> needs = new ArrayList<>();
                for (int slot : slots.slots()) {
                    needs.add(new Need(slot, equal.text(), true));
                }
                yield needs;
            }
            default -> null;
        };
    }

    private static @Nullable List<Need> expression(String source, int[] slots) {
        Set<String> literals = RegexNeeds.of(source);
        if (literals == null) {
            return null;
        }
        List<Need> needs = new ArrayList<>();
        for (String literal : literals) {
            for (int slot : slots) {
                needs.add(new Need(slot, cut(literal), false));
            }
        }
        return needs;
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

    private @Nullable List<Need> and(List<Expr> parts) {
        List<Need> best = null;
        double least = Double.MAX_VALUE;
        for (Expr part : parts) {
            List<Need> needs = of(part);
            if (needs != null) {
                double cost = cost(needs);
                if (cost < least) {
                    least = cost;
                    best = needs;
                }
            }
        }
        return best;
    }

    private @Nullable List<Need> or(List<Expr> parts) {
        List<Need> all = new ArrayList<>();
        for (Expr part : parts) {
            List<Need> needs = of(part);
            if (needs == null || all.size() + needs.size() > MOST) {
                return null;
            }
            all.addAll(needs);
        }
        return all;
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
