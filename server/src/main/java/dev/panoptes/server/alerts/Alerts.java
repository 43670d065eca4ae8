package dev.panoptes.server.alerts;

import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.ScanReport;
import dev.panoptes.server.alerts.AlertStore.Decision;
import dev.panoptes.server.alerts.channel.AlertIssue;
import dev.panoptes.server.alerts.channel.Message;
import dev.panoptes.server.config.Settings;
import dev.panoptes.server.hosts.LostHosts;
import dev.panoptes.server.issues.IssueChanges;
import dev.panoptes.server.issues.IssueListener;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.Transaction;
import dev.panoptes.server.stream.StreamEvent;
import dev.panoptes.server.stream.StreamStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides what is told: one alert for every issue that is new or has regressed, none while a silence covers it or its host is
 * lost. What is told is written to the outbox in the transaction that changed the issue; the {@link Relay} sends it.
 */
public final class Alerts implements IssueListener {
    private static final int MOST_LISTED = 50;

    private final Database database;
    private final InstantSource clock;
    private final Policy policy;
    private final List<Target> targets;
    private final AlertStore alerts = new AlertStore();
    private final OutboxStore outbox = new OutboxStore();
    private final SilenceStore silences = new SilenceStore();
    private final StreamStore stream = new StreamStore();

    /**
     * @param least issues that are less severe are not told
     * @param hostLostAfter a host without a snapshot for so long is lost: what is found about it is held back
     */
    public record Policy(Settings.Grouping grouping, Severity least, Duration hostLostAfter) {}

    /** A channel, as far as deciding goes. */
    record Target(String name, Set<Message.Kind> kinds) {
        Target {
            kinds = Set.copyOf(kinds);
        }
    }

    Alerts(Database database, InstantSource clock, Policy policy, List<Target> targets) {
        this.database = database;
        this.clock = clock;
        this.policy = policy;
        this.targets = List.copyOf(targets);
    }

    @Override
    public void changed(Transaction transaction, IssueChanges changes) {
        Instant now = clock.instant();
        Hush hush = hush(transaction, now);
        List<Decision> decisions = new ArrayList<>();
        changes.opened().forEach(issue -> decide(issue, "new", hush, decisions));
        changes.regressed().forEach(issue -> decide(issue, "regressed", hush, decisions));
        alerts.insert(transaction, decisions, changes.reportId(), changes.at(), now);
        stream.append(
                transaction,
                decisions.stream()
                        .map(each -> event(each.issue(), each.reason(), each.state(), now))
                        .toList());
        List<AlertIssue> loud = decisions.stream()
                .filter(decision -> decision.state().equals("queued"))
                .map(Decision::issue)
                .toList();
        tell(transaction, Message.Kind.ALERT, loud, changes.reportId(), changes.at(), now);
        resolved(transaction, changes, now);
    }

    private static StreamEvent event(AlertIssue issue, String reason, String state, Instant now) {
        return new StreamEvent.Alert(
                issue.fingerprint(), issue.id(), issue.severity(), issue.title(), issue.host(), reason, state, now);
    }

    private void decide(Issue issue, String reason, Hush hush, List<Decision> decisions) {
        if (issue.severity().atLeast(policy.least())) {
            AlertIssue told = AlertIssue.of(issue);
            Silence silence = hush.silence(told);
            String state = silence != null ? "silenced" : hush.holds(told) ? "held" : "queued";
            decisions.add(new Decision(told, reason, state, silence == null ? null : silence.id()));
        }
    }

    private void resolved(Transaction transaction, IssueChanges changes, Instant now) {
        if (changes.resolved().isEmpty()) {
            return;
        }
        List<String> fingerprints =
                changes.resolved().stream().map(Issue::fingerprint).toList();
        Set<String> told = alerts.told(transaction, fingerprints);
        alerts.drop(transaction, fingerprints, now);
        List<AlertIssue> loud = changes.resolved().stream()
                .filter(issue -> told.contains(issue.fingerprint()))
                .map(AlertIssue::of)
                .toList();
        tell(transaction, Message.Kind.RESOLVED, loud, changes.reportId(), changes.at(), now);
    }

