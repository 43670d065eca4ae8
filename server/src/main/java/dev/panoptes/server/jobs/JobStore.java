package dev.panoptes.server.jobs;

import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.SqlArray;
import dev.panoptes.server.storage.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The table {@code jobs}. */
final class JobStore {
    private final Database database;

    JobStore(Database database) {
        this.database = database;
    }

    /** The database's clock, which is the one that counts. */
    Instant now(Transaction transaction) {
        return transaction.one("SELECT clock_timestamp() AS now", row -> row.instant("now"));
    }

    /** Makes a job known; one that is known keeps what is due earlier. */
    void introduce(Transaction transaction, String name, Instant due) {
        transaction.update("""
                INSERT INTO jobs AS j (name, next_due_at) VALUES (?, ?)
                ON CONFLICT (name) DO UPDATE SET next_due_at = least(j.next_due_at, excluded.next_due_at)
                """, name, due);
    }

    /** A run that has begun. @param due since when it was due @param at when it began */
    record Begun(Instant due, Instant at) {}

    /** Empty where it is not due. */
    Optional<Begun> begin(String name) {
        return database.transaction(transaction -> transaction.first(
                """
                UPDATE jobs SET last_started_at = clock_timestamp() WHERE name = ? AND next_due_at <= clock_timestamp()
                RETURNING next_due_at, last_started_at
                """, row -> new Begun(row.instant("next_due_at"), row.instant("last_started_at")), name));
    }

    /** The channel on which is told that a job is due earlier than it was. */
    static final String CHANNEL = "panoptes_jobs";

    /**
     * Brings the date of a job forward to now, but leaves it three times as long alone as it ran last, and a second at least: a
     * host on which nothing stays as it is does not make it run without end. A run that has begun has not seen what changed: the
     * date is then after its beginning, and stays when it ends.
     */
    static void hurry(Transaction transaction, String name) {
        int moved = transaction.update("""
                WITH earliest AS (
                    SELECT name, greatest(clock_timestamp(), last_started_at + interval '1 second',
                        last_completed_at + 3 * (last_completed_at - last_started_at)) AS at
                    FROM jobs WHERE name = ?)
                UPDATE jobs AS j SET next_due_at = e.at FROM earliest e WHERE j.name = e.name
                AND (j.next_due_at > e.at OR j.next_due_at <= j.last_started_at)
                """, name);
        if (moved > 0) {
            transaction.first("SELECT pg_notify(?, ?) AS told", Object::toString, CHANNEL, name);
        }
    }

    void completed(Transaction transaction, String name, Instant next) {
        transaction.update("""
                UPDATE jobs SET last_completed_at = clock_timestamp(),
                    next_due_at = CASE WHEN next_due_at > last_started_at THEN least(next_due_at, ?) ELSE ? END
                WHERE name = ?
                """, next, next, name);
    }

    /** One that is done by now stays so. */
    void postpone(Transaction transaction, String name, Instant until) {
        transaction.update(
                "UPDATE jobs SET next_due_at = ? WHERE name = ? AND next_due_at <= clock_timestamp()", until, name);
    }

    /**
     * A job, as the database remembers it.
     *
     * @param started when a replica last took it; null where none ever did
     * @param completed when it last ended well; null where it never did
     */
    record JobLine(
            String name,
            Instant due,
            @Nullable Instant started,
            @Nullable Instant completed) {}

    List<JobLine> list(Collection<String> names) {
        return database.transaction(transaction -> transaction.list(
                """
                SELECT name, next_due_at, last_started_at, last_completed_at FROM jobs WHERE name = ANY (?) ORDER BY name
                """,
                row -> new JobLine(
                        row.text("name"),
                        row.instant("next_due_at"),
                        row.instantOrNull("last_started_at"),
                        row.instantOrNull("last_completed_at")),
                SqlArray.texts(names)));
    }

    /** How long until it is due; zero or less where it is, or where it is not known. */
    Duration untilDue(String name) {
        return database.transaction(transaction -> transaction.first(
                        "SELECT next_due_at, clock_timestamp() AS now FROM jobs WHERE name = ?",
                        row -> Duration.between(row.instant("now"), row.instant("next_due_at")),
                        name))
                .orElse(Duration.ZERO);
    }
}
