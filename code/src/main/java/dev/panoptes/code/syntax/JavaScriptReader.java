package dev.panoptes.code.syntax;

import dev.panoptes.code.Language;
import dev.panoptes.code.syntax.Expression.Entry;
import dev.panoptes.code.syntax.Statement.Imported;
import dev.panoptes.code.tree.SyntaxNode;
import dev.panoptes.code.tree.SyntaxTree;
import java.util.ArrayList;
import java.util.List;
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

    private static final Shapes SHAPES = new Shapes()
            .with("hoisted", g -> hoisted(g.statements(0)))
            .with("members", g -> members(g.node(), g.place()))
            .with("enumeration", g -> enumeration(g.node(), g.place()))
            .with("choice", g -> choice(Shapes.list(g.value(0))))
            .with("imports", g -> imports(g.node()))
            .with("exports", g -> exports(g.node(), g.place()))
            .with("string", g -> text((SyntaxNode) g.value(0)))
            .with("quoted", JavaScriptReader::quoted)
            .with("template", g -> template(g.node(), g.place()))
            .with("constructor", JavaScriptReader::constructor)
            .read("javascript.shapes");

    private JavaScriptReader() {}

    public static SourceText read(Language language, SyntaxTree tree) {
        return SHAPES.text(language, tree);
    }

    private static Expression quoted(Given given) {
        return given.end() - given.start() > Literals.LONGEST
                ? Expression.UNREAD
                : new Expression.Literal(text(given.node()));
    }

    private static Expression constructor(Given given) {
        Expression superior = new Expression.Name("super");
        Expression called = new Expression.Call(superior, List.of(), false, given.start(), given.end());
        return new Expression.Member(called, "constructor");
    }

    private static List<Statement> hoisted(List<Statement> statements) {
        List<Statement> ordered = new ArrayList<>(statements.size());
        statements.stream().filter(Statement.Define.class::isInstance).forEach(ordered::add);
        statements.stream()
                .filter(statement -> !(statement instanceof Statement.Define))
                .forEach(ordered::add);
        return ordered;
    }

    private static Expression key(SyntaxNode node, Place place) {
        return place.expression(place.apply("key", node));
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

    private static Statement enumeration(SyntaxNode node, Place place) {
        List<Entry> entries = new ArrayList<>();
        SyntaxNode body = node.child("body");
        long next = 0;
        for (SyntaxNode child : body == null ? List.<SyntaxNode>of() : body.named()) {
            SyntaxNode name = child.is("enum_assignment") ? child.child("name") : child;
            SyntaxNode value = child.is("enum_assignment") ? child.child("value") : null;
            Expression one = value == null ? new Expression.Literal(next) : place.expression(value);
            if (one instanceof Expression.Literal literal && literal.value() instanceof Long number) {
                next = number + 1;
            }
            if (name != null) {
                entries.add(new Entry(key(name, place), one, child.start(), child.end()));
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

    private static List<Statement> imports(SyntaxNode node) {
        List<Imported> names = new ArrayList<>();
        String whole = null;
        for (SyntaxNode clause : has(node, "type") ? List.<SyntaxNode>of() : node.named()) {
            if (clause.is("import_require_clause")) {
                SyntaxNode bound =
                        clause.named().isEmpty() ? null : clause.named().getFirst();
                return List.of(new Statement.Import(text(clause.child("source")), 0, List.of(), propertyName(bound)));
            }
            for (SyntaxNode child : clause.is("import_clause") ? clause.named() : List.<SyntaxNode>of()) {
                switch (child.type()) {
                    case "identifier" -> names.add(new Imported("default", child.text()));
                    case "namespace_import" -> whole = last(child);
                    case "named_imports" -> child.named().forEach(one -> names.add(imported(one)));
                    default -> {}
                }
            }
        }
        String from = text(node.child("source"));
        List<Statement> imports = new ArrayList<>();
        if (has(node, "type")) {
            return imports;
        }
        if (whole != null || names.isEmpty()) {
            imports.add(new Statement.Import(from, 0, List.of(), whole == null ? "" : whole));
        }
        if (!names.isEmpty()) {
            imports.add(new Statement.Import(from, 0, names, null));
        }
        return imports;
    }

    private static boolean has(SyntaxNode node, String child) {
        return node.children().stream().anyMatch(each -> each.is(child));
    }

    private static @Nullable String last(SyntaxNode node) {
        return node.named().isEmpty() ? null : node.named().getLast().text();
    }

    /** {@code name as alias}, in an import or an export. */
    private static Imported imported(SyntaxNode node) {
        String name = text(node.child("name"));
        SyntaxNode alias = node.child("alias");
        return new Imported(name, alias == null ? name : text(alias));
    }

    private static List<Statement> exports(SyntaxNode node, Place place) {
        List<Statement> into = new ArrayList<>();
        SyntaxNode declaration = node.child("declaration");
        SyntaxNode value = node.child("value");
        SyntaxNode source = node.child("source");
        if (declaration != null) {
            List<Expression> decorators = decorators(node, place);
            for (Statement statement : place.statements(List.of(declaration))) {
                Statement one = statement instanceof Statement.DefineType type && !decorators.isEmpty()
                        ? new Statement.DefineType(type.name(), type.bases(), type.arguments(), type.body(), decorators)
                        : statement;
                into.add(one);
                for (String name : declaredNames(one)) {
                    into.add(export(has(node, "default") ? "default" : name, new Expression.Name(name), node));
                }
            }
            return into;
        }
        boolean whole = has(node, "=");
        if (value != null) {
            Expression given = place.expression(value);
            return List.of(whole ? exportAll(given, node) : export("default", given, node));
        }
        for (SyntaxNode child : node.named()) {
            if (child.is("export_clause")) {
                child.named().forEach(one -> exportName(imported(one), source, node, into));
            } else if (child.is("namespace_export") && source != null) {
                String name = String.valueOf(last(child));
                into.add(new Statement.Import(text(source), 0, List.of(), name));
                into.add(export(name, new Expression.Name(name), node));
            } else if (whole && !child.is("string")) {
                into.add(exportAll(place.expression(child), node));
            }
        }
        if (source != null && has(node, "*")) {
            into.add(new Statement.Import(text(source), 0, List.of(new Imported("*", "*")), null));
        }
        return into;
    }

    private static void exportName(Imported one, @Nullable SyntaxNode source, SyntaxNode node, List<Statement> into) {
        String local = source == null ? one.name() : "#" + one.alias();
        if (source != null) {
            into.add(new Statement.Import(text(source), 0, List.of(new Imported(one.name(), local)), null));
        }
        into.add(export(one.alias(), new Expression.Name(local), node));
    }

    private static Statement export(String name, Expression value, SyntaxNode node) {
        return new Statement.Assign(new Expression.Member(EXPORTS, name), value, null, false, node.start());
    }

    private static Statement exportAll(Expression value, SyntaxNode node) {
        Expression module = new Expression.Member(new Expression.Name("module"), "exports");
        return new Statement.Assign(module, value, null, false, node.start());
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

    private static List<Expression> decorators(SyntaxNode node, Place place) {
        List<Expression> decorators = new ArrayList<>();
        for (SyntaxNode child : node.named()) {
            if (child.is("decorator") && !child.named().isEmpty()) {
                decorators.add(place.expression(child.named().getFirst()));
            }
        }
        return decorators;
    }

    /** The members of a class: what is decorated stands behind its decorators; fields are set in a method of their own. */
    private static List<Statement> members(SyntaxNode node, Place place) {
        List<Statement> members = new ArrayList<>();
        List<Statement> fields = new ArrayList<>();
        List<Expression> pending = new ArrayList<>();
        SyntaxNode body = node.child("body");
        for (SyntaxNode child : body == null ? List.<SyntaxNode>of() : body.named()) {
            switch (child.type()) {
                case "decorator" ->
                    pending.add(place.expression(
                            child.named().isEmpty() ? null : child.named().getFirst()));
                case "method_definition" -> {
                    Function method = ((Expression.Closure) place.expression(place.apply("method", child))).function();
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
                    field(child, members, fields, place);
                    pending.clear();
                }
                case "class_static_block" -> members.addAll(place.statements(child.child("body")));
                default -> {}
            }
        }
        if (!fields.isEmpty()) {
            members.add(new Statement.Define(
                    new Function(FIELDS, null, List.of(), fields, List.of(), node.start(), node.end())));
        }
        return members;
    }

    private static void field(SyntaxNode child, List<Statement> members, List<Statement> fields, Place place) {
        SyntaxNode named = child.child("property");
        String name = propertyName(named == null ? child.child("name") : named);
        SyntaxNode value = child.child("value");
        if (value == null) {
            return;
        }
        boolean shared = child.children().stream().anyMatch(part -> part.is("static"));
        if (shared) {
            members.add(new Statement.Assign(
                    new Expression.Name(name), place.expression(value), null, true, child.start()));
        } else {
            fields.add(new Statement.Assign(
                    new Expression.Member(THIS, name), place.expression(value), null, false, child.start()));
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

    private static Expression template(SyntaxNode node, Place place) {
        List<Expression> parts = new ArrayList<>();
        for (SyntaxNode child : node.named()) {
            switch (child.type()) {
                case "string_fragment" ->
                    parts.add(
                            new Expression.Literal(child.end() - child.start() > Literals.LONGEST ? "" : child.text()));
                case "escape_sequence" -> parts.add(new Expression.Literal(Literals.unescape(child.text())));
                case "template_substitution" ->
                    parts.add(place.expression(
                            child.named().isEmpty() ? null : child.named().getFirst()));
                default -> {}
            }
        }
        if (node.end() - node.start() > 2 * Literals.LONGEST) {
            return Expression.UNREAD;
        }
        return parts.isEmpty() ? new Expression.Literal("") : new Expression.Template(parts);
    }
}
