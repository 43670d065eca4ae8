package dev.panoptes.code.syntax;

import dev.panoptes.code.Language;
import dev.panoptes.code.syntax.Expression.Argument;
import dev.panoptes.code.syntax.Expression.Entry;
import dev.panoptes.code.syntax.Function.Kind;
import dev.panoptes.code.syntax.Function.Parameter;
import dev.panoptes.code.syntax.Statement.Imported;
import dev.panoptes.code.tree.SyntaxNode;
import dev.panoptes.code.tree.SyntaxTree;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How the nodes of a grammar become our statements and expressions: the rules of a resource, applied. The format is described
 * at the head of {@code python.shapes}; what no rule can say are {@link Native}s of a language. Immutable.
 */
final class Shapes {
    private static final String OTHERS = "*";

    private final Map<String, Map<String, List<Rule>>> rules = new HashMap<>();
    private final Map<String, Native> natives;

    /** A node in its place. @param inner what a fold has made of the nodes after it; null elsewhere */
    record Place(
            SyntaxNode node,
            @Nullable Place outer,
            @Nullable Object inner) {}

    /** What a rule gives in a place: a node, a list, a text, a number, a part of our tree; null for nothing. */
    interface Term {
        @Nullable
        Object in(Place place);
    }

    /** A text, a number or a word of a rule. */
    record Constant(@Nullable Object value) implements Term {
        @Override
        public @Nullable Object in(Place place) {
            return value;
        }
    }

    /** What no rule can say. */
    interface Native {
        @Nullable
        Object of(List<Term> given, Place place, Shapes shapes);
    }

    interface Guard {
        boolean holds(Place place);
    }

    private record Rule(List<Guard> guards, List<Term> gives) {}

    /** @throws IllegalArgumentException where a line is no rule */
    static Shapes read(String resource, Map<String, Native> natives) {
        try (InputStream in = Shapes.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is missing");
            }
            return new Shapes(new String(in.readAllBytes(), StandardCharsets.UTF_8), natives);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Shapes(String text, Map<String, Native> natives) {
        this.natives = Map.copyOf(natives);
        for (String line : text.split("\n")) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            int equals = line.indexOf(" = ");
            String[] head = line.substring(0, Math.max(0, equals)).strip().split("\\s+");
            if (head.length < 2) {
                throw new IllegalArgumentException("no rule: " + line);
            }
            List<Guard> guards = new ArrayList<>();
            for (int i = 2; i < head.length; i++) {
                guards.add(ShapeParser.guard(head[i]));
            }
            Rule rule = new Rule(guards, new ShapeParser(line.substring(equals + 3), this).terms());
            for (String kind : head[1].split(",")) {
                rules.computeIfAbsent(head[0], _ -> new HashMap<>())
                        .computeIfAbsent(kind, _ -> new ArrayList<>())
                        .add(rule);
            }
        }
    }

    /** A whole file. */
    SourceText text(Language language, SyntaxTree tree) {
        return new SourceText(language, statements(tree.root(), new Place(tree.root(), null, null)), "");
    }

    /** What the first rule of this mode that fits gives for a node. */
    @Nullable
    Object apply(String mode, SyntaxNode node, @Nullable Place outer, @Nullable Object inner) {
        Map<String, List<Rule>> known = rules.getOrDefault(mode, Map.of());
        Place place = new Place(node, outer, inner);
        Rule rule = fitting(known.get(node.type()), place);
        rule = rule == null ? fitting(known.get(OTHERS), place) : rule;
        if (rule == null) {
            throw new IllegalStateException("no rule of " + mode + " for " + node.type());
        }
        if (rule.gives().size() == 1) {
            return rule.gives().getFirst().in(place);
        }
        List<Object> given = new ArrayList<>();
        for (Term term : rule.gives()) {
            flatten(term.in(place), given);
        }
        return given;
    }

    private static @Nullable Rule fitting(@Nullable List<Rule> rules, Place place) {
        for (Rule rule : rules == null ? List.<Rule>of() : rules) {
            if (holds(rule, place)) {
                return rule;
            }
        }
        return null;
    }

    private static boolean holds(Rule rule, Place place) {
        for (Guard guard : rule.guards()) {
            if (!guard.holds(place)) {
                return false;
            }
        }
        return true;
    }

    private static void flatten(@Nullable Object value, List<Object> into) {
        if (value instanceof List<?> list) {
            for (Object each : list) {
                flatten(each, into);
            }
        } else if (value != null) {
            into.add(value);
        }
    }

    /** The same mode for each of some nodes. */
    List<Object> each(String mode, @Nullable Object nodes, Place place) {
        List<Object> given = new ArrayList<>();
        for (Object node : list(nodes)) {
            if (node instanceof SyntaxNode one) {
                flatten(apply(mode, one, place, null), given);
            } else {
                given.add(node);
            }
        }
        return given;
    }

    static List<Object> list(@Nullable Object value) {
        List<Object> all = new ArrayList<>();
        flatten(value, all);
        return all;
    }

