package dev.panoptes.code.syntax;

import dev.panoptes.code.Language;
import dev.panoptes.code.syntax.Expression.Argument;
import dev.panoptes.code.syntax.Expression.Entry;
import dev.panoptes.code.tree.SyntaxNode;
import dev.panoptes.code.tree.SyntaxTree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Go: the rules of {@code go.shapes}, and what they cannot say. Pointers are left out: {@code &x} and {@code *x} are {@code x}. A
 * call that fills a variable by its address ({@code flag.IntVar(&port, "port", 8080, "")}) becomes an assignment. The tag of
 * a struct's field is kept as a member called {@link #TAG} and the field's name. The package clause is an import called
 * {@link #PACKAGE}.
 */
public final class GoReader {
    public static final String TAG = "#tag:";
    public static final String PACKAGE = "#package";

    /** Calls that fill their first argument, and at which place of the rest its default stands. */
    private static final Map<String, Integer> FILLING = Map.of(
            "IntVar", 1, "StringVar", 1, "UintVar", 1, "Int64Var", 1, "IntVarP", 2, "StringVarP", 2, "Uint16Var", 1);

    private static final Shapes SHAPES = new Shapes()
            .with("unquoted", g -> unquoted(g.text(0)))
            .with("quoted", GoReader::quoted)
            .with("receiver", g -> receiver(g.node().child("receiver")))
            .with("fields", g -> fields(g.node()))
            .with("declarations", g -> declarations(g.place()))
            .with("assignments", g -> assignments(g.flag(0), g.place()))
            .with("values", g -> values(g.value(0), g.place()))
            .with("filled", g -> filled(g.place()))
            .with("ranged", g -> ranged((SyntaxNode) Shapes.list(g.value(0)).getFirst(), g.place()))
            .with("composite", g -> composite(g.value(0), g.value(1), g.place()))
            .read("go.shapes");

    private GoReader() {}

    public static SourceText read(SyntaxTree tree) {
        return SHAPES.text(Language.GO, tree);
    }

    private static Expression quoted(Given given) {
        return given.end() - given.start() > Literals.LONGEST
                ? Expression.UNREAD
                : new Expression.Literal(unquoted(given.node().text()));
    }

    private static String unquoted(String text) {
        if (text.length() < 2) {
            return text;
        }
        String inner = text.substring(1, text.length() - 1);
        return text.charAt(0) == '`' ? inner : Literals.unescape(inner);
    }

    /** The type that a method belongs to; null for a function. */
    private static @Nullable String receiver(@Nullable SyntaxNode receiver) {
        if (receiver == null || receiver.named().isEmpty()) {
            return null;
        }
        SyntaxNode type = receiver.named().getLast().child("type");
        return type == null ? "" : type.text().replaceAll("^\\*|\\[.*", "").strip();
    }

    private static List<Statement> fields(SyntaxNode field) {
        SyntaxNode tag = field.child("tag");
        List<Statement> fields = new ArrayList<>();
        for (SyntaxNode part : field.named()) {
            if ("name".equals(part.field())) {
                fields.add(new Statement.Assign(
                        new Expression.Name(TAG + part.text()),
                        new Expression.Literal(tag == null ? "" : unquoted(tag.text())),
                        null,
                        true,
                        field.start()));
            }
        }
        return fields;
    }

    /** Constants and variables; a constant without a value repeats those of the one before, with its own iota. */
    private static List<Statement> declarations(Place place) {
        List<Statement> into = new ArrayList<>();
        declarations(place.node(), place, into);
        return into;
    }

    private static void declarations(SyntaxNode node, Place place, List<Statement> into) {
        long number = 0;
        List<SyntaxNode> repeated = List.of();
        for (SyntaxNode spec : node.named()) {
            if (spec.is("var_spec_list")) {
                declarations(spec, place, into);
                continue;
            }
            List<SyntaxNode> names = new ArrayList<>();
            for (SyntaxNode part : spec.named()) {
                if ("name".equals(part.field())) {
                    names.add(part);
                }
            }
            SyntaxNode value = spec.child("value");
            List<SyntaxNode> values =
                    value == null ? List.of() : value.is("expression_list") ? value.named() : List.of(value);
            if (spec.is("const_spec")) {
                repeated = values.isEmpty() ? repeated : values;
                values = repeated;
            }
            into.addAll(declared(spec, names, values, number, place));
            number++;
        }
    }

    private static List<Statement> declared(
            SyntaxNode spec, List<SyntaxNode> names, List<SyntaxNode> values, long number, Place place) {
        List<Expression> targets = names.stream()
                .<Expression>map(name -> new Expression.Name(name.text()))
                .toList();
        if (targets.size() > 1 && values.size() == 1) {
            Expression value = place.expression(values.getFirst());
            return List.of(new Statement.Assign(new Expression.Items(targets), value, null, true, spec.start()));
        }
        List<Statement> declared = new ArrayList<>();
        for (int i = 0; i < targets.size(); i++) {
            Expression value = i < values.size()
                    ? counted(place.expression(values.get(i)), number)
                    : zero(spec.child("type"), place);
            declared.add(new Statement.Assign(targets.get(i), value, null, true, spec.start()));
        }
        return declared;
    }

    /** A constant's value with {@code iota} put in. */
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
    private static Expression zero(@Nullable SyntaxNode type, Place place) {
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
                                named(type, place), new Expression.Entries(List.of()), type.start(), type.end())
                        : new Expression.Literal(null);
        };
    }

    private static Expression named(SyntaxNode type, Place place) {
        return place.expression(place.apply("named", type));
    }

    private static List<SyntaxNode> parts(@Nullable SyntaxNode list) {
        return list == null ? List.of() : list.is("expression_list") ? list.named() : List.of(list);
    }

    private static List<Statement> assignments(boolean declares, Place place) {
        List<SyntaxNode> targets = parts(place.node().child("left"));
        List<SyntaxNode> values = parts(place.node().child("right"));
        int start = place.node().start();
        List<Statement> assigned = new ArrayList<>();
        if (targets.size() == values.size()) {
            for (int i = 0; i < targets.size(); i++) {
                Expression target = place.expression(targets.get(i));
                assigned.add(new Statement.Assign(target, place.expression(values.get(i)), null, declares, start));
            }
            return assigned;
        }
        Expression target = new Expression.Items(place.expressions(targets));
        return List.of(new Statement.Assign(target, values(place.node().child("right"), place), null, declares, start));
    }

    /** One value, or several as a list. */
    private static Expression values(@Nullable Object node, Place place) {
        List<SyntaxNode> values = parts((SyntaxNode) node);
        return values.size() == 1
                ? place.expression(values.getFirst())
                : node == null ? Expression.UNREAD : new Expression.Items(place.expressions(values));
    }

    private static Statement filled(Place place) {
        SyntaxNode node = place.node();
        SyntaxNode function = node.child("function");
        SyntaxNode arguments = node.child("arguments");
        SyntaxNode field = function == null || !function.is("selector_expression") ? null : function.child("field");
        Integer at = field == null || !node.is("call_expression") ? null : FILLING.get(field.text());
        List<SyntaxNode> given = arguments == null ? List.of() : arguments.named();
        if (at == null || given.size() <= at + 1) {
            return new Statement.Evaluate(place.expression(node));
        }
        Expression target = place.expression(given.getFirst());
        // Its names, then its default.
        List<Expression> option = place.expressions(given.subList(1, at + 2));
        Expression value = called(at > 1 ? "#short-option" : "#option", option, node);
        return new Statement.Assign(target, value, null, false, node.start());
    }

    private static Expression called(String name, List<Expression> given, SyntaxNode node) {
        List<Argument> arguments =
                given.stream().map(each -> new Argument(null, each, 0)).toList();
        return new Expression.Call(new Expression.Name(name), arguments, false, node.start(), node.end());
    }

    private static Statement ranged(SyntaxNode clause, Place place) {
        List<SyntaxNode> names = parts(clause.child("left"));
        Expression over = place.expression(clause.child("right"));
        List<Expression> targets = names.isEmpty()
                ? List.of(new Expression.Name("_"))
                : place.expressions(names.size() == 2 ? names : names.subList(0, 1));
        return new Statement.Repeat(
                new Expression.Items(targets),
                called("#pairs", List.of(over), clause),
                place.statements(place.node().child("body")),
                List.of());
    }

    /** A value of a struct without a name, as a dictionary: by the names of its fields, and by those that their tags give. */
    private static Expression unnamed(SyntaxNode type, List<Entry> entries, List<Expression> items) {
        Map<String, Expression> values = new LinkedHashMap<>();
        entries.forEach(entry -> values.put(String.valueOf(entry.key()), entry.value()));
        List<Entry> all = new ArrayList<>(entries);
        int position = 0;
        for (SyntaxNode list : type.named()) {
            for (SyntaxNode field : list.named()) {
                String tag = field.child("tag") == null
                        ? ""
                        : unquoted(field.child("tag").text());
                String named = tag.replaceFirst("^.*json:\"([^\",]*).*$", "$1");
                for (SyntaxNode part : field.named()) {
                    if (!"name".equals(part.field())) {
                        continue;
                    }
                    Expression key = new Expression.Literal(part.text());
                    Expression value = position < items.size() ? items.get(position) : values.get(String.valueOf(key));
                    position++;
                    if (value != null) {
                        all.add(new Entry(key, value, field.start(), field.end()));
                        all.add(new Entry(new Expression.Literal(named), value, field.start(), field.end()));
                    }
                }
            }
        }
        return new Expression.Entries(all);
    }

    private static Expression composite(@Nullable Object of, @Nullable Object body, Place place) {
        SyntaxNode type = (SyntaxNode) of;
        List<Entry> entries = new ArrayList<>();
        List<Expression> items = new ArrayList<>();
        boolean structure = type != null && (type.is("type_identifier") || type.is("qualified_type"));
        for (SyntaxNode child : body instanceof SyntaxNode node ? node.named() : List.<SyntaxNode>of()) {
            List<SyntaxNode> parts = child.named();
            if (child.is("keyed_element") && parts.size() == 2) {
                Expression key = place.expression(parts.getFirst());
                boolean field = structure || type == null || type.is("struct_type");
                entries.add(new Entry(
                        field && key instanceof Expression.Name name ? new Expression.Literal(name.name()) : key,
                        place.expression(parts.getLast()),
                        child.start(),
                        child.end()));
            } else {
                items.add(place.expression(child));
            }
        }
        if (type != null && type.is("struct_type")) {
            return unnamed(type, entries, items);
        }
        if (!structure || type == null) {
            return items.isEmpty() && (type == null || !type.is("slice_type"))
                    ? new Expression.Entries(entries)
                    : new Expression.Items(items);
        }
        SyntaxNode node = place.node();
        for (int i = 0; i < items.size(); i++) {
            entries.add(new Entry(new Expression.Literal((long) i), items.get(i), node.start(), node.end()));
        }
        return new Expression.Composite(named(type, place), new Expression.Entries(entries), node.start(), node.end());
    }
}
