package dev.panoptes.code;

import dev.panoptes.code.ScannedTree.Place;
import dev.panoptes.core.ContentDigest;
import dev.panoptes.core.IoReason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The source files below one root. Links are followed only while they stay below it. Safe for several threads. */
final class SourceTree {
    static final int LARGEST = 1 << 20;
    private static final int LOOKED_AT = 8_192;

    private final ScannedTree tree;
    private final FactStore facts;
    private final Map<String, Found> files = new ConcurrentHashMap<>();
    private final Map<String, Boolean> folders = new ConcurrentHashMap<>();

    SourceTree(ScannedTree tree, FactStore facts) {
        this.tree = tree;
        this.facts = facts;
    }

    /** What is at a path. */
    sealed interface Found {
        record Source(SourceFile file) implements Found {}

        record Absent() implements Found {}

        /** No source file of a language we read. */
        record Other(String reason) implements Found {}

        record Unreadable(String reason) implements Found {}
    }

    ScannedTree scanned() {
        return tree;
    }

    /** @param rootPath below the root, {@code /}-separated, without {@code .} and {@code ..} */
    Found file(String rootPath) {
        Found known = files.get(rootPath);
        if (known != null) {
            return known;
        }
        Found found = read(rootPath);
        Found first = files.putIfAbsent(rootPath, found);
        return first == null ? found : first;
    }

    boolean folder(String rootPath) {
        return folders.computeIfAbsent(
                rootPath, path -> tree.look(path) instanceof Place.Here here && here.directory());
    }

    /** Writes down what was parsed and is not yet kept. */
    void keep() {
        for (Found found : files.values()) {
            if (found instanceof Found.Source source) {
                source.file().keep();
            }
        }
        facts.flush();
    }

    private Found read(String rootPath) {
        return switch (tree.look(rootPath)) {
            case Place.Absent _ -> new Found.Absent();
            case Place.Unclear unclear -> new Found.Unreadable(unclear.reason());
            case Place.Here here when !here.regular() -> new Found.Other("is no regular file");
            case Place.Here here -> read(rootPath, here);
        };
    }

    private Found read(String rootPath, Place.Here here) {
        String name = rootPath.substring(rootPath.lastIndexOf('/') + 1);
        Language language = Languages.of(name);
        if (language == null && name.indexOf('.') >= 0) {
            return new Found.Other("is in no language that is read");
        }
        if (here.sizeBytes() > LARGEST) {
            return language == null
                    ? new Found.Other("is in no language that is read")
                    : new Found.Unreadable("is larger than 1 MiB");
        }
        byte[] source;
        try {
            source = ScannedTree.bytes(here.file(), LARGEST + 1);
        } catch (IOException e) {
            tree.doubt();
            return new Found.Unreadable("cannot be read: " + IoReason.of(e));
        }
        language = language == null ? Languages.ofFirstLine(source) : language;
        if (language == null) {
            return new Found.Other("is in no language that is read");
        }
        for (int i = 0; i < Math.min(source.length, LOOKED_AT); i++) {
            if (source[i] == 0) {
                return new Found.Unreadable("is a binary file");
            }
        }
        return new Found.Source(source(here.file(), rootPath, language, source));
    }

    private SourceFile source(Path path, String rootPath, Language language, byte[] source) {
        String digest = ContentDigest.sha256(source);
        WordScan known = facts.scan(digest, language);
        WordScan scan = known == null ? WordScan.of(language, source) : known;
        if (known == null) {
            facts.scanned(digest, language, scan);
        }
        CodeLines lines = CodeLines.of(source, source.length, language);
        return new SourceFile(tree, path, rootPath, language, digest, lines, scan, facts, source);
    }
}
