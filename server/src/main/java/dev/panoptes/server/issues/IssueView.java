package dev.panoptes.server.issues;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.issue.IssueState;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An issue as the API gives it: as it was last seen, and its life.
 *
 * @param id readable and stable
 * @param evidence JSON
 * @param port null where it is about none
 * @param cause id of the issue that it follows from, in the report that held it last; null where it follows from none
 * @param lastReport id of the report that held it last
 * @param resolvedAt null while it is open
 * @param occurrences how often it was opened: 1, and one more for every time it came back
 * @param owner who has taken it up; null where nobody has
 */
record IssueView(
        String fingerprint,
        String id,
        String check,
        String category,
        String severity,
        String title,
        String description,
        List<String> affected,
        String recommendation,
        @JsonRawValue String evidence,
        String host,
        @Nullable Integer port,
        @Nullable String cause,
        String state,
        Instant firstSeen,
        Instant lastSeen,
        String lastReport,
        @Nullable Instant resolvedAt,
        int occurrences,
        @Nullable String owner) {
    IssueState life() {
        return IssueLife.of(state);
    }

    /** Without its evidence. */
    Issue issue(IssueState as) {
        return new Issue(
                id,
                check,
                category,
                IssueLife.severity(severity),
                title,
                description,
                affected,
                recommendation,
                List.of(),
                fingerprint,
                host,
                port,
                lastSeen,
                firstSeen,
                as,
                null,
                cause);
    }
}
