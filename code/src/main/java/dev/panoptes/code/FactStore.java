package dev.panoptes.code;

import dev.panoptes.code.syntax.SourceText;
import org.jspecify.annotations.Nullable;

/** What is known of files by their digest, from earlier scans and from this one. Safe for several threads. */
interface FactStore {
    /** Null where nothing is known. */
    @Nullable
    WordScan scan(String digest, Language language);

    /** The file, parsed; null where it never was. */
    @Nullable
    SourceText text(String digest, Language language);

    /** The file was looked at; it may not be parsed at all. */
    void scanned(String digest, Language language, WordScan scan);

    void parsed(String digest, WordScan scan, SourceText text);

    /** Writes down what is new. */
    void flush();

    /** Remembers nothing. */
    FactStore NONE = new FactStore() {
        @Override
        public @Nullable WordScan scan(String digest, Language language) {
            return null;
        }

        @Override
        public @Nullable SourceText text(String digest, Language language) {
            return null;
        }

        @Override
        public void scanned(String digest, Language language, WordScan scan) {}

        @Override
        public void parsed(String digest, WordScan scan, SourceText text) {}

        @Override
        public void flush() {}
    };
}
