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
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Python 3 (and 2 as far as it parses), as the grammar tree-sitter-python 0.25 names its nodes. One piece, because statements,
 * expressions and declarations of a grammar hold one another.
 */
public final class PythonReader {
    private PythonReader() {}

    public static SourceText read(SyntaxTree tree) {
        return new SourceText(Language.PYTHON, new PythonReader().block(tree.root()), "");
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
            case "expression_statement" -> expressionStatement(node, into);
            case "function_definition" -> into.add(new Statement.Define(function(node, List.of())));
            case "class_definition" -> into.add(type(node, List.of()));
            case "decorated_definition" -> decorated(node, into);
            case "if_statement" -> into.add(branch(node));
            case "for_statement" ->
                into.add(new Statement.Repeat(
                        target(node.child("left")),
                        expression(node.child("right")),
                        block(node.child("body")),
                        otherwise(node)));
            case "while_statement" ->
                into.add(new Statement.Repeat(
                        null, expression(node.child("condition")), block(node.child("body")), otherwise(node)));
            case "try_statement" -> into.add(attempt(node));
            case "with_statement" -> into.add(with(node));
            case "match_statement" -> into.add(match(node));
            case "return_statement" -> {
                List<SyntaxNode> values = node.named();
                into.add(new Statement.Return(values.isEmpty() ? null : expression(values.getFirst())));
            }
            case "raise_statement" -> {
                node.named().forEach(value -> into.add(new Statement.Evaluate(expression(value))));
                into.add(new Statement.Leave(Statement.Way.RAISE));
            }
            case "break_statement" -> into.add(new Statement.Leave(Statement.Way.BREAK));
            case "continue_statement" -> into.add(new Statement.Leave(Statement.Way.CONTINUE));
            case "import_statement" -> imports(node, into);
            case "import_from_statement" -> into.add(importFrom(node));
            case "global_statement", "nonlocal_statement" ->
                into.add(new Statement.Outer(
                        node.named().stream().map(SyntaxNode::text).toList()));
            case "block", "ERROR" -> into.addAll(block(node));
            case "pass_statement", "future_import_statement", "delete_statement", "type_alias_statement" -> {}
            case "assert_statement", "print_statement", "exec_statement" ->
                into.add(new Statement.Evaluate(new Expression.Opaque(expressions(node.named()))));
            default -> {
                // Inside an ERROR node expressions stand where statements should.
                if (!node.is("identifier")) {
                    into.add(new Statement.Evaluate(expression(node)));
                }
            }
        }
    }

    private void expressionStatement(SyntaxNode node, List<Statement> into) {
        for (SyntaxNode child : node.named()) {
            switch (child.type()) {
                case "string", "concatenated_string", "ellipsis", "integer" -> {}
                case "assignment" -> {
                    SyntaxNode type = child.child("type");
                    SyntaxNode value = child.child("right");
                    into.add(new Statement.Assign(
                            target(child.child("left")),
                            value == null ? null : expression(value),
                            type == null ? null : expression(type),
                            true,
                            child.start()));
                }
                case "augmented_assignment" -> {
                    SyntaxNode operator = child.child("operator");
                    Expression target = target(child.child("left"));
                    String sign = operator == null ? "+=" : operator.text();
                    into.add(new Statement.Assign(
                            target,
                            new Expression.Operation(
                                    sign.substring(0, sign.length() - 1),
                                    List.of(target, expression(child.child("right")))),
                            null,
                            true,
                            child.start()));
                }
                default -> into.add(new Statement.Evaluate(expression(child)));
            }
        }
    }

    private void decorated(SyntaxNode node, List<Statement> into) {
        List<Expression> decorators = new ArrayList<>();
        for (SyntaxNode child : node.named()) {
            if (child.is("decorator")) {
                child.named().stream().limit(1).forEach(value -> decorators.add(expression(value)));
            }
        }
        SyntaxNode definition = node.child("definition");
        if (definition == null) {
            return;
        }
        if (definition.is("class_definition")) {
            into.add(type(definition, decorators));
        } else {
            into.add(new Statement.Define(function(definition, decorators)));
        }
    }

    private Function function(SyntaxNode node, List<Expression> decorators) {
        SyntaxNode name = node.child("name");
        return new Function(
                name == null ? "" : name.text(),
                null,
                parameters(node.child("parameters")),
                block(node.child("body")),
                decorators,
                node.start(),
                node.end());
    }

    private List<Parameter> parameters(@Nullable SyntaxNode node) {
        List<Parameter> parameters = new ArrayList<>();
        if (node == null) {
            return parameters;
        }
        boolean named = false;
        for (SyntaxNode child : node.named()) {
            SyntaxNode name = child.child("name");
            SyntaxNode type = child.child("type");
            SyntaxNode value = child.child("value");
            Expression declared = type == null ? null : expression(type);
            switch (child.type()) {
                case "identifier" -> parameters.add(new Parameter(child.text(), null, null, plain(named)));
                case "default_parameter", "typed_default_parameter" -> {
                    if (name != null) {
                        parameters.add(new Parameter(
                                name.text(), value == null ? null : expression(value), declared, plain(named)));
                    }
                }
                case "typed_parameter" -> {
                    SyntaxNode inner =
                            child.named().isEmpty() ? child : child.named().getFirst();
                    Kind kind = splat(inner, plain(named));
                    named |= kind == Kind.REST;
                    parameters.add(new Parameter(unstarred(inner), null, declared, kind));
                }
                case "list_splat_pattern", "dictionary_splat_pattern" -> {
                    Kind kind = splat(child, Kind.PLAIN);
                    named |= kind == Kind.REST;
                    parameters.add(new Parameter(unstarred(child), null, null, kind));
                }
                case "keyword_separator" -> named = true;
                default -> {}
            }
        }
        return parameters;
    }

    private static Kind plain(boolean named) {
        return named ? Kind.NAMED : Kind.PLAIN;
    }

    private static Kind splat(SyntaxNode node, Kind otherwise) {
        return switch (node.type()) {
            case "list_splat_pattern" -> Kind.REST;
            case "dictionary_splat_pattern" -> Kind.KEYWORDS;
            default -> otherwise;
        };
    }

    private static String unstarred(SyntaxNode node) {
        return node.text().replace("*", "").strip();
    }

    private Statement type(SyntaxNode node, List<Expression> decorators) {
        SyntaxNode name = node.child("name");
        List<Expression> bases = new ArrayList<>();
        List<Argument> arguments = new ArrayList<>();
        SyntaxNode superclasses = node.child("superclasses");
        if (superclasses != null) {
            for (Argument argument : arguments(superclasses)) {
                if (argument.name() == null) {
                    bases.add(argument.value());
                } else {
                    arguments.add(argument);
                }
            }
        }
        return new Statement.DefineType(
                name == null ? "" : name.text(), bases, arguments, block(node.child("body")), decorators);
    }

    private Statement branch(SyntaxNode node) {
        List<SyntaxNode> clauses = new ArrayList<>();
        for (SyntaxNode child : node.named()) {
            if (child.is("elif_clause") || child.is("else_clause")) {
                clauses.add(child);
            }
        }
        List<Statement> no = new ArrayList<>();
        for (SyntaxNode clause : clauses.reversed()) {
            if (clause.is("else_clause")) {
                no = block(clause.child("body"));
            } else {
                no = List.of(new Statement.Branch(
                        expression(clause.child("condition")), block(clause.child("consequence")), no));
            }
        }
        return new Statement.Branch(expression(node.child("condition")), block(node.child("consequence")), no);
    }

    private List<Statement> otherwise(SyntaxNode node) {
        SyntaxNode clause = node.child("alternative");
        return clause == null ? List.of() : block(clause.child("body"));
    }

    private Statement attempt(SyntaxNode node) {
        List<List<Statement>> handlers = new ArrayList<>();
        List<Statement> otherwise = List.of();
        List<Statement> last = List.of();
        for (SyntaxNode child : node.named()) {
            switch (child.type()) {
                case "except_clause", "except_group_clause" -> handlers.add(lastBlock(child));
                case "else_clause" -> otherwise = lastBlock(child);
                case "finally_clause" -> last = lastBlock(child);
                default -> {}
            }
        }
        return new Statement.Attempt(block(node.child("body")), handlers, otherwise, last);
    }

    private List<Statement> lastBlock(SyntaxNode node) {
        List<Statement> statements = List.of();
        for (SyntaxNode child : node.named()) {
            if (child.is("block")) {
                statements = block(child);
            }
        }
        return statements;
    }

    private Statement with(SyntaxNode node) {
        List<Statement> inner = block(node.child("body"));
        List<SyntaxNode> items = new ArrayList<>();
        for (SyntaxNode child : node.named()) {
            if (child.is("with_clause")) {
                items.addAll(child.named());
            }
        }
        for (SyntaxNode item : items.reversed()) {
            SyntaxNode value = item.child("value");
            Expression target = null;
            if (value != null && value.is("as_pattern")) {
                SyntaxNode alias = value.child("alias");
                target = alias == null || alias.named().isEmpty()
                        ? null
                        : target(alias.named().getFirst());
                value = value.named().isEmpty() ? null : value.named().getFirst();
            }
            inner = List.of(new Statement.Using(expression(value), target, inner));
        }
        return inner.size() == 1 ? inner.getFirst() : new Statement.Block(inner);
    }

    private Statement match(SyntaxNode node) {
        Expression subject = expression(node.child("subject"));
        List<Statement> no = List.of();
        SyntaxNode body = node.child("body");
        List<SyntaxNode> clauses = body == null ? List.of() : body.named();
        for (SyntaxNode clause : clauses.reversed()) {
            if (clause.is("case_clause")) {
                no = List.of(new Statement.Branch(caseCondition(subject, clause), lastBlock(clause), no));
            }
        }
        return no.isEmpty() ? new Statement.Evaluate(subject) : no.getFirst();
    }

    private Expression caseCondition(Expression subject, SyntaxNode clause) {
        List<SyntaxNode> patterns = clause.named().stream()
                .filter(child -> child.is("case_pattern"))
                .toList();
        if (patterns.size() != 1 || clause.child("guard") != null) {
            return Expression.UNREAD;
        }
        String text = patterns.getFirst().text();
        if (text.equals("_")) {
            return new Expression.Literal(true);
        }
        List<SyntaxNode> inner = patterns.getFirst().named();
        return inner.size() == 1
                        && (inner.getFirst().is("string") || inner.getFirst().is("integer"))
                ? new Expression.Operation("==", List.of(subject, expression(inner.getFirst())))
                : Expression.UNREAD;
    }

    private void imports(SyntaxNode node, List<Statement> into) {
        for (SyntaxNode child : node.named()) {
            if (child.is("aliased_import")) {
                SyntaxNode name = child.child("name");
                SyntaxNode alias = child.child("alias");
                if (name != null && alias != null) {
                    into.add(new Statement.Import(name.text(), 0, List.of(), alias.text()));
                }
            } else {
                into.add(new Statement.Import(child.text(), 0, List.of(), null));
            }
        }
    }

    private Statement importFrom(SyntaxNode node) {
        SyntaxNode from = node.child("module_name");
        String module = from == null ? "" : from.text().replaceAll("\\s", "");
        int level = 0;
        while (level < module.length() && module.charAt(level) == '.') {
            level++;
        }
        List<Imported> names = new ArrayList<>();
        for (SyntaxNode child : node.named()) {
            if (child.is("wildcard_import")) {
                names.add(new Imported("*", "*"));
            } else if ("name".equals(child.field())) {
                SyntaxNode name = child.is("aliased_import") ? child.child("name") : child;
                SyntaxNode alias = child.is("aliased_import") ? child.child("alias") : child;
                if (name != null && alias != null) {
                    names.add(new Imported(name.text(), alias.text()));
                }
            }
        }
        return new Statement.Import(module.substring(level), level, names, null);
    }

    private Expression target(@Nullable SyntaxNode node) {
        if (node == null) {
            return Expression.UNREAD;
        }
        return switch (node.type()) {
            case "pattern_list", "tuple_pattern", "list_pattern", "expression_list", "tuple", "list" ->
                new Expression.Items(node.named().stream().map(this::target).toList());
            case "list_splat_pattern" ->
                new Expression.Spread(
                        target(node.named().isEmpty() ? null : node.named().getFirst()));
            case "parenthesized_expression" ->
                target(node.named().isEmpty() ? null : node.named().getFirst());
            default -> expression(node);
        };
    }

    private List<Expression> expressions(List<SyntaxNode> nodes) {
        return nodes.stream().map(this::expression).toList();
    }

    private Expression expression(@Nullable SyntaxNode node) {
        if (node == null) {
            return Expression.UNREAD;
        }
        return switch (node.type()) {
            case "identifier" -> new Expression.Name(node.text());
            case "integer" -> Literals.integer(node.text());
            case "float" -> Literals.decimal(node.text());
            case "string" -> string(node);
            case "concatenated_string" -> new Expression.Template(expressions(node.named()));
            case "true" -> new Expression.Literal(true);
            case "false" -> new Expression.Literal(false);
            case "none" -> new Expression.Literal(null);
            case "attribute" -> {
                SyntaxNode name = node.child("attribute");
                yield new Expression.Member(expression(node.child("object")), name == null ? "" : name.text());
            }
            case "subscript" -> subscript(node);
            case "call" -> {
                SyntaxNode arguments = node.child("arguments");
                yield new Expression.Call(
                        expression(node.child("function")),
                        arguments == null ? List.of() : arguments(arguments),
                        false,
                        node.start(),
                        node.end());
            }
            case "binary_operator", "boolean_operator" -> {
                SyntaxNode operator = node.child("operator");
                yield new Expression.Operation(
                        operator == null ? "" : operator.text(),
                        List.of(expression(node.child("left")), expression(node.child("right"))));
            }
            case "not_operator" -> new Expression.Operation("not", List.of(expression(node.child("argument"))));
            case "unary_operator" -> {
                SyntaxNode operator = node.child("operator");
                yield new Expression.Operation(
                        operator == null ? "-" : operator.text(), List.of(expression(node.child("argument"))));
            }
            case "comparison_operator" -> comparison(node);
            case "conditional_expression" -> {
                List<SyntaxNode> parts = node.named();
                yield parts.size() == 3
                        ? new Expression.Choice(
                                expression(parts.get(1)), expression(parts.get(0)), expression(parts.get(2)))
                        : new Expression.Opaque(expressions(parts));
            }
            case "named_expression" ->
                new Expression.Assigned(target(node.child("name")), expression(node.child("value")));
            case "lambda" -> {
                SyntaxNode body = node.child("body");
                yield new Expression.Closure(new Function(
                        "",
                        null,
                        parameters(node.child("parameters")),
                        List.of(new Statement.Return(expression(body))),
                        List.of(),
                        node.start(),
                        node.end()));
            }
            case "await", "parenthesized_expression", "type", "constrained_type" -> {
                List<SyntaxNode> inner = node.named();
                yield inner.isEmpty() ? Expression.UNREAD : expression(inner.getFirst());
            }
            case "list", "tuple", "set", "expression_list", "pattern_list" ->
                new Expression.Items(expressions(node.named()));
            case "dictionary" -> dictionary(node);
            case "list_comprehension", "generator_expression", "set_comprehension" -> comprehension(node);
            case "assignment" -> new Expression.Assigned(target(node.child("left")), expression(node.child("right")));
            case "list_splat" ->
                new Expression.Spread(
                        expression(node.named().isEmpty() ? null : node.named().getFirst()));
            case "slice" -> slice(node);
            case "dictionary_comprehension", "ellipsis" -> Expression.UNREAD;
            default -> new Expression.Opaque(expressions(node.named()));
        };
    }

    private Expression subscript(SyntaxNode node) {
        List<Expression> keys = new ArrayList<>();
        for (SyntaxNode child : node.named()) {
            if ("subscript".equals(child.field())) {
                keys.add(expression(child));
            }
        }
        Expression value = expression(node.child("value"));
        return keys.size() == 1
                ? new Expression.Index(value, keys.getFirst())
                : new Expression.Index(value, new Expression.Items(keys));
    }

    private Expression slice(SyntaxNode node) {
        Expression from = null;
        Expression to = null;
        int colons = 0;
        for (SyntaxNode child : node.children()) {
            if (child.is(":")) {
                colons++;
            } else if (colons == 0) {
                from = expression(child);
            } else {
                to = expression(child);
            }
        }
        return colons == 1 ? new Expression.Slice(from, to) : Expression.UNREAD;
    }

    private List<Argument> arguments(SyntaxNode node) {
        if (node.is("generator_expression")) {
            return List.of(new Argument(null, comprehension(node), 0));
        }
        List<Argument> arguments = new ArrayList<>();
        for (SyntaxNode child : node.named()) {
            switch (child.type()) {
                case "keyword_argument" -> {
                    SyntaxNode name = child.child("name");
                    arguments.add(new Argument(name == null ? "" : name.text(), expression(child.child("value")), 0));
                }
                case "list_splat", "dictionary_splat" ->
                    arguments.add(new Argument(
                            null,
                            expression(
                                    child.named().isEmpty()
                                            ? null
                                            : child.named().getFirst()),
                            child.is("list_splat") ? 1 : 2));
                default -> arguments.add(new Argument(null, expression(child), 0));
            }
        }
        return arguments;
    }

    private Expression comparison(SyntaxNode node) {
        List<Expression> operands = expressions(node.named());
        List<String> operators = new ArrayList<>();
        for (SyntaxNode child : node.children()) {
            if ("operators".equals(child.field())) {
                operators.add(child.text().replaceAll("\\s+", " "));
            }
        }
        return operands.size() == 2 && operators.size() == 1
                ? new Expression.Operation(operators.getFirst(), operands)
                : new Expression.Opaque(operands);
    }

    private Expression dictionary(SyntaxNode node) {
        List<Entry> entries = new ArrayList<>();
        for (SyntaxNode child : node.named()) {
            if (child.is("pair")) {
                entries.add(new Entry(
                        expression(child.child("key")), expression(child.child("value")), child.start(), child.end()));
            } else if (child.is("dictionary_splat")) {
                entries.add(new Entry(
                        null,
                        expression(
                                child.named().isEmpty() ? null : child.named().getFirst()),
                        child.start(),
                        child.end()));
            }
        }
        return new Expression.Entries(entries);
    }

    private Expression comprehension(SyntaxNode node) {
        List<SyntaxNode> clauses = node.named().stream()
                .filter(child -> child.is("for_in_clause") || child.is("if_clause"))
                .toList();
        SyntaxNode body = node.child("body");
        if (clauses.isEmpty() || body == null || !clauses.getFirst().is("for_in_clause")) {
            return Expression.UNREAD;
        }
        if (clauses.size() > 1) {
            return new Expression.Opaque(List.of());
        }
        SyntaxNode over = clauses.getFirst();
        return new Expression.Each(target(over.child("left")), expression(over.child("right")), expression(body));
    }

    private Expression string(SyntaxNode node) {
        List<Expression> parts = new ArrayList<>();
        boolean raw = false;
        if (node.end() - node.start() > Literals.LONGEST) {
            return Expression.UNREAD;
        }
        for (SyntaxNode child : node.named()) {
            switch (child.type()) {
                case "string_start" ->
                    raw = child.text().toLowerCase(Locale.ROOT).indexOf('r') >= 0;
                case "string_content" ->
                    parts.add(new Expression.Literal(raw ? child.text() : Literals.unescape(child.text())));
                case "interpolation" -> {
                    SyntaxNode value = child.child("expression");
                    boolean formatted = child.child("format_specifier") != null;
                    parts.add(formatted ? Expression.UNREAD : expression(value));
                }
                default -> {}
            }
        }
        if (parts.isEmpty()) {
            return new Expression.Literal("");
        }
        return parts.size() == 1 && parts.getFirst() instanceof Expression.Literal
                ? parts.getFirst()
                : new Expression.Template(parts);
    }
}
