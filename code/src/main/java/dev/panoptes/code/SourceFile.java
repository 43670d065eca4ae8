package dev.panoptes.code;

import dev.panoptes.code.run.Module;
import dev.panoptes.code.syntax.SourceText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A source file and what is known of it. Safe for several threads. */
final class SourceFile {
    private final ScannedTree tree;
    private final Path path;
    final String rootPath;
    final Language language;
    /** SHA-256, lower-case hex. */
    final String digest;

    final CodeLines lines;
    final WordScan scan;
    private final FactStore facts;
    private byte @Nullable [] source;
    private @Nullable Module module;
    /** Not yet kept. */
    private @Nullable SourceText parsed;

    SourceFile(
            ScannedTree tree,
            Path path,
            String rootPath,
            Language language,
            String digest,
            CodeLines lines,
            WordScan scan,
            FactStore facts,
            byte[] source) {
        this.tree = tree;
        this.path = path;
        this.rootPath = rootPath;
        this.language = language;
        this.digest = digest;
        this.lines = lines;
        this.scan = scan;
        this.facts = facts;
        this.source = scan.starts() ? source : null;
    }

    /** The file, parsed. Null where it can no longer be read. */
    synchronized @Nullable Module module(Parsers parsers) {
        Module known = module;
        if (known != null) {
            return known;
        }
        try {
            byte[] bytes = source == null ? Files.readAllBytes(path) : source;
            SourceText text = facts.text(digest, language);
            if (text == null) {
                text = parsers.read(language, bytes);
                if (text.incomplete().isEmpty()) {
                    parsed = text;
                } else {
                    // Perhaps only because the time for it was over.
                    tree.doubt();
                }
            }
            Module made = new Module(rootPath, text, bytes, scan.eager());
            module = made;
            source = bytes;
            return made;
        } catch (IOException e) {
            tree.doubt();
            return null;
        }
    }

    /** Hands over what was parsed since the last time, with those functions that were asked for. */
    synchronized void keep() {
        if (parsed != null) {
            facts.parsed(digest, scan, parsed);
            parsed = null;
        }
    }

    /** Lets go of the text. It is read again should somebody ask. */
    synchronized void release() {
        keep();
        source = null;
        module = null;
    }
}
