package dev.panoptes.server.issues;

import static dev.panoptes.server.issues.Reports.everything;
import static dev.panoptes.server.issues.Reports.issue;
import static dev.panoptes.server.issues.Reports.portConflict;
import static dev.panoptes.server.issues.Reports.report;
import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.issue.IssueState;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.issue.Waiver;
import dev.panoptes.integrity.verdict.ScanReport;
import dev.panoptes.server.audit.AuditStore;
import dev.panoptes.server.changes.Actor;
import dev.panoptes.server.changes.Change;
import dev.panoptes.server.changes.Changes;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The life of issues, report by report. */
@ExtendWith(TestPostgres.class)
class IssuesTest {
    private static final Actor EVA = new Actor("eva", Actor.Via.SESSION, "127.0.0.1");
    private static final Issue CONFLICT = portConflict(8020, "hermes", "atlas");

    private Database database;
    private Issues issues;
    private Instant now = Instant.parse("2026-03-01T10:00:00Z");
    private final List<Change> told = new ArrayList<>();

    @BeforeEach
    void open(Databases databases) {
        database = databases.fresh();
        Changes changes = new Changes(
                () -> now, List.of(new AuditStore(database, () -> now), (transaction, all, at) -> told.addAll(all)));
        issues = new Issues(database, changes, () -> now);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private IssueChanges merge(ScanReport report, ScanScope scope) {
        return database.transaction(transaction -> issues.merge(transaction, report, scope));
    }

    /** A minute later, everything judged. */
    private IssueChanges scan(Issue... found) {
        now = now.plusSeconds(60);
        return merge(report(now, found), everything());
    }

    private String state(Issue issue) {
        return issues.find(issue.fingerprint(), 1).orElseThrow().issue().state();
    }

    private List<String> life(Issue issue) {
        return issues.find(issue.fingerprint(), 100).orElseThrow().timeline().reversed().stream()
                .map(TimelineEntry::to)
                .toList();
    }

    @Test
    void anIssueIsNewOnceAndThenStillOpen() {
        assertThat(scan(CONFLICT).opened()).extracting(Issue::state).containsExactly(IssueState.NEW);
        IssueChanges again = scan(CONFLICT);
        assertThat(again.isEmpty()).isTrue();
        assertThat(again.stillOpen()).isEqualTo(1);
        assertThat(told).hasSize(1);
        IssueView stored = issues.find(CONFLICT.fingerprint(), 1).orElseThrow().issue();
        assertThat(stored.firstSeen()).isEqualTo("2026-03-01T10:01:00Z");
        assertThat(stored.lastSeen()).isEqualTo("2026-03-01T10:02:00Z");
        assertThat(stored.occurrences()).isEqualTo(1);
    }

    @Test
    void whatIsNotFoundAnyMoreIsResolvedAndWhatComesBackHasRegressed() {
        scan(CONFLICT);
        assertThat(scan().resolved()).extracting(Issue::state).containsExactly(IssueState.RESOLVED);
        assertThat(scan().isEmpty()).isTrue();
        assertThat(scan(CONFLICT).regressed()).extracting(Issue::state).containsExactly(IssueState.REGRESSED);
        assertThat(scan(CONFLICT).isEmpty()).isTrue();
        assertThat(life(CONFLICT)).containsExactly("new", "resolved", "regressed");
        IssueView stored = issues.find(CONFLICT.fingerprint(), 1).orElseThrow().issue();
        assertThat(stored.occurrences()).isEqualTo(2);
        assertThat(stored.resolvedAt()).isNull();
        assertThat(stored.firstSeen()).isEqualTo("2026-03-01T10:01:00Z");
    }

    @Test
    void handsAreKeptByLaterScansAndEndWithTheResolution() {
        scan(CONFLICT);
        issues.acknowledge(CONFLICT.fingerprint(), new Issues.Taking("mine", null), EVA);
        scan(CONFLICT);
        assertThat(state(CONFLICT)).isEqualTo("acknowledged");
        issues.fixing(CONFLICT.id(), new Issues.Taking(null, null), EVA);
        scan(CONFLICT);
        assertThat(state(CONFLICT)).isEqualTo("fixing");
        scan();
        assertThat(issues.acknowledge(CONFLICT.fingerprint(), new Issues.Taking(null, null), EVA))
                .isEqualTo(new Issues.Outcome.Refused(IssueState.RESOLVED));
        scan(CONFLICT);
        assertThat(life(CONFLICT)).containsExactly("new", "acknowledged", "fixing", "resolved", "regressed");
        assertThat(issues.acknowledge("no-such", new Issues.Taking(null, null), EVA))
                .isEqualTo(new Issues.Outcome.Unknown());
    }

    @Test
    void theBaselineTellsTheNextReportWhatIsKnown() {
        scan(CONFLICT);
        issues.acknowledge(CONFLICT.fingerprint(), new Issues.Taking(null, null), EVA);
        List<Issue> known = database.transaction(new IssueStore()::known);
        assertThat(known).extracting(Issue::state).containsExactly(IssueState.ACKNOWLEDGED);
        assertThat(known).extracting(Issue::firstSeen).containsExactly(now);
    }

    @Test
    void aReportThatBeganBeforeSaysNothingAboutWhatIsKnownLater() {
        scan(CONFLICT);
        Instant before = now.minusSeconds(30);
        assertThat(merge(report(before, now.plusSeconds(5), List.of()), everything())
                        .isEmpty())
                .isTrue();
        assertThat(state(CONFLICT)).isEqualTo("new");
        scan();
        before = now.minusSeconds(30);
        merge(report(before, now.plusSeconds(5), List.of(CONFLICT)), everything());
        assertThat(state(CONFLICT)).isEqualTo("resolved");
    }

    @Test
    void oneFindingReportedTwiceIsOneIssue() {
        Issue twin = new Issue(
                CONFLICT.id() + "-2",
                CONFLICT.check(),
                CONFLICT.category(),
                CONFLICT.severity(),
                CONFLICT.title(),
                CONFLICT.description(),
                CONFLICT.affected(),
                CONFLICT.recommendation(),
                CONFLICT.evidence(),
                CONFLICT.fingerprint(),
                CONFLICT.host(),
                CONFLICT.port(),
                CONFLICT.detectedAt(),
                null,
                IssueState.NEW,
                null);
        assertThat(scan(CONFLICT, twin).opened()).hasSize(1);
    }

    @Test
    void textThatPostgresqlCannotHoldIsKeptAsFarAsItCan() {
        Issue hostile = new Issue(
                "odd\0id",
                "port-conflict",
                "port_conflict",
                Severity.HIGH,
                "title \ud800 half",
                "nul \0 and \ud83d\ude00 whole",
                List.of("dir\0x"),
                "fix",
                List.of(new Evidence("code", "a\udc00.py", 3, "x\0")),
                "f".repeat(32),
                "local",
                null,
                Instant.EPOCH,
                null,
                IssueState.NEW,
                null);
        scan(hostile);
        assertThat(scan(hostile).isEmpty()).isTrue();
        IssueView stored = issues.find(hostile.fingerprint(), 1).orElseThrow().issue();
        assertThat(stored.title()).isEqualTo("title \ufffd half");
        assertThat(stored.description()).isEqualTo("nul \ufffd and \ud83d\ude00 whole");
        assertThat(stored.affected()).containsExactly("dir\ufffdx");
        assertThat(stored.evidence()).contains("a\ufffd.py");
    }

    @Test
    void aWaiverInForceKeepsAnIssueOutAndItsEndBringsItBack() {
        Waiver waiver = new Waiver(CONFLICT.id(), "eva", "on purpose", LocalDate.parse("2026-03-01"));
        assertThat(scan(CONFLICT.waivedBy(waiver)).isEmpty()).isTrue();
        assertThat(state(CONFLICT)).isEqualTo("waived");
        now = now.plus(Duration.ofDays(1));
        assertThat(scan(CONFLICT).opened()).extracting(Issue::state).containsExactly(IssueState.NEW);
        assertThat(life(CONFLICT)).containsExactly("waived", "new");
        assertThat(scan(CONFLICT.waivedBy(waiver)).isEmpty()).isTrue();
        assertThat(scan().resolved()).hasSize(1);
    }

    @Test
    void aTransactionThatFailsLeavesNeitherIssueNorNotice() {
        List<Change> seen = new ArrayList<>();
        Changes failingChanges = new Changes(() -> now, List.of((transaction, all, at) -> {
            seen.addAll(all);
            throw new IllegalStateException("the outbox is full");
        }));
        Issues failing = new Issues(database, failingChanges, () -> now);
        org.assertj.core.api.Assertions.assertThatIllegalStateException()
                .isThrownBy(() -> database.execute(
                        transaction -> failing.merge(transaction, report(now, CONFLICT), everything())));
        assertThat(seen).hasSize(1);
        assertThat(issues.find(CONFLICT.fingerprint(), 1)).isEmpty();
    }

    @Test
    void reportsThatAreMergedAtOnceOpenEveryIssueOnce() throws InterruptedException, ExecutionException {
        Issue[] many = IntStream.range(9000, 9040)
                .mapToObj(port -> portConflict(port, "a", "b"))
                .toArray(Issue[]::new);
        int opened = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<IssueChanges>> all = IntStream.range(0, 8)
                    .mapToObj(_ -> threads.submit(() -> merge(report(now, many), everything())))
                    .toList();
            for (Future<IssueChanges> each : all) {
                opened += each.get().opened().size();
            }
        }
        assertThat(opened).isEqualTo(40);
        assertThat(issues.page(new IssueFilter(List.of(), List.of(), null, null, null, null, null), null, 1000))
                .hasSize(40);
    }

