package dev.panoptes.server.alerts;

import dev.panoptes.core.issue.IssueState;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.server.alerts.AlertStore.Decision;
import dev.panoptes.server.alerts.channel.AlertIssue;
import dev.panoptes.server.alerts.channel.Message;
import dev.panoptes.server.changes.Change;
import dev.panoptes.server.changes.ChangeListener;
import dev.panoptes.server.config.Settings;
import dev.panoptes.server.hosts.LostHosts;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.Transaction;
import dev.panoptes.server.stream.StreamEvent;
import dev.panoptes.server.stream.StreamWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides what is told: one alert for every issue that is new or has regressed, none while a silence covers it or its host is
 * lost. What is told is written to the outbox in the transaction that changed the issue; the {@link Relay} sends it.
 */
public final class Alerts implements ChangeListener {
    private static final int MOST_LISTED = 50;

    private final Database database;
    private final InstantSource clock;
    private final Policy policy;
    private final List<Target> targets;
    private final AlertStore alerts = new AlertStore();
    private final OutboxStore outbox = new OutboxStore();
    private final SilenceStore silences = new SilenceStore();
    private final StreamWriter stream = new StreamWriter();

    /**
     * @param least issues that are less severe are not told
     * @param hostLostAfter a host without a snapshot for so long is lost: what is found about it is held back
     */
    public record Policy(Settings.Grouping grouping, Severity least, Duration hostLostAfter) {}

    /** A channel, as far as deciding goes. @param wantsAll whether it is told of every issue, in parts */
    record Target(String name, Set<Message.Kind> kinds, boolean wantsAll) {
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
    public void changed(Transaction transaction, List<Change> changes, Instant at) {
        issuesChanged(
                transaction,
                changes.stream().filter(change -> change.kind().equals("issue")).toList(),
                at);
        changes.forEach(change -> noticed(transaction, change, at));
        changes.stream().filter(change -> change.kind().equals("scan")).forEach(scan -> scanned(transaction, scan, at));
    }

    private void issuesChanged(Transaction transaction, List<Change> changes, Instant at) {
        List<String> opened = subjects(changes, IssueState.NEW);
        List<String> regressed = subjects(changes, IssueState.REGRESSED);
        List<String> ended = subjects(changes, IssueState.RESOLVED);
        List<String> all =
                Stream.of(opened, regressed, ended).flatMap(List::stream).toList();
        if (all.isEmpty()) {
            return;
        }
        Instant now = clock.instant();
        String reportId =
                changes.getFirst().cause() == null ? "" : changes.getFirst().cause();
        Map<String, AlertIssue> known = alerts.issues(transaction, all);
        Suppression suppression = suppression(transaction, now);
        List<Decision> decisions = new ArrayList<>();
        opened.forEach(each -> decide(Objects.requireNonNull(known.get(each)), "new", suppression, decisions));
        regressed.forEach(each -> decide(Objects.requireNonNull(known.get(each)), "regressed", suppression, decisions));
        alerts.insert(transaction, decisions, reportId, at, now);
        stream.tell(
                transaction,
                decisions.stream()
                        .map(each -> event(each.issue(), each.reason(), each.state(), now))
                        .toList());
        List<AlertIssue> loud = decisions.stream()
                .filter(decision -> decision.state().equals("queued"))
                .map(Decision::issue)
                .toList();
        tell(transaction, Message.Kind.ALERT, loud, reportId, at, now);
        if (!ended.isEmpty()) {
            resolved(transaction, ended, known, reportId, at, now);
        }
    }

    private static List<String> subjects(List<Change> changes, IssueState to) {
        return changes.stream()
                .filter(change -> to.id().equals(change.to()))
                .map(Change::subject)
                .toList();
    }

    private static StreamEvent event(AlertIssue issue, String reason, String state, Instant now) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("fingerprint", issue.fingerprint());
        data.put("id", issue.id());
        data.put("severity", issue.severity());
        data.put("title", issue.title());
        data.put("host", issue.host());
        data.put("reason", reason);
        data.put("state", state);
        data.put("at", now);
        return new StreamEvent("alert", data);
    }

    private void decide(AlertIssue told, String reason, Suppression suppression, List<Decision> decisions) {
        if (told.rank().atLeast(policy.least())) {
            Silence silence = suppression.silence(told);
            String state = silence != null ? "silenced" : suppression.holds(told) ? "held" : "queued";
            decisions.add(new Decision(told, reason, state, silence == null ? null : silence.id()));
        }
    }

