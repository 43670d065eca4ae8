package dev.panoptes.server.alerts.channel;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something to be told.
 *
 * @param at when it happened
 * @param reportId of the report that it came with; empty where none did
 * @param issues the worst first, for alerts and resolutions
 * @param more how many issues there are beyond those listed
 * @param eventType null unless it is an event or a notice
 * @param data of the event, or severity, title and text of the notice; empty otherwise
 */
public record Message(
        Kind kind,
        Instant at,
        String reportId,
        List<AlertIssue> issues,
        int more,
        @Nullable String eventType,
        Map<String, Object> data) {
    /** What is told. */
    public enum Kind {
        /** Issues that are new or have regressed. */
        ALERT,
        /** Issues that a scan found gone. */
        RESOLVED,
        /** Something that people work on: a ticket, a limit that is violated. */
        NOTICE,
        /** Something about Panoptes itself. */
        EVENT;

        public String id() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    public Message {
        issues = List.copyOf(issues);
        data = Map.copyOf(data);
    }

    public static Message of(Kind kind, Instant at, String reportId, List<AlertIssue> issues, int more) {
        return new Message(kind, at, reportId, issues, more, null, Map.of());
    }

    /** @param type what happened, dotted @param severity as of issues */
    public static Message notice(Instant at, String type, String severity, String title, String text) {
        return new Message(
                Kind.NOTICE, at, "", List.of(), 0, type, Map.of("severity", severity, "title", title, "text", text));
    }

    public static Message event(Instant at, String type, Map<String, Object> data) {
        return new Message(Kind.EVENT, at, "", List.of(), 0, type, data);
    }
}
