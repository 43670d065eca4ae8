package dev.panoptes.server.scans;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.verdict.ScanReport;
import dev.panoptes.integrity.world.World;
import dev.panoptes.server.health.AgentHealth;
import dev.panoptes.server.http.Json;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.Row;
import dev.panoptes.server.storage.SqlArray;
import dev.panoptes.server.storage.Transaction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The tables {@code scans} and {@code registry_revisions}. */
final class ScanStore {
    private static final int TOP = 10;
    private static final String SUMMARY = "id, report_id, cause, started_at, completed_at, total_checks, passed_checks,"
            + " failed_checks, unknown_checks, critical, high, total_issues, agents, chains, health_score, coverage";

    private final Database database;

    ScanStore(Database database) {
        this.database = database;
    }

    boolean knows(Transaction transaction, String reportId) {
        return transaction.one(
                "SELECT EXISTS (SELECT FROM scans WHERE report_id = ?) AS known", row -> row.bool("known"), reportId);
    }

    /** A registry as it was when a scan judged it. @param body its bytes, gzip */
    boolean knowsRevision(Transaction transaction, String digest) {
        return transaction.one(
                "SELECT EXISTS (SELECT FROM registry_revisions WHERE digest = ?) AS known",
                row -> row.bool("known"),
                digest);
    }

    void putRevision(Transaction transaction, ScanReport report, byte[] body) {
        transaction.update(
                """
                INSERT INTO registry_revisions (digest, file, version, body, first_seen) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (digest) DO NOTHING
                """,
                report.registry().digest(),
                report.registry().path(),
                report.registry().version(),
                body,
                report.completed());
    }

    /**
     * Makes room for the next watch cycle: the ones before that changed nothing tell nothing that it does not, but where an
     * issue was seen last in one of them.
     */
    void deleteUnchanged(Transaction transaction) {
        transaction.update("""
            DELETE FROM scans s WHERE NOT s.changed
                AND NOT EXISTS (SELECT FROM issues i WHERE i.last_report = s.report_id)
            """);
    }

    /** The id of the newest scan that is no watch cycle; 0 where there is none. */
    long newestFull() {
        return database.transaction(transaction -> transaction.one(
                "SELECT coalesce(max(id), 0) AS id FROM scans WHERE cause <> 'watch'", row -> row.bigint("id")));
    }

    /** The first scan after this one that is no watch cycle. */
    Optional<StoredScan> fullAfter(long id) {
        return database.transaction(transaction -> transaction.first(
                "SELECT " + SUMMARY
                        + ", top_issues, report, agents_seen FROM scans WHERE id > ? AND cause <> 'watch' ORDER BY id"
                        + " LIMIT 1",
                ScanStore::stored,
                id));
    }

    /** The newest one, as far as this transaction sees. */
    Optional<ScanSummary> newestSummary(Transaction transaction) {
        return transaction.first("SELECT " + SUMMARY + " FROM scans ORDER BY id DESC LIMIT 1", ScanStore::summary);
    }

    /** @param changed false for a watch cycle that found everything as it was */
    StoredScan insert(
            Transaction transaction,
            ScanReport report,
            World world,
            Cause cause,
            boolean changed,
            @Nullable String registryDigest,
            List<UUID> snapshots) {
        Map<Severity, Integer> counts = report.summary();
        List<ReportedIssue> top = report.issues().stream()
                .filter(issue -> !issue.waived())
                .limit(TOP)
                .map(ReportedIssue::of)
                .toList();
        byte[] body = ReportJson.gzip(report);
        List<AgentHealth> agents = AgentsSeen.of(world);
        ScanSummary summary = transaction.one(
                """
                    INSERT INTO scans (report_id, cause, started_at, completed_at, registry_digest, snapshots, total_checks,
                        passed_checks, failed_checks, unknown_checks, critical, high, total_issues, agents, chains,
                        top_issues, health_score, coverage, report, changed, agents_seen)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?, ?, ?)
                    RETURNING
                    """ + SUMMARY,
                ScanStore::summary,
                report.reportId(),
                cause.id(),
                report.started(),
                report.completed(),
                registryDigest,
                SqlArray.uuids(snapshots),
                report.score().total(),
                report.score().passed(),
                report.score().failed(),
                report.score().unknown(),
                counts.getOrDefault(Severity.CRITICAL, 0),
                counts.getOrDefault(Severity.HIGH, 0),
                report.score().failed(),
                world.registry().agents().size(),
                world.registry().chains().size(),
                Json.writeText(top),
                report.score().judged() ? report.score().health() : null,
                report.score().coverage(),
                body,
                changed,
                ReportJson.gzip(Json.write(agents)));
        return new StoredScan(summary, top, body, agents);
    }

