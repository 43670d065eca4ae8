package dev.panoptes.integrity.declared.code;

import dev.panoptes.integrity.declared.Language;
import dev.panoptes.integrity.declared.code.syntax.SourceText;
import org.jspecify.annotations.Nullable;

/** What is known of files by their digest, from earlier scans and from this one. Safe for several threads. */
interface FactStore {
    /** Null where nothing is known. */
    @Nullable
    Counted counted(String digest);

    /** The file, parsed; null where it never was. */
    @Nullable
    SourceText text(String digest);

    void counted(String digest, Language language, int codeLines, WordScan scan);

    void parsed(String digest, Language language, int codeLines, WordScan scan, SourceText text);

    /** Writes down what is new. */
    void flush();

    record Counted(Language language, int codeLines, WordScan scan) {}

    /** Remembers nothing. */
    FactStore NONE = new FactStore() {
        @Override
        public @Nullable Counted counted(String digest) {
            return null;
        }

        @Override
        public @Nullable SourceText text(String digest) {
            return null;
        }

        @Override
        public void counted(String digest, Language language, int codeLines, WordScan scan) {}

        @Override
        public void flush() {}

        @Override
        public void parsed(String digest, Language language, int codeLines, WordScan scan, SourceText text) {}
    };
}
