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
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How the nodes of a grammar become our statements and expressions: the rules of a resource, applied. The format is described
 * at the head of {@code python.shapes}; what no rule can say are {@link Native}s of a language. Immutable once it is read.
 */
final class Shapes {
    private static final String OTHERS = "*";

    private final Map<String, Map<String, List<Rule>>> rules = new HashMap<>();
    private final Map<String, Native> natives = new HashMap<>();

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
        Object of(Given given);
    }

    interface Guard {
        boolean holds(Place place);
    }

    private record Rule(List<Guard> guards, List<Term> gives) {
        private boolean holds(Place place) {
            for (Guard guard : guards) {
                if (!guard.holds(place)) {
                    return false;
                }
            }
            return true;
        }
    }

    Shapes with(String name, Native made) {
        natives.put(name, made);
        return this;
    }

    /** @throws IllegalArgumentException where a line is no rule */
    Shapes read(String resource) {
        try (InputStream in = Shapes.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is missing");
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Shapes parse(String text) {
        for (String line : text.split("\n")) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            int equals = line.indexOf(" = ");
            String[] head = line.substring(0, Math.max(0, equals)).strip().split("\\s+");
            if (head.length < 2) {
                throw new IllegalArgumentException("no rule: " + line);
            }
            List<Guard> guards = Stream.of(head).skip(2).map(ShapeParser::guard).toList();
            Rule rule = new Rule(guards, new ShapeParser(line.substring(equals + 3), this).terms());
            for (String kind : head[1].split(",")) {
                rules.computeIfAbsent(head[0], _ -> new HashMap<>())
                        .computeIfAbsent(kind, _ -> new ArrayList<>())
                        .add(rule);
            }
        }
        return this;
    }

    /** A whole file. */
    SourceText text(Language language, SyntaxTree tree) {
        Place place = new Place(tree.root(), null, null, this);
        return new SourceText(language, place.statements(tree.root()), "");
    }

    /** What the first rule of this mode that fits gives in this place. */
    @Nullable
    Object apply(String mode, Place place) {
        Map<String, List<Rule>> known = rules.getOrDefault(mode, Map.of());
        Rule rule = fitting(known.get(place.node().type()), place);
        rule = rule == null ? fitting(known.get(OTHERS), place) : rule;
        if (rule == null) {
            throw new IllegalStateException(
                    "no rule of " + mode + " for " + place.node().type());
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
            if (rule.holds(place)) {
                return rule;
            }
        }
        return null;
    }

    static void flatten(@Nullable Object value, List<Object> into) {
        if (value instanceof List<?> list) {
            for (Object each : list) {
                flatten(each, into);
            }
        } else if (value != null) {
            into.add(value);
        }
    }

    static List<Object> list(@Nullable Object value) {
        List<Object> all = new ArrayList<>();
        flatten(value, all);
        return all;
    }

    static String text(@Nullable Object value) {
        return switch (value) {
            case SyntaxNode node -> node.text();
            case List<?> list -> list.isEmpty() ? "" : text(list.getFirst());
            case null -> "";
            default -> value.toString();
        };
    }

    /** A part of our tree, by its name in the rules. */
    Term maker(String name, List<Term> terms) {
        if (name.equals("without")) {
            Pattern pattern = Pattern.compile(terms.get(1) instanceof Constant known ? text(known.value()) : "");
            return place -> pattern.matcher(text(terms.getFirst().in(place))).replaceAll("");
        }
        Native own = natives.get(name);
        Native made = own == null ? common(name) : own;
        return place -> made.of(new Given(terms, place));
    }

    /** Each target gets its value; several of which there is one value, or another number, are taken out of it. */
    static List<Statement> pairs(List<Expression> targets, List<Expression> values, boolean declares) {
        if (targets.size() != values.size()) {
            Expression value = values.size() == 1 ? values.getFirst() : new Expression.Items(values);
            return List.of(new Statement.Assign(new Expression.Items(targets), value, null, declares));
        }
        return IntStream.range(0, targets.size())
                .<Statement>mapToObj(i -> new Statement.Assign(targets.get(i), values.get(i), null, declares))
                .toList();
    }

    /** The method that sets fields; null where there is nothing to set. */
    private static @Nullable Statement fields(List<Statement> body, Given place) {
        return body.isEmpty()
                ? null
                : new Statement.Define(new Function(
                        Function.FIELDS, null, List.of(), Body.of(body), List.of(), place.start(), place.end()));
    }

    /** The cases of a switch as a chain; a body without a break goes on into the next, and the default comes last. */
    private static List<Statement> choice(List<Object> cases) {
        List<List<Statement>> bodies = new ArrayList<>();
        List<Statement> chain = List.of();
        for (Object one : cases.reversed()) {
            List<Statement> body = new ArrayList<>(
                    one instanceof Statement.Branch branch ? branch.yes() : ((Statement.Block) one).body());
            if (!bodies.isEmpty() && fallsThrough(body)) {
                body.addAll(bodies.getFirst());
            }
            bodies.addFirst(body);
            chain = one instanceof Statement.Block ? body : chain;
        }
        for (int i = cases.size() - 1; i >= 0; i--) {
            if (cases.get(i) instanceof Statement.Branch branch) {
                chain = List.of(new Statement.Branch(branch.condition(), bodies.get(i), chain));
            }
        }
        return chain;
    }

    private static boolean fallsThrough(List<Statement> body) {
        return switch (body.isEmpty() ? null : body.getLast()) {
            case Statement.Leave _, Statement.Return _ -> false;
            case Statement.Block block -> fallsThrough(block.body());
            case null, default -> true;
        };
    }

    private static Native common(String name) {
        return switch (name) {
            case "Evaluate" -> g -> new Statement.Evaluate(g.expression(0));
            case "Assign" -> g -> new Statement.Assign(g.expression(0), g.optional(1), g.optional(2), g.flag(3));
            case "pairs" -> g -> pairs(g.expressions(0), g.expressions(1), g.flag(2));
            case "choice" -> g -> choice(list(g.value(0)));
            case "Define" -> g -> new Statement.Define(g.function());
            case "Fields" -> g -> fields(g.statements(0), g);
            case "DefineType" ->
                g -> new Statement.DefineType(
                        g.text(0), g.expressions(1), g.arguments(2), g.statements(3), g.expressions(4));
            case "Return" -> g -> new Statement.Return(g.optional(0));
            case "Branch" -> g -> new Statement.Branch(g.expression(0), g.statements(1), g.statements(2));
            case "Repeat" ->
                g -> new Statement.Repeat(g.optional(0), g.expression(1), g.statements(2), g.statements(3));
            case "Attempt" ->
                g -> new Statement.Attempt(g.statements(0), g.handlers(1), g.statements(2), g.statements(3));
            case "Using" -> g -> new Statement.Using(g.expression(0), g.optional(1), g.statements(2));
            case "Block" -> g -> new Statement.Block(g.statements(0));
            case "Import" ->
                g -> new Statement.Import(
                        g.text(0), g.number(1), g.of(Imported.class, "imported", 2), g.optionalText(3));
            case "Imported" -> g -> new Imported(g.text(0), g.text(1));
            case "Outer" ->
                g -> new Statement.Outer(
                        list(g.value(0)).stream().map(Shapes::text).toList());
            case "Leave" -> g -> new Statement.Leave(Statement.Way.valueOf(g.text(0)));
            case "Literal" -> g -> new Expression.Literal(g.value(0));
            case "Text" -> g -> Literals.text(g.text(0));
            case "unquoted" -> g -> Literals.unquoted(g.text(0));
            case "Unescaped" -> g -> Literals.text(Literals.unescape(g.text(0)));
            case "joined" -> g -> Literals.joined(g.expressions(0));
            case "short" -> g -> g.end() - g.start() > Literals.LONGEST ? Expression.UNREAD : g.expression(0);
            case "Integer" -> g -> Literals.integer(g.text(0));
            case "Decimal" -> g -> Literals.decimal(g.text(0));
            case "Name" -> g -> new Expression.Name(g.text(0));
            case "Member" -> g -> new Expression.Member(g.expression(0), g.text(1));
            case "Index" -> g -> new Expression.Index(g.expression(0), g.expression(1));
            case "Slice" -> g -> new Expression.Slice(g.optional(0), g.optional(1));
            case "Call", "New" ->
                g -> new Expression.Call(g.expression(0), g.arguments(1), name.equals("New"), g.start(), g.end());
            case "Template" -> g -> new Expression.Template(g.expressions(0));
            case "Op" ->
                g -> new Expression.Operation(
                        g.text(0),
                        IntStream.range(1, g.terms().size())
                                .mapToObj(g::expression)
                                .toList());
            case "Choice" -> g -> new Expression.Choice(g.expression(0), g.expression(1), g.expression(2));
            case "Items" -> g -> new Expression.Items(g.expressions(0));
            case "Entries" -> g -> new Expression.Entries(g.of(Entry.class, "entry", 0));
            case "Closure" -> g -> new Expression.Closure(g.function());
            case "Each" -> g -> new Expression.Each(g.expression(0), g.expression(1), g.expression(2));
            case "Spread" -> g -> new Expression.Spread(g.expression(0));
            case "Assigned" -> g -> new Expression.Assigned(g.expression(0), g.expression(1));
            case "Composite" ->
                g -> new Expression.Composite(
                        g.expression(0), new Expression.Entries(g.of(Entry.class, "entry", 1)), g.start(), g.end());
            case "Opaque" -> g -> new Expression.Opaque(g.expressions(0));
            case "Unread" -> g -> Expression.UNREAD;
            case "Arg" -> g -> new Argument(g.optionalText(0), g.expression(1), g.number(2));
            case "Entry" -> g -> new Entry(g.optional(0), g.expression(1), g.start(), g.end());
            case "Param" -> g -> new Parameter(g.text(0), g.optional(1), g.optional(2), Kind.valueOf(g.text(3)));
            case "fold" -> g -> g.place().fold(g.text(0), g.value(1), g.value(2));
            case "list" ->
                g -> list(
                        g.terms().stream().map(each -> list(each.in(g.place()))).toList());
            case "last" -> g -> list(g.value(0)).reversed().stream().findFirst().orElse(null);
            case "statements" -> g -> g.statements(0);
            case "expression" -> g -> g.expression(0);
            case "either" ->
                g -> g.expressions(0).stream()
                        .reduce((a, b) -> new Expression.Operation("or", List.of(a, b)))
                        .orElse(Expression.UNREAD);
            case "join" -> g -> g.text(0) + g.text(1);
            case "start" -> g -> String.valueOf(g.start());
            default -> throw new IllegalArgumentException(name + " is nothing that a rule can make");
        };
    }
}
