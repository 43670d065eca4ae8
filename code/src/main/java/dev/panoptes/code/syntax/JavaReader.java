package dev.panoptes.code.syntax;

import java.util.ArrayList;
import java.util.List;

/**
 * Java: the rules of {@code java.shapes}, and what they cannot say. A call without an object is a call of a name that begins with
 * {@link #OWN}; constructors are methods called {@link #CREATE}; fields of objects are set in {@link Function#FIELDS}; the
 * components of a record are the parameters of {@link #RECORD}. Annotations are decorators. The package is an import called
 * {@link #PACKAGE}.
 */
public final class JavaReader {
    public static final String OWN = "#call:";
    public static final String CREATE = "#new";
    public static final String RECORD = "#record";
    public static final String PACKAGE = "#package";

    /** Marks a method without an object. */
    public static final Expression STATIC = new Expression.Name("static");

    static final Shapes SHAPES =
            new Shapes().with("returned", g -> returned(g.statements(0))).read("java.shapes");

    private JavaReader() {}

    /** The statements of a switch that is a value. */
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
}
