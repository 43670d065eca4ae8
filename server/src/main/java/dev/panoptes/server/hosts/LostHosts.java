package dev.panoptes.server.hosts;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Fingerprint;
import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.issue.IssueState;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.server.changes.Changes;
import dev.panoptes.server.hosts.SnapshotStore.Silent;
import dev.panoptes.server.issues.ServerIssues;
import dev.panoptes.server.storage.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Hosts that are not heard of any more: one issue each, whatever runs on them. Alerts about what is found there are held back
 * meanwhile; this one is not.
 */
public final class LostHosts {
    /** The check's id; the server runs it between scans. */
    public static final String CHECK = "lost-host";

    /** Observers that could not reach a server come back within their longest pause. */
    private static final Duration COME_BACK = Duration.ofMinutes(5);

    private final Database database;
    private final InstantSource clock;
    private final Duration lostAfter;
    private final Instant began;
    private final ServerIssues issues;
    private final SnapshotStore store = new SnapshotStore();
    private final Changes changes;

    /** @param lostAfter a host without a snapshot for so long is lost */
    public LostHosts(Database database, InstantSource clock, Duration lostAfter, Changes changes) {
        this.database = database;
        this.clock = clock;
        this.lostAfter = lostAfter;
        this.began = clock.instant();
        this.changes = changes;
        this.issues = new ServerIssues(changes);
    }

    /** For a job: looks which hosts are silent now. */
    public void review() {
        database.execute(transaction -> {
            Instant now = clock.instant();
            // Nobody could deliver while the server was away: silence counts from its start.
            boolean early = now.isBefore(began.plus(lostAfter).plus(COME_BACK));
            List<Silent> fell = early ? List.of() : store.fallSilent(transaction, now, now.minus(lostAfter));
            changes.record(
                    transaction,
                    fell.stream()
                            .map(host -> Hosts.change(host.name(), "silent", host.lastSnapshotAt()))
                            .toList(),
                    now);
            List<Issue> present = store.silent(transaction).stream()
                    .map(host -> issue(host, now))
                    .toList();
            issues.judged(transaction, CHECK, present, now);
        });
    }

    private Issue issue(Silent host, Instant now) {
        String name = host.name();
        Instant last = host.lastSnapshotAt().truncatedTo(ChronoUnit.SECONDS);
        return new Issue(
                CHECK + "-" + name,
                CHECK,
                "host_lost",
                Severity.CRITICAL,
                "Host '" + name + "' is not heard of any more",
                "Its observer " + host.observer() + " sent its last snapshot at " + last + ", more than "
                        + lostAfter.toSeconds()
                        + " seconds ago. What runs there is not known; alerts about it are held back.",
                List.of(name),
                "See whether " + name
                        + " runs and reaches this server, and whether `panoptes observe` runs there. If it is gone"
                        + " for good, waive this issue.",
                List.of(Evidence.of("socket", "last snapshot of " + name + " at " + last)),
                Fingerprint.of(CHECK, name, name),
                name,
                null,
                now,
                null,
                IssueState.NEW,
                null);
    }
}
