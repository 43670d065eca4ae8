package dev.panoptes.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What is forgotten, and when, by a clock that is moved by hand. */
@ExtendWith(TestPostgres.class)
class RetentionTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir
    Path directory;

    private final AtomicReference<Instant> now = new AtomicReference<>(START);

    private TestServer start(Databases databases) throws InterruptedException {
        return TestServer.start(
                databases,
                directory,
                Map.of(
                        "observe.local", "false",
                        "watch.interval", "1h",
                        "retention.snapshots", "10d",
                        "retention.reports", "20d",
                        "retention.issues", "30d",
                        "retention.audit", "40d"),
                now::get);
    }

    private void forgetAfter(TestServer server, int days) {
        now.set(START.plus(Duration.ofDays(days)));
        server.server().retention().run();
    }

    private static void insert(TestServer server, String... statements) {
        server.database().execute(transaction -> {
            for (String statement : statements) {
                transaction.update(statement);
            }
        });
    }

    private static List<String> texts(Database database, String sql) {
        return database.transaction(transaction -> transaction.list(sql, row -> row.text("text")));
    }

    private static String issue(String name, String state, String report) {
        return """
            INSERT INTO issues (fingerprint, issue_id, check_id, category, severity, title, description,
                recommendation, affected, evidence, host, state, first_seen, last_seen, last_report, resolved_at)
            VALUES ('%1$s', 'i', 'c', 'g', 'high', 't', '', '', '{}', '[]', 'local', '%2$s', '2026-03-01',
                '2026-03-01', '%3$s', CASE '%2$s' WHEN 'resolved' THEN timestamptz '2026-03-01' END)
            """.replace("%1$s", name).replace("%2$s", state).replace("%3$s", report);
    }

    private static String report(String id) {
        return """
            INSERT INTO scans (report_id, cause, started_at, completed_at, snapshots, total_checks, passed_checks,
                failed_checks, unknown_checks, critical, high, total_issues, agents, chains, top_issues,
                health_score, coverage, report, registry_digest)
            VALUES ('ID', 'request', '2026-03-01', '2026-03-01', '{}', 1, 1, 0, 0, 0, 0, 0, 0, 0, '[]', 1, 1, '', 'dID')
            """.replace("ID", id);
    }

    private static String registry(String report) {
        return "INSERT INTO registry_revisions VALUES ('d" + report + "', 'f', NULL, '', '2026-03-01')";
    }

    @Test
    void reportsGoButThoseThatAnIssueOrItsHistoryNames(Databases databases) throws InterruptedException {
        try (TestServer server = start(databases)) {
            for (String each : List.of("nobody", "last", "opened", "resolved", "newest")) {
                insert(server, registry(each), report(each));
            }
            insert(
                    server,
                    issue("open", "new", "last"),
                    issue("gone", "resolved", "resolved"),
                    "INSERT INTO changes (kind, subject, at, to_state, actor, via, cause)"
                            + " VALUES ('issue', 'open', '2026-03-01', 'new', 'scan', 'system', 'opened')");
            String named =
                    "SELECT report_id AS text FROM scans WHERE completed_at < '2026-03-01T01:00:00Z' ORDER BY id";

            forgetAfter(server, 19);
            assertThat(texts(server.database(), named)).hasSize(5);
            forgetAfter(server, 21);
            assertThat(texts(server.database(), named)).containsExactly("last", "opened", "resolved", "newest");
            assertThat(texts(
                            server.database(),
                            "SELECT digest AS text FROM registry_revisions WHERE file = 'f' ORDER BY 1"))
                    .containsExactly("dlast", "dnewest", "dopened", "dresolved");
            forgetAfter(server, 31);
            assertThat(texts(server.database(), named)).containsExactly("last", "opened", "newest");
        }
    }

    @Test
    void resolvedIssuesGoWithTheirHistoryAndOpenOnesKeepTheLastOfIt(Databases databases) throws InterruptedException {
        try (TestServer server = start(databases)) {
            insert(server, issue("open", "acknowledged", "r"), issue("gone", "resolved", "r"));
            for (String each : List.of("open", "gone")) {
                for (String state : List.of("new", "acknowledged")) {
                    insert(
                            server,
                            "INSERT INTO changes (kind, subject, at, to_state, actor, via) VALUES ('issue', '" + each
                                    + "', '2026-03-01', '"
                                    + (each.equals("gone") && state.equals("acknowledged") ? "resolved" : state)
                                    + "', 'eva', 'session')",
                            "INSERT INTO alerts (fingerprint, reason, report_id, raised_at, state, decided_at) VALUES"
                                    + " ('"
                                    + each + "', 'new', 'r', '2026-03-01', 'queued', '2026-03-01')");
                }
            }
            insert(
                    server,
                    "INSERT INTO waivers (issue, owner, reason, expires, created_by, created_at)"
                            + " VALUES ('x', 'eva', 'old', '2026-03-01', 'eva', '2026-02-01'),"
                            + " ('x', 'eva', 'in force', '2026-12-01', 'eva', '2026-02-01')",
                    "INSERT INTO silences (matchers, reason, created_by, created_at, starts_at, expires_at)"
                            + " VALUES ('{}', 'old', 'eva', '2026-02-01', '2026-02-01', '2026-03-01'),"
                            + " ('{}', 'in force', 'eva', '2026-02-01', '2026-02-01', '2026-12-01')",
                    "INSERT INTO outbox (created_at, channel, kind, payload, next_attempt_at, done_at, outcome)"
                            + " VALUES ('2026-03-01', 'old', 'alert', '{}', '2026-03-01', '2026-03-01', 'sent'),"
                            + " ('2026-03-01', 'waiting', 'alert', '{}', '2026-03-01', NULL, NULL)");

            forgetAfter(server, 29);
            assertThat(texts(server.database(), "SELECT fingerprint AS text FROM issues ORDER BY 1"))
                    .contains("gone", "open");
            forgetAfter(server, 31);
            assertThat(texts(server.database(), "SELECT fingerprint AS text FROM issues WHERE issue_id = 'i'"))
                    .containsExactly("open");
            assertThat(texts(
                            server.database(),
                            "SELECT to_state AS text FROM changes WHERE kind = 'issue' AND subject = 'open'"))
                    .containsExactly("acknowledged");
            assertThat(texts(server.database(), "SELECT reason AS text FROM alerts WHERE report_id = 'r'"))
                    .hasSize(1);
            for (String table : List.of("waivers", "silences")) {
                assertThat(texts(server.database(), "SELECT reason AS text FROM " + table))
                        .containsExactly("in force");
            }
            assertThat(texts(server.database(), "SELECT channel AS text FROM outbox WHERE payload = '{}'"))
                    .containsExactly("waiting");
        }
    }

    @Test
    void snapshotsGoByTheDayButTheNewestOfEveryHost(Databases databases) throws InterruptedException {
        try (TestServer server = start(databases)) {
            insert(server, """
                INSERT INTO snapshots (host, taken_at, confirmed_at, digest, body) VALUES
                    ('busy', '2026-02-28T10:00Z', '2026-02-28T10:00Z', '', ''),
                    ('quiet', '2026-03-01T10:00Z', '2026-03-01T10:00Z', '', ''),
                    ('busy', '2026-03-01T11:00Z', '2026-03-01T11:00Z', '', ''),
                    ('steady', '2026-03-01T11:30Z', '2026-03-30T11:00Z', '', ''),
                    ('steady', '2026-03-02T11:30Z', '2026-03-02T11:30Z', '', ''),
                    ('busy', '2026-03-03T11:00Z', '2026-03-03T11:00Z', '', '')
                """);
            String kept = "SELECT host || ' ' || to_char(taken_at AT TIME ZONE 'UTC', 'DD') AS text FROM snapshots"
                    + " WHERE body = '' ORDER BY taken_at";
            String days = "SELECT inhrelid::regclass::text AS text FROM pg_inherits"
                    + " WHERE inhparent = 'snapshots'::regclass ORDER BY 1 LIMIT 2";

            forgetAfter(server, 9);
            assertThat(texts(server.database(), kept)).hasSize(6);
            forgetAfter(server, 12);
            assertThat(texts(server.database(), kept))
                    .as("the newest of a host, and what was confirmed since")
                    .containsExactly("quiet 01", "steady 01", "steady 02", "busy 03");
            assertThat(texts(server.database(), days))
                    .as("a day of which nothing is needed is dropped")
                    .containsExactly("snapshots_20260301", "snapshots_20260302");
        }
    }

    @Test
    void oneRunTakesNoMoreThanItsShareAndTheNextGoesOn(Databases databases) throws InterruptedException {
        try (TestServer server = start(databases)) {
            insert(server, """
                INSERT INTO audit (at, actor, via, action, target)
                SELECT '2026-03-01', 'eva', 'local', 'test', '' FROM generate_series(1, 20300)
                """);
            String left = "SELECT count(*)::text AS text FROM audit WHERE action = 'test'";
            forgetAfter(server, 39);
            assertThat(texts(server.database(), left)).containsExactly("20300");
            forgetAfter(server, 41);
            assertThat(texts(server.database(), left)).containsExactly("300");
            forgetAfter(server, 41);
            assertThat(texts(server.database(), left)).containsExactly("0");
        }
    }

    @Test
    void aBackupThatReadsIsNotWaitedForNorIsAnybodyElse(Databases databases) throws InterruptedException, SQLException {
        try (TestServer server = start(databases)) {
            insert(
                    server,
                    "INSERT INTO audit (at, actor, via, action, target) VALUES ('2026-03-01', 'eva', 'local', 'test',"
                            + " '')");
            String days = "SELECT count(*)::text AS text FROM pg_inherits WHERE inhparent = 'snapshots'::regclass";
            String before = texts(server.database(), days).getFirst();
            try (Connection reader = server.database().address().source().getConnection();
                    Statement statement = reader.createStatement()) {
                reader.setAutoCommit(false);
                statement.execute("LOCK TABLE snapshots IN ACCESS SHARE MODE");
                forgetAfter(server, 60);
                assertThat(texts(server.database(), days)).containsExactly(before);
                assertThat(texts(server.database(), "SELECT target AS text FROM audit WHERE action = 'test'"))
                        .as("the other rules are applied all the same")
                        .isEmpty();
                server.database().execute(new dev.panoptes.server.storage.Partitions(now::get)::ensure);
                assertThat(Integer.parseInt(texts(server.database(), days).getFirst()))
                        .as("partitions are made beside a reader")
                        .isEqualTo(Integer.parseInt(before) + 9);
                reader.rollback();
            }
            forgetAfter(server, 60);
            assertThat(texts(server.database(), days)).containsExactly("9");
        }
    }
}
