package dev.panoptes.integrity.judging;

import dev.panoptes.core.issue.Severity;

/**
 * What a check is called and how bad its failure is.
 *
 * @param id stable, kebab case; the doc page {@code docs/checks/<id>.md} explains it
 * @param category the issue's category
 * @param title one line that says when it fails
 * @param naming what its issues are called after
 */
public record CheckInfo(String id, String category, Severity severity, CheckGroup group, String title, Naming naming) {
    /** What the id of an issue is made of. */
    public enum Naming {
        /** The check alone: it has one subject. */
        CHECK,
        /** The check and the subject, verbatim. */
        SUBJECT,
        /** The check and what is affected. */
        AFFECTED
    }

    /** A check whose category and issue id, check and subject, are the original contract's. */
    public static CheckInfo original(String id, String category, Severity severity, CheckGroup group, String title) {
        return new CheckInfo(id, category, severity, group, title, Naming.SUBJECT);
    }

    /** A check whose category is the original contract's and whose only issue is called like the check. */
    public static CheckInfo single(String id, String category, Severity severity, CheckGroup group, String title) {
        return new CheckInfo(id, category, severity, group, title, Naming.CHECK);
    }

    /** A check whose category is its id with {@code _}. */
    public static CheckInfo of(String id, Severity severity, CheckGroup group, String title) {
        return new CheckInfo(id, id.replace('-', '_'), severity, group, title, Naming.AFFECTED);
    }
}