    Expression expression(@Nullable Object value, Place place) {
        return switch (value) {
            case Expression known -> known;
            case SyntaxNode node -> expression(apply("expr", node, place, null), place);
            case List<?> list when !list.isEmpty() -> expression(list.getFirst(), place);
            case null, default -> Expression.UNREAD;
        };
    }

    @Nullable
    Expression optional(@Nullable Object value, Place place) {
        boolean none = value == null || (value instanceof List<?> list && list.isEmpty());
        return none ? null : expression(value, place);
    }

    List<Expression> expressions(@Nullable Object value, Place place) {
        List<Expression> expressions = new ArrayList<>();
        for (Object each : list(value)) {
            expressions.add(expression(each, place));
        }
        return expressions;
    }

    /** A node of its own is a block; those of a list are statements. */
    List<Statement> statements(@Nullable Object value, Place place) {
        List<Statement> statements = new ArrayList<>();
        Object whole = value instanceof SyntaxNode node ? apply("block", node, place, null) : value;
        for (Object each : list(whole)) {
            switch (each) {
                case Statement statement -> statements.add(statement);
                case SyntaxNode node -> statements.addAll(statements(apply("stmt", node, place, null), place));
                default -> throw new IllegalStateException("no statement: " + each);
            }
        }
        return statements;
    }

    static String text(@Nullable Object value) {
        return switch (value) {
            case SyntaxNode node -> node.text();
            case List<?> list -> list.isEmpty() ? "" : text(list.getFirst());
            case null -> "";
            default -> value.toString();
        };
    }

    private static @Nullable String optionalText(@Nullable Object value) {
        return list(value).isEmpty() ? null : text(value);
    }

    <T> List<T> of(Class<T> type, String mode, @Nullable Object value, Place place) {
        List<T> all = new ArrayList<>();
        for (Object one : each(mode, value, place)) {
            all.add(type.cast(one));
        }
        return all;
    }

    private Function function(List<Term> t, Place p) {
        return new Function(
                text(t.get(0).in(p)),
                optionalText(t.get(1).in(p)),
                of(Parameter.class, "param", t.get(2).in(p), p),
                statements(t.get(3).in(p), p),
                expressions(t.get(4).in(p), p),
                p.node().start(),
                p.node().end());
    }

    private static int number(Term term, Place place) {
        return (Integer) Objects.requireNonNull(term.in(place));
    }

    /** From the last node to the first, each with what became of those after it. */
    private Object fold(String mode, @Nullable Object nodes, @Nullable Object seed, Place place) {
        Object made = statements(seed, place);
        for (Object node : list(nodes).reversed()) {
            made = Objects.requireNonNull(apply(mode, (SyntaxNode) node, place, made));
        }
        return made;
    }

