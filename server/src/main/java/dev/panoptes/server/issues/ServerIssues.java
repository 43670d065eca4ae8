package dev.panoptes.server.issues;

import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.issue.IssueState;
import dev.panoptes.server.changes.Actor;
import dev.panoptes.server.changes.Changes;
import dev.panoptes.server.issues.EventStore.Event;
import dev.panoptes.server.issues.IssueStore.Found;
import dev.panoptes.server.issues.IssueStore.Known;
import dev.panoptes.server.storage.Transaction;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * What the server finds by itself, between scans and of checks that no scan runs. The life of such an issue is that of any
 * other: new, taken up, waived, resolved when it is not found any more, regressed.
 */
public final class ServerIssues {
    private final IssueStore issues = new IssueStore();
    private final EventStore events;
    private final WaiverStore waivers = new WaiverStore();

    public ServerIssues(Changes changes) {
        this.events = new EventStore(changes);
    }

    /**
     * Everything of one check that is so now: what is open and not among it is resolved.
     *
     * @param present each with its own fingerprint
     */
    public void judged(Transaction transaction, String check, List<Issue> present, Instant at) {
        SequencedMap<String, Issue> found = new LinkedHashMap<>();
        present.forEach(issue -> found.putIfAbsent(issue.fingerprint(), StorableText.of(issue)));
        if (found.isEmpty() && !issues.anyOpenOf(transaction, check)) {
            return;
        }
        issues.lockMerges(transaction);
        new Judgement(transaction, found, at).write(check);
    }

    private final class Judgement {
        private final Transaction transaction;
        private final SequencedMap<String, Issue> found;
        private final Instant at;
        private final List<Found> written = new ArrayList<>();
        private final List<String> untouched = new ArrayList<>();
        private final List<Event> happened = new ArrayList<>();
        private final List<Issue> resolved = new ArrayList<>();

        Judgement(Transaction transaction, SequencedMap<String, Issue> found, Instant at) {
            this.transaction = transaction;
            this.found = found;
            this.at = at;
        }

        void write(String check) {
            LocalDate today = at.atOffset(ZoneOffset.UTC).toLocalDate();
            Map<String, Known> known = issues.lockKnown(transaction, found.keySet());
            // After the lock: whoever was making or ending a waiver has finished.
            List<StoredWaiver> inForce = waivers.inForce(transaction, today);
            for (Issue issue : found.values()) {
                boolean waived = inForce.stream().anyMatch(waiver -> waiver.accepts(issue.fingerprint(), issue.id()));
                present(issue, known.get(issue.fingerprint()), waived);
            }
            for (IssueView open : issues.lockOpenOf(transaction, check)) {
                if (!found.containsKey(open.fingerprint())) {
                    resolved.add(open.issue(IssueState.RESOLVED));
                    happened.add(new Event(open.fingerprint(), open.life(), IssueState.RESOLVED, null, null));
                }
            }
            issues.put(transaction, written, at, "");
            issues.touch(transaction, untouched, at, "");
            issues.resolve(
                    transaction, resolved.stream().map(Issue::fingerprint).toList(), at);
            events.record(transaction, happened, Actor.SYSTEM, at);
        }

        private void present(Issue issue, @Nullable Known before, boolean waived) {
            IssueState from = before == null ? null : before.state();
            IssueState to = IssueLife.seen(from, waived);
            if (from == to) {
                untouched.add(issue.fingerprint());
                return;
            }
            Issue now = issue.knownSince(before == null ? at : before.firstSeen(), to);
            written.add(new Found(now, ""));
            happened.add(new Event(issue.fingerprint(), from, to, null, null));
        }
    }
}
