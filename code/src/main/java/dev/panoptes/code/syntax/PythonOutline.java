package dev.panoptes.code.syntax;

import dev.panoptes.code.tree.SyntaxTree;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Python file without the bodies of its functions: most are never called by what is followed, and parsing costs more than all else. A
 * body gives way to {@code 0}, a statement without effect; where it stood is kept, to be parsed when the function is called.
 *
 * <p>Only where the lines of the file are certain: strings, brackets and indentation are followed, and anything odd in them, or any error
 * that the parser finds in the rest, is a reason to parse the whole.
 */
public final class PythonOutline {
    /** A shorter body costs less than its place. */
    private static final int LEAST_BYTES = 128;

    private static final byte[] STUB = {'0', '\n'};

    private final byte[] source;
    private final byte[] text;
    private final int[] starts;
    private final int[] pieces;
    private final int[] origins;

    private PythonOutline(byte[] source, byte[] text, int[] starts, int[] pieces, int[] origins) {
        this.source = source;
        this.text = text;
        this.starts = starts;
        this.pieces = pieces;
        this.origins = origins;
    }

    /** Null where the file is to be parsed whole. */
    public static @Nullable PythonOutline of(byte[] source) {
        List<PythonLines.Body> bodies = new ArrayList<>();
        for (PythonLines.Body body : PythonLines.bodies(source)) {
            if (body.end() - body.header() >= LEAST_BYTES) {
                bodies.add(body);
            }
        }
        if (bodies.isEmpty()) {
            return null;
        }
        ByteArrayOutputStream text = new ByteArrayOutputStream(source.length / 2);
        int[] starts = new int[bodies.size()];
        int[] pieces = new int[2 * bodies.size() + 1];
        int[] origins = new int[pieces.length];
        int from = 0;
        for (int i = 0; i < starts.length; i++) {
            PythonLines.Body body = bodies.get(i);
            starts[i] = body.start();
            pieces[2 * i] = text.size();
            origins[2 * i] = from;
            text.write(source, from, body.header() - from);
            pieces[2 * i + 1] = text.size();
            origins[2 * i + 1] = body.end() - 1;
            text.writeBytes(STUB);
            from = body.next();
        }
        pieces[pieces.length - 1] = text.size();
        origins[pieces.length - 1] = from;
        text.write(source, from, source.length - from);
        return new PythonOutline(source, text.toByteArray(), starts, pieces, origins);
    }

    /** What is to be parsed. */
    public byte[] text() {
        return text;
    }

    /** The tree of {@link #text}, its nodes where they stand in the file; null where the whole is to be parsed. */
    public @Nullable SyntaxTree placed(SyntaxTree tree) {
        int[] start = new int[tree.size()];
        int[] end = new int[tree.size()];
        int found = 0;
        for (int node = 0; node < start.length; node++) {
            int type = tree.type()[node] & 0xffff;
            if (type == tree.types().length - 1 || (node > 0 && tree.start()[node] == tree.end()[node])) {
                // An error, or a token that is missing.
                return null;
            }
            start[node] = origin(tree.start()[node]);
            end[node] = tree.end()[node] == 0 ? 0 : origin(tree.end()[node] - 1) + 1;
            boolean function = tree.types()[type].equals("function_definition");
            found += function && Arrays.binarySearch(starts, start[node]) >= 0 ? 1 : 0;
        }
        return found == starts.length
                ? new SyntaxTree(
                        source,
                        tree.types(),
                        tree.kinds(),
                        tree.fields(),
                        tree.size(),
                        tree.type(),
                        tree.field(),
                        start,
                        end,
                        tree.next(),
                        starts)
                : null;
    }

    private int origin(int at) {
        int piece = Arrays.binarySearch(pieces, at);
        piece = piece < 0 ? -piece - 2 : piece;
        return origins[piece] + at - pieces[piece];
    }
}