    /** A part of our tree, by its name in the rules. */
    Term maker(String name, List<Term> t) {
        Native own = natives.get(name);
        if (own != null) {
            return p -> own.of(t, p, this);
        }
        return switch (name) {
            case "Evaluate" -> p -> new Statement.Evaluate(expression(t.get(0).in(p), p));
            case "Assign" ->
                p -> new Statement.Assign(
                        expression(t.get(0).in(p), p),
                        optional(t.get(1).in(p), p),
                        optional(t.get(2).in(p), p),
                        Boolean.TRUE.equals(t.get(3).in(p)),
                        p.node().start());
            case "Define" -> p -> new Statement.Define(function(t, p));
            case "DefineType" ->
                p -> new Statement.DefineType(
                        text(t.get(0).in(p)),
                        expressions(t.get(1).in(p), p),
                        of(Argument.class, "arg", t.get(2).in(p), p),
                        statements(t.get(3).in(p), p),
                        expressions(t.get(4).in(p), p));
            case "Return" -> p -> new Statement.Return(optional(t.get(0).in(p), p));
            case "Branch" ->
                p -> new Statement.Branch(
                        expression(t.get(0).in(p), p),
                        statements(t.get(1).in(p), p),
                        statements(t.get(2).in(p), p));
            case "Repeat" ->
                p -> new Statement.Repeat(
                        optional(t.get(0).in(p), p),
                        expression(t.get(1).in(p), p),
                        statements(t.get(2).in(p), p),
                        statements(t.get(3).in(p), p));
            case "Attempt" ->
                p -> new Statement.Attempt(
                        statements(t.get(0).in(p), p),
                        list(t.get(1).in(p)).stream()
                                .map(handler -> statements(apply("handler", (SyntaxNode) handler, p, null), p))
                                .toList(),
                        statements(t.get(2).in(p), p),
                        statements(t.get(3).in(p), p));
            case "Using" ->
                p -> new Statement.Using(
                        expression(t.get(0).in(p), p),
                        optional(t.get(1).in(p), p),
                        statements(t.get(2).in(p), p));
            case "Block" -> p -> new Statement.Block(statements(t.get(0).in(p), p));
            case "Import" ->
                p -> new Statement.Import(
                        text(t.get(0).in(p)),
                        number(t.get(1), p),
                        of(Imported.class, "imported", t.get(2).in(p), p),
                        optionalText(t.get(3).in(p)));
            case "Imported" ->
                p -> new Imported(text(t.get(0).in(p)), text(t.get(1).in(p)));
            case "Outer" ->
                p -> new Statement.Outer(
                        list(t.get(0).in(p)).stream().map(Shapes::text).toList());
            case "Leave" ->
                p -> new Statement.Leave(Statement.Way.valueOf(text(t.get(0).in(p))));
            case "Literal" -> p -> new Expression.Literal(t.get(0).in(p));
            case "Text" -> p -> Literals.text(text(t.get(0).in(p)));
            case "Integer" -> p -> Literals.integer(text(t.get(0).in(p)));
            case "Decimal" -> p -> Literals.decimal(text(t.get(0).in(p)));
            case "Name" -> p -> new Expression.Name(text(t.get(0).in(p)));
            case "Member" ->
                p -> new Expression.Member(
                        expression(t.get(0).in(p), p), text(t.get(1).in(p)));
            case "Index" ->
                p -> new Expression.Index(
                        expression(t.get(0).in(p), p), expression(t.get(1).in(p), p));
            case "Slice" ->
                p -> new Expression.Slice(
                        optional(t.get(0).in(p), p), optional(t.get(1).in(p), p));
            case "Call", "New" ->
                p -> new Expression.Call(
                        expression(t.get(0).in(p), p),
                        of(Argument.class, "arg", t.get(1).in(p), p),
                        name.equals("New"),
                        p.node().start(),
                        p.node().end());
            case "Template" -> p -> new Expression.Template(expressions(t.get(0).in(p), p));
            case "Op" ->
                p -> new Expression.Operation(
                        text(t.get(0).in(p)),
                        t.size() == 2
                                ? List.of(expression(t.get(1).in(p), p))
                                : List.of(
                                        expression(t.get(1).in(p), p),
                                        expression(t.get(2).in(p), p)));
            case "Choice" ->
                p -> new Expression.Choice(
                        expression(t.get(0).in(p), p),
                        expression(t.get(1).in(p), p),
                        expression(t.get(2).in(p), p));
            case "Items" -> p -> new Expression.Items(expressions(t.get(0).in(p), p));
            case "Entries" ->
                p -> new Expression.Entries(of(Entry.class, "entry", t.get(0).in(p), p));
            case "Closure" -> p -> new Expression.Closure(function(t, p));
            case "Each" ->
                p -> new Expression.Each(
                        expression(t.get(0).in(p), p),
                        expression(t.get(1).in(p), p),
                        expression(t.get(2).in(p), p));
            case "Spread" -> p -> new Expression.Spread(expression(t.get(0).in(p), p));
            case "Assigned" ->
                p -> new Expression.Assigned(
                        expression(t.get(0).in(p), p), expression(t.get(1).in(p), p));
            case "Composite" ->
                p -> new Expression.Composite(
                        expression(t.get(0).in(p), p),
                        new Expression.Entries(of(Entry.class, "entry", t.get(1).in(p), p)),
                        p.node().start(),
                        p.node().end());
            case "Opaque" -> p -> new Expression.Opaque(expressions(t.get(0).in(p), p));
            case "Unread" -> p -> Expression.UNREAD;
            case "Arg" ->
                p -> new Argument(
                        optionalText(t.get(0).in(p)), expression(t.get(1).in(p), p), number(t.get(2), p));
            case "Entry" ->
                p -> new Entry(
                        optional(t.get(0).in(p), p),
                        expression(t.get(1).in(p), p),
                        p.node().start(),
                        p.node().end());
            case "Param" ->
                p -> new Parameter(
                        text(t.get(0).in(p)),
                        optional(t.get(1).in(p), p),
                        optional(t.get(2).in(p), p),
                        Kind.valueOf(text(t.get(3).in(p))));
            case "fold" ->
                p -> fold(text(t.get(0).in(p)), t.get(1).in(p), t.get(2).in(p), p);
            case "list" -> p -> list(t.stream().map(each -> list(each.in(p))).toList());
            case "last" ->
                p -> list(t.get(0).in(p)).reversed().stream().findFirst().orElse(null);
            case "statements" -> p -> statements(t.get(0).in(p), p);
            case "without" -> {
                Pattern pattern = Pattern.compile(t.get(1) instanceof Constant known ? text(known.value()) : "");
                yield p -> pattern.matcher(text(t.get(0).in(p))).replaceAll("");
            }
            case "expression" -> p -> expression(t.get(0).in(p), p);
            case "either" ->
                p -> expressions(t.get(0).in(p), p).stream()
                        .reduce((a, b) -> new Expression.Operation("or", List.of(a, b)))
                        .orElse(Expression.UNREAD);
            case "join" -> p -> text(t.get(0).in(p)) + text(t.get(1).in(p));
            case "start" -> p -> String.valueOf(p.node().start());
            default -> throw new IllegalArgumentException(name + " is nothing that a rule can make");
        };
    }
}
