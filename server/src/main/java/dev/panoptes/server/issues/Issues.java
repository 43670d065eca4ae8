package dev.panoptes.server.issues;

import dev.panoptes.core.issue.IssueState;
import dev.panoptes.core.issue.Waiver;
import dev.panoptes.integrity.verdict.Baseline;
import dev.panoptes.integrity.verdict.ScanReport;
import dev.panoptes.server.changes.Actor;
import dev.panoptes.server.changes.Changes;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.Transaction;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Issues and their life. A scan begins with {@link #baseline} and {@link #waiversInForce} and ends with {@link #merge}, in the
 * transaction that stores its report; people do the rest.
 */
public final class Issues {
    private final Database database;
    private final InstantSource clock;
    private final Merge merge;
    private final IssueStore issues = new IssueStore();
    private final EventStore events;
    private final WaiverStore waivers = new WaiverStore();

    public Issues(Database database, Changes changes, InstantSource clock) {
        this.database = database;
        this.clock = clock;
        this.events = new EventStore(changes);
        this.merge = new Merge(issues, events, waivers);
    }

    /** What earlier scans know, for the report of the next one: first seen and state of every issue. */
    public Baseline baseline() {
        return new Baseline(database.transaction(issues::known));
    }

    /** The waivers that the next scan is to heed. */
    public List<Waiver> waiversInForce() {
        return database.transaction(transaction -> waivers.inForce(transaction, today())).stream()
                .map(StoredWaiver::waiver)
                .toList();
    }

    /**
     * Merges a report into the issues, by fingerprint: what it holds is new, goes on, or has regressed; what it does not hold is
     * resolved where the scan judged it ({@link ScanScope}) and stays as it is where an Unknown, a skipped check or an unseen
     * host says that nobody looked. A report that began before an issue was last seen or resolved says nothing about it. Reports
     * are merged one after the other, replicas or not.
     *
     * @param transaction the one that stores the report; whoever hears of changes writes in it too
     */
    public IssueChanges merge(Transaction transaction, ScanReport report, ScanScope scope) {
        return merge.merge(transaction, report, scope, today());
    }

    /** Takes away issues that were resolved before. @return how many rows, at most {@code limit} of each kind */
    public int forget(Transaction transaction, Instant before, int limit) {
        int resolved = issues.forget(transaction, before, limit);
        return Math.max(resolved, waivers.forget(transaction, before, limit));
    }

    private LocalDate today() {
        return clock.instant().atOffset(ZoneOffset.UTC).toLocalDate();
    }

    List<IssueStore.Count> counts() {
        return database.transaction(issues::counts);
    }

    /** At most {@code limit} issues. @param after the last one seen; null for the first page */
    List<IssueView> page(IssueFilter filter, @Nullable IssueKey after, int limit) {
        return database.transaction(transaction -> issues.page(transaction, filter, after, limit));
    }

    /** The id of the issue with this fingerprint or id. */
    public Optional<String> idOf(String name) {
        return database.transaction(
                transaction -> issues.find(transaction, name).map(IssueView::id));
    }

    /** @param waiver what accepts it; null where nothing does */
    record Detail(IssueView issue, @Nullable StoredWaiver waiver, List<TimelineEntry> timeline) {}

    /** @param name fingerprint or issue id @param events at most so many, the newest */
    Optional<Detail> find(String name, int most) {
        return database.transaction(transaction -> issues.find(transaction, name)
                .map(issue -> new Detail(
                        issue,
                        waivers.inForce(transaction, today()).stream()
                                .filter(waiver -> waiver.accepts(issue.fingerprint(), issue.id()))
                                .findFirst()
                                .orElse(null),
                        events.ofIssue(transaction, issue.fingerprint(), Long.MAX_VALUE, most))));
    }

    /** What a person's wish came to. */
    sealed interface Outcome {
        record Done(IssueView issue) implements Outcome {}

        record Unknown() implements Outcome {}

        /** @param state in which the issue is, and in which this cannot be done */
        record Refused(IssueState state) implements Outcome {}
    }

    /**
     * What somebody says who takes an issue up.
     *
     * @param note null where nobody wrote one
     * @param owner whose it is from now on; null: theirs who take it up, where it is nobody's
     */
    record Taking(@Nullable String note, @Nullable String owner) {}

    Outcome acknowledge(String name, Taking taking, Actor actor) {
        return take(name, IssueState.ACKNOWLEDGED, "issue.acknowledge", taking, actor);
    }

    Outcome fixing(String name, Taking taking, Actor actor) {
        return take(name, IssueState.FIXING, "issue.fixing", taking, actor);
    }

    /** Saying the same twice changes nothing; but what somebody writes to it is kept, and whom it is given to. */
    private Outcome take(String name, IssueState to, String action, Taking taking, Actor actor) {
        return database.transaction(transaction -> {
            Optional<IssueView> found = issues.lock(transaction, name);
            if (found.isEmpty()) {
                return new Outcome.Unknown();
            }
            IssueView issue = found.get();
            if (!IssueLife.acceptsManualChange(issue.life())) {
                return new Outcome.Refused(issue.life());
            }
            String note = taking.note();
            String owner = owner(issue, to, taking, actor);
            boolean isSaid = note != null && !note.isBlank() && !wasSaidLast(transaction, issue, to, note, actor);
            boolean isGiven = !owner.equals(issue.owner());
            if (issue.life() != to || isSaid || isGiven) {
                boolean others = isGiven && !owner.equals(actor.name());
                change(transaction, issue, to, action, others ? given(owner, note) : note, actor);
                issues.setOwner(transaction, issue.fingerprint(), owner);
            }
            return new Outcome.Done(
                    issues.find(transaction, issue.fingerprint()).orElseThrow());
        });
    }

    private static String owner(IssueView issue, IssueState to, Taking taking, Actor actor) {
        if (taking.owner() != null) {
            return taking.owner();
        }
        return issue.life() == to && issue.owner() != null ? issue.owner() : actor.name();
    }

    private static String given(String owner, @Nullable String note) {
        return "for " + owner + (note == null || note.isBlank() ? "" : ": " + note);
    }

    /** True for a call that is made again because its answer was lost. */
    private boolean wasSaidLast(Transaction transaction, IssueView issue, IssueState to, String note, Actor actor) {
        return events.ofIssue(transaction, issue.fingerprint(), Long.MAX_VALUE, 1).stream()
                .anyMatch(last -> last.to().equals(to.id())
                        && note.equals(last.note())
                        && last.actor().equals(actor.name()));
    }

    private void change(
            Transaction transaction,
            IssueView issue,
            IssueState to,
            String action,
            @Nullable String note,
            Actor actor) {
        issues.setState(transaction, List.of(issue.fingerprint()), to);
        EventStore.Event event = new EventStore.Event(issue.fingerprint(), issue.life(), to, null, note, action);
        events.record(transaction, List.of(event), actor, clock.instant());
    }
}
