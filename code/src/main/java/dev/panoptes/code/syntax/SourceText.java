package dev.panoptes.code.syntax;

import dev.panoptes.code.Language;
import dev.panoptes.code.tree.SyntaxTree;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A source file, read.
 *
 * @param statements its top level
 * @param incomplete why part of it could not be read; empty where all was
 */
public record SourceText(Language language, List<Statement> statements, String incomplete) {
    /** Of the readers and of the encoding: what an older one wrote is not used. */
    public static final int VERSION = 11;

    public SourceText {
        statements = List.copyOf(statements);
    }

    /** A parsed file, by the rules of its language. */
    public static SourceText of(Language language, SyntaxTree tree) {
        Shapes shapes = switch (language) {
            case PYTHON -> PythonReader.SHAPES;
            case JAVASCRIPT, TYPESCRIPT -> JavaScriptReader.SHAPES;
            case GO -> GoReader.SHAPES;
            case JAVA -> JavaReader.SHAPES;
            case SHELL -> ShellReader.SHAPES;
        };
        return shapes.text(language, tree);
    }

    /** What its only statement defines; null where it is no function. */
    public @Nullable Function function() {
        return statements.size() == 1 && statements.getFirst() instanceof Statement.Define(Function function)
                ? function
                : null;
    }

    public byte[] encoded() {
        return Encoder.encode(this);
    }

    /** @throws IOException where the bytes are damaged */
    public static SourceText decoded(byte[] bytes) throws IOException {
        return Decoder.decode(bytes);
    }
}
