package dev.panoptes.code.tree;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.panoptes.code.Language;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.time.Duration;
import java.util.Arrays;

/**
 * Parses texts of one grammar. Not for use by several threads at once. Time and nesting are bounded: parsing calls back
 * and is stopped at the deadline, and nodes below {@link #DEEPEST} levels are left out, which makes the result
 * {@link ParseResult.TooHard}.
 */
public final class Parser implements AutoCloseable {
    private static final int DEEPEST = 400;
    private static final MemoryLayout POINT = MemoryLayout.structLayout(JAVA_INT, JAVA_INT);

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment parser;
    private final LoadedGrammar grammar;
    private final Duration deadline;
    private final MemorySegment input = arena.allocate(TreeSitter.INPUT);
    private final MemorySegment options = arena.allocate(TreeSitter.OPTIONS);
    private final SegmentAllocator nodes = into(arena.allocate(TreeSitter.NODE));
    private final SegmentAllocator cursors = into(arena.allocate(TreeSitter.CURSOR));

    private MemorySegment text = MemorySegment.NULL;
    private long end;

    private Parser(MemorySegment parser, LoadedGrammar grammar, Duration deadline) {
        this.parser = parser;
        this.grammar = grammar;
        this.deadline = deadline;
    }

    /**
     * @param deadline for one text
     * @throws ParserUnavailable where the native library cannot be loaded
     */
    public static Parser open(Language language, Duration deadline) throws ParserUnavailable {
        try {
            LoadedGrammar loaded = LoadedGrammar.of(language);
            MemorySegment parser = (MemorySegment) TreeSitter.PARSER_NEW.invokeExact();
            if (!(boolean) TreeSitter.PARSER_SET_LANGUAGE.invokeExact(parser, loaded.language())) {
                throw new IllegalStateException("the grammar does not fit the parser library");
            }
            Parser opened = new Parser(parser, loaded, deadline);
            opened.connect();
            return opened;
        } catch (LinkageError | RuntimeException e) {
            Throwable cause = e instanceof ExceptionInInitializerError && e.getCause() != null ? e.getCause() : e;
            throw new ParserUnavailable("the code parser cannot be loaded: " + cause.getMessage(), e);
        } catch (Throwable e) {
            throw new ParserUnavailable("the code parser cannot be started: " + e.getMessage(), e);
        }
    }

    public ParseResult parse(byte[] source) {
        return parse(source, 0, source.length);
    }

    /** A part of a text; its nodes stand where they stand in the whole. */
    public ParseResult parse(byte[] source, int from, int to) {
        try (Arena buffer = Arena.ofConfined()) {
            text = buffer.allocate(to - from + 1L);
            MemorySegment.copy(source, from, text, JAVA_BYTE, 0, to - from);
            text = text.asSlice(0, to - from);
            end = System.nanoTime() + deadline.toNanos();
            MemorySegment tree =
                    (MemorySegment) TreeSitter.PARSE.invokeExact(parser, MemorySegment.NULL, input, options);
            if (tree.equals(MemorySegment.NULL)) {
                TreeSitter.PARSER_RESET.invokeExact(parser);
                return new ParseResult.TooHard("parsing took longer than " + deadline.toMillis() + " ms");
            }
            try {
                return copy(source, from, to, tree);
            } finally {
                TreeSitter.TREE_DELETE.invokeExact(tree);
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        } finally {
            text = MemorySegment.NULL;
        }
    }

    @Override
    public void close() {
        try {
            TreeSitter.PARSER_DELETE.invokeExact(parser);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        } finally {
            arena.close();
        }
    }

    private ParseResult copy(byte[] source, int from, int to, MemorySegment tree) throws Throwable {
        MemorySegment root = (MemorySegment) TreeSitter.ROOT_NODE.invokeExact(nodes, tree);
        MemorySegment cursor = (MemorySegment) TreeSitter.CURSOR_NEW.invokeExact(cursors, root);
        try {
            int capacity = Math.max(64, (to - from) / 4);
            short[] type = new short[capacity];
            byte[] field = new byte[capacity];
            int[] start = new int[capacity];
            int[] stop = new int[capacity];
            int[] next = new int[capacity];
            int[] open = new int[DEEPEST + 1];
            int size = 0;
            int depth = 0;
            boolean more = true;
            while (more) {
                if (size == capacity) {
                    capacity *= 2;
                    type = Arrays.copyOf(type, capacity);
                    field = Arrays.copyOf(field, capacity);
                    start = Arrays.copyOf(start, capacity);
                    stop = Arrays.copyOf(stop, capacity);
                    next = Arrays.copyOf(next, capacity);
                }
                MemorySegment node = (MemorySegment) TreeSitter.CURRENT_NODE.invokeExact(nodes, cursor);
                int symbol = (short) TreeSitter.NODE_SYMBOL.invokeExact(node) & 0xffff;
                type[size] = (short) Math.min(symbol, grammar.types().length - 1);
                field[size] = (byte) (short) TreeSitter.CURRENT_FIELD.invokeExact(cursor);
                start[size] = Math.min(from + node.get(JAVA_INT, 0), to);
                stop[size] = Math.clamp(from + (int) TreeSitter.NODE_END.invokeExact(node), start[size], to);
                open[depth] = size;
                size++;
                if ((boolean) TreeSitter.FIRST_CHILD.invokeExact(cursor)) {
                    depth++;
                    if (depth > DEEPEST) {
                        return new ParseResult.TooHard("nested deeper than " + DEEPEST + " levels");
                    }
                    continue;
                }
                next[open[depth]] = size;
                while (!(boolean) TreeSitter.NEXT_SIBLING.invokeExact(cursor)) {
                    if (depth == 0) {
                        more = false;
                        break;
                    }
                    boolean moved = (boolean) TreeSitter.PARENT.invokeExact(cursor);
                    if (!moved) {
                        throw new IllegalStateException("a node lost its parent");
                    }
                    depth--;
                    next[open[depth]] = size;
                }
            }
            return new ParseResult.Parsed(new SyntaxTree(
                    source,
                    grammar.types(),
                    grammar.named(),
                    grammar.fields(),
                    size,
                    type,
                    field,
                    start,
                    stop,
                    next,
                    new int[0]));
        } finally {
            TreeSitter.CURSOR_DELETE.invokeExact(cursor);
        }
    }

    private void connect() throws NoSuchMethodException, IllegalAccessException {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        MethodHandle read = lookup.bind(
                this,
                "read",
                MethodType.methodType(
                        MemorySegment.class, MemorySegment.class, int.class, MemorySegment.class, MemorySegment.class));
        MethodHandle stop = lookup.bind(this, "stop", MethodType.methodType(boolean.class, MemorySegment.class));
        FunctionDescriptor reads =
                FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT, POINT, ADDRESS.withTargetLayout(JAVA_INT));
        input.set(ADDRESS, 8, TreeSitter.upcall(read, reads, arena));
        options.set(ADDRESS, 8, TreeSitter.upcall(stop, FunctionDescriptor.of(JAVA_BOOLEAN, ADDRESS), arena));
    }

    /** Called back by the library: everything from this byte on. */
    MemorySegment read(MemorySegment payload, int from, MemorySegment position, MemorySegment count) {
        int at = Math.clamp(from & 0xffffffffL, 0, (int) text.byteSize());
        count.set(JAVA_INT, 0, (int) text.byteSize() - at);
        return text.asSlice(at);
    }

    /** Called back by the library now and then. */
    boolean stop(MemorySegment state) {
        return System.nanoTime() > end;
    }

    private static SegmentAllocator into(MemorySegment segment) {
        return (size, alignment) -> segment;
    }
}
