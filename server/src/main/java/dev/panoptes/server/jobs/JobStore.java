package dev.panoptes.server.jobs;

import dev.panoptes.server.storage.Database;
import java.time.Instant;
import java.util.Optional;

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
        database.execute(
                transaction -> transaction.update("UPDATE jobs SET last_completed_at = ? WHERE name = ?", now, name));
    }

    /** When it is due next; empty where it is not known. */
    Optional<Instant> due(String name) {
        return database.transaction(transaction -> transaction.first(
                "SELECT next_due_at FROM jobs WHERE name = ?", row -> row.instant("next_due_at"), name));
    }
}
