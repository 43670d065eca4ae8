package dev.panoptes.server.web.view;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What sensors and rules found.
 *
 * @param worst the one that somebody must decide first; null where there is none, and where another state is shown
 * @param ranges how far back the lists go
 * @param states links of the incidents @param statuses links of the findings
 * @param range how far back, in words; empty for all of the time
 * @param filtered whether anything makes the findings fewer
 * @param state which incidents are shown; empty: those that nobody has closed
 * @param next null on the last part of the list
 */
public record DetectionsView(
        List<Part> verdict,
        @Nullable IncidentView worst,
        List<Choice> ranges,
        List<Choice> states,
        List<Choice> statuses,
        String range,
        boolean filtered,
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
