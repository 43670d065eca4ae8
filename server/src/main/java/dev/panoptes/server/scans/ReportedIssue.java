package dev.panoptes.server.scans;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Issue;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An issue with the fields of a report, as the API gives it.
 *
 * @param cause id of the issue of the same report that it follows from; null where it follows from none
 * @param firstSeen when it was first found; for one found just now {@code detectedAt}
 */
public record ReportedIssue(
        String id,
        String check,
        String category,
        String severity,
        String title,
        String description,
        List<String> affected,
        String recommendation,
        Instant detectedAt,
        String fingerprint,
        String host,
        @Nullable Integer port,
        @Nullable String cause,
        List<EvidenceView> evidence,
        Instant firstSeen,
        String state) {
    public ReportedIssue {
        affected = List.copyOf(affected);
        evidence = List.copyOf(evidence);
    }

    /** @param line null where there is none */
    public record EvidenceView(
            String source, @Nullable String file, @Nullable Integer line, String text) {
        static EvidenceView of(Evidence evidence) {
            return new EvidenceView(
                    evidence.source(), evidence.file(), evidence.line() == 0 ? null : evidence.line(), evidence.text());
        }
    }

    static ReportedIssue of(Issue issue) {
        Instant first = issue.firstSeen();
        return new ReportedIssue(
                issue.id(),
                issue.check(),
                issue.category(),
                issue.severity().id(),
                issue.title(),
                issue.description(),
                issue.affected(),
                issue.recommendation(),
                issue.detectedAt(),
                issue.fingerprint(),
                issue.host(),
                issue.port(),
                issue.cause(),
                issue.evidence().stream().map(EvidenceView::of).toList(),
                first == null ? issue.detectedAt() : first,
                issue.state().id());
    }
}
