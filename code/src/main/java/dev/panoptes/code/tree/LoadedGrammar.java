package dev.panoptes.code.tree;

import dev.panoptes.code.Language;
import java.lang.foreign.MemorySegment;

/**
 * A grammar in memory. Each is loaded once per process, when first used: a library that was loaded is never unloaded.
 *
 * @param language tree-sitter's object for it
 * @param types node type names by symbol; the last is that of errors
 * @param named by symbol: neither punctuation nor keyword nor comment
 * @param fields field names by id; the first is empty
 */
record LoadedGrammar(MemorySegment language, String[] types, boolean[] named, String[] fields) {
    /** @throws LinkageError where the library cannot be loaded */
    static LoadedGrammar of(Language language) {
        return switch (language) {
            case PYTHON -> Python.LOADED;
            case JAVASCRIPT -> JavaScript.LOADED;
            case TYPESCRIPT -> TypeScript.LOADED;
            case GO -> Go.LOADED;
            case JAVA -> Java.LOADED;
            case SHELL -> Shell.LOADED;
        };
    }

    private static LoadedGrammar load(Language source) {
        try {
            MemorySegment language = TreeSitter.language(source.grammar());
            int count = (int) TreeSitter.SYMBOL_COUNT.invokeExact(language);
            String[] types = new String[count + 1];
            boolean[] named = new boolean[count + 1];
            for (int symbol = 0; symbol < count; symbol++) {
                types[symbol] = string((MemorySegment) TreeSitter.SYMBOL_NAME.invokeExact(language, (short) symbol));
                boolean regular = (int) TreeSitter.SYMBOL_TYPE.invokeExact(language, (short) symbol) == 0;
                named[symbol] = regular && !types[symbol].endsWith("comment");
            }
            types[count] = "ERROR";
            named[count] = true;
            int fieldCount = (int) TreeSitter.FIELD_COUNT.invokeExact(language);
            String[] fields = new String[fieldCount + 1];
            for (int field = 1; field <= fieldCount; field++) {
                fields[field] = string((MemorySegment) TreeSitter.FIELD_NAME.invokeExact(language, (short) field));
            }
            return new LoadedGrammar(language, types, named, fields);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static String string(MemorySegment address) {
        return address.equals(MemorySegment.NULL)
                ? ""
                : address.reinterpret(1 << 10).getString(0);
    }

    private static final class Python {
        private static final LoadedGrammar LOADED = load(Language.PYTHON);
    }

    private static final class JavaScript {
        private static final LoadedGrammar LOADED = load(Language.JAVASCRIPT);
    }

    private static final class TypeScript {
        private static final LoadedGrammar LOADED = load(Language.TYPESCRIPT);
    }

    private static final class Go {
        private static final LoadedGrammar LOADED = load(Language.GO);
    }

    private static final class Java {
        private static final LoadedGrammar LOADED = load(Language.JAVA);
    }

    private static final class Shell {
        private static final LoadedGrammar LOADED = load(Language.SHELL);
    }
}
