package dev.panoptes.code.syntax;

import dev.panoptes.code.Language;
import dev.panoptes.code.syntax.Expression.Argument;
import dev.panoptes.code.tree.SyntaxNode;
import dev.panoptes.code.tree.SyntaxTree;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Shell scripts, as the grammar tree-sitter-bash 0.23 names its nodes. A command is a call of {@link #RUN} with its words; what
 * is assigned before it are named arguments. Conditions are not evaluated, commands inside words are not followed.
 */
public final class ShellReader {
    public static final String RUN = "#run";

    private ShellReader() {}

    public static SourceText read(SyntaxTree tree) {
        return new SourceText(Language.SHELL, new ShellReader().block(tree.root()), "");
    }

    private List<Statement> block(@Nullable SyntaxNode block) {
        List<Statement> statements = new ArrayList<>();
        if (block != null) {
            block.named().forEach(child -> statement(child, statements));
        }
        return statements;
    }

    private void statement(SyntaxNode node, List<Statement> into) {
        switch (node.type()) {
            case "variable_assignment" -> assign(node, into);
            case "variable_assignments",
                    "declaration_command",
                    "program",
                    "compound_statement",
                    "subshell",
                    "do_group",
                    "pipeline",
                    "ERROR",
                    "negated_command",
                    "else_clause" -> into.addAll(block(node));
            case "command" -> {
                defaults(node, into);
                into.add(new Statement.Evaluate(command(node)));
            }
            case "redirected_statement" -> {
                SyntaxNode body = node.child("body");
                if (body != null) {
                    statement(body, into);
                }
            }
            case "list" -> list(node, into);
            case "if_statement" -> branch(node, into);
            case "case_statement" -> {
                for (SyntaxNode item : node.named()) {
                    if (item.is("case_item")) {
                        List<Statement> body = new ArrayList<>();
                        item.named().stream()
                                .filter(child -> !"value".equals(child.field()))
                                .forEach(child -> statement(child, body));
                        into.add(new Statement.Branch(Expression.UNREAD, body, List.of()));
                    }
                }
            }
            case "for_statement", "c_style_for_statement", "while_statement", "select_statement" -> loop(node, into);
            case "function_definition" -> {
                SyntaxNode name = node.child("name");
                into.add(new Statement.Define(new Function(
                        name == null ? "" : name.text(),
                        null,
                        List.of(),
                        block(node.child("body")),
                        List.of(),
                        node.start(),
                        node.end())));
            }
            default -> {}
        }
    }

    /** {@code : "${PORT:=8020}"} gives the variable its default for good. */
    private void defaults(SyntaxNode node, List<Statement> into) {
        for (SyntaxNode child : node.named()) {
            if (child.is("expansion")
                    && child.children().stream().anyMatch(part -> part.is(":=") || part.is("="))
                    && expansion(child) instanceof Expression.Operation assigned
                    && assigned.operands().getFirst() instanceof Expression.Name name) {
                into.add(new Statement.Assign(name, assigned, null, false, child.start()));
            } else if (child.is("string") || child.is("concatenation")) {
                defaults(child, into);
            }
        }
    }

    private void assign(SyntaxNode node, List<Statement> into) {
        SyntaxNode name = node.child("name");
        SyntaxNode value = node.child("value");
        if (name != null && name.is("variable_name")) {
            into.add(new Statement.Assign(
                    new Expression.Name(name.text()),
                    value == null ? new Expression.Literal("") : word(value),
                    null,
                    false,
                    node.start()));
        }
    }

    /** {@code a && b} does both; {@code a || b} may do b. */
    private void list(SyntaxNode node, List<Statement> into) {
        boolean either = node.children().stream().anyMatch(child -> child.is("||"));
        List<SyntaxNode> parts = node.named();
        for (int i = 0; i < parts.size(); i++) {
            if (i > 0 && either) {
                List<Statement> other = new ArrayList<>();
                statement(parts.get(i), other);
                into.add(new Statement.Branch(Expression.UNREAD, other, List.of()));
            } else {
                statement(parts.get(i), into);
            }
        }
    }

    private void branch(SyntaxNode node, List<Statement> into) {
        List<Statement> yes = new ArrayList<>();
        List<List<Statement>> others = new ArrayList<>();
        List<Statement> no = new ArrayList<>();
        for (SyntaxNode child : node.named()) {
            if ("condition".equals(child.field())) {
                continue;
            }
            switch (child.type()) {
                case "elif_clause" -> {
                    List<Statement> body = new ArrayList<>();
                    List<SyntaxNode> parts = child.named();
                    parts.stream().skip(1).forEach(part -> statement(part, body));
                    others.add(body);
                }
                case "else_clause" -> no.addAll(block(child));
                default -> statement(child, yes);
            }
        }
        List<Statement> chain = no;
        for (List<Statement> other : others.reversed()) {
            chain = List.of(new Statement.Branch(Expression.UNREAD, other, chain));
        }
        into.add(new Statement.Branch(Expression.UNREAD, yes, chain));
    }

    private void loop(SyntaxNode node, List<Statement> into) {
        SyntaxNode variable = node.child("variable");
        List<Expression> values = new ArrayList<>();
        for (SyntaxNode child : node.named()) {
            if ("value".equals(child.field())) {
                values.add(word(child));
            }
        }
        List<Statement> body = block(node.child("body"));
        if (variable != null && !values.isEmpty()) {
            into.add(new Statement.Repeat(
                    new Expression.Name(variable.text()), new Expression.Items(values), body, List.of()));
        } else {
            boolean endless = node.is("while_statement")
                    && node.child("condition") != null
                    && node.child("condition").text().matches("true|:|\\[ 1 ]");
            into.add(new Statement.Repeat(
                    null, endless ? new Expression.Literal(true) : Expression.UNREAD, body, List.of()));
        }
    }

    private Expression command(SyntaxNode node) {
        List<Argument> words = new ArrayList<>();
        for (SyntaxNode child : node.named()) {
            if (child.is("variable_assignment")) {
                SyntaxNode name = child.child("name");
                SyntaxNode value = child.child("value");
                words.add(new Argument(
                        name == null ? "" : name.text(), value == null ? new Expression.Literal("") : word(value), 0));
            } else if (child.is("command_name")) {
                words.add(new Argument(
                        null,
                        child.named().isEmpty()
                                ? Expression.UNREAD
                                : word(child.named().getFirst()),
                        0));
            } else if ("argument".equals(child.field())) {
                words.add(new Argument(null, word(child), 0));
            }
        }
        return new Expression.Call(new Expression.Name(RUN), words, false, node.start(), node.end());
    }

    private Expression word(SyntaxNode node) {
        return switch (node.type()) {
            case "word", "number", "extglob_pattern" -> literal(node.text().replace("\\", ""));
            case "raw_string" -> {
                String text = node.text();
                yield literal(text.length() < 2 ? "" : text.substring(1, text.length() - 1));
            }
            case "string", "concatenation" -> {
                List<Expression> parts = new ArrayList<>();
                for (SyntaxNode child : node.named()) {
                    parts.add(child.is("string_content") ? literal(Literals.unescape(child.text())) : word(child));
                }
                yield parts.isEmpty() ? literal("") : new Expression.Template(parts);
            }
            case "simple_expansion" ->
                node.named().isEmpty()
                        ? Expression.UNREAD
                        : variable(node.named().getFirst());
            case "expansion" -> expansion(node);
            case "arithmetic_expansion" ->
                node.named().size() == 1 ? number(node.named().getFirst()) : Expression.UNREAD;
            default -> Expression.UNREAD;
        };
    }

    private static Expression literal(String text) {
        return text.length() > Literals.LONGEST ? Expression.UNREAD : new Expression.Literal(text);
    }

    private static Expression variable(SyntaxNode node) {
        boolean special = node.is("special_variable_name")
                || Character.isDigit(node.text().charAt(0));
        return new Expression.Name(special ? "$" + node.text() : node.text());
    }

    /** {@code ${NAME}}, {@code ${NAME:-default}}, {@code ${NAME:=default}}. */
    private Expression expansion(SyntaxNode node) {
        Expression name = null;
        Expression standard = null;
        String operator = "";
        for (SyntaxNode child : node.children()) {
            switch (child.type()) {
                case "variable_name", "special_variable_name" -> name = name == null ? variable(child) : name;
                case ":-", "-", ":=", "=" -> operator = child.text();
                case "${", "}" -> {}
                default -> {
                    if (!operator.isEmpty() && standard == null) {
                        standard = word(child);
                    } else {
                        operator = operator.isEmpty() ? "?" : operator;
                    }
                }
            }
        }
        if (name == null) {
            return Expression.UNREAD;
        }
        if (operator.isEmpty() || (standard == null && !operator.equals("?"))) {
            return name;
        }
        if (operator.equals("?")) {
            // ${NAME:?message} is the variable; ${NAME%x} and the like change it.
            boolean required = node.children().stream().anyMatch(child -> child.is(":?") || child.is("?"));
            return required ? name : new Expression.Opaque(List.of(name));
        }
        return new Expression.Operation("or", List.of(name, standard));
    }

    private Expression number(SyntaxNode node) {
        return switch (node.type()) {
            case "number" -> Literals.integer(node.text());
            case "variable_name" -> variable(node);
            case "simple_expansion", "expansion" -> word(node);
            case "binary_expression" -> {
                SyntaxNode operator = node.child("operator");
                SyntaxNode left = node.child("left");
                SyntaxNode right = node.child("right");
                yield operator == null || left == null || right == null
                        ? Expression.UNREAD
                        : new Expression.Operation(operator.text() + "#", List.of(number(left), number(right)));
            }
            default -> Expression.UNREAD;
        };
    }
}
