package dev.panoptes.code.syntax;

import dev.panoptes.code.Language;
import dev.panoptes.code.syntax.Expression.Argument;
import dev.panoptes.code.syntax.Expression.Entry;
import dev.panoptes.code.syntax.Function.Kind;
import dev.panoptes.code.syntax.Function.Parameter;
import dev.panoptes.code.tree.SyntaxNode;
import dev.panoptes.code.tree.SyntaxTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Go, as the grammar tree-sitter-go 0.25 names its nodes. Pointers are left out: {@code &x} and {@code *x} are {@code x}. A
 * call that fills a variable by its address ({@code flag.IntVar(&port, "port", 8080, "")}) becomes an assignment. The tag of
 * a struct's field is kept as a member called {@link #TAG} and the field's name. The package clause is an import called
 * {@link #PACKAGE}. One piece, because statements, expressions and declarations of a grammar hold one another.
 */
public final class GoReader {
    public static final String TAG = "#tag:";
    public static final String PACKAGE = "#package";

    /** Calls that fill their first argument, and at which place of the rest its default stands. */
    private static final Map<String, Integer> FILLING = Map.of(
            "IntVar", 1, "StringVar", 1, "UintVar", 1, "Int64Var", 1, "IntVarP", 2, "StringVarP", 2, "Uint16Var", 1);

    private GoReader() {}

    public static SourceText read(SyntaxTree tree) {
        return new SourceText(Language.GO, new GoReader().block(tree.root()), "");
    }

    private List<Statement> block(@Nullable SyntaxNode block) {
        List<Statement> statements = new ArrayList<>();
        if (block != null) {
            for (SyntaxNode child : block.named()) {
                statement(child, statements);
            }
        }
        return statements;
    }

    private void statement(SyntaxNode node, List<Statement> into) {
        switch (node.type()) {
            case "package_clause" ->
                into.add(new Statement.Import(
                        PACKAGE,
                        0,
                        List.of(),
                        node.named().isEmpty() ? "" : node.named().getFirst().text()));
            case "import_declaration" -> imports(node, into);
            case "function_declaration", "method_declaration" -> into.add(new Statement.Define(function(node)));
            case "type_declaration" -> node.named().forEach(spec -> type(spec, into));
            case "const_declaration", "var_declaration", "var_spec_list" -> declarations(node, into);
            case "short_var_declaration" -> assign(node.child("left"), node.child("right"), true, node.start(), into);
            case "assignment_statement" -> {
                SyntaxNode operator = node.child("operator");
                if (operator == null || operator.text().equals("=")) {
                    assign(node.child("left"), node.child("right"), false, node.start(), into);
                } else {
                    Expression left = list(node.child("left"));
                    into.add(new Statement.Assign(
                            left,
                            new Expression.Operation(
                                    operator.text().replace("=", ""), List.of(left, list(node.child("right")))),
                            null,
                            false,
                            node.start()));
                }
            }
            case "expression_statement", "go_statement", "defer_statement" ->
                node.named().forEach(value -> evaluate(value, into));
            case "if_statement" -> {
                SyntaxNode first = node.child("initializer");
                if (first != null) {
                    statement(first, into);
                }
                SyntaxNode otherwise = node.child("alternative");
                List<Statement> no = new ArrayList<>();
                if (otherwise != null) {
                    statement(otherwise, no);
                }
                into.add(new Statement.Branch(
                        expression(node.child("condition")), block(node.child("consequence")), no));
            }
            case "for_statement" -> loop(node, into);
            case "expression_switch_statement" -> choose(node, into);
            case "type_switch_statement", "select_statement" -> anyOf(node, into);
            case "return_statement" -> {
                List<SyntaxNode> values = node.named();
                into.add(new Statement.Return(values.isEmpty() ? null : list(values.getFirst())));
            }
            case "break_statement" -> into.add(new Statement.Leave(Statement.Way.BREAK));
            case "continue_statement" -> into.add(new Statement.Leave(Statement.Way.CONTINUE));
            case "block" -> into.add(new Statement.Block(block(node)));
            case "statement_list", "labeled_statement", "ERROR" -> into.addAll(block(node));
            case "inc_statement",
                    "dec_statement",
                    "label_name",
                    "empty_statement",
                    "fallthrough_statement",
                    "goto_statement" -> {}
            default -> evaluate(node, into);
        }
    }

    private void evaluate(SyntaxNode node, List<Statement> into) {
        Statement filled = filled(node);
        into.add(filled == null ? new Statement.Evaluate(expression(node)) : filled);
    }

    private @Nullable Statement filled(SyntaxNode node) {
        SyntaxNode function = node.child("function");
        SyntaxNode arguments = node.child("arguments");
        if (!node.is("call_expression")
                || function == null
                || arguments == null
                || !function.is("selector_expression")) {
            return null;
        }
        SyntaxNode field = function.child("field");
        Integer at = field == null ? null : FILLING.get(field.text());
        List<SyntaxNode> given = arguments.named();
        if (at == null || given.size() <= at + 1) {
            return null;
        }
        return new Statement.Assign(
                expression(given.getFirst()),
                new Expression.Call(
                        new Expression.Name("#option"),
                        List.of(new Argument(null, expression(given.get(at + 1)), 0)),
                        false,
                        node.start(),
                        node.end()),
                null,
                false,
                node.start());
    }

    private void imports(SyntaxNode node, List<Statement> into) {
        for (SyntaxNode child : node.named()) {
            if (child.is("import_spec_list")) {
                imports(child, into);
            } else if (child.is("import_spec")) {
                SyntaxNode name = child.child("name");
                SyntaxNode path = child.child("path");
                into.add(new Statement.Import(
                        path == null ? "" : unquoted(path.text()), 0, List.of(), name == null ? null : name.text()));
            }
        }
    }

    private Function function(SyntaxNode node) {
        SyntaxNode name = node.child("name");
        SyntaxNode receiver = node.child("receiver");
        List<Parameter> parameters = new ArrayList<>();
        String type = null;
        if (receiver != null) {
            for (SyntaxNode child : receiver.named()) {
                SyntaxNode self = child.child("name");
                SyntaxNode of = child.child("type");
                type = of == null ? "" : of.text().replaceAll("^\\*|\\[.*", "").strip();
                parameters.add(new Parameter(self == null ? "_" : self.text(), null, null, Kind.PLAIN));
            }
        }
        parameters(node.child("parameters"), parameters);
        return new Function(
                name == null ? "" : name.text(),
                type,
                parameters,
                block(node.child("body")),
                List.of(),
                node.start(),
                node.end());
    }

    private static void parameters(@Nullable SyntaxNode node, List<Parameter> parameters) {
        for (SyntaxNode child : node == null ? List.<SyntaxNode>of() : node.named()) {
            boolean rest = child.is("variadic_parameter_declaration");
            boolean any = false;
            for (SyntaxNode part : child.named()) {
                if ("name".equals(part.field())) {
                    parameters.add(new Parameter(part.text(), null, null, rest ? Kind.REST : Kind.PLAIN));
                    any = true;
                }
            }
            if (!any) {
                parameters.add(new Parameter("_", null, null, rest ? Kind.REST : Kind.PLAIN));
            }
        }
    }

    private void type(SyntaxNode spec, List<Statement> into) {
        SyntaxNode name = spec.child("name");
        SyntaxNode type = spec.child("type");
        if (name == null || type == null) {
            return;
        }
        List<Statement> members = new ArrayList<>();
        List<Expression> bases = new ArrayList<>();
        if (type.is("struct_type")) {
            for (SyntaxNode list : type.named()) {
                list.named().forEach(field -> field(field, members, bases));
            }
        } else if (type.is("map_type")) {
            bases.add(new Expression.Name("#map"));
        } else if (!type.is("interface_type")) {
            bases.add(new Expression.Name("#basic"));
        }
        into.add(new Statement.DefineType(name.text(), bases, List.of(), members, List.of()));
    }

    private void field(SyntaxNode field, List<Statement> members, List<Expression> bases) {
        if (!field.is("field_declaration")) {
            return;
        }
        SyntaxNode tag = field.child("tag");
        SyntaxNode type = field.child("type");
        String text = tag == null ? "" : unquoted(tag.text());
        boolean named = false;
        for (SyntaxNode part : field.named()) {
            if ("name".equals(part.field())) {
                named = true;
                members.add(new Statement.Assign(
                        new Expression.Name(TAG + part.text()),
                        new Expression.Literal(text),
                        null,
                        true,
                        field.start()));
            }
        }
        if (!named && type != null) {
            bases.add(typeName(type));
        }
    }

    private void declarations(SyntaxNode node, List<Statement> into) {
        long number = 0;
        List<SyntaxNode> repeated = List.of();
        for (SyntaxNode spec : node.named()) {
            if (spec.is("var_spec_list")) {
                declarations(spec, into);
                continue;
            }
            List<SyntaxNode> names = new ArrayList<>();
            for (SyntaxNode part : spec.named()) {
                if ("name".equals(part.field())) {
                    names.add(part);
                }
            }
            SyntaxNode value = spec.child("value");
            SyntaxNode type = spec.child("type");
            List<SyntaxNode> values =
                    value == null ? List.of() : value.is("expression_list") ? value.named() : List.of(value);
            if (spec.is("const_spec")) {
                repeated = values.isEmpty() ? repeated : values;
                values = repeated;
            }
            declare(spec, names, values, type, number, into);
            number++;
        }
    }

    private void declare(
            SyntaxNode spec,
            List<SyntaxNode> names,
            List<SyntaxNode> values,
            @Nullable SyntaxNode type,
            long number,
            List<Statement> into) {
        if (names.size() > 1 && values.size() == 1) {
            into.add(new Statement.Assign(
                    new Expression.Items(names.stream()
                            .<Expression>map(name -> new Expression.Name(name.text()))
                            .toList()),
                    expression(values.getFirst()),
                    null,
                    true,
                    spec.start()));
            return;
        }
        for (int i = 0; i < names.size(); i++) {
            Expression value = i < values.size() ? counted(values.get(i), number) : zero(type);
            into.add(new Statement.Assign(new Expression.Name(names.get(i).text()), value, null, true, spec.start()));
        }
    }

    /** A constant's value with {@code iota} put in. */
    private Expression counted(SyntaxNode node, long number) {
        return counted(expression(node), number);
    }

    private static Expression counted(Expression value, long number) {
        return switch (value) {
            case Expression.Name name when name.name().equals("iota") -> new Expression.Literal(number);
            case Expression.Operation operation ->
                new Expression.Operation(
                        operation.operator(),
                        operation.operands().stream()
                                .map(operand -> counted(operand, number))
                                .toList());
            default -> value;
        };
    }

    /** What a variable is that is declared without a value. */
    private Expression zero(@Nullable SyntaxNode type) {
        if (type == null) {
            return Expression.UNREAD;
        }
        return switch (type.text()) {
            case "string" -> new Expression.Literal("");
            case "int", "int32", "int64", "uint", "uint16", "uint32", "uint64" -> new Expression.Literal(0L);
            case "bool" -> new Expression.Literal(false);
            default ->
                type.is("type_identifier") || type.is("qualified_type")
                        ? new Expression.Composite(
                                typeName(type), new Expression.Entries(List.of()), type.start(), type.end())
                        : new Expression.Literal(null);
        };
    }

    private void assign(
            @Nullable SyntaxNode left, @Nullable SyntaxNode right, boolean declares, int start, List<Statement> into) {
        List<SyntaxNode> targets = left == null ? List.of() : left.is("expression_list") ? left.named() : List.of(left);
        List<SyntaxNode> values =
                right == null ? List.of() : right.is("expression_list") ? right.named() : List.of(right);
        if (targets.size() == values.size()) {
            for (int i = 0; i < targets.size(); i++) {
                into.add(new Statement.Assign(
                        expression(targets.get(i)), expression(values.get(i)), null, declares, start));
            }
            return;
        }
        into.add(new Statement.Assign(
                new Expression.Items(targets.stream().map(this::expression).toList()),
                list(right),
                null,
                declares,
                start));
    }

    private Expression list(@Nullable SyntaxNode node) {
        if (node == null) {
            return Expression.UNREAD;
        }
        List<SyntaxNode> values = node.is("expression_list") ? node.named() : List.of(node);
        return values.size() == 1
                ? expression(values.getFirst())
                : new Expression.Items(values.stream().map(this::expression).toList());
    }

    private void loop(SyntaxNode node, List<Statement> into) {
        List<Statement> body = block(node.child("body"));
        for (SyntaxNode child : node.named()) {
            if (child.is("range_clause")) {
                SyntaxNode left = child.child("left");
                List<SyntaxNode> names =
                        left == null ? List.of() : left.is("expression_list") ? left.named() : List.of(left);
                Expression over = expression(child.child("right"));
                Expression target = names.size() == 2
                        ? new Expression.Items(List.of(expression(names.get(0)), expression(names.get(1))))
                        : new Expression.Items(
                                List.of(names.isEmpty() ? new Expression.Name("_") : expression(names.getFirst())));
                Expression pairs = new Expression.Call(
                        new Expression.Name("#pairs"),
                        List.of(new Argument(null, over, 0)),
                        false,
                        child.start(),
                        child.end());
                into.add(new Statement.Repeat(target, pairs, body, List.of()));
                return;
            }
            if (child.is("for_clause")) {
                SyntaxNode first = child.child("initializer");
                if (first != null) {
                    statement(first, into);
                }
                into.add(new Statement.Repeat(null, Expression.UNREAD, body, List.of()));
                return;
            }
        }
        boolean endless = node.named().size() == 1;
        into.add(new Statement.Repeat(
                null, endless ? new Expression.Literal(true) : Expression.UNREAD, body, List.of()));
    }

    private void choose(SyntaxNode node, List<Statement> into) {
        SyntaxNode first = node.child("initializer");
        if (first != null) {
            statement(first, into);
        }
        SyntaxNode subject = node.child("value");
        Expression value = subject == null ? new Expression.Literal(true) : expression(subject);
        List<Statement> chain = List.of();
        List<SyntaxNode> cases = new ArrayList<>();
        for (SyntaxNode child : node.named()) {
            if (child.is("default_case")) {
                chain = caseBody(child);
            } else if (child.is("expression_case")) {
                cases.add(child);
            }
        }
        for (SyntaxNode one : cases.reversed()) {
            SyntaxNode values = one.child("value");
            Expression condition = null;
            for (SyntaxNode each : values == null ? List.<SyntaxNode>of() : values.named()) {
                Expression equal = subject == null
                        ? expression(each)
                        : new Expression.Operation("==", List.of(value, expression(each)));
                condition = condition == null ? equal : new Expression.Operation("or", List.of(condition, equal));
            }
            chain = List.of(
                    new Statement.Branch(condition == null ? Expression.UNREAD : condition, caseBody(one), chain));
        }
        into.add(new Statement.Repeat(null, new Expression.Literal(true), chain, List.of()));
    }

    private List<Statement> caseBody(SyntaxNode node) {
        List<Statement> statements = new ArrayList<>();
        for (SyntaxNode child : node.named()) {
            if (!"value".equals(child.field()) && !"type".equals(child.field())) {
                statement(child, statements);
            }
        }
        return statements;
    }

    private void anyOf(SyntaxNode node, List<Statement> into) {
        for (SyntaxNode child : node.named()) {
            if (child.type().endsWith("_case")) {
                into.add(new Statement.Branch(Expression.UNREAD, caseBody(child), List.of()));
            }
        }
    }

    private static String unquoted(String text) {
        if (text.length() < 2) {
            return text;
        }
        String inner = text.substring(1, text.length() - 1);
        return text.charAt(0) == '`' ? inner : Literals.unescape(inner);
    }

    private Expression typeName(SyntaxNode type) {
        return switch (type.type()) {
            case "qualified_type" -> {
                SyntaxNode from = type.child("package");
                SyntaxNode name = type.child("name");
                yield new Expression.Member(
                        new Expression.Name(from == null ? "" : from.text()), name == null ? "" : name.text());
            }
            case "pointer_type", "generic_type", "parenthesized_type" ->
                type.named().isEmpty()
                        ? Expression.UNREAD
                        : typeName(type.named().getFirst());
            default -> new Expression.Name(type.text());
        };
    }

    private Expression expression(@Nullable SyntaxNode node) {
        if (node == null) {
            return Expression.UNREAD;
        }
        return switch (node.type()) {
            case "identifier", "field_identifier", "package_identifier", "type_identifier", "iota" ->
                new Expression.Name(node.text());
            case "int_literal" -> Literals.integer(node.text());
            case "float_literal" -> Literals.decimal(node.text());
            case "interpreted_string_literal", "raw_string_literal" ->
                node.end() - node.start() > Literals.LONGEST
                        ? Expression.UNREAD
                        : new Expression.Literal(unquoted(node.text()));
            case "true" -> new Expression.Literal(true);
            case "false" -> new Expression.Literal(false);
            case "nil" -> new Expression.Literal(null);
            case "selector_expression" -> {
                SyntaxNode field = node.child("field");
                yield new Expression.Member(expression(node.child("operand")), field == null ? "" : field.text());
            }
            case "qualified_type" -> typeName(node);
            case "call_expression" -> call(node);
            case "index_expression" ->
                new Expression.Index(expression(node.child("operand")), expression(node.child("index")));
            case "slice_expression" -> {
                SyntaxNode start = node.child("start");
                SyntaxNode end = node.child("end");
                yield new Expression.Index(
                        expression(node.child("operand")),
                        new Expression.Slice(
                                start == null ? null : expression(start), end == null ? null : expression(end)));
            }
            case "composite_literal" -> composite(node, node.child("type"), node.child("body"));
            case "unary_expression" -> {
                SyntaxNode operator = node.child("operator");
                String sign = operator == null ? "" : operator.text();
                Expression operand = expression(node.child("operand"));
                yield switch (sign) {
                    case "&", "*" -> operand;
                    case "!" -> new Expression.Operation("not", List.of(operand));
                    case "-", "+" -> new Expression.Operation(sign, List.of(operand));
                    default -> new Expression.Opaque(List.of(operand));
                };
            }
            case "binary_expression" -> {
                SyntaxNode operator = node.child("operator");
                String sign = operator == null ? "" : operator.text();
                String common = sign.equals("&&") ? "and" : sign.equals("||") ? "or" : sign;
                yield new Expression.Operation(
                        common, List.of(expression(node.child("left")), expression(node.child("right"))));
            }
            case "func_literal" -> {
                List<Parameter> parameters = new ArrayList<>();
                parameters(node.child("parameters"), parameters);
                yield new Expression.Closure(new Function(
                        "", null, parameters, block(node.child("body")), List.of(), node.start(), node.end()));
            }
            case "parenthesized_expression", "literal_element" ->
                expression(node.named().isEmpty() ? null : node.named().getFirst());
            case "type_assertion_expression" -> expression(node.child("operand"));
            case "type_conversion_expression" -> expression(node.child("operand"));
            case "literal_value" -> composite(node, null, node);
            default ->
                new Expression.Opaque(
                        node.named().stream().map(this::expression).toList());
        };
    }

    private Expression call(SyntaxNode node) {
        SyntaxNode arguments = node.child("arguments");
        SyntaxNode function = node.child("function");
        List<Argument> given = new ArrayList<>();
        for (SyntaxNode child : arguments == null ? List.<SyntaxNode>of() : arguments.named()) {
            boolean spread = child.is("variadic_argument");
            SyntaxNode value =
                    spread && !child.named().isEmpty() ? child.named().getFirst() : child;
            given.add(new Argument(null, type(value) ? typeName(value) : expression(value), spread ? 1 : 0));
        }
        // []byte(x) and string(x) are x.
        if (function != null && function.is("slice_type") && given.size() == 1) {
            return given.getFirst().value();
        }
        return new Expression.Call(expression(function), given, false, node.start(), node.end());
    }

    private static boolean type(SyntaxNode node) {
        return node.is("pointer_type") || node.is("map_type") || node.is("slice_type") || node.is("struct_type");
    }

    private Expression composite(SyntaxNode node, @Nullable SyntaxNode type, @Nullable SyntaxNode body) {
        List<Entry> entries = new ArrayList<>();
        List<Expression> items = new ArrayList<>();
        boolean structure = type != null && (type.is("type_identifier") || type.is("qualified_type"));
        for (SyntaxNode child : body == null ? List.<SyntaxNode>of() : body.named()) {
            List<SyntaxNode> parts = child.named();
            if (child.is("keyed_element") && parts.size() == 2) {
                Expression key = expression(parts.getFirst());
                boolean field = key instanceof Expression.Name && (structure || type == null);
                entries.add(new Entry(
                        field && key instanceof Expression.Name name ? new Expression.Literal(name.name()) : key,
                        expression(parts.getLast()),
                        child.start(),
                        child.end()));
            } else {
                items.add(expression(child));
            }
        }
        if (!structure || type == null) {
            return items.isEmpty() && (type == null || !type.is("slice_type"))
                    ? new Expression.Entries(entries)
                    : new Expression.Items(items);
        }
        for (int i = 0; i < items.size(); i++) {
            entries.add(new Entry(new Expression.Literal((long) i), items.get(i), node.start(), node.end()));
        }
        return new Expression.Composite(typeName(type), new Expression.Entries(entries), node.start(), node.end());
    }
}
