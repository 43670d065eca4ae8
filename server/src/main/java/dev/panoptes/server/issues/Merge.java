package dev.panoptes.server.issues;

import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.issue.IssueState;
import dev.panoptes.integrity.verdict.ScanReport;
import dev.panoptes.server.http.Json;
import dev.panoptes.server.issues.EventStore.Event;
import dev.panoptes.server.issues.IssueStore.Found;
import dev.panoptes.server.issues.IssueStore.Known;
import dev.panoptes.server.issues.IssueStore.Open;
import dev.panoptes.server.storage.Transaction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Brings what a report holds together with what is known. */
final class Merge {
    private final IssueStore issues;
    private final EventStore events;
    private final WaiverStore waivers;

    Merge(IssueStore issues, EventStore events, WaiverStore waivers) {
        this.issues = issues;
        this.events = events;
        this.waivers = waivers;
    }

    IssueChanges merge(Transaction transaction, ScanReport report, ScanScope scope, LocalDate today) {
        issues.lockMerges(transaction);
        Gathered gathered = new Gathered(report);
        SequencedMap<String, Issue> found = new LinkedHashMap<>();
        report.issues().forEach(issue -> found.putIfAbsent(issue.fingerprint(), StorableText.of(issue)));
        Map<String, Known> known = issues.lockKnown(transaction, found.keySet());
        // After the lock: whoever was making or ending a waiver has finished.
        Set<String> waivable = waivers.inForce(transaction, today).stream()
                .map(StoredWaiver::issue)
                .collect(Collectors.toSet());
        Set<String> revoked = Set.copyOf(waivers.revokedSince(transaction, report.started()));
        for (Issue issue : found.values()) {
            boolean ended = revoked.contains(issue.fingerprint()) || revoked.contains(issue.id());
            boolean waived = waivable.contains(issue.fingerprint())
                    || waivable.contains(issue.id())
                    || (issue.waived() && !ended);
            gathered.found(issue, known.get(issue.fingerprint()), waived);
        }
        Absence absence = new Absence(report, scope);
        for (Open open : issues.lockOpenBut(transaction, found.keySet())) {
            // Seen after this scan began: another one knows better.
            boolean gone = !open.lastSeen().isAfter(report.started()) && absence.isGone(open.missing());
            gathered.missing(open.issue(), gone);
        }
        gathered.write(transaction);
        return gathered.changes();
    }

    /** What one report comes to, before it is written. */
    private final class Gathered {
        private final ScanReport report;
        private final Instant at;
        private final List<Found> written = new ArrayList<>();
        private final List<String> untouched = new ArrayList<>();
        private final List<Event> happened = new ArrayList<>();
        private final List<Issue> opened = new ArrayList<>();
        private final List<Issue> regressed = new ArrayList<>();
        private final List<Issue> resolved = new ArrayList<>();
        private int stillOpen;

        Gathered(ScanReport report) {
            this.report = report;
            this.at = report.completed();
        }

        void found(Issue issue, @Nullable Known before, boolean waived) {
            Instant resolvedAt = before == null ? null : before.resolvedAt();
            if (resolvedAt != null && resolvedAt.isAfter(report.started())) {
                // A scan that began later judged it right.
                return;
            }
            IssueState from = before == null ? null : before.state();
            IssueState to = IssueLife.seen(from, waived);
            Issue now = issue.knownSince(before == null ? at : before.firstSeen(), to);
            String digest = digest(issue);
            if (from == to && before != null && digest.equals(before.digest())) {
                untouched.add(issue.fingerprint());
            } else {
                written.add(new Found(now, digest));
            }
            if (from != to) {
                happened.add(event(now, from, note(issue, from, to)));
            }
            if (to == IssueState.WAIVED) {
                return;
            }
            if (from == null || from == IssueState.WAIVED) {
                opened.add(now);
            } else if (from == IssueState.RESOLVED) {
                regressed.add(now);
            } else {
                stillOpen++;
            }
        }

        void missing(Issue issue, boolean gone) {
            if (gone) {
                Issue now = issue.knownSince(issue.firstSeen() == null ? at : issue.firstSeen(), IssueState.RESOLVED);
                resolved.add(now);
                happened.add(event(now, issue.state(), null));
            } else if (issue.state() != IssueState.WAIVED) {
                stillOpen++;
            }
        }

        private @Nullable String note(Issue issue, @Nullable IssueState from, IssueState to) {
            if (to == IssueState.WAIVED && issue.waiver() != null) {
                return "waived by " + issue.waiver().owner() + " until "
                        + issue.waiver().expires();
            }
            return from == IssueState.WAIVED ? "no waiver is in force any more" : null;
        }

        private Event event(Issue now, @Nullable IssueState from, @Nullable String note) {
            String text = note == null ? null : StorableText.of(note);
            return new Event(now.fingerprint(), from, now.state(), report.reportId(), text);
        }

        void write(Transaction transaction) {
            issues.put(transaction, written, at, report.reportId());
            issues.touch(transaction, untouched, at, report.reportId());
            issues.resolve(
                    transaction, resolved.stream().map(Issue::fingerprint).toList(), at);
            events.record(transaction, happened, EventStore.SCAN, at);
        }

        IssueChanges changes() {
            return new IssueChanges(report.reportId(), at, opened, regressed, resolved, stillOpen);
        }
    }

    /** Over everything of an issue that is stored and that a later scan may find different. */
    private static String digest(Issue issue) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            List<@Nullable Object> facts = new ArrayList<>();
            facts.add(issue.id());
            facts.add(issue.check());
            facts.add(issue.category());
            facts.add(issue.severity().id());
            facts.add(issue.title());
            facts.add(issue.description());
            facts.add(issue.affected());
            facts.add(issue.recommendation());
            facts.add(issue.evidence());
            facts.add(issue.host());
            facts.add(issue.port());
            facts.add(issue.cause());
            byte[] digest = sha256.digest(Json.writeText(facts).getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
