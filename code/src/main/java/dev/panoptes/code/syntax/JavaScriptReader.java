package dev.panoptes.code.syntax;

import dev.panoptes.code.Language;
import dev.panoptes.code.syntax.Expression.Argument;
import dev.panoptes.code.syntax.Expression.Entry;
import dev.panoptes.code.syntax.Function.Kind;
import dev.panoptes.code.syntax.Function.Parameter;
import dev.panoptes.code.syntax.Statement.Imported;
import dev.panoptes.code.tree.SyntaxNode;
import dev.panoptes.code.tree.SyntaxTree;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * JavaScript and TypeScript, as the grammars tree-sitter-javascript 0.25 and tree-sitter-typescript 0.23 name their nodes.
 * Types are left out. Functions are moved to the front of their block, as they are hoisted. What a module exports is assigned
 * to members of {@code exports}. A field of a class is assigned in a method called {@link #FIELDS}.
 * One piece, because statements, expressions and declarations of a grammar hold one another.
 */
public final class JavaScriptReader {
    /** The method that sets the fields of a new object. */
    public static final String FIELDS = "#fields";

    private static final Expression EXPORTS = new Expression.Name("exports");
    private static final Expression THIS = new Expression.Name("this");

    private JavaScriptReader() {}

    public static SourceText read(Language language, SyntaxTree tree) {
        return new SourceText(language, new JavaScriptReader().block(tree.root()), "");
    }

    private List<Statement> block(@Nullable SyntaxNode block) {
        List<Statement> statements = new ArrayList<>();
        if (block == null) {
            return statements;
        }
        if (!block.is("statement_block") && !block.is("program") && !block.is("ERROR")) {
            statement(block, statements);
            return statements;
        }
        for (SyntaxNode child : block.named()) {
            statement(child, statements);
        }
        return hoisted(statements);
    }

    private static List<Statement> hoisted(List<Statement> statements) {
        List<Statement> ordered = new ArrayList<>(statements.size());
        statements.stream().filter(Statement.Define.class::isInstance).forEach(ordered::add);
        statements.stream()
                .filter(statement -> !(statement instanceof Statement.Define))
                .forEach(ordered::add);
        return ordered;
    }

    private void statement(SyntaxNode node, List<Statement> into) {
        switch (node.type()) {
            case "expression_statement" -> node.named().stream().limit(1).forEach(value -> evaluate(value, into));
            case "lexical_declaration", "variable_declaration" -> declarations(node, into);
            case "function_declaration", "generator_function_declaration" ->
                into.add(new Statement.Define(function(node, name(node.child("name")))));
            case "class_declaration", "abstract_class_declaration", "class" ->
                into.add(type(node, name(node.child("name"))));
            case "enum_declaration" -> into.add(enumeration(node));
            case "if_statement" -> {
                SyntaxNode otherwise = node.child("alternative");
                into.add(new Statement.Branch(
                        expression(node.child("condition")),
                        block(node.child("consequence")),
                        otherwise == null || otherwise.named().isEmpty()
                                ? List.of()
                                : block(otherwise.named().getFirst())));
            }
            case "for_statement" -> {
                SyntaxNode first = node.child("initializer");
                if (first != null) {
                    statement(first, into);
                }
                into.add(new Statement.Repeat(null, Expression.UNREAD, block(node.child("body")), List.of()));
            }
            case "for_in_statement" -> {
                SyntaxNode operator = node.child("operator");
                boolean keys = operator != null && operator.text().equals("in");
                Expression over = expression(node.child("right"));
                into.add(new Statement.Repeat(
                        pattern(node.child("left")),
                        keys ? new Expression.Opaque(List.of(over)) : over,
                        block(node.child("body")),
                        List.of()));
            }
            case "while_statement", "do_statement" ->
                into.add(new Statement.Repeat(
                        null,
                        node.is("do_statement") ? new Expression.Literal(true) : expression(node.child("condition")),
                        block(node.child("body")),
                        List.of()));
            case "try_statement" -> {
                SyntaxNode handler = node.child("handler");
                SyntaxNode last = node.child("finalizer");
                into.add(new Statement.Attempt(
                        block(node.child("body")),
                        handler == null ? List.of() : List.of(block(handler.child("body"))),
                        List.of(),
                        last == null ? List.of() : block(last.child("body"))));
            }
            case "switch_statement" -> into.add(choose(node));
            case "return_statement" ->
                into.add(new Statement.Return(
                        node.named().isEmpty() ? null : expression(node.named().getFirst())));
            case "throw_statement" -> {
                node.named().forEach(value -> into.add(new Statement.Evaluate(expression(value))));
                into.add(new Statement.Leave(Statement.Way.RAISE));
            }
            case "break_statement" -> into.add(new Statement.Leave(Statement.Way.BREAK));
            case "continue_statement" -> into.add(new Statement.Leave(Statement.Way.CONTINUE));
            case "statement_block", "ERROR" -> into.add(new Statement.Block(block(node)));
            case "labeled_statement" -> {
                SyntaxNode body = node.child("body");
                if (body != null) {
                    statement(body, into);
                }
            }
            case "import_statement" -> imports(node, into);
            case "export_statement" -> exports(node, into);
            case "ambient_declaration",
                    "interface_declaration",
                    "type_alias_declaration",
                    "empty_statement",
                    "hash_bang_line",
                    "function_signature",
                    "debugger_statement",
                    "statement_identifier" -> {}
            default -> into.add(new Statement.Evaluate(expression(node)));
        }
    }

    private void evaluate(SyntaxNode value, List<Statement> into) {
        if (value.is("assignment_expression")) {
            into.add(new Statement.Assign(
                    pattern(value.child("left")), expression(value.child("right")), null, false, value.start()));
        } else if (value.is("sequence_expression")) {
            value.named().forEach(part -> evaluate(part, into));
        } else if (!value.is("string")) {
            into.add(new Statement.Evaluate(expression(value)));
        }
    }

    private void declarations(SyntaxNode node, List<Statement> into) {
        for (SyntaxNode child : node.named()) {
            if (child.is("variable_declarator")) {
                SyntaxNode value = child.child("value");
                into.add(new Statement.Assign(
                        pattern(child.child("name")),
                        value == null ? new Expression.Literal(null) : expression(value),
                        null,
                        true,
                        child.start()));
            }
        }
    }

    private static String name(@Nullable SyntaxNode node) {
        return node == null ? "" : node.text();
    }

    private Statement enumeration(SyntaxNode node) {
        List<Entry> entries = new ArrayList<>();
        SyntaxNode body = node.child("body");
        long next = 0;
        for (SyntaxNode child : body == null ? List.<SyntaxNode>of() : body.named()) {
            SyntaxNode name = child.is("enum_assignment") ? child.child("name") : child;
            SyntaxNode value = child.is("enum_assignment") ? child.child("value") : null;
            Expression one = value == null ? new Expression.Literal(next) : expression(value);
            if (one instanceof Expression.Literal literal && literal.value() instanceof Long number) {
                next = number + 1;
            }
            if (name != null) {
                entries.add(new Entry(key(name), one, child.start(), child.end()));
            }
        }
        return new Statement.Assign(
                new Expression.Name(name(node.child("name"))),
                new Expression.Entries(entries),
                null,
                true,
                node.start());
    }

    private Statement choose(SyntaxNode node) {
        Expression subject = expression(node.child("value"));
        SyntaxNode body = node.child("body");
        List<SyntaxNode> clauses = body == null ? List.of() : body.named();
        List<List<Statement>> bodies = new ArrayList<>();
        for (SyntaxNode clause : clauses) {
            List<Statement> statements = new ArrayList<>();
            for (SyntaxNode child : clause.named()) {
                if (!"value".equals(child.field())) {
                    statement(child, statements);
                }
            }
            bodies.add(statements);
        }
        // A body without a break goes on into the next.
        for (int i = bodies.size() - 2; i >= 0; i--) {
            if (fallsThrough(bodies.get(i))) {
                bodies.get(i).addAll(bodies.get(i + 1));
            }
        }
        List<Statement> chain = List.of();
        for (int i = 0; i < clauses.size(); i++) {
            if (clauses.get(i).is("switch_default")) {
                chain = bodies.get(i);
            }
        }
        for (int i = clauses.size() - 1; i >= 0; i--) {
            SyntaxNode value = clauses.get(i).child("value");
            if (value != null) {
                chain = List.of(new Statement.Branch(
                        new Expression.Operation("===", List.of(subject, expression(value))), bodies.get(i), chain));
            }
        }
        return new Statement.Repeat(null, new Expression.Literal(true), chain, List.of());
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

    private void imports(SyntaxNode node, List<Statement> into) {
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
                into.add(new Statement.Import(required == null ? "" : text(required), 0, List.of(), name(bound)));
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

    private void exports(SyntaxNode node, List<Statement> into) {
        SyntaxNode declaration = node.child("declaration");
        SyntaxNode value = node.child("value");
        SyntaxNode source = node.child("source");
        boolean standard = node.children().stream().anyMatch(child -> child.is("default"));
        List<Expression> decorators = decorators(node);
        if (declaration != null) {
            List<Statement> declared = new ArrayList<>();
            statement(declaration, declared);
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
                        expression(value),
                        null,
                        false,
                        node.start()));
            } else {
                export("default", expression(value), node.start(), into);
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
                        expression(child),
                        null,
                        false,
                        node.start()));
            }
        }
        if (source != null && node.children().stream().anyMatch(child -> child.is("*"))) {
            into.add(new Statement.Import(text(source), 0, List.of(new Imported("*", "*")), null));
        }
    }

    private void exportNames(SyntaxNode clause, @Nullable SyntaxNode source, SyntaxNode node, List<Statement> into) {
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

    private List<Expression> decorators(SyntaxNode node) {
        List<Expression> decorators = new ArrayList<>();
        for (SyntaxNode child : node.named()) {
            if (child.is("decorator") && !child.named().isEmpty()) {
                decorators.add(expression(child.named().getFirst()));
            }
        }
        return decorators;
    }

    private Function function(SyntaxNode node, String name) {
        SyntaxNode body = node.child("body");
        List<Statement> statements;
        List<Parameter> parameters = new ArrayList<>();
        List<Statement> unpacked = new ArrayList<>();
        SyntaxNode single = node.child("parameter");
        SyntaxNode list = node.child("parameters");
        if (single != null) {
            parameters.add(new Parameter(single.text(), null, null, Kind.PLAIN));
        } else if (list != null) {
            parameters(list, parameters, unpacked);
        }
        if (body == null) {
            statements = List.of();
        } else if (body.is("statement_block")) {
            statements = block(body);
        } else {
            statements = List.of(new Statement.Return(expression(body)));
        }
        if (!unpacked.isEmpty()) {
            unpacked.addAll(statements);
            statements = unpacked;
        }
        return new Function(name, null, parameters, statements, decorators(node), node.start(), node.end());
    }

    private void parameters(SyntaxNode list, List<Parameter> parameters, List<Statement> unpacked) {
        for (SyntaxNode child : list.named()) {
            SyntaxNode pattern = child;
            SyntaxNode value = null;
            boolean property = false;
            if (child.is("required_parameter") || child.is("optional_parameter")) {
                pattern = child.child("pattern");
                value = child.child("value");
                property = child.children().stream()
                        .anyMatch(part -> part.is("accessibility_modifier") || part.is("readonly"));
            } else if (child.is("assignment_pattern")) {
                pattern = child.child("left");
                value = child.child("right");
            }
            if (pattern == null) {
                continue;
            }
            Expression standard = value == null ? null : expression(value);
            if (pattern.is("rest_pattern")) {
                String rest = pattern.named().isEmpty()
                        ? ""
                        : pattern.named().getFirst().text();
                parameters.add(new Parameter(rest, null, null, Kind.REST));
            } else if (pattern.is("identifier") || pattern.is("this")) {
                if (pattern.is("this")) {
                    continue;
                }
                parameters.add(new Parameter(pattern.text(), standard, null, Kind.PLAIN));
                if (property) {
                    unpacked.add(new Statement.Assign(
                            new Expression.Member(THIS, pattern.text()),
                            new Expression.Name(pattern.text()),
                            null,
                            false,
                            child.start()));
                }
            } else {
                String hidden = "#" + parameters.size();
                parameters.add(new Parameter(hidden, standard, null, Kind.PLAIN));
                unpacked.add(
                        new Statement.Assign(pattern(pattern), new Expression.Name(hidden), null, true, child.start()));
            }
        }
    }

    private Statement type(SyntaxNode node, String name) {
        List<Expression> bases = new ArrayList<>();
        for (SyntaxNode child : node.named()) {
            if (child.is("class_heritage")) {
                for (SyntaxNode part : child.named()) {
                    if (part.is("extends_clause")) {
                        SyntaxNode value = part.child("value");
                        bases.add(expression(value));
                    } else if (!part.is("implements_clause")) {
                        bases.add(expression(part));
                    }
                }
            }
        }
        List<Statement> members = new ArrayList<>();
        List<Statement> fields = new ArrayList<>();
        List<Expression> pending = new ArrayList<>();
        SyntaxNode body = node.child("body");
        for (SyntaxNode child : body == null ? List.<SyntaxNode>of() : body.named()) {
            switch (child.type()) {
                case "decorator" ->
                    pending.add(expression(
                            child.named().isEmpty() ? null : child.named().getFirst()));
                case "method_definition" -> {
                    Function method = function(child, propertyName(child.child("name")));
                    List<Expression> decorators = new ArrayList<>(pending);
                    decorators.addAll(method.decorators());
                    child.children().stream()
                            .filter(part -> part.is("get") || part.is("static"))
                            .forEach(part ->
                                    decorators.add(new Expression.Name(part.is("get") ? "property" : "staticmethod")));
                    members.add(new Statement.Define(new Function(
                            method.name(),
                            null,
                            method.parameters(),
                            method.body(),
                            decorators,
                            method.start(),
                            method.end())));
                    pending.clear();
                }
                case "field_definition", "public_field_definition" -> {
                    field(child, members, fields);
                    pending.clear();
                }
                case "class_static_block" -> members.addAll(block(child.child("body")));
                default -> {}
            }
        }
        if (!fields.isEmpty()) {
            members.add(new Statement.Define(
                    new Function(FIELDS, null, List.of(), fields, List.of(), node.start(), node.end())));
        }
        return new Statement.DefineType(name, bases, List.of(), members, decorators(node));
    }

    private void field(SyntaxNode child, List<Statement> members, List<Statement> fields) {
        SyntaxNode named = child.child("property");
        String name = propertyName(named == null ? child.child("name") : named);
        SyntaxNode value = child.child("value");
        if (value == null) {
            return;
        }
        boolean shared = child.children().stream().anyMatch(part -> part.is("static"));
        if (shared) {
            members.add(new Statement.Assign(new Expression.Name(name), expression(value), null, true, child.start()));
        } else {
            fields.add(new Statement.Assign(
                    new Expression.Member(THIS, name), expression(value), null, false, child.start()));
        }
    }

    private static String propertyName(@Nullable SyntaxNode node) {
        if (node == null) {
            return "";
        }
        return node.is("string") ? text(node) : node.text();
    }

    private Expression key(SyntaxNode node) {
        return switch (node.type()) {
            case "string" -> new Expression.Literal(text(node));
            case "number" -> Literals.integer(node.text());
            case "computed_property_name" ->
                node.named().isEmpty()
                        ? Expression.UNREAD
                        : expression(node.named().getFirst());
            default -> new Expression.Literal(node.text());
        };
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

    private Expression pattern(@Nullable SyntaxNode node) {
        if (node == null) {
            return Expression.UNREAD;
        }
        return switch (node.type()) {
            case "object_pattern", "object" -> {
                List<Entry> entries = new ArrayList<>();
                for (SyntaxNode child : node.named()) {
                    entry(child, entries);
                }
                yield new Expression.Entries(entries);
            }
            case "array_pattern", "array" ->
                new Expression.Items(node.named().stream().map(this::pattern).toList());
            case "assignment_pattern" ->
                new Expression.Assigned(pattern(node.child("left")), expression(node.child("right")));
            case "rest_pattern", "spread_element" ->
                new Expression.Spread(
                        pattern(node.named().isEmpty() ? null : node.named().getFirst()));
            case "lexical_declaration", "variable_declaration", "variable_declarator" ->
                pattern(node.named().isEmpty() ? null : node.named().getFirst());
            default -> expression(node);
        };
    }

    private void entry(SyntaxNode child, List<Entry> entries) {
        switch (child.type()) {
            case "shorthand_property_identifier_pattern", "shorthand_property_identifier" ->
                entries.add(new Entry(
                        new Expression.Literal(child.text()),
                        new Expression.Name(child.text()),
                        child.start(),
                        child.end()));
            case "pair_pattern", "pair" -> {
                SyntaxNode name = child.child("key");
                entries.add(new Entry(
                        name == null ? Expression.UNREAD : key(name),
                        pattern(child.child("value")),
                        child.start(),
                        child.end()));
            }
            case "object_assignment_pattern" -> {
                SyntaxNode left = child.child("left");
                entries.add(new Entry(
                        new Expression.Literal(name(left)),
                        new Expression.Assigned(new Expression.Name(name(left)), expression(child.child("right"))),
                        child.start(),
                        child.end()));
            }
            default -> {}
        }
    }

    private List<Expression> expressions(List<SyntaxNode> nodes) {
        return nodes.stream().map(this::expression).toList();
    }

    private Expression expression(@Nullable SyntaxNode node) {
        if (node == null) {
            return Expression.UNREAD;
        }
        return switch (node.type()) {
            case "identifier",
                    "this",
                    "property_identifier",
                    "shorthand_property_identifier",
                    "import",
                    "meta_property" -> new Expression.Name(node.text());
            case "undefined", "null" -> new Expression.Literal(null);
            case "true" -> new Expression.Literal(true);
            case "false" -> new Expression.Literal(false);
            case "number" -> Literals.integer(node.text());
            case "string" ->
                node.end() - node.start() > Literals.LONGEST ? Expression.UNREAD : new Expression.Literal(text(node));
            case "template_string" -> template(node);
            case "super" ->
                new Expression.Call(new Expression.Name("super"), List.of(), false, node.start(), node.end());
            case "member_expression" -> {
                SyntaxNode name = node.child("property");
                yield new Expression.Member(expression(node.child("object")), name(name));
            }
            case "subscript_expression" ->
                new Expression.Index(expression(node.child("object")), expression(node.child("index")));
            case "call_expression", "new_expression" -> call(node);
            case "binary_expression" -> binary(node);
            case "unary_expression" -> {
                SyntaxNode operator = node.child("operator");
                String sign = operator == null ? "" : operator.text();
                yield sign.equals("!") || sign.equals("-") || sign.equals("+")
                        ? new Expression.Operation(
                                sign.equals("!") ? "not" : sign, List.of(expression(node.child("argument"))))
                        : new Expression.Opaque(expressions(node.named()));
            }
            case "assignment_expression" ->
                new Expression.Assigned(pattern(node.child("left")), expression(node.child("right")));
            case "augmented_assignment_expression" -> augmented(node);
            case "ternary_expression" ->
                new Expression.Choice(
                        expression(node.child("condition")),
                        expression(node.child("consequence")),
                        expression(node.child("alternative")));
            case "arrow_function", "function_expression", "generator_function", "function" ->
                new Expression.Closure(function(node, ""));
            case "parenthesized_expression",
                    "await_expression",
                    "non_null_expression",
                    "satisfies_expression",
                    "as_expression" -> {
                List<SyntaxNode> inner = node.named();
                yield inner.isEmpty() ? Expression.UNREAD : expression(inner.getFirst());
            }
            case "type_assertion" -> {
                List<SyntaxNode> inner = node.named();
                yield inner.isEmpty() ? Expression.UNREAD : expression(inner.getLast());
            }
            case "sequence_expression" -> {
                List<SyntaxNode> inner = node.named();
                yield inner.isEmpty() ? Expression.UNREAD : expression(inner.getLast());
            }
            case "array" ->
                new Expression.Items(node.named().stream()
                        .map(item -> item.is("spread_element") ? spread(item) : expression(item))
                        .toList());
            case "object" -> object(node);
            case "class" -> new Expression.Opaque(List.of());
            case "regex", "update_expression" -> Expression.UNREAD;
            default -> new Expression.Opaque(expressions(node.named()));
        };
    }

    private Expression spread(SyntaxNode node) {
        return new Expression.Spread(
                expression(node.named().isEmpty() ? null : node.named().getFirst()));
    }

    private Expression template(SyntaxNode node) {
        List<Expression> parts = new ArrayList<>();
        for (SyntaxNode child : node.named()) {
            switch (child.type()) {
                case "string_fragment" ->
                    parts.add(
                            new Expression.Literal(child.end() - child.start() > Literals.LONGEST ? "" : child.text()));
                case "escape_sequence" -> parts.add(new Expression.Literal(Literals.unescape(child.text())));
                case "template_substitution" ->
                    parts.add(expression(
                            child.named().isEmpty() ? null : child.named().getFirst()));
                default -> {}
            }
        }
        if (node.end() - node.start() > 2 * Literals.LONGEST) {
            return Expression.UNREAD;
        }
        return parts.isEmpty() ? new Expression.Literal("") : new Expression.Template(parts);
    }

    private Expression call(SyntaxNode node) {
        boolean created = node.is("new_expression");
        SyntaxNode function = node.child(created ? "constructor" : "function");
        SyntaxNode list = node.child("arguments");
        Expression called = function != null && function.is("super")
                ? new Expression.Member(
                        new Expression.Call(new Expression.Name("super"), List.of(), false, node.start(), node.end()),
                        "constructor")
                : expression(function);
        List<Argument> arguments = new ArrayList<>();
        if (list != null && list.is("template_string")) {
            return new Expression.Opaque(List.of(called));
        }
        for (SyntaxNode child : list == null ? List.<SyntaxNode>of() : list.named()) {
            if (child.is("spread_element")) {
                arguments.add(new Argument(
                        null,
                        expression(
                                child.named().isEmpty() ? null : child.named().getFirst()),
                        1));
            } else {
                arguments.add(new Argument(null, expression(child), 0));
            }
        }
        return new Expression.Call(called, arguments, created, node.start(), node.end());
    }

    private Expression binary(SyntaxNode node) {
        SyntaxNode operator = node.child("operator");
        String sign = operator == null ? "" : operator.text();
        String common = switch (sign) {
            case "||" -> "or";
            case "&&" -> "and";
            default -> sign;
        };
        return new Expression.Operation(
                common, List.of(expression(node.child("left")), expression(node.child("right"))));
    }

    private Expression augmented(SyntaxNode node) {
        SyntaxNode operator = node.child("operator");
        String sign = operator == null ? "+=" : operator.text();
        Expression left = pattern(node.child("left"));
        String common = switch (sign) {
            case "||=" -> "or";
            case "&&=" -> "and";
            default -> sign.substring(0, sign.length() - 1);
        };
        return new Expression.Assigned(
                left, new Expression.Operation(common, List.of(left, expression(node.child("right")))));
    }

    private Expression object(SyntaxNode node) {
        List<Entry> entries = new ArrayList<>();
        for (SyntaxNode child : node.named()) {
            switch (child.type()) {
                case "pair" -> {
                    SyntaxNode name = child.child("key");
                    entries.add(new Entry(
                            name == null ? Expression.UNREAD : key(name),
                            expression(child.child("value")),
                            child.start(),
                            child.end()));
                }
                case "shorthand_property_identifier" ->
                    entries.add(new Entry(
                            new Expression.Literal(child.text()),
                            new Expression.Name(child.text()),
                            child.start(),
                            child.end()));
                case "spread_element" ->
                    entries.add(new Entry(
                            null,
                            expression(
                                    child.named().isEmpty()
                                            ? null
                                            : child.named().getFirst()),
                            child.start(),
                            child.end()));
                case "method_definition" -> {
                    SyntaxNode name = child.child("name");
                    entries.add(new Entry(
                            name == null ? Expression.UNREAD : key(name),
                            new Expression.Closure(function(child, "")),
                            child.start(),
                            child.end()));
                }
                default -> {}
            }
        }
        return new Expression.Entries(entries);
    }
}
