package dev.panoptes.server.issues;

import dev.panoptes.server.http.Page;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where an issue stands in the list. */
record IssueKey(int rank, Instant firstSeen, String fingerprint) {
    static final int PARTS = 3;

    static List<String> of(IssueView issue) {
        int rank = IssueLife.severity(issue.severity()).ordinal();
        return List.of(Integer.toString(rank), issue.firstSeen().toString(), issue.fingerprint());
    }

    /** Null for the first page. */
    static @Nullable IssueKey after(Page.Asked page) {
        return page.after().isEmpty()
                ? null
                : new IssueKey(
                        (int) page.number(0), page.instant(1), page.after().get(2));
    }
}
