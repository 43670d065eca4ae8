package dev.panoptes.code.syntax;

import dev.panoptes.code.Language;
import dev.panoptes.code.syntax.Expression.Argument;
import dev.panoptes.code.tree.SyntaxNode;
import dev.panoptes.code.tree.SyntaxTree;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Java: the rules of {@code java.shapes}, and what they cannot say. A call without an object is a call of a name that begins with
 * {@link #OWN}; constructors are methods called {@link #CREATE}; fields of objects are set in {@link #FIELDS}; the components
 * of a record are the parameters of {@link #RECORD}. Annotations are decorators. The package is an import called
 * {@link #PACKAGE}.
 */
public final class JavaReader {
    public static final String OWN = "#call:";
    public static final String CREATE = "#new";
    public static final String FIELDS = "#fields";
    public static final String RECORD = "#record";
    public static final String PACKAGE = "#package";
    /** Marks a method without an object. */
    public static final Expression STATIC = new Expression.Name("static");

    private static final Expression THIS = new Expression.Name("this");

    private static final Shapes SHAPES = new Shapes()
            .with("spaceless", g -> g.text(0).replaceAll("\\s", ""))
            .with("members", g -> members(g.node(), g.place()))
            .with("annotations", g -> decorators(g.node(), g.place()))
            .with("choice", g -> choice(g.node(), g.place()))
            .with("returned", g -> returned(g.statements(0)))
            .with("anonymous", g -> anonymous((SyntaxNode) g.value(0), g.place()))
            .with("string", g -> string(g.node()))
            .read("java.shapes");

    private JavaReader() {}

    public static SourceText read(SyntaxTree tree) {
        return SHAPES.text(Language.JAVA, tree);
    }

    /** The members of a class, with the methods that set its fields and name a record's components. */
    private static List<Statement> members(SyntaxNode node, Place place) {
        List<Statement> members = new ArrayList<>();
        List<Statement> fields = new ArrayList<>();
        SyntaxNode components = node.child("parameters");
        if (components != null) {
            members.add(hidden(RECORD, place.of(Function.Parameter.class, "params", components), List.of(), node));
        }
        String name = text(node.child("name"));
        members(node.child("body"), node.is("interface_declaration"), name, members, fields, place);
        if (!fields.isEmpty()) {
            members.add(hidden(FIELDS, List.of(), fields, node));
        }
        return members;
    }

    private static Statement hidden(
            String name, List<Function.Parameter> parameters, List<Statement> body, SyntaxNode node) {
        return new Statement.Define(new Function(name, null, parameters, body, List.of(), node.start(), node.end()));
    }

    /** An anonymous class: its methods matter, the constructor's arguments rarely do. */
    private static Expression anonymous(@Nullable SyntaxNode body, Place place) {
        List<Statement> members = new ArrayList<>();
        members(body, false, "", members, new ArrayList<>(), place);
        List<Expression.Entry> entries = new ArrayList<>();
        for (Statement member : members) {
            if (member instanceof Statement.Define define) {
                entries.add(new Expression.Entry(
                        new Expression.Literal(define.function().name()),
                        new Expression.Closure(define.function()),
                        define.function().start(),
                        define.function().end()));
            }
        }
        return new Expression.Entries(entries);
    }

    private static List<Expression> annotations(SyntaxNode node, Place place) {
        List<Expression> annotations = new ArrayList<>();
        for (SyntaxNode modifiers : node.children()) {
            if (modifiers.is("modifiers")) {
                annotations.addAll(place.of(Expression.class, "annotation", modifiers.named()));
            }
        }
        return annotations;
    }

    /** The annotations; of a method also whether it needs no object. */
    private static List<Expression> decorators(SyntaxNode node, Place place) {
        List<Expression> decorators = annotations(node, place);
        boolean method =
                node.type().endsWith("method_declaration") || node.type().endsWith("constructor_declaration");
        if (method && modifier(node, "static")) {
            decorators.add(STATIC);
        }
        return decorators;
    }

    private static List<Argument> arguments(@Nullable SyntaxNode list, Place place) {
        return place.of(Argument.class, "arg", list == null ? List.of() : list.named());
    }

    private static String text(@Nullable SyntaxNode node) {
        return node == null ? "" : node.text();
    }

    private static List<Statement> choice(SyntaxNode node, Place place) {
        Expression subject = place.expression(node.child("condition"));
        SyntaxNode body = node.child("body");
        List<Expression> conditions = new ArrayList<>();
        List<List<Statement>> bodies = new ArrayList<>();
        for (SyntaxNode group : body == null ? List.<SyntaxNode>of() : body.named()) {
            Expression condition = null;
            List<Statement> statements = new ArrayList<>();
            boolean standard = false;
            for (SyntaxNode child : group.named()) {
                if (child.is("switch_label")) {
                    standard |= child.named().isEmpty();
                    for (SyntaxNode value : child.named()) {
                        Expression equal = new Expression.Operation("==", List.of(subject, place.expression(value)));
                        condition =
                                condition == null ? equal : new Expression.Operation("or", List.of(condition, equal));
                    }
                } else {
                    statements.addAll(place.statements(List.of(child)));
                }
            }
            conditions.add(standard || condition == null ? new Expression.Literal(true) : condition);
            bodies.add(statements);
        }
        List<Statement> chain = List.of();
        for (int i = bodies.size() - 1; i >= 0; i--) {
            List<Statement> statements = bodies.get(i);
            boolean through = body != null
                    && i + 1 < bodies.size()
                    && body.named().get(i).is("switch_block_statement_group")
                    && statements.isEmpty();
            chain = List.of(new Statement.Branch(conditions.get(i), through ? bodies.get(i + 1) : statements, chain));
        }
        return chain;
    }

    private static void members(
            @Nullable SyntaxNode body,
            boolean shared,
            String type,
            List<Statement> members,
            List<Statement> fields,
            Place place) {
        for (SyntaxNode child : body == null ? List.<SyntaxNode>of() : body.named()) {
            switch (child.type()) {
                case "field_declaration", "constant_declaration" -> field(child, shared, members, fields, place);
                case "method_declaration", "constructor_declaration", "compact_constructor_declaration" ->
                    members.addAll(place.of(Statement.class, "method", child));
                case "static_initializer" ->
                    members.addAll(place.statements(
                            child.named().isEmpty() ? null : child.named().getFirst()));
                case "block" -> fields.addAll(place.statements(child));
                case "class_declaration", "record_declaration", "enum_declaration", "interface_declaration" ->
                    members.addAll(place.of(Statement.class, "type", child));
                case "enum_constant" ->
                    members.add(new Statement.Assign(
                            new Expression.Name(text(child.child("name"))),
                            new Expression.Call(
                                    new Expression.Name(type),
                                    arguments(child.child("arguments"), place),
                                    true,
                                    child.start(),
                                    child.end()),
                            null,
                            true,
                            child.start()));
                case "enum_body_declarations" -> members(child, shared, type, members, fields, place);
                default -> {}
            }
        }
    }

    private static void field(
            SyntaxNode node, boolean shared, List<Statement> members, List<Statement> fields, Place place) {
        boolean fixed = shared || modifier(node, "static");
        Expression injected = null;
        for (Expression annotation : annotations(node, place)) {
            if (annotation instanceof Expression.Call call
                    && call.function() instanceof Expression.Name name
                    && name.name().equals("Value")
                    && !call.arguments().isEmpty()) {
                injected = new Expression.Call(
                        new Expression.Name("#property"), call.arguments(), false, call.start(), call.end());
            }
        }
        for (SyntaxNode child : node.named()) {
            if (!child.is("variable_declarator")) {
                continue;
            }
            SyntaxNode value = child.child("value");
            Expression set = value != null
                    ? place.expression(value)
                    : injected != null ? injected : new Expression.Literal(null);
            String name = text(child.child("name"));
            if (fixed) {
                members.add(new Statement.Assign(new Expression.Name(name), set, null, true, child.start()));
            } else {
                fields.add(new Statement.Assign(new Expression.Member(THIS, name), set, null, false, child.start()));
            }
        }
    }

    private static boolean modifier(SyntaxNode node, String word) {
        return node.children().stream()
                .filter(child -> child.is("modifiers"))
                .anyMatch(modifiers -> modifiers.children().stream().anyMatch(child -> child.is(word)));
    }

    private static List<Statement> returned(List<Statement> statements) {
        List<Statement> results = new ArrayList<>();
        for (Statement statement : statements) {
            results.add(
                    switch (statement) {
                        case Statement.Evaluate evaluate -> new Statement.Return(evaluate.expression());
                        case Statement.Branch branch ->
                            new Statement.Branch(branch.condition(), returned(branch.yes()), returned(branch.no()));
                        case Statement.Repeat repeat ->
                            new Statement.Repeat(repeat.target(), repeat.over(), returned(repeat.body()), List.of());
                        default -> statement;
                    });
        }
        return results;
    }

    private static Expression string(SyntaxNode node) {
        String text = node.text();
        if (text.length() > Literals.LONGEST) {
            return Expression.UNREAD;
        }
        if (text.startsWith("\"\"\"") && text.length() >= 6) {
            return new Expression.Literal(
                    Literals.unescape(text.substring(3, text.length() - 3)).strip());
        }
        return new Expression.Literal(text.length() < 2 ? "" : Literals.unescape(text.substring(1, text.length() - 1)));
    }
}
