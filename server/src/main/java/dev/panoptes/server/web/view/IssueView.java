package dev.panoptes.server.web.view;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One issue.
 *
 * @param waiver what accepts it; null where nothing does
 * @param tickets that are about it
 * @param plan how to mend it; null where nobody asked, or it cannot be told
 * @param noPlan why it cannot be told; null where it was told, or nobody asked
 * @param month the day in thirty days: what a waiver may begin with as its last day
 */
public record IssueView(
        IssueLine issue,
        List<Event> events,
        @Nullable Waiver waiver,
        List<TicketLine> tickets,
        @Nullable Plan plan,
        @Nullable String noPlan,
        String month) {
    /** Whether somebody tracks it: then no other ticket can be opened. */
    public boolean tracked() {
        return tickets.stream().anyMatch(TicketLine::open);
    }

    /** @param from empty for a new issue @param report empty where none was the cause @param note empty where there is none */
    public record Event(Instant at, String from, String to, String actor, String report, String note) {}

    /** @param patch by line, without line ends; empty where nothing was proven @param command that plans it by hand */
    public record Plan(
            boolean patched, List<Step> steps, List<AgentView.DiffLine> patch, String text, String command) {}

    public record Step(String what, String command, String check, String undo, String risk) {}

    public record Waiver(String id, String owner, String reason, String expires) {}
}
