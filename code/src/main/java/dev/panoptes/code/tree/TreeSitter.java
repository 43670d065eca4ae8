package dev.panoptes.code.tree;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;

/**
 * The functions of tree-sitter's C library (tree_sitter/api.h, 0.26) that we call. The libraries come out of the bindings'
 * jars; their own Java classes cross JNI for every property of every node and cost six times as much.
 *
 * <p>Loaded when first used, once per process; throws {@link ExceptionInInitializerError} where the library cannot be loaded.
 */
final class TreeSitter {
    static final StructLayout NODE =
            MemoryLayout.structLayout(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
    static final StructLayout CURSOR =
            MemoryLayout.structLayout(ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, MemoryLayout.paddingLayout(4));
    static final StructLayout INPUT =
            MemoryLayout.structLayout(ADDRESS, ADDRESS, JAVA_INT, MemoryLayout.paddingLayout(4), ADDRESS);
    static final StructLayout OPTIONS = MemoryLayout.structLayout(ADDRESS, ADDRESS);

    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup CORE = lookup("tree-sitter");

    static final MethodHandle PARSER_NEW = function("ts_parser_new", FunctionDescriptor.of(ADDRESS));
    static final MethodHandle PARSER_DELETE = function("ts_parser_delete", FunctionDescriptor.ofVoid(ADDRESS));
    static final MethodHandle PARSER_RESET = function("ts_parser_reset", FunctionDescriptor.ofVoid(ADDRESS));
    static final MethodHandle PARSER_SET_LANGUAGE =
            function("ts_parser_set_language", FunctionDescriptor.of(JAVA_BOOLEAN, ADDRESS, ADDRESS));
    static final MethodHandle PARSE =
            function("ts_parser_parse_with_options", FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, INPUT, OPTIONS));
    static final MethodHandle TREE_DELETE = function("ts_tree_delete", FunctionDescriptor.ofVoid(ADDRESS));
    static final MethodHandle ROOT_NODE = function("ts_tree_root_node", FunctionDescriptor.of(NODE, ADDRESS));
    static final MethodHandle NODE_SYMBOL = quick("ts_node_symbol", FunctionDescriptor.of(JAVA_SHORT, NODE));
    static final MethodHandle NODE_END = quick("ts_node_end_byte", FunctionDescriptor.of(JAVA_INT, NODE));
    static final MethodHandle CURSOR_NEW = function("ts_tree_cursor_new", FunctionDescriptor.of(CURSOR, NODE));
    static final MethodHandle CURSOR_DELETE = function("ts_tree_cursor_delete", FunctionDescriptor.ofVoid(ADDRESS));
    static final MethodHandle CURRENT_NODE = quick("ts_tree_cursor_current_node", FunctionDescriptor.of(NODE, ADDRESS));
    static final MethodHandle CURRENT_FIELD =
            quick("ts_tree_cursor_current_field_id", FunctionDescriptor.of(JAVA_SHORT, ADDRESS));
    static final MethodHandle FIRST_CHILD =
            quick("ts_tree_cursor_goto_first_child", FunctionDescriptor.of(JAVA_BOOLEAN, ADDRESS));
    static final MethodHandle NEXT_SIBLING =
            quick("ts_tree_cursor_goto_next_sibling", FunctionDescriptor.of(JAVA_BOOLEAN, ADDRESS));
    static final MethodHandle PARENT =
            quick("ts_tree_cursor_goto_parent", FunctionDescriptor.of(JAVA_BOOLEAN, ADDRESS));
    static final MethodHandle SYMBOL_COUNT =
            function("ts_language_symbol_count", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    static final MethodHandle SYMBOL_NAME =
            function("ts_language_symbol_name", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_SHORT));
    static final MethodHandle SYMBOL_TYPE =
            function("ts_language_symbol_type", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_SHORT));
    static final MethodHandle FIELD_COUNT =
            function("ts_language_field_count", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    static final MethodHandle FIELD_NAME =
            function("ts_language_field_name_for_id", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_SHORT));

    private TreeSitter() {}

    /** The grammar's language object. */
    static MemorySegment language(String grammar) throws Throwable {
        MemorySegment entry = lookup("tree-sitter-" + grammar).findOrThrow("tree_sitter_" + grammar);
        return (MemorySegment)
                LINKER.downcallHandle(entry, FunctionDescriptor.of(ADDRESS)).invokeExact();
    }

    static MemorySegment upcall(MethodHandle target, FunctionDescriptor descriptor, Arena arena) {
        return LINKER.upcallStub(target, descriptor, arena);
    }

    private static MethodHandle function(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(CORE.findOrThrow(name), descriptor);
    }

    /** For functions that return within nanoseconds and call nothing back. */
    private static MethodHandle quick(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(CORE.findOrThrow(name), descriptor, Linker.Option.critical(false));
    }

    /** Copies the library to a private temporary file, loads it and removes the file. */
    private static SymbolLookup lookup(String library) {
        String machine = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        String resource =
                "/lib/" + (machine.equals("aarch64") ? "aarch64" : "x86_64") + "-linux-gnu-" + library + ".so";
        try (InputStream bytes = TreeSitter.class.getResourceAsStream(resource)) {
            if (bytes == null) {
                throw new IllegalStateException("no parser library for this machine: " + resource);
            }
            Path copy = Files.createTempFile("panoptes-", ".so");
            try {
                Files.copy(bytes, copy, StandardCopyOption.REPLACE_EXISTING);
                return SymbolLookup.libraryLookup(copy, Arena.global());
            } finally {
                Files.deleteIfExists(copy);
            }
        } catch (IOException e) {
            throw new IllegalStateException("the parser library cannot be unpacked: " + e.getMessage(), e);
        }
    }
}