    private void tell(
            Transaction transaction,
            Message.Kind kind,
            List<AlertIssue> issues,
            String reportId,
            Instant at,
            Instant now) {
        if (issues.isEmpty()) {
            return;
        }
        for (List<AlertIssue> group : Groups.of(policy.grouping(), issues)) {
            int listed = kind == Message.Kind.RESOLVED ? group.size() : Math.min(MOST_LISTED, group.size());
            put(transaction, Message.of(kind, at, reportId, group.subList(0, listed), group.size() - listed), now);
        }
    }

    private void put(Transaction transaction, Message message, Instant now) {
        for (Target target : targets) {
            if (target.kinds().contains(message.kind())) {
                outbox.put(transaction, target.name(), message, now);
            }
        }
    }

    /** Tells the event bus of a scan, in the transaction that stores its report. */
    public void scanCompleted(Transaction transaction, ScanReport report) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("report_id", report.reportId());
        data.put("total_issues", report.score().failed());
        data.put("critical", report.summary().getOrDefault(Severity.CRITICAL, 0));
        data.put("health_score", report.score().health());
        put(transaction, Message.event(report.completed(), "integrity_scan_completed", data), clock.instant());
    }

    /** Tells the event bus that this server is up. */
    public void started(String version, String url) {
        Instant now = clock.instant();
        Map<String, Object> data = Map.of("agent", "PANOPTES", "version", version, "url", url);
        database.execute(transaction -> put(transaction, Message.event(now, "agent_started", data), now));
    }

    /** Tells what a silence or a lost host kept back and does not any more. @return how many issues */
    public int review() {
        return database.transaction(transaction -> {
            Instant now = clock.instant();
            alerts.dropSettled(transaction, now);
            Hush hush = hush(transaction, now);
            List<AlertStore.Waiting> due = new ArrayList<>();
            List<AlertStore.Waiting> some = alerts.lockWaiting(transaction, 0);
            while (!some.isEmpty()) {
                some.stream()
                        .filter(waiting -> hush.silence(waiting.issue()) == null && !hush.holds(waiting.issue()))
                        .forEach(due::add);
                some = alerts.lockWaiting(transaction, some.getLast().id());
            }
            alerts.queued(transaction, due.stream().map(AlertStore.Waiting::id).toList(), now);
            List<AlertIssue> issues =
                    due.stream().map(AlertStore.Waiting::issue).toList();
            tell(transaction, Message.Kind.ALERT, issues, "", now, now);
            stream.append(
                    transaction,
                    due.stream()
                            .map(each -> event(each.issue(), each.reason(), "queued", now))
                            .toList());
            return due.size();
        });
    }

    /** What is open now and may be told. */
    List<AlertIssue> open() {
        return database.transaction(transaction -> {
            Hush hush = hush(transaction, clock.instant());
            return alerts.open(transaction).stream()
                    .filter(issue -> issue.rank().atLeast(policy.least()))
                    .filter(issue -> hush.silence(issue) == null && !hush.holds(issue))
                    .toList();
        });
    }

    List<AlertStore.AlertLine> page(long before, int limit) {
        return database.transaction(transaction -> alerts.page(transaction, before, limit));
    }

    /** What keeps alerts back at a moment. */
    private record Hush(List<Silence> silences, Set<String> lost) {
        /** Of a lost host only that it is lost is told. */
        boolean holds(AlertIssue issue) {
            return lost.contains(issue.host()) && !issue.check().equals(LostHosts.CHECK);
        }

        /** What silences this issue; null where nothing does. */
        @Nullable
        Silence silence(AlertIssue issue) {
            for (Silence silence : silences) {
                if (silence.matcher().fits(issue)) {
                    return silence;
                }
            }
            return null;
        }
    }

    private Hush hush(Transaction transaction, Instant now) {
        return new Hush(
                silences.active(transaction, now), alerts.lostHosts(transaction, now.minus(policy.hostLostAfter())));
    }

    /** Takes away what was told, and what silenced it, before. @return how many rows, at most {@code limit} of each kind */
    public int forget(Transaction transaction, Instant before, int limit) {
        return Math.max(
                Math.max(outbox.forget(transaction, before, limit), alerts.forget(transaction, before, limit)),
                silences.forget(transaction, before, limit));
    }
}
