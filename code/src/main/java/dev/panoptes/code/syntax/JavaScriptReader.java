package dev.panoptes.code.syntax;

import dev.panoptes.code.Language;
import dev.panoptes.code.syntax.Expression.Entry;
import dev.panoptes.code.syntax.Statement.Imported;
import dev.panoptes.code.tree.SyntaxNode;
import dev.panoptes.code.tree.SyntaxTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JavaScript and TypeScript: the rules of {@code javascript.shapes}, and what they cannot say. Types are left out. Functions are
 * moved to the front of their block, as they are hoisted. What a module exports is assigned to members of {@code exports}. A
 * field of a class is assigned in a method called {@link #FIELDS}.
 */
public final class JavaScriptReader {
    /** The method that sets the fields of a new object. */
    public static final String FIELDS = "#fields";

    private static final Expression EXPORTS = new Expression.Name("exports");
    private static final Expression THIS = new Expression.Name("this");

    private static final Shapes SHAPES = Shapes.read(
            "javascript.shapes",
            Map.of(
                    "hoisted",
                    (t, p, shapes) -> hoisted(shapes.statements(t.getFirst().in(p), p)),
                    "members",
                    (_, p, shapes) -> members(p.node(), p, shapes),
                    "enumeration",
                    (_, p, shapes) -> enumeration(p.node(), p, shapes),
                    "choice",
                    (t, p, _) -> choice(Shapes.list(t.getFirst().in(p))),
                    "imports",
                    (_, p, _) -> {
                        List<Statement> into = new ArrayList<>();
                        imports(p.node(), into);
                        return into;
                    },
                    "exports",
                    (_, p, shapes) -> {
                        List<Statement> into = new ArrayList<>();
                        exports(p.node(), p, shapes, into);
                        return into;
                    },
                    "string",
                    (t, p, _) -> text((SyntaxNode) t.getFirst().in(p)),
                    "quoted",
                    (_, p, _) -> p.node().end() - p.node().start() > Literals.LONGEST
                            ? Expression.UNREAD
                            : new Expression.Literal(text(p.node())),
                    "template",
                    (_, p, shapes) -> template(p.node(), p, shapes),
                    "constructor",
                    (_, p, _) -> new Expression.Member(
                            new Expression.Call(
                                    new Expression.Name("super"),
                                    List.of(),
                                    false,
                                    p.node().start(),
                                    p.node().end()),
                            "constructor")));

    private JavaScriptReader() {}

    public static SourceText read(Language language, SyntaxTree tree) {
        return SHAPES.text(language, tree);
    }

    private static List<Statement> hoisted(List<Statement> statements) {
        List<Statement> ordered = new ArrayList<>(statements.size());
        statements.stream().filter(Statement.Define.class::isInstance).forEach(ordered::add);
        statements.stream()
                .filter(statement -> !(statement instanceof Statement.Define))
                .forEach(ordered::add);
        return ordered;
    }

    private static Expression key(SyntaxNode node, Shapes.Place place, Shapes shapes) {
        return shapes.expression(shapes.apply("key", node, place, null), place);
    }

    /** The cases of a switch as a chain; a body without a break goes on into the next, and the default comes last. */
    private static List<Statement> choice(List<Object> cases) {
        List<List<Statement>> bodies = new ArrayList<>();
        List<Statement> chain = List.of();
        for (Object one : cases) {
            bodies.add(new ArrayList<>(
                    one instanceof Statement.Branch branch ? branch.yes() : ((Statement.Block) one).body()));
        }
        for (int i = bodies.size() - 2; i >= 0; i--) {
            if (fallsThrough(bodies.get(i))) {
                bodies.get(i).addAll(bodies.get(i + 1));
            }
        }
        for (int i = 0; i < cases.size(); i++) {
            chain = cases.get(i) instanceof Statement.Block ? bodies.get(i) : chain;
        }
        for (int i = cases.size() - 1; i >= 0; i--) {
            if (cases.get(i) instanceof Statement.Branch branch) {
                chain = List.of(new Statement.Branch(branch.condition(), bodies.get(i), chain));
            }
        }
        return chain;
    }

    private static Statement enumeration(SyntaxNode node, Shapes.Place place, Shapes shapes) {
        List<Entry> entries = new ArrayList<>();
        SyntaxNode body = node.child("body");
        long next = 0;
        for (SyntaxNode child : body == null ? List.<SyntaxNode>of() : body.named()) {
            SyntaxNode name = child.is("enum_assignment") ? child.child("name") : child;
            SyntaxNode value = child.is("enum_assignment") ? child.child("value") : null;
            Expression one = value == null ? new Expression.Literal(next) : shapes.expression(value, place);
            if (one instanceof Expression.Literal literal && literal.value() instanceof Long number) {
                next = number + 1;
            }
            if (name != null) {
                entries.add(new Entry(key(name, place, shapes), one, child.start(), child.end()));
            }
        }
        return new Statement.Assign(
                new Expression.Name(propertyName(node.child("name"))),
                new Expression.Entries(entries),
                null,
                true,
                node.start());
    }

    private static boolean fallsThrough(List<Statement> body) {
        if (body.isEmpty()) {
            return true;
        }
        return switch (body.getLast()) {
            case Statement.Leave _, Statement.Return _ -> false;
            case Statement.Block block -> fallsThrough(block.body());
            default -> true;
        };
    }

    private static void imports(SyntaxNode node, List<Statement> into) {
        SyntaxNode source = node.child("source");
        String from = source == null ? "" : text(source);
        if (node.children().stream().anyMatch(child -> child.is("type"))) {
            return;
        }
        List<Imported> names = new ArrayList<>();
        String whole = null;
        for (SyntaxNode clause : node.named()) {
            if (clause.is("import_require_clause")) {
                SyntaxNode required = clause.child("source");
                SyntaxNode bound =
                        clause.named().isEmpty() ? null : clause.named().getFirst();
                into.add(new Statement.Import(
                        required == null ? "" : text(required), 0, List.of(), propertyName(bound)));
                return;
            }
            if (!clause.is("import_clause")) {
                continue;
            }
            for (SyntaxNode child : clause.named()) {
                switch (child.type()) {
                    case "identifier" -> names.add(new Imported("default", child.text()));
                    case "namespace_import" ->
                        whole = child.named().isEmpty()
                                ? null
                                : child.named().getLast().text();
                    case "named_imports" -> {
                        for (SyntaxNode one : child.named()) {
                            String name = text(one.child("name"));
                            SyntaxNode alias = one.child("alias");
                            names.add(new Imported(name, alias == null ? name : alias.text()));
                        }
                    }
                    default -> {}
                }
            }
        }
        if (whole != null || names.isEmpty()) {
            into.add(new Statement.Import(from, 0, List.of(), whole == null ? "" : whole));
        }
        if (!names.isEmpty()) {
            into.add(new Statement.Import(from, 0, names, null));
        }
    }

    private static void exports(SyntaxNode node, Shapes.Place place, Shapes shapes, List<Statement> into) {
        SyntaxNode declaration = node.child("declaration");
        SyntaxNode value = node.child("value");
        SyntaxNode source = node.child("source");
        boolean standard = node.children().stream().anyMatch(child -> child.is("default"));
        List<Expression> decorators = decorators(node, place, shapes);
        if (declaration != null) {
            List<Statement> declared = shapes.statements(List.of(declaration), place);
            for (Statement statement : declared) {
                Statement one = statement instanceof Statement.DefineType type && !decorators.isEmpty()
                        ? new Statement.DefineType(type.name(), type.bases(), type.arguments(), type.body(), decorators)
                        : statement;
                into.add(one);
                for (String name : declaredNames(one)) {
                    export(standard ? "default" : name, new Expression.Name(name), node.start(), into);
                }
            }
            return;
        }
        if (value != null) {
            boolean whole = node.children().stream().anyMatch(child -> child.is("="));
            if (whole) {
                into.add(new Statement.Assign(
                        new Expression.Member(new Expression.Name("module"), "exports"),
                        shapes.expression(value, place),
                        null,
                        false,
                        node.start()));
            } else {
                export("default", shapes.expression(value, place), node.start(), into);
            }
            return;
        }
        boolean assigned = node.children().stream().anyMatch(child -> child.is("="));
        for (SyntaxNode child : node.named()) {
            if (child.is("export_clause")) {
                exportNames(child, source, node, into);
            } else if (child.is("namespace_export") && source != null) {
                String name =
                        child.named().isEmpty() ? "" : child.named().getLast().text();
                into.add(new Statement.Import(text(source), 0, List.of(), name));
                export(name, new Expression.Name(name), node.start(), into);
            } else if (assigned && !child.is("string")) {
                into.add(new Statement.Assign(
                        new Expression.Member(new Expression.Name("module"), "exports"),
                        shapes.expression(child, place),
                        null,
                        false,
                        node.start()));
            }
        }
        if (source != null && node.children().stream().anyMatch(child -> child.is("*"))) {
            into.add(new Statement.Import(text(source), 0, List.of(new Imported("*", "*")), null));
        }
    }

    private static void exportNames(
            SyntaxNode clause, @Nullable SyntaxNode source, SyntaxNode node, List<Statement> into) {
        for (SyntaxNode one : clause.named()) {
            String name = text(one.child("name"));
            SyntaxNode alias = one.child("alias");
            String exported = alias == null ? name : text(alias);
            String local = name;
            if (source != null) {
                local = "#" + exported;
                into.add(new Statement.Import(text(source), 0, List.of(new Imported(name, local)), null));
            }
            export(exported, new Expression.Name(local), node.start(), into);
        }
    }

    private static void export(String name, Expression value, int start, List<Statement> into) {
        into.add(new Statement.Assign(new Expression.Member(EXPORTS, name), value, null, false, start));
    }

    private static List<String> declaredNames(Statement statement) {
        return switch (statement) {
            case Statement.Define define -> List.of(define.function().name());
            case Statement.DefineType type -> List.of(type.name());
            case Statement.Assign assign -> names(assign.target());
            default -> List.of();
        };
    }

    private static List<String> names(Expression target) {
        List<String> names = new ArrayList<>();
        switch (target) {
            case Expression.Name name -> names.add(name.name());
            case Expression.Entries entries -> entries.entries().forEach(entry -> names.addAll(names(entry.value())));
            case Expression.Items items -> items.items().forEach(item -> names.addAll(names(item)));
            case Expression.Assigned assigned -> names.addAll(names(assigned.target()));
            default -> {}
        }
        return names;
    }

    private static List<Expression> decorators(SyntaxNode node, Shapes.Place place, Shapes shapes) {
        List<Expression> decorators = new ArrayList<>();
        for (SyntaxNode child : node.named()) {
            if (child.is("decorator") && !child.named().isEmpty()) {
                decorators.add(shapes.expression(child.named().getFirst(), place));
            }
        }
        return decorators;
    }

    /** The members of a class: what is decorated stands behind its decorators; fields are set in a method of their own. */
    private static List<Statement> members(SyntaxNode node, Shapes.Place place, Shapes shapes) {
        List<Statement> members = new ArrayList<>();
        List<Statement> fields = new ArrayList<>();
        List<Expression> pending = new ArrayList<>();
        SyntaxNode body = node.child("body");
        for (SyntaxNode child : body == null ? List.<SyntaxNode>of() : body.named()) {
            switch (child.type()) {
                case "decorator" ->
                    pending.add(shapes.expression(
                            child.named().isEmpty() ? null : child.named().getFirst(), place));
                case "method_definition" -> {
                    Function method = ((Expression.Closure)
                                    shapes.expression(shapes.apply("method", child, place, null), place))
                            .function();
                    List<Expression> decorators = new ArrayList<>(pending);
                    decorators.addAll(method.decorators());
                    child.children().stream()
                            .filter(part -> part.is("get") || part.is("static"))
                            .forEach(part ->
                                    decorators.add(new Expression.Name(part.is("get") ? "property" : "staticmethod")));
                    members.add(new Statement.Define(new Function(
                            propertyName(child.child("name")),
                            null,
                            method.parameters(),
                            method.body(),
                            decorators,
                            method.start(),
                            method.end())));
                    pending.clear();
                }
                case "field_definition", "public_field_definition" -> {
                    field(child, members, fields, place, shapes);
                    pending.clear();
                }
                case "class_static_block" -> members.addAll(shapes.statements(child.child("body"), place));
                default -> {}
            }
        }
        if (!fields.isEmpty()) {
            members.add(new Statement.Define(
                    new Function(FIELDS, null, List.of(), fields, List.of(), node.start(), node.end())));
        }
        return members;
    }

    private static void field(
            SyntaxNode child, List<Statement> members, List<Statement> fields, Shapes.Place place, Shapes shapes) {
        SyntaxNode named = child.child("property");
        String name = propertyName(named == null ? child.child("name") : named);
        SyntaxNode value = child.child("value");
        if (value == null) {
            return;
        }
        boolean shared = child.children().stream().anyMatch(part -> part.is("static"));
        if (shared) {
            members.add(new Statement.Assign(
                    new Expression.Name(name), shapes.expression(value, place), null, true, child.start()));
        } else {
            fields.add(new Statement.Assign(
                    new Expression.Member(THIS, name), shapes.expression(value, place), null, false, child.start()));
        }
    }

    private static String propertyName(@Nullable SyntaxNode node) {
        if (node == null) {
            return "";
        }
        return node.is("string") ? text(node) : node.text();
    }

    /** The text of a string without quotes and escapes. */
    private static String text(@Nullable SyntaxNode node) {
        if (node == null) {
            return "";
        }
        String text = node.text();
        boolean quoted = text.length() >= 2 && (text.charAt(0) == '"' || text.charAt(0) == '\'');
        return quoted ? Literals.unescape(text.substring(1, text.length() - 1)) : text;
    }

    private static Expression template(SyntaxNode node, Shapes.Place place, Shapes shapes) {
        List<Expression> parts = new ArrayList<>();
        for (SyntaxNode child : node.named()) {
            switch (child.type()) {
                case "string_fragment" ->
                    parts.add(
                            new Expression.Literal(child.end() - child.start() > Literals.LONGEST ? "" : child.text()));
                case "escape_sequence" -> parts.add(new Expression.Literal(Literals.unescape(child.text())));
                case "template_substitution" ->
                    parts.add(shapes.expression(
                            child.named().isEmpty() ? null : child.named().getFirst(), place));
                default -> {}
            }
        }
        if (node.end() - node.start() > 2 * Literals.LONGEST) {
            return Expression.UNREAD;
        }
        return parts.isEmpty() ? new Expression.Literal("") : new Expression.Template(parts);
    }
}