    @Test
    void anIssueOnAnotherHostIsAnIssueOfItsOwn() {
        Issue here = issue("port-not-listening", Severity.HIGH, "local", "8014", 8014, List.of("hermes"), "socket");
        Issue there = issue("port-not-listening", Severity.HIGH, "web-1", "8014", 8014, List.of("hermes"), "socket");
        scan(here, there);
        assertThat(scan(there).resolved()).extracting(Issue::host).containsExactly("local");
        assertThat(state(there)).isEqualTo("new");
    }

    @Test
    void everyWriteOfAPersonIsInTheAuditLogOnce() {
        scan(CONFLICT);
        issues.acknowledge(CONFLICT.fingerprint(), new Issues.Taking("mine", null), EVA);
        issues.acknowledge(CONFLICT.fingerprint(), new Issues.Taking("mine", null), EVA);
        List<Map<String, String>> lines = database.transaction(transaction -> transaction.list(
                "SELECT actor, action, before ->> 'state' AS b, after ->> 'state' AS a FROM audit",
                row -> Map.of(
                        "actor",
                        row.text("actor"),
                        "action",
                        row.text("action"),
                        "b",
                        row.text("b"),
                        "a",
                        row.text("a"))));
        assertThat(lines)
                .containsExactly(
                        Map.of("actor", "eva", "action", "issue.acknowledge", "b", "new", "a", "acknowledged"));
    }
}
