package dev.panoptes.code.syntax;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The statements of a function, or where they stand until somebody asks for them. Safe for several threads. */
public final class Body {
    private final int start;
    private final int end;
    private volatile @Nullable List<Statement> statements;

    private Body(int start, int end, @Nullable List<Statement> statements) {
        this.start = start;
        this.end = end;
        this.statements = statements;
    }

    static Body of(List<Statement> statements) {
        return new Body(0, 0, List.copyOf(statements));
    }

    /** Of the function between two offsets of its file, which is to be parsed. */
    static Body between(int start, int end) {
        return new Body(start, end, null);
    }

    /** Parses one function of a file. */
    public interface Reader {
        /** Null where it cannot be parsed. */
        @Nullable
        List<Statement> read(int start, int end);
    }

    /** Null where it cannot be parsed. */
    public @Nullable List<Statement> statements(Reader reader) {
        List<Statement> known = statements;
        if (known == null) {
            known = reader.read(start, end);
            statements = known;
        }
        return known;
    }

    /** Null where nobody has asked for them. */
    @Nullable
    List<Statement> known() {
        return statements;
    }

    int start() {
        return start;
    }

    int end() {
        return end;
    }
}
