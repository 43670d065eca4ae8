package dev.panoptes.detection.sigma;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Turns what rules ask into what is run, for the events of one partition. */
final class Compiler {
    /** Names of fields that are another in every event. */
    private static final Pattern ONCE = Pattern.compile(
            "(?i)(timestamp|time|pid|processid|guid|entity_id|\\bid|\\.start|created|sequence|serial)$");

    private final Paths paths;
    private final Map<String, List<String>> fields;
    private final Map<String, Boolean> repeating = new HashMap<>();
    private final Map<String, Slots> slots = new HashMap<>();
    /** Null where what is run must not rest on what was marked before. */
    private final @Nullable Needs needs;

    /** @param fields the log source's own names */
    Compiler(Paths paths, Map<String, List<String>> fields) {
        this.paths = paths;
        this.fields = fields;
        this.needs = null;
    }

    private Compiler(Compiler plain, Needs needs) {
        this.paths = plain.paths;
        this.fields = plain.fields;
        this.needs = needs;
    }

    /** One whose checks ask what a view has marked before they look into texts. */
    Compiler asking(Needs needs) {
        return new Compiler(this, needs);
    }

    @FunctionalInterface
    interface Check {
        boolean test(View view);
    }

    /** Where a field's values are found. {@code called} ones are asked only for the end of a path. */
    record Slots(int[] slots, int[] called) {}

    Slots slots(String field) {
        return slots.computeIfAbsent(field, this::looked);
    }

    private Slots looked(String field) {
        List<String> listed = fields.get(field);
        if (listed == null) {
            listed = fields.getOrDefault("*", List.of()).stream()
                    .map(path -> path.replace("*", field))
                    .toList();
        }
        int[] plain = IntStream.concat(
                        IntStream.of(paths.plain(field)),
                        listed.stream().filter(path -> !path.endsWith("called")).mapToInt(paths::listed))
                .toArray();
        int[] called = listed.stream()
                .filter(path -> path.endsWith("called"))
                .mapToInt(paths::listed)
                .toArray();
        return new Slots(plain, called);
    }

    boolean elementwise(Expr expr) {
        return switch (expr) {
            case Expr.And and -> and.parts().stream().anyMatch(this::elementwise);
            case Expr.Or or -> or.parts().stream().anyMatch(this::elementwise);
            case Expr.Not not -> elementwise(not.part());
            case Expr.Keyword _ -> false;
            case Expr.Field field ->
                fields.getOrDefault(field.field(), List.of()).stream().anyMatch(path -> path.contains("[]"));
        };
    }

    /** Whether what is asked is often the same for two events: not times, numbers of processes, every value, one element at a time. */
    boolean repeats(Expr expr) {
        return !elementwise(expr) && repeating(expr);
    }

    private boolean repeating(Expr expr) {
        return switch (expr) {
            case Expr.And and -> and.parts().stream().allMatch(this::repeating);
            case Expr.Or or -> or.parts().stream().allMatch(this::repeating);
            case Expr.Not not -> repeating(not.part());
            case Expr.Keyword _ -> false;
            case Expr.Field field ->
                switch (field.test()) {
                    case Test.TimePart _ -> false;
                    case Test.SameAs same -> repeating(field.field()) && repeating(same.field());
                    default -> repeating(field.field());
                };
        };
    }

    private boolean repeating(String field) {
        return repeating.computeIfAbsent(field, this::looksRepeating);
    }

    private boolean looksRepeating(String field) {
        return !ONCE.matcher(field).find()
                && fields.getOrDefault(field, List.of()).stream()
                        .noneMatch(path ->
                                path.contains("[]") || ONCE.matcher(path).find());
    }

    Check check(Expr expr) {
        return check(expr, true);
    }

    /** @param sure whether its gate holds, for it is a part of the rule's that must */
    private Check check(Expr expr, boolean sure) {
        return switch (expr) {
            case Expr.And and -> {
                Check[] parts = cheapestFirst(and.parts(), sure);
                yield view -> {
                    for (Check part : parts) {
                        if (!part.test(view)) {
                            return false;
                        }
                    }
                    return true;
                };
            }
            case Expr.Or or -> {
                Check[] parts = cheapestFirst(or.parts(), false);
                yield view -> {
                    for (Check part : parts) {
                        if (part.test(view)) {
                            return true;
                        }
                    }
                    return false;
                };
            }
            case Expr.Not not -> {
                Check part = check(not.part(), false);
                yield view -> !part.test(view);
            }
            case Expr.Keyword keyword -> keyword(keyword.test());
            case Expr.Field field -> field(slots(field.field()), field.test(), sure);
        };
    }

    /** Parts have no effects, so their order is free: an expression over a long text is asked when all else holds. */
    private Check[] cheapestFirst(List<Expr> parts, boolean sure) {
        return parts.stream()
                .sorted(Comparator.comparingInt(Compiler::cost))
                .map(part -> check(part, sure))
                .toArray(Check[]::new);
    }

    /** Regular expressions cost about a thousand times as much as all other tests. */
    private static int cost(Expr expr) {
        return switch (expr) {
            case Expr.And and -> and.parts().stream().mapToInt(Compiler::cost).sum();
            case Expr.Or or -> or.parts().stream().mapToInt(Compiler::cost).sum();
            case Expr.Not not -> cost(not.part());
            case Expr.Keyword keyword -> keyword.test() instanceof Test.Matches ? 1_000 : 10;
            case Expr.Field field -> field.test() instanceof Test.Matches ? 1_000 : 1;
        };
    }

    private static Check keyword(Test test) {
        return switch (test) {
            case Test.Text(List<Glob.Compiled> globs) -> {
                Texts texts = new Texts(globs);
                yield view -> texts.any(view.everything(), view.everythingFolded());
            }
            case Test.Matches(Expression expression) -> view -> any(view.everything(), expression::finds);
            default -> throw new IllegalStateException("no keyword is " + test);
        };
    }

