package dev.panoptes.server.alerts.channel;

import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.issue.Severity;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An issue as it is told to others.
 *
 * @param severity lower case, as in reports
 * @param port null where it is about none
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
        Instant firstSeen) {
    public AlertIssue {
        affected = List.copyOf(affected);
    }

    public static AlertIssue of(Issue issue) {
        return new AlertIssue(
                issue.fingerprint(),
                issue.id(),
                issue.check(),
                issue.severity().id(),
                issue.title(),
                issue.description(),
                issue.recommendation(),
                issue.affected(),
                issue.host(),
                issue.port(),
                issue.state().id(),
                issue.firstSeen() == null ? issue.detectedAt() : issue.firstSeen());
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
