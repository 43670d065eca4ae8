package dev.panoptes.server.web.view;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What sensors and rules found.
 *
 * @param incidents null while nothing fuses findings
 * @param next null on the last part of the list
 */
public record DetectionsView(
        List<Part> verdict,
        @Nullable List<IncidentRow> incidents,
        List<FindingLine> findings,
        long total,
        Map<String, String> filter,
        @Nullable String next,
        @Nullable Long events,
        boolean sensing) {
    /** @param score in percent */
    public record IncidentRow(
            String id,
            String title,
            String severity,
            String where,
            String evidence,
            String score,
            String state,
            java.time.Instant since,
            List<String> techniques) {}
}
