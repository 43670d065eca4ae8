package dev.panoptes.server.web;

import dev.panoptes.server.storage.Database;
import java.time.Instant;
import java.util.List;

/** Reads what the Command Center shows beside what calls answer. */
final class CommandStore {
    /** So many are looked at. */
    static final int MOST_TOLD = 1_000;

    private final Database database;

    CommandStore(Database database) {
        this.database = database;
    }

    /** The score at the end of a day, or of a scan. */
    record Scored(Instant at, double score) {}

    /** The last score of every day. */
    List<Scored> daily(Instant since) {
        return database.transaction(transaction ->
                transaction.list("""
                    SELECT DISTINCT ON (completed_at::date) completed_at, health_score FROM scans
                    WHERE completed_at >= ? AND health_score IS NOT NULL
                    ORDER BY completed_at::date, id DESC
                    """, row -> new Scored(row.instant("completed_at"), row.real("health_score")), since));
    }

    /** The newest scans that changed something, the oldest first. */
    List<Scored> lately(int most) {
        return database.transaction(transaction ->
                transaction.list("""
                    SELECT completed_at, health_score FROM (
                        SELECT id, completed_at, health_score FROM scans WHERE health_score IS NOT NULL
                        ORDER BY id DESC LIMIT ?) AS newest
                    ORDER BY id
                    """, row -> new Scored(row.instant("completed_at"), row.real("health_score")), most));
    }

    /** How many open issues were first seen since. */
    long issuesSince(Instant since) {
        return database.transaction(transaction -> transaction.one("""
            SELECT count(*) AS number FROM issues
            WHERE state NOT IN ('resolved', 'waived') AND first_seen >= ?
            """, row -> row.bigint("number"), since));
    }

    /** How much was told since, without what {@link #told} leaves out; of the last {@link #MOST_TOLD} only. */
    long toldSince(Instant since) {
        return database.transaction(transaction -> transaction.one("""
            SELECT count(*) AS number FROM (SELECT at, type, data FROM stream_events ORDER BY id DESC LIMIT 1000) AS newest
            WHERE at >= ? AND type <> 'alert' AND NOT (type = 'scan' AND data::jsonb ->> 'changed' = 'false')
            """, row -> row.bigint("number"), since));
    }

    /** What was told last. @param data JSON */
    record Told(Instant at, String type, String data) {}

    /** The newest first, without watch cycles that found everything as it was, and without alerts, which follow from issues. */
    List<Told> told(int most) {
        return database.transaction(transaction ->
                transaction.list("""
                    SELECT at, type, data FROM (SELECT id, at, type, data FROM stream_events ORDER BY id DESC LIMIT 400) AS newest
                    WHERE type <> 'alert' AND NOT (type = 'scan' AND data::jsonb ->> 'changed' = 'false') ORDER BY id DESC LIMIT ?
                    """, row -> new Told(row.instant("at"), row.text("type"), row.text("data")), most));
    }
}
