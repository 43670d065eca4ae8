package dev.panoptes.server.web.view;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One issue.
 *
 * @param waiver what accepts it; null where nothing does
 * @param month the day in thirty days: what a waiver may begin with as its last day
 */
public record IssueView(
        IssueLine issue, List<Event> events, @Nullable Waiver waiver, String month) {
    /** @param from empty for a new issue @param report empty where none was the cause @param note empty where there is none */
    public record Event(Instant at, String from, String to, String actor, String report, String note) {}

    public record Waiver(String id, String owner, String reason, String expires) {}
}
