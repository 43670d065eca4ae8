package dev.panoptes.server.telemetry;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Fingerprint;
import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.issue.IssueState;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.server.issues.ServerIssues;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.telemetry.StreamLedgerStore.Unexplained;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Events that are missing without a reason: one issue for each stream, for a week. */
final class TelemetryGaps {
    /** The check's id; the server runs it between scans. */
    static final String CHECK = "telemetry-gap";

    private static final Duration TOLD = Duration.ofDays(7);

    private final Database database;
    private final InstantSource clock;
    private final ServerIssues issues;
    private final StreamLedgerStore store = new StreamLedgerStore();

    TelemetryGaps(Database database, InstantSource clock, ServerIssues issues) {
        this.database = database;
        this.clock = clock;
        this.issues = issues;
    }

    /** For a job. */
    void review() {
        database.execute(transaction -> {
            Instant now = clock.instant();
            List<Issue> present = store.unexplained(transaction, now.minus(TOLD)).stream()
                    .map(gap -> issue(gap, now))
                    .toList();
            issues.judged(transaction, CHECK, present, now);
        });
    }

    private static Issue issue(Unexplained gap, Instant now) {
        String stream = gap.stream().toString();
        return new Issue(
                CHECK + "-" + stream,
                CHECK,
                "telemetry_gap",
                Severity.HIGH,
                gap.count() + " events of sensor " + gap.sensor() + " on '" + gap.host() + "' are missing",
                "Numbers between " + gap.from() + " and " + gap.to()
                        + " of its stream never came, and the sensor did not say"
                        + " why. What happened on the host then is not known in full.",
                List.of(gap.host()),
                "Look whether the sensor's data directory on " + gap.host()
                        + " was changed, restored or damaged; GET /api/v1/telemetry/streams has the numbers.",
                List.of(Evidence.of(
                        "telemetry",
                        "stream " + stream + ", " + gap.count() + " numbers from " + gap.from() + " to " + gap.to())),
                Fingerprint.of(CHECK, gap.host(), stream),
                gap.host(),
                null,
                now,
                null,
                IssueState.NEW,
                null);
    }
}
