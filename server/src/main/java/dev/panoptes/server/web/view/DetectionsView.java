package dev.panoptes.server.web.view;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What sensors and rules found.
 *
 * @param state which incidents are shown; empty: those that nobody has closed
 * @param next null on the last part of the list
 */
public record DetectionsView(
        List<Part> verdict,
        List<IncidentRow> incidents,
        String state,
        List<FindingLine> findings,
        long total,
        Map<String, String> filter,
        @Nullable String next,
        @Nullable Long events,
        boolean sensing) {
    /** @param confidence in percent */
    public record IncidentRow(
            String id,
            String title,
            String severity,
            String where,
            String confidence,
            String state,
            java.time.Instant since) {}
}
