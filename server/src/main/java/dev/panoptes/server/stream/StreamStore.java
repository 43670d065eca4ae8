package dev.panoptes.server.stream;

import dev.panoptes.server.http.Json;
import dev.panoptes.server.storage.Row;
import dev.panoptes.server.storage.SqlArray;
import dev.panoptes.server.storage.Transaction;
import java.time.Duration;
import java.util.List;

/** The tables {@code stream_events} and {@code stream_position}. Written here only. */
public final class StreamStore {
    /** On which replicas are woken. */
    static final String CHANNEL = "panoptes_stream";

    /**
     * Tells what a transaction does, if and when it commits. It is written at the very end of the transaction: from then on
     * until the commit no other one can take an id, so that nobody ever sees an id before a smaller one.
     */
    public void append(Transaction transaction, List<StreamEvent> events) {
        if (!events.isEmpty()) {
            List<StreamEvent> all = List.copyOf(events);
            transaction.atEnd(() -> write(transaction, all));
        }
    }

    private static void write(Transaction transaction, List<StreamEvent> events) {
        transaction.update(
                """
                WITH taken AS (UPDATE stream_position SET last_id = last_id + ? RETURNING last_id - ? AS before)
                INSERT INTO stream_events (id, type, data)
                SELECT taken.before + given.nth, given.type, given.data
                FROM taken, unnest(?, ?) WITH ORDINALITY AS given (type, data, nth)
                """,
                events.size(),
                events.size(),
                SqlArray.texts(events.stream().map(StreamEvent::type).toList()),
                SqlArray.texts(events.stream()
                        .map(event -> Json.writeText(event.data()))
                        .toList()));
        transaction.one("SELECT pg_notify(?, '') AS told", Row::toString, CHANNEL);
    }

    /** An event as it is kept. @param data one line of JSON */
    record Stored(long id, String type, String data) {}

    /** In their order, without gaps. */
    List<Stored> after(Transaction transaction, long id, int most) {
        return transaction.list(
                "SELECT id, type, data FROM stream_events WHERE id > ? ORDER BY id LIMIT ?",
                row -> new Stored(row.bigint("id"), row.text("type"), row.text("data")),
                id,
                most);
    }

    /**
     * From where to where the stream reaches.
     *
     * @param last id of the newest event; 0 before the first
     * @param forgotten id of the newest event that is gone; 0 while none is
     */
    record Reach(long last, long forgotten) {
        /** Whether nothing after this id is gone, and this id was given out. */
        boolean continues(long id) {
            return id >= forgotten && id <= last;
        }
    }

    Reach reach(Transaction transaction) {
        return transaction.one(
                "SELECT last_id, forgotten_id FROM stream_position",
                row -> new Reach(row.bigint("last_id"), row.bigint("forgotten_id")));
    }

    /** @return how many are gone */
    int forget(Transaction transaction, Duration older) {
        long bound = transaction.one(
                "SELECT coalesce(max(id), 0) AS bound FROM stream_events WHERE at < now() - make_interval(secs => ?)",
                row -> row.bigint("bound"),
                (double) older.toSeconds());
        int gone = transaction.update("DELETE FROM stream_events WHERE id <= ?", bound);
        if (gone > 0) {
            transaction.atEnd(() ->
                    transaction.update("UPDATE stream_position SET forgotten_id = greatest(forgotten_id, ?)", bound));
        }
        return gone;
    }
}
