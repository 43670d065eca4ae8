package dev.panoptes.server.replicas;

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
import java.util.ArrayList;
import java.util.List;

/** Replicas that differ for longer than a roll-out takes: one issue for each. */
final class ReplicaIssues {
    /** The check's id; the server runs it between scans. */
    static final String CHECK = "replica-differs";

    private final Database database;
    private final InstantSource clock;
    private final Replicas replicas;
    private final Duration grace;
    private final ServerIssues issues;

    /** @param grace a registry that is rolled out arrives at one replica after the other */
    ReplicaIssues(Database database, InstantSource clock, Replicas replicas, Duration grace, ServerIssues issues) {
        this.database = database;
        this.clock = clock;
        this.replicas = replicas;
        this.grace = grace;
        this.issues = issues;
    }

    /** For a job. */
    void review() {
        List<Replica> living = replicas.living();
        Instant now = clock.instant();
        List<Issue> present = new ArrayList<>();
        for (Replica each : living) {
            Replica first = living.getFirst();
            List<String> differences = each.differences(first);
            Instant since = each.since().isAfter(first.since()) ? each.since() : first.since();
            if (!differences.isEmpty() && each.seenAt().minus(grace).isAfter(since)) {
                present.add(issue(each, differences, now));
            }
        }
        database.execute(transaction -> issues.judged(transaction, CHECK, present, now));
    }

    private static Issue issue(Replica replica, List<String> differences, Instant now) {
        String fingerprint = Fingerprint.of(CHECK, replica.name(), "");
        return new Issue(
                CHECK + "-" + fingerprint.substring(0, 8),
                CHECK,
                "replica_differs",
                Severity.HIGH,
                "The server " + replica.name() + " " + differences.getFirst(),
                "Servers on one database must read the same registry and sign with the same secret. This one takes no"
                        + " scheduled work and stores no scan until it does; the tokens that it signs may be refused by the"
                        + " others.",
                List.of(replica.name()),
                "Give all of them the same registry file and the same JWT_SECRET, then restart those whose secret was"
                        + " changed; panoptes doctor shows both for a host.",
                differences.stream()
                        .map(each -> Evidence.of("replicas", replica.name() + " " + each))
                        .toList(),
                fingerprint,
                "",
                null,
                now,
                null,
                IssueState.NEW,
                null);
    }
}