    private Check field(Slots slots, Test test, boolean sure) {
        return switch (test) {
            case Test.Absent _ -> view -> !present(view, slots.slots());
            case Test.Exists(boolean wanted) -> view -> present(view, slots.slots()) == wanted;
            case Test.Text(List<Glob.Compiled> globs) -> text(slots, globs, sure);
            case Test.Equal(double number, String text) -> {
                String folded = Folded.of(text);
                yield view -> anyValue(
                        view,
                        slots.slots(),
                        value -> Test.number(value) == number
                                || (value instanceof String other
                                        && Folded.of(other).equals(folded)));
            }
            case Test.Truth(boolean wanted) -> {
                String text = Boolean.toString(wanted);
                yield view ->
                        anyValue(view, slots.slots(), value -> value.toString().equalsIgnoreCase(text));
            }
            case Test.Matches(Expression expression) -> expression(slots, expression, sure);
            case Test.Within(Network network) -> view -> anyText(view, slots.slots(), network::contains);
            case Test.Compared(Test.Comparison comparison, double limit) ->
                view -> anyValue(view, slots.slots(), value -> {
                    double number = Test.number(value);
                    return !Double.isNaN(number) && comparison.holds(number, limit);
                });
            case Test.TimePart(Test.Part part, Test.Comparison comparison, double limit) ->
                view -> anyText(view, slots.slots(), text -> {
                    Integer found = part.of(text);
                    return found != null && comparison.holds(found, limit);
                });
            case Test.SameAs same -> sameAs(slots, same);
        };
    }

    /** A text without what the expression needs is not given to it. */
    private Check expression(Slots slots, Expression expression, boolean sure) {
        Check finds = view -> anyText(view, slots.slots(), expression::finds);
        Gate gate = needs == null || sure ? Gate.OPEN : needs.matches(expression, slots.slots());
        return gate.equals(Gate.OPEN) ? finds : view -> gate.holds(view) && finds.test(view);
    }

    private Check text(Slots slots, List<Glob.Compiled> globs, boolean sure) {
        Gate gate = needs == null ? Gate.OPEN : needs.text(slots, globs);
        if (gate instanceof Gate.AnyOf && globs.stream().allMatch(glob -> glob.only() != null)) {
            return sure ? view -> true : gate::holds;
        }
        Check looks = looks(slots, globs);
        return gate.equals(Gate.OPEN) || sure ? looks : view -> gate.holds(view) && looks.test(view);
    }

    private static Check looks(Slots slots, List<Glob.Compiled> globs) {
        Texts texts = new Texts(globs);
        List<Glob.Compiled> ends =
                globs.stream().filter(Glob.Compiled::asksForEnd).toList();
        Texts ofEnds = new Texts(ends);
        int[] plain = slots.slots();
        int[] called = ends.isEmpty() ? new int[0] : slots.called();
        return view -> {
            for (int slot : plain) {
                if (texts.any(view.texts(slot), view.folded(slot))) {
                    return true;
                }
            }
            for (int slot : called) {
                if (ofEnds.any(view.texts(slot), view.folded(slot))) {
                    return true;
                }
            }
            return false;
        };
    }

    private Check sameAs(Slots slots, Test.SameAs same) {
        int[] others = slots(same.field()).slots();
        return view -> anyText(
                view,
                slots.slots(),
                text -> anyText(view, others, other -> {
                    String one = same.cased() ? text : Folded.of(text);
                    String two = same.cased() ? other : Folded.of(other);
                    return switch (same.place()) {
                        case WHOLE -> one.equals(two);
                        case START -> one.startsWith(two);
                        case END -> one.endsWith(two);
                        case ANYWHERE -> one.contains(two);
                    };
                }));
    }

    private static boolean present(View view, int[] slots) {
        for (int slot : slots) {
            if (view.values(slot).length > 0) {
                return true;
            }
        }
        return false;
    }

    private static boolean anyValue(View view, int[] slots, Predicate<Object> test) {
        for (int slot : slots) {
            for (Object value : view.values(slot)) {
                if (test.test(value)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean anyText(View view, int[] slots, Predicate<String> test) {
        for (int slot : slots) {
            if (any(view.texts(slot), test)) {
                return true;
            }
        }
        return false;
    }

    private static boolean any(String[] texts, Predicate<String> test) {
        for (String text : texts) {
            if (test.test(text)) {
                return true;
            }
        }
        return false;
    }

    /** Several globs: those without wildcards are looked up, the others tried. */
    private static final class Texts {
        private final Set<String> exact = new HashSet<>();
        private final Set<String> exactCased = new HashSet<>();
        private final Glob.Compiled[] others;

        Texts(List<Glob.Compiled> globs) {
            List<Glob.Compiled> rest = new ArrayList<>();
            for (Glob.Compiled glob : globs) {
                String whole = glob.exact();
                if (whole == null) {
                    rest.add(glob);
                } else if (glob.cased()) {
                    exactCased.add(whole);
                } else {
                    exact.add(whole);
                }
            }
            others = rest.toArray(Glob.Compiled[]::new);
        }

        boolean any(String[] texts, String[] folded) {
            for (int i = 0; i < texts.length; i++) {
                if ((!exact.isEmpty() && exact.contains(folded[i]))
                        || (!exactCased.isEmpty() && exactCased.contains(texts[i]))) {
                    return true;
                }
                for (Glob.Compiled glob : others) {
                    if (glob.matches(glob.cased() ? texts[i] : folded[i])) {
                        return true;
                    }
                }
            }
            return false;
        }
    }
}
