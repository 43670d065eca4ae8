package dev.panoptes.server.detections;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Fingerprint;
import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.issue.IssueState;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.server.issues.ServerIssues;
import dev.panoptes.server.storage.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** What happens on a host and is not known yet, because its sensor has more to tell than comes through: one issue each. */
final class DetectionLag {
    /** The check's id; the server runs it between scans. */
    static final String CHECK = "detection-lag";

    static final Duration TOLD = Duration.ofMinutes(5);

    private final Database database;
    private final InstantSource clock;
    private final ServerIssues issues;
    private final LagStore store = new LagStore();

    DetectionLag(Database database, InstantSource clock, ServerIssues issues) {
        this.database = database;
        this.clock = clock;
        this.issues = issues;
    }

    /** For a job. */
    void review() {
        database.execute(transaction -> {
            Instant now = clock.instant();
            List<Issue> present = store.all(transaction, now).stream()
                    .filter(lag -> lag.behind(now).compareTo(TOLD) > 0)
                    .map(lag -> issue(lag, now))
                    .toList();
            issues.judged(transaction, CHECK, present, now);
        });
    }

    private static Issue issue(LagStore.Lag lag, Instant now) {
        return new Issue(
                CHECK + "-" + lag.host() + "-" + lag.sensor(),
                CHECK,
                "detection_lag",
                Severity.MEDIUM,
                "Events of sensor " + lag.sensor() + " on '" + lag.host() + "' come late",
                "More happens there than comes through, so that an attack would be told late. Nothing is skipped.",
                List.of(lag.host()),
                "Look at the load of the server and its database, and at the way from " + lag.host()
                        + " to it; GET /api/v1/telemetry/streams has the numbers.",
                List.of(Evidence.of(
                        "telemetry",
                        "the last event that came is of " + lag.at() + ", " + lag.waiting() + " are waiting")),
                Fingerprint.of(CHECK, lag.host(), lag.sensor()),
                lag.host(),
                null,
                now,
                null,
                IssueState.NEW,
                null);
    }
}
