package dev.panoptes.code.syntax;

import dev.panoptes.code.Language;
import dev.panoptes.code.syntax.Expression.Argument;
import dev.panoptes.code.syntax.Function.Kind;
import dev.panoptes.code.syntax.Function.Parameter;
import dev.panoptes.code.tree.SyntaxNode;
import dev.panoptes.code.tree.SyntaxTree;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Java, as the grammar tree-sitter-java 0.23 names its nodes. A call without an object is a call of a name that begins with
 * {@link #OWN}; constructors are methods called {@link #CREATE}; fields of objects are set in {@link #FIELDS}; the components
 * of a record are the parameters of {@link #RECORD}. Annotations are decorators. The package is an import called
 * {@link #PACKAGE}. One piece, because statements, expressions and declarations of a grammar hold one another.
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

    private JavaReader() {}

    public static SourceText read(SyntaxTree tree) {
        return new SourceText(Language.JAVA, new JavaReader().block(tree.root()), "");
    }

    private List<Statement> block(@Nullable SyntaxNode block) {
        List<Statement> statements = new ArrayList<>();
        if (block == null) {
            return statements;
        }
        boolean many = block.is("block") || block.is("program") || block.is("constructor_body") || block.is("ERROR");
        if (!many) {
            statement(block, statements);
            return statements;
        }
        for (SyntaxNode child : block.named()) {
            statement(child, statements);
        }
        return statements;
    }

    private void statement(SyntaxNode node, List<Statement> into) {
        switch (node.type()) {
            case "package_declaration" -> into.add(new Statement.Import(PACKAGE, 0, List.of(), firstText(node)));
            case "import_declaration" -> {
                boolean all = node.children().stream().anyMatch(child -> child.is("asterisk"));
                boolean shared = node.children().stream().anyMatch(child -> child.is("static"));
                into.add(new Statement.Import(firstText(node) + (all ? ".*" : ""), shared ? 1 : 0, List.of(), null));
            }
            case "class_declaration", "record_declaration", "enum_declaration", "interface_declaration" ->
                into.add(type(node));
            case "method_declaration" -> into.add(new Statement.Define(method(node)));
            case "local_variable_declaration" -> variables(node, into);
            case "expression_statement" -> {
                SyntaxNode value = node.named().isEmpty() ? null : node.named().getFirst();
                if (value != null && value.is("assignment_expression")) {
                    assignment(value, into);
                } else {
                    into.add(new Statement.Evaluate(expression(value)));
                }
            }
            case "explicit_constructor_invocation" -> {
                SyntaxNode constructor = node.child("constructor");
                boolean superior = constructor != null && constructor.is("super");
                Expression object = superior ? superior(node) : THIS;
                into.add(new Statement.Evaluate(new Expression.Call(
                        new Expression.Member(object, CREATE),
                        arguments(node.child("arguments")),
                        false,
                        node.start(),
                        node.end())));
            }
            case "if_statement" ->
                into.add(new Statement.Branch(
                        expression(node.child("condition")),
                        block(node.child("consequence")),
                        block(node.child("alternative"))));
            case "enhanced_for_statement" ->
                into.add(new Statement.Repeat(
                        new Expression.Name(text(node.child("name"))),
                        expression(node.child("value")),
                        block(node.child("body")),
                        List.of()));
            case "for_statement" -> {
                SyntaxNode first = node.child("init");
                if (first != null) {
                    statement(first, into);
                }
                into.add(new Statement.Repeat(null, Expression.UNREAD, block(node.child("body")), List.of()));
            }
            case "while_statement", "do_statement" ->
                into.add(new Statement.Repeat(
                        null,
                        node.is("do_statement") ? new Expression.Literal(true) : expression(node.child("condition")),
                        block(node.child("body")),
                        List.of()));
            case "try_statement", "try_with_resources_statement" -> attempt(node, into);
            case "switch_expression", "switch_statement" -> choose(node, into);
            case "return_statement", "yield_statement" ->
                into.add(new Statement.Return(
                        node.named().isEmpty() ? null : expression(node.named().getFirst())));
            case "throw_statement" -> {
                node.named().forEach(value -> into.add(new Statement.Evaluate(expression(value))));
                into.add(new Statement.Leave(Statement.Way.RAISE));
            }
            case "break_statement" -> into.add(new Statement.Leave(Statement.Way.BREAK));
            case "continue_statement" -> into.add(new Statement.Leave(Statement.Way.CONTINUE));
            case "block", "ERROR" -> into.add(new Statement.Block(block(node)));
            case "labeled_statement" -> {
                if (node.named().size() > 1) {
                    statement(node.named().getLast(), into);
                }
            }
            case "synchronized_statement" -> into.addAll(block(node.child("body")));
            case "annotation_type_declaration", "module_declaration", "assert_statement", "identifier" -> {}
            default -> into.add(new Statement.Evaluate(expression(node)));
        }
    }

    private static String text(@Nullable SyntaxNode node) {
        return node == null ? "" : node.text();
    }

    private static String firstText(SyntaxNode node) {
        for (SyntaxNode child : node.named()) {
            if (child.is("scoped_identifier") || child.is("identifier")) {
                return child.text().replaceAll("\\s", "");
            }
        }
        return "";
    }

    private static Expression superior(SyntaxNode node) {
        return new Expression.Call(new Expression.Name("super"), List.of(), false, node.start(), node.end());
    }

    private void assignment(SyntaxNode node, List<Statement> into) {
        into.add(new Statement.Assign(
                expression(node.child("left")), expression(node.child("right")), null, false, node.start()));
    }

    private void variables(SyntaxNode node, List<Statement> into) {
        for (SyntaxNode child : node.named()) {
            if (child.is("variable_declarator")) {
                SyntaxNode value = child.child("value");
                into.add(new Statement.Assign(
                        new Expression.Name(text(child.child("name"))),
                        value == null ? new Expression.Literal(null) : expression(value),
                        null,
                        true,
                        child.start()));
            }
        }
    }

    private void attempt(SyntaxNode node, List<Statement> into) {
        List<Statement> body = block(node.child("body"));
        SyntaxNode resources = node.child("resources");
        if (resources != null) {
            for (SyntaxNode resource : resources.named().reversed()) {
                SyntaxNode name = resource.child("name");
                SyntaxNode value = resource.child("value");
                body = List.of(new Statement.Using(
                        value == null ? expression(name) : expression(value),
                        name == null || value == null ? null : new Expression.Name(name.text()),
                        body));
            }
        }
        List<List<Statement>> handlers = new ArrayList<>();
        List<Statement> last = List.of();
        for (SyntaxNode child : node.named()) {
            if (child.is("catch_clause")) {
                handlers.add(block(child.child("body")));
            } else if (child.is("finally_clause") && !child.named().isEmpty()) {
                last = block(child.named().getFirst());
            }
        }
        into.add(new Statement.Attempt(body, handlers, List.of(), last));
    }

    private void choose(SyntaxNode node, List<Statement> into) {
        Expression subject = expression(node.child("condition"));
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
                        Expression equal = new Expression.Operation("==", List.of(subject, expression(value)));
                        condition =
                                condition == null ? equal : new Expression.Operation("or", List.of(condition, equal));
                    }
                } else {
                    statement(child, statements);
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
        into.add(new Statement.Repeat(null, new Expression.Literal(true), chain, List.of()));
    }

    private Statement type(SyntaxNode node) {
        String name = text(node.child("name"));
        List<Expression> bases = new ArrayList<>();
        SyntaxNode superclass = node.child("superclass");
        if (superclass != null && !superclass.named().isEmpty()) {
            bases.add(typeName(superclass.named().getFirst()));
        }
        for (SyntaxNode child : node.named()) {
            if (child.is("super_interfaces") || child.is("extends_interfaces")) {
                child.named().forEach(list -> list.named().forEach(one -> bases.add(typeName(one))));
            }
        }
        List<Statement> members = new ArrayList<>();
        List<Statement> fields = new ArrayList<>();
        SyntaxNode components = node.child("parameters");
        if (components != null) {
            members.add(new Statement.Define(new Function(
                    RECORD, null, parameters(components), List.of(), List.of(), node.start(), node.end())));
        }
        SyntaxNode body = node.child("body");
        members(body, node.is("interface_declaration"), name, members, fields);
        if (!fields.isEmpty()) {
            members.add(new Statement.Define(
                    new Function(FIELDS, null, List.of(), fields, List.of(), node.start(), node.end())));
        }
        return new Statement.DefineType(name, bases, List.of(), members, annotations(node));
    }

    private void members(
            @Nullable SyntaxNode body, boolean shared, String type, List<Statement> members, List<Statement> fields) {
        for (SyntaxNode child : body == null ? List.<SyntaxNode>of() : body.named()) {
            switch (child.type()) {
                case "field_declaration", "constant_declaration" -> field(child, shared, members, fields);
                case "method_declaration", "constructor_declaration", "compact_constructor_declaration" ->
                    members.add(new Statement.Define(method(child)));
                case "static_initializer" ->
                    members.addAll(
                            block(child.named().isEmpty() ? null : child.named().getFirst()));
                case "block" -> fields.addAll(block(child));
                case "class_declaration", "record_declaration", "enum_declaration", "interface_declaration" ->
                    members.add(type(child));
                case "enum_constant" ->
                    members.add(new Statement.Assign(
                            new Expression.Name(text(child.child("name"))),
                            new Expression.Call(
                                    new Expression.Name(type),
                                    arguments(child.child("arguments")),
                                    true,
                                    child.start(),
                                    child.end()),
                            null,
                            true,
                            child.start()));
                case "enum_body_declarations" -> members(child, shared, type, members, fields);
                default -> {}
            }
        }
    }

    private void field(SyntaxNode node, boolean shared, List<Statement> members, List<Statement> fields) {
        boolean fixed = shared || modifier(node, "static");
        Expression injected = null;
        for (Expression annotation : annotations(node)) {
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
            Expression set =
                    value != null ? expression(value) : injected != null ? injected : new Expression.Literal(null);
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

    private List<Expression> annotations(SyntaxNode node) {
        List<Expression> annotations = new ArrayList<>();
        for (SyntaxNode modifiers : node.children()) {
            if (!modifiers.is("modifiers")) {
                continue;
            }
            for (SyntaxNode child : modifiers.named()) {
                String name = text(child.child("name"));
                Expression called = new Expression.Name(name.substring(name.lastIndexOf('.') + 1));
                if (child.is("annotation")) {
                    annotations.add(new Expression.Call(
                            called, arguments(child.child("arguments")), false, child.start(), child.end()));
                } else if (child.is("marker_annotation")) {
                    annotations.add(new Expression.Call(called, List.of(), false, child.start(), child.end()));
                }
            }
        }
        return annotations;
    }

    private Function method(SyntaxNode node) {
        boolean constructor = !node.is("method_declaration");
        List<Expression> decorators = new ArrayList<>(annotations(node));
        if (modifier(node, "static")) {
            decorators.add(STATIC);
        }
        return new Function(
                constructor ? CREATE : text(node.child("name")),
                null,
                parameters(node.child("parameters")),
                block(node.child("body")),
                decorators,
                node.start(),
                node.end());
    }

    private static List<Parameter> parameters(@Nullable SyntaxNode node) {
        List<Parameter> parameters = new ArrayList<>();
        if (node == null) {
            return parameters;
        }
        if (node.is("identifier")) {
            return List.of(new Parameter(node.text(), null, null, Kind.PLAIN));
        }
        for (SyntaxNode child : node.named()) {
            switch (child.type()) {
                case "formal_parameter" ->
                    parameters.add(new Parameter(text(child.child("name")), null, null, Kind.PLAIN));
                case "spread_parameter" -> {
                    String name = "";
                    for (SyntaxNode part : child.named()) {
                        name = part.is("variable_declarator") ? text(part.child("name")) : name;
                    }
                    parameters.add(new Parameter(name, null, null, Kind.REST));
                }
                case "identifier" -> parameters.add(new Parameter(child.text(), null, null, Kind.PLAIN));
                default -> {}
            }
        }
        return parameters;
    }

    private static Expression typeName(SyntaxNode node) {
        return switch (node.type()) {
            case "generic_type" ->
                node.named().isEmpty()
                        ? Expression.UNREAD
                        : typeName(node.named().getFirst());
            case "scoped_type_identifier" -> {
                String text = node.text().replaceAll("\\s|<.*", "");
                yield new Expression.Name(text.substring(text.lastIndexOf('.') + 1));
            }
            default -> new Expression.Name(node.text());
        };
    }

    private List<Argument> arguments(@Nullable SyntaxNode node) {
        List<Argument> arguments = new ArrayList<>();
        for (SyntaxNode child : node == null ? List.<SyntaxNode>of() : node.named()) {
            if (child.is("element_value_pair")) {
                arguments.add(new Argument(text(child.child("key")), expression(child.child("value")), 0));
            } else {
                arguments.add(new Argument(null, expression(child), 0));
            }
        }
        return arguments;
    }

    private Expression expression(@Nullable SyntaxNode node) {
        if (node == null) {
            return Expression.UNREAD;
        }
        return switch (node.type()) {
            case "identifier", "this", "type_identifier" -> new Expression.Name(node.text());
            case "scoped_identifier" ->
                new Expression.Name(node.text().substring(node.text().lastIndexOf('.') + 1));
            case "super" -> superior(node);
            case "decimal_integer_literal", "hex_integer_literal", "octal_integer_literal", "binary_integer_literal" ->
                Literals.integer(node.text());
            case "decimal_floating_point_literal" -> Literals.decimal(node.text());
            case "true" -> new Expression.Literal(true);
            case "false" -> new Expression.Literal(false);
            case "null_literal" -> new Expression.Literal(null);
            case "string_literal" -> string(node);
            case "field_access" -> new Expression.Member(expression(node.child("object")), text(node.child("field")));
            case "method_invocation" -> call(node);
            case "object_creation_expression" -> creation(node);
            case "array_access" ->
                new Expression.Index(expression(node.child("array")), expression(node.child("index")));
            case "assignment_expression" ->
                new Expression.Assigned(expression(node.child("left")), expression(node.child("right")));
            case "binary_expression" -> {
                String sign = text(node.child("operator"));
                String common = sign.equals("&&") ? "and" : sign.equals("||") ? "or" : sign;
                yield new Expression.Operation(
                        common, List.of(expression(node.child("left")), expression(node.child("right"))));
            }
            case "unary_expression" -> {
                String sign = text(node.child("operator"));
                Expression operand = expression(node.child("operand"));
                yield sign.equals("!") || sign.equals("-") || sign.equals("+")
                        ? new Expression.Operation(sign.equals("!") ? "not" : sign, List.of(operand))
                        : new Expression.Opaque(List.of(operand));
            }
            case "ternary_expression" ->
                new Expression.Choice(
                        expression(node.child("condition")),
                        expression(node.child("consequence")),
                        expression(node.child("alternative")));
            case "lambda_expression" -> {
                SyntaxNode body = node.child("body");
                List<Statement> statements = body == null || body.is("block")
                        ? block(body)
                        : List.of(new Statement.Return(expression(body)));
                yield new Expression.Closure(new Function(
                        "",
                        null,
                        parameters(node.child("parameters")),
                        statements,
                        List.of(),
                        node.start(),
                        node.end()));
            }
            case "method_reference" -> {
                List<SyntaxNode> parts = node.named();
                yield parts.size() == 2
                        ? new Expression.Member(
                                expression(parts.getFirst()), parts.getLast().text())
                        : Expression.UNREAD;
            }
            case "parenthesized_expression" ->
                expression(node.named().isEmpty() ? null : node.named().getFirst());
            case "cast_expression" -> expression(node.child("value"));
            case "array_creation_expression" -> {
                SyntaxNode value = node.child("value");
                yield value == null ? Expression.UNREAD : expression(value);
            }
            case "array_initializer", "element_value_array_initializer" ->
                new Expression.Items(node.named().stream().map(this::expression).toList());
            case "class_literal", "update_expression", "character_literal" -> Expression.UNREAD;
            case "switch_expression" -> choice(node);
            default ->
                new Expression.Opaque(
                        node.named().stream().map(this::expression).toList());
        };
    }

    /** A switch that gives a value: a function that is called at once. */
    private Expression choice(SyntaxNode node) {
        List<Statement> statements = new ArrayList<>();
        choose(node, statements);
        return new Expression.Call(
                new Expression.Closure(
                        new Function("", null, List.of(), returned(statements), List.of(), node.start(), node.end())),
                List.of(),
                false,
                node.start(),
                node.end());
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

    private Expression call(SyntaxNode node) {
        SyntaxNode object = node.child("object");
        String name = text(node.child("name"));
        Expression called =
                object == null ? new Expression.Name(OWN + name) : new Expression.Member(expression(object), name);
        return new Expression.Call(called, arguments(node.child("arguments")), false, node.start(), node.end());
    }

    private Expression creation(SyntaxNode node) {
        SyntaxNode type = node.child("type");
        Expression name = type == null ? Expression.UNREAD : typeName(type);
        for (SyntaxNode child : node.named()) {
            if (child.is("class_body")) {
                // An anonymous class: its methods matter, the constructor's arguments rarely do.
                List<Statement> members = new ArrayList<>();
                List<Statement> fields = new ArrayList<>();
                members(child, false, "", members, fields);
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
        }
        return new Expression.Call(name, arguments(node.child("arguments")), true, node.start(), node.end());
    }
}