    /** The id of the newest scan; 0 where there is none. */
    long newestId() {
        return database.transaction(transaction ->
                transaction.one("SELECT coalesce(max(id), 0) AS id FROM scans", row -> row.bigint("id")));
    }

    Optional<StoredScan> newest() {
        return database.transaction(transaction -> transaction.first(
                "SELECT " + SUMMARY + ", top_issues, report, agents_seen FROM scans ORDER BY id DESC LIMIT 1",
                ScanStore::stored));
    }

    Optional<StoredScan> find(String reportId) {
        return database.transaction(transaction -> transaction.first(
                "SELECT " + SUMMARY + ", top_issues, report, agents_seen FROM scans WHERE report_id = ?",
                ScanStore::stored,
                reportId));
    }

    /** The newest first. @param before only scans with a smaller id */
    List<ScanSummary> page(long before, int limit) {
        return database.transaction(transaction -> transaction.list(
                "SELECT " + SUMMARY + " FROM scans WHERE id < ? ORDER BY id DESC LIMIT ?",
                ScanStore::summary,
                before,
                limit));
    }

    private static StoredScan stored(Row row) {
        byte[] agents = row.bytesOrNull("agents_seen");
        return new StoredScan(
                summary(row),
                Json.readList(row.text("top_issues"), ReportedIssue.class),
                row.bytes("report"),
                agents == null
                        ? List.of()
                        : Json.readList(
                                new String(ReportJson.plain(agents), StandardCharsets.UTF_8), AgentHealth.class));
    }

    private static ScanSummary summary(Row row) {
        return new ScanSummary(
                row.bigint("id"),
                row.text("report_id"),
                row.text("cause"),
                row.instant("started_at"),
                row.instant("completed_at"),
                row.integer("total_checks"),
                row.integer("passed_checks"),
                row.integer("failed_checks"),
                row.integer("unknown_checks"),
                row.integer("critical"),
                row.integer("high"),
                row.integer("total_issues"),
                row.integer("agents"),
                row.integer("chains"),
                row.realOrNull("health_score"),
                row.real("coverage"));
    }

    /**
     * Takes away reports that are older, but the newest, and those that an issue or its history names; then registries that
     * no report names any more.
     *
     * @return how many reports, at most {@code limit}
     */
    int forget(Transaction transaction, Instant before, int limit) {
        int reports = transaction.update("""
            DELETE FROM scans WHERE id IN (
                SELECT s.id FROM scans s
                WHERE s.completed_at < ? AND s.id <> (SELECT max(id) FROM scans)
                    AND NOT EXISTS (SELECT FROM issues i WHERE i.last_report = s.report_id)
                    AND NOT EXISTS (
                        SELECT FROM changes e WHERE e.kind = 'issue' AND e.cause = s.report_id)
                ORDER BY s.completed_at LIMIT ?)
            """, before, limit);
        transaction.update("""
            DELETE FROM registry_revisions r
            WHERE r.first_seen < ? AND NOT EXISTS (SELECT FROM scans s WHERE s.registry_digest = r.digest)
            """, before);
        return reports;
    }
}
