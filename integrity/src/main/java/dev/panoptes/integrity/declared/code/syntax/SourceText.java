package dev.panoptes.integrity.declared.code.syntax;

import dev.panoptes.integrity.declared.Language;
import java.util.List;

/**
 * A source file, read.
 *
 * @param statements its top level
 * @param incomplete why part of it could not be read; empty where all was
 */
public record SourceText(Language language, List<Statement> statements, String incomplete) {
    public SourceText {
        statements = List.copyOf(statements);
    }
}