    private void resolved(
            Transaction transaction,
            List<String> fingerprints,
            Map<String, AlertIssue> known,
            String reportId,
            Instant at,
            Instant now) {
        Set<String> told = alerts.told(transaction, fingerprints);
        alerts.drop(transaction, fingerprints, now);
        List<AlertIssue> loud = fingerprints.stream()
                .filter(told::contains)
                .map(each -> Objects.requireNonNull(known.get(each)))
                .toList();
        tell(transaction, Message.Kind.RESOLVED, loud, reportId, at, now);
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
            for (Target target : targets) {
                if (target.kinds().contains(kind)) {
                    tell(transaction, target, kind, group, reportId, at, now);
                }
            }
        }
    }

    private void tell(
            Transaction transaction,
            Target target,
            Message.Kind kind,
            List<AlertIssue> group,
            String reportId,
            Instant at,
            Instant now) {
        // Resolutions end something at receivers that keep state: none is left out.
        int most = kind == Message.Kind.RESOLVED && !target.wantsAll() ? group.size() : MOST_LISTED;
        for (int from = 0; from < group.size() && (from == 0 || target.wantsAll()); from += most) {
            int to = Math.min(from + most, group.size());
            Message message = Message.of(kind, at, reportId, group.subList(from, to), group.size() - to);
            outbox.put(transaction, target.name(), message, now);
        }
    }

    private void put(Transaction transaction, Message message, Instant now) {
        for (Target target : targets) {
            if (target.kinds().contains(message.kind())) {
                outbox.put(transaction, target.name(), message, now);
            }
        }
    }

    /** Tells of incidents that open, become worse or are over, of tickets that are opened or resolved, and of limits that are violated and kept again. */
    private void noticed(Transaction transaction, Change change, Instant at) {
        String to = String.valueOf(change.to());
        boolean ticket = change.kind().equals("ticket")
                && !to.equals(String.valueOf(change.from()))
                && (change.from() == null || to.equals("resolved"));
        boolean limit = change.kind().equals("finding")
                && "limits".equals(change.data().get("source"))
                && (to.equals("NEW") || to.equals("RESOLVED"));
        // Of the same state before and after is told what became worse, whoever has taken it up.
        boolean worse = to.equals(change.from());
        boolean incident =
                change.kind().equals("incident") && (worse || (!to.equals("acknowledged") && !to.equals("contained")));
        if (incident) {
            String severity = String.valueOf(change.data().get("severity"));
            String what = worse
                    ? "Incident is now " + severity
                    : to.equals("open") ? "Incident" : "Incident is " + to.replace('_', ' ');
            put(
                    transaction,
                    Message.notice(
                            at,
                            "incident." + (worse ? "worse" : to),
                            severity,
                            what + ": " + change.data().get("title"),
                            change.subject() + (change.host() == null ? "" : " on " + change.host())),
                    clock.instant());
        }
        if (ticket || limit) {
            String title = String.valueOf(change.data().get("title"));
            String what = ticket
                    ? "Ticket " + change.subject() + (change.from() == null ? " is opened" : " is resolved")
                    : to.equals("NEW") ? "Limit violated" : "Limit kept again";
            put(
                    transaction,
                    Message.notice(
                            at,
                            change.kind() + "." + to.toLowerCase(Locale.ROOT),
                            String.valueOf(change.data().get("severity")),
                            what + ": " + title,
                            "by " + change.actor().name() + (change.cause() == null ? "" : ": " + change.cause())),
                    clock.instant());
        }
    }

    /** Tells the event bus of a scan that somebody asked for or that the schedule ran. */
    private void scanned(Transaction transaction, Change scan, Instant at) {
        if (!"watch".equals(scan.cause())) {
            Map<String, Object> data = new LinkedHashMap<>();
            for (String key : List.of("report_id", "total_issues", "critical")) {
                data.put(key, Objects.requireNonNull(scan.data().get(key)));
            }
            Object score = scan.data().get("health_score");
            if (score != null) {
                data.put("health_score", score);
            }
            put(transaction, Message.event(at, "integrity_scan_completed", data), clock.instant());
        }
    }

    /**
     * Tells the event bus that this server is up and what its first scan found.
     *
     * @param issues how many; null where the first scan gave no report
     */
    public void started(String version, String url, int port, @Nullable Integer issues) {
        Instant now = clock.instant();
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("agent", "PANOPTES");
        data.put("port", port);
        if (issues != null) {
            data.put("initial_issues", issues);
        }
        data.put("version", version);
        data.put("url", url);
        database.execute(transaction -> put(transaction, Message.event(now, "agent_started", data), now));
    }

    /** Tells what a silence or a lost host kept back and does not any more. @return how many issues */
    public int review() {
        return database.transaction(transaction -> {
            Instant now = clock.instant();
            alerts.dropSettled(transaction, now);
            Suppression suppression = suppression(transaction, now);
            List<AlertStore.Waiting> due = new ArrayList<>();
            List<AlertStore.Waiting> some = alerts.lockWaiting(transaction, 0);
            while (!some.isEmpty()) {
                some.stream()
                        .filter(waiting ->
                                suppression.silence(waiting.issue()) == null && !suppression.holds(waiting.issue()))
                        .forEach(due::add);
                some = alerts.lockWaiting(transaction, some.getLast().id());
            }
            alerts.queued(transaction, due.stream().map(AlertStore.Waiting::id).toList(), now);
            List<AlertIssue> issues =
                    due.stream().map(AlertStore.Waiting::issue).toList();
            tell(transaction, Message.Kind.ALERT, issues, "", now, now);
            stream.tell(
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
            Suppression suppression = suppression(transaction, clock.instant());
            return alerts.open(transaction).stream()
                    .filter(issue -> issue.rank().atLeast(policy.least()))
                    .filter(issue -> suppression.silence(issue) == null && !suppression.holds(issue))
                    .toList();
        });
    }

    List<AlertStore.AlertLine> page(long before, int limit) {
        return database.transaction(transaction -> alerts.page(transaction, before, limit));
    }

    /** What keeps alerts back at a moment. */
    private record Suppression(List<Silence> silences, Set<String> lost) {
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

    private Suppression suppression(Transaction transaction, Instant now) {
        return new Suppression(
                silences.active(transaction, now), alerts.lostHosts(transaction, now.minus(policy.hostLostAfter())));
    }

    /** Takes away what was told, and what silenced it, before. @return how many rows, at most {@code limit} of each kind */
    public int forget(Transaction transaction, Instant before, int limit) {
        return Math.max(
                Math.max(outbox.forget(transaction, before, limit), alerts.forget(transaction, before, limit)),
                silences.forget(transaction, before, limit));
    }
}
