package dev.panoptes.detection.sigma;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What an event must contain for a rule, or a part of it, to match at all. For one thread. */
final class Needs {
    private final Compiler compiler;
    private final Atoms atoms;
    /** An expression may be asked for more than once, and reading it is dear. */
    private final Map<Expression, Needed> expressions = new IdentityHashMap<>();

    Needs(Compiler compiler, Atoms atoms) {
        this.compiler = compiler;
        this.atoms = atoms;
    }

    /** Where it does not hold, the rule does not match. */
    Gate of(Expr expr) {
        return switch (expr) {
            case Expr.And and -> Gate.all(and.parts().stream().map(this::of).toList());
            case Expr.Or or -> Gate.one(or.parts().stream().map(this::of).toList());
            case Expr.Not _ -> Gate.OPEN;
            case Expr.Keyword keyword ->
                switch (keyword.test()) {
                    case Test.Text(List<Glob.Compiled> globs) -> keywords(globs);
                    case Test.Matches(Expression expression) -> matches(expression, new int[] {Atom.ANYWHERE});
                    default -> Gate.OPEN;
                };
            case Expr.Field field -> field(compiler.slots(field.field()), field.test());
        };
    }

    private Gate field(Compiler.Slots slots, Test test) {
        return switch (test) {
            case Test.Text(List<Glob.Compiled> globs) -> text(slots, globs);
            case Test.Matches(Expression expression) -> matches(expression, slots.slots());
            case Test.Truth(boolean wanted)
            when wanted -> gate(list(slots.slots()), new Needed.Literal("true", Around.EDGE, Around.EDGE));
            case Test.Equal equal
            when equal.text().matches("0|[1-9][0-9]{0,14}") ->
                new Gate.AnyOf(atoms.number(list(slots.slots()), Long.parseLong(equal.text())));
            default -> Gate.OPEN;
        };
    }

    /** An expression that finds something finds it in one text. */
    Gate matches(Expression expression, int[] slots) {
        return gate(list(slots), expressions.computeIfAbsent(expression, Expression::needed));
    }

    private Gate keywords(List<Glob.Compiled> globs) {
        if (globs.size() > Needed.MOST) {
            return Gate.OPEN;
        }
        return Gate.one(globs.stream()
                .map(glob -> gate(List.of(Atom.ANYWHERE), glob.needed()))
                .toList());
    }

    Gate text(Compiler.Slots slots, List<Glob.Compiled> globs) {
        if (globs.size() > Needed.MOST) {
            return Gate.OPEN;
        }
        List<Integer> plain = list(slots.slots());
        // The program as called is asked only for the end of a path.
        List<Integer> all = IntStream.concat(IntStream.of(slots.slots()), IntStream.of(slots.called()))
                .boxed()
                .toList();
        List<Gate> gates = new ArrayList<>(globs.size());
        for (Glob.Compiled glob : globs) {
            gates.add(gate(glob.asksForEnd() ? all : plain, glob.needed()));
        }
        return Gate.one(gates);
    }

    private static List<Integer> list(int[] slots) {
        return Arrays.stream(slots).boxed().toList();
    }

    private Gate gate(List<Integer> slots, Needed needed) {
        return switch (needed) {
            case Needed.Literal literal -> new Gate.AnyOf(List.of(atoms.literal(slots, literal)));
            case Needed.All(List<Needed> parts) -> Gate.all(gates(slots, parts));
            case Needed.One(List<Needed> parts) -> Gate.one(gates(slots, parts));
        };
    }

    private List<Gate> gates(List<Integer> slots, List<Needed> parts) {
        List<Gate> gates = new ArrayList<>(parts.size());
        for (Needed part : parts) {
            gates.add(gate(slots, part));
        }
        return gates;
    }
}
