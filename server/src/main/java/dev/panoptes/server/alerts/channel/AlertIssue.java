package dev.panoptes.server.alerts.channel;

import dev.panoptes.core.issue.Severity;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An issue as it is told to others.
 *
 * @param severity lower case, as in reports
 * @param port null where it is about none
 * @param firstSeen of its first life
 * @param openedAt when it became new or regressed the last time
 * @param cause id of the issue that it follows from; null where it follows from none
 */
public record AlertIssue(
        String fingerprint,
        String id,
        String check,
        String severity,
        String title,
        String description,
        String recommendation,
        List<String> affected,
        String host,
        @Nullable Integer port,
        String state,
        Instant firstSeen,
        Instant openedAt,
        @Nullable String cause) {
    // An earlier release left the last one out of what it stored.
    public AlertIssue {
        affected = List.copyOf(affected);
        openedAt = Objects.requireNonNullElse(openedAt, firstSeen);
    }

    public Severity rank() {
        return Severity.of(severity).orElse(Severity.INFO);
    }

    /**
     * The agent or code directory that it is about, never a path of more than one part and never a file; empty where what it
     * affects names none.
     */
    public String agent() {
        for (String each : affected) {
            if (each.indexOf('/') < 0 && each.indexOf('#') < 0 && each.indexOf('.') < 0) {
                return each.toLowerCase(Locale.ROOT);
            }
        }
        for (String each : affected) {
            int service = each.lastIndexOf('#');
            if (service >= 0) {
                return each.substring(service + 1).toLowerCase(Locale.ROOT);
            }
        }
        return "";
    }
}
