package dev.panoptes.integrity;

import dev.panoptes.core.issue.Severity;

/**
 * What a check is called and how bad its failure is.
 *
 * @param id stable, kebab case; the doc page {@code docs/checks/<id>.md} explains it
 * @param category the issue's category
 * @param title one line that says when it fails
 * @param subjectId true where the issue id is the check id and the subject, verbatim (the original contract); false where
 *     it is made of the check id and what is affected
 */
public record CheckInfo(
        String id, String category, Severity severity, CheckGroup group, String title, boolean subjectId) {
    /** A check whose category and issue id are the original contract's. */
    public static CheckInfo original(String id, String category, Severity severity, CheckGroup group, String title) {
        return new CheckInfo(id, category, severity, group, title, true);
    }

    /** A check whose category is its id with {@code _}. */
    public static CheckInfo of(String id, Severity severity, CheckGroup group, String title) {
        return new CheckInfo(id, id.replace('-', '_'), severity, group, title, false);
    }
}
