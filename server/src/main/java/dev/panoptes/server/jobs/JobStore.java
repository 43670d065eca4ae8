package dev.panoptes.server.jobs;

import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.SqlArray;
import dev.panoptes.server.storage.Transaction;
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

    /** Makes a job known; one that is known keeps what is due earlier. */
    void introduce(String name, Instant due) {
        database.execute(transaction -> transaction.update("""
                INSERT INTO jobs AS j (name, next_due_at) VALUES (?, ?)
                ON CONFLICT (name) DO UPDATE SET next_due_at = least(j.next_due_at, excluded.next_due_at)
                """, name, due));
    }

    /** Takes a job that is due, or whose last run was lost; true for one replica only. */
    boolean claim(String name, Instant now, Instant next, Instant lostSince) {
        return database.transaction(transaction -> transaction.update("""
                        UPDATE jobs SET next_due_at = ?, last_started_at = ?
                        WHERE name = ? AND (next_due_at <= ?
                            OR (last_started_at < ? AND (last_completed_at IS NULL OR last_completed_at < last_started_at)))
                        """, next, now, name, now, lostSince)) == 1;
    }

    void completed(String name, Instant now) {
        database.execute(transaction -> completed(transaction, name, now));
    }

    void completed(Transaction transaction, String name, Instant now) {
        transaction.update("UPDATE jobs SET last_completed_at = ? WHERE name = ?", now, name);
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

    /** When it is due next; empty where it is not known. */
    Optional<Instant> due(String name) {
        return database.transaction(transaction -> transaction.first(
                "SELECT next_due_at FROM jobs WHERE name = ?", row -> row.instant("next_due_at"), name));
    }
}
