package dev.panoptes.server.web;

import dev.panoptes.server.storage.Database;
import java.time.Instant;
import java.util.List;

/** Reads what the integrity page shows beside what calls answer. */
final class IntegrityStore {
    private final Database database;

    IntegrityStore(Database database) {
        this.database = database;
    }

    /** A scan's score. @param failed without what is waived */
    record Point(Instant at, double score, int failed) {}

    /** At most {@code most} points since then, spread over the time, the last one always among them; the oldest first. */
    List<Point> scores(Instant since, int most) {
        return database.transaction(transaction -> transaction.list(
                """
                SELECT completed_at, health_score, failed_checks FROM (
                    SELECT DISTINCT ON (part) completed_at, health_score, failed_checks
                    FROM (
                        SELECT id, completed_at, health_score, failed_checks,
                            ntile(?) OVER (ORDER BY id) AS part
                        FROM scans WHERE completed_at >= ? AND health_score IS NOT NULL) AS all_scans
                    ORDER BY part, id DESC) AS last_of_each
                ORDER BY completed_at
                """,
                row -> new Point(row.instant("completed_at"), row.real("health_score"), row.integer("failed_checks")),
                most,
                since));
    }

    /** How many issues are in each state. */
    record States(long fresh, long taken, long waived, long resolved) {}

    States states() {
        return database.transaction(transaction -> transaction.one(
                """
                SELECT count(*) FILTER (WHERE state IN ('new', 'regressed')) AS fresh,
                    count(*) FILTER (WHERE state IN ('acknowledged', 'fixing')) AS taken,
                    count(*) FILTER (WHERE state = 'waived') AS waived,
                    count(*) FILTER (WHERE state = 'resolved') AS resolved
                FROM issues
                """,
                row -> new States(
                        row.bigint("fresh"), row.bigint("taken"), row.bigint("waived"), row.bigint("resolved"))));
    }

    /** How many open issues somebody has taken up. */
    long of(String owner) {
        return database.transaction(transaction -> transaction.one(
                "SELECT count(*) AS n FROM issues WHERE owner = ? AND state <> 'resolved'",
                row -> row.bigint("n"),
                owner));
    }

    /** A port that something listens on and nothing declares. */
    record Undeclared(String host, int port, String fingerprint, String title) {}

    List<Undeclared> undeclared() {
        return database.transaction(transaction -> transaction.list(
                """
                SELECT host, port, fingerprint, title FROM issues
                WHERE check_id = 'undeclared-listener' AND state NOT IN ('resolved', 'waived') AND port IS NOT NULL
                ORDER BY host, port
                """,
                row -> new Undeclared(
                        row.text("host"), row.integer("port"), row.text("fingerprint"), row.text("title"))));
    }
}
