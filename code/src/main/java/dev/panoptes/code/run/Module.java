package dev.panoptes.code.run;

import dev.panoptes.code.syntax.SourceText;
import dev.panoptes.core.issue.Masking;
import java.nio.charset.StandardCharsets;

/**
 * A source file of the scanned tree.
 *
 * @param rootPath below the scan's root
 * @param source its bytes
 * @param eager true where running it may bind, route or define an application, so that importing it must run it at once
 */
public record Module(String rootPath, SourceText text, byte[] source, boolean eager) {
    private static final int LONGEST = 160;

    /** From 1. */
    int line(int offset) {
        int line = 1;
        for (int i = 0; i < Math.min(offset, source.length); i++) {
            if (source[i] == '\n') {
                line++;
            }
        }
        return line;
    }

    /** The text between two offsets on one line, shortened and masked. */
    String text(int start, int end) {
        int from = Math.clamp(start, 0, source.length);
        int length = Math.clamp(end - from, 0, Math.min(LONGEST * 4, source.length - from));
        String line = new String(source, from, length, StandardCharsets.UTF_8)
                .replaceAll("\\s+", " ")
                .strip();
        return Masking.mask(line.length() > LONGEST ? line.substring(0, LONGEST) + " ..." : line);
    }

    /** The folder of the file, below the root; empty for the root itself. */
    public String folder() {
        int slash = rootPath.lastIndexOf('/');
        return slash < 0 ? "" : rootPath.substring(0, slash);
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return rootPath.hashCode();
    }

    @Override
    public String toString() {
        return rootPath;
    }
}
