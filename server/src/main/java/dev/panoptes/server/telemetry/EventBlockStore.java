package dev.panoptes.server.telemetry;

import dev.panoptes.server.storage.Row;
import dev.panoptes.server.storage.SqlArray;
import dev.panoptes.server.storage.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The table {@code event_blocks}, and up to where streams are in it. */
final class EventBlockStore {
    /** How many of a stream are not in a block, at most: numbers may be missing. */
    private static final String BEHIND = "acknowledged - greatest(indexed, first - 1)";

    void put(Transaction transaction, EventBlock block) {
        List<EventBlock.Range> ranges = block.ranges();
        transaction.update(
                """
                INSERT INTO event_blocks (first_at, last_at, received_from, received_to, events, streams, from_numbers,
                    to_numbers, grams)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                block.firstAt(),
                block.lastAt(),
                block.receivedFrom(),
                block.receivedTo(),
                block.events(),
                SqlArray.uuids(ranges.stream().map(EventBlock.Range::stream).toList()),
                SqlArray.longs(ranges.stream().map(EventBlock.Range::from).toList()),
                SqlArray.longs(ranges.stream().map(EventBlock.Range::to).toList()),
                block.grams());
    }

    /** @param number everything up to it is in a block */
    void indexed(Transaction transaction, UUID stream, long number) {
        transaction.update("UPDATE telemetry_streams SET indexed = ? WHERE id = ?", number, stream);
    }

    /** How many events are in no block. */
    long behind(Transaction transaction) {
        return transaction.one(
                "SELECT coalesce(sum(" + BEHIND
                        + "), 0)::bigint AS n FROM telemetry_streams WHERE acknowledged > indexed",
                row -> row.bigint("n"));
    }

    /** What of a stream is in no block. */
    record Tail(UUID stream, long from, long to) {
        private static Tail of(Row row) {
            return new Tail(row.uuid("id"), row.bigint("from_number"), row.bigint("acknowledged"));
        }
    }

    /** The longest first, locked until the transaction ends; without those that somebody else has locked. */
    List<Tail> lockTails(Transaction transaction, int most) {
        return transaction.list(
                "SELECT id, greatest(indexed + 1, first) AS from_number, acknowledged FROM telemetry_streams"
                        + " WHERE acknowledged > indexed ORDER BY " + BEHIND
                        + " DESC, id LIMIT ? FOR UPDATE SKIP LOCKED",
                Tail::of,
                most);
    }

    /** All of them. @param streams only of these; null for any */
    List<Tail> tails(Transaction transaction, @Nullable Collection<UUID> streams) {
        String some = streams == null ? "" : " AND id = ANY(?)";
        return transaction.list(
                "SELECT id, greatest(indexed + 1, first) AS from_number, acknowledged FROM telemetry_streams"
                        + " WHERE acknowledged > indexed" + some,
                Tail::of,
                streams == null ? new Object[0] : new Object[] {SqlArray.uuids(streams)});
    }

    /** A stored event, as a block needs it. */
    record Stored(
            UUID stream,
            long number,
            Instant at,
            Instant receivedAt,
            @Nullable String action,
            @Nullable String user,
            @Nullable String process,
            List<String> ips,
            String body) {}

    /** The first events of each tail, in order; of each tail no more than {@code most}. */
    List<Stored> events(Transaction transaction, List<Tail> tails, int most) {
        return transaction.list(
                """
                SELECT e.stream, e.number, e.at, e.received_at, e.action, e.user_name, e.process,
                    coalesce(e.ips, '{}') AS ips, e.body
                FROM unnest(?, ?, ?) WITH ORDINALITY AS t(stream, from_number, to_number, place)
                CROSS JOIN LATERAL (
                    SELECT * FROM events WHERE stream = t.stream AND number BETWEEN t.from_number AND t.to_number
                    ORDER BY number LIMIT ?) AS e
                ORDER BY t.place, e.number
                """,
                row -> new Stored(
                        row.uuid("stream"),
                        row.bigint("number"),
                        row.instant("at"),
                        row.instant("received_at"),
                        row.textOrNull("action"),
                        row.textOrNull("user_name"),
                        row.textOrNull("process"),
                        row.texts("ips"),
                        row.text("body")),
                SqlArray.uuids(tails.stream().map(Tail::stream).toList()),
                SqlArray.longs(tails.stream().map(Tail::from).toList()),
                SqlArray.longs(tails.stream().map(Tail::to).toList()),
                most);
    }

    /** Where a block stands among all, by the time of its last event. */
    record Place(Instant lastAt, long id) {}

    /** @param ranges none where what is asked for is in none of its events */
    record Looked(Place place, Instant receivedFrom, Instant receivedTo, List<EventBlock.Range> ranges) {
        Looked {
            ranges = List.copyOf(ranges);
        }
    }

    /** What blocks are asked. @param upTo of an event's time, itself included @param grams bits @param streams null for any */
    record Asked(
            @Nullable Instant from,
            @Nullable Instant upTo,
            Collection<Integer> grams,
            @Nullable Collection<UUID> streams) {}

    /** The next blocks, by the time of their last event, the newest first. @param after null for the first ones */
    List<Looked> look(Transaction transaction, Asked asked, @Nullable Place after, int most) {
        List<String> where = new ArrayList<>(List.of("true"));
        List<@Nullable Object> parameters = new ArrayList<>();
        List<String> fits = new ArrayList<>(List.of("true"));
        if (asked.streams() != null) {
            fits.add("streams && ?");
            parameters.add(SqlArray.uuids(asked.streams()));
        }
        for (int gram : asked.grams()) {
            // A slice of it is read from where it is stored.
            fits.add("get_bit(substring(grams FROM 1 + ((" + gram + " & (8 * octet_length(grams) - 1)) >> 3) FOR 1), "
                    + (gram & 7) + ") = 1");
        }
        if (asked.from() != null) {
            where.add("last_at >= ?");
            parameters.add(asked.from());
        }
        if (asked.upTo() != null) {
            where.add("first_at <= ?");
            parameters.add(asked.upTo());
        }
        if (after != null) {
            where.add("(last_at, id) < (?, ?)");
            parameters.add(after.lastAt());
            parameters.add(after.id());
        }
        parameters.add(most);
        return transaction.list(
                "SELECT last_at, id, received_from, received_to, CASE WHEN fits THEN streams::text[] ELSE '{}' END AS s,"
                        + " CASE WHEN fits THEN from_numbers::text[] ELSE '{}' END AS f, CASE WHEN fits THEN to_numbers::text[] ELSE '{}' END AS t"
                        + " FROM (SELECT *, " + String.join(" AND ", fits) + " AS fits FROM event_blocks WHERE "
                        + String.join(" AND ", where) + " ORDER BY last_at DESC, id DESC LIMIT ?) AS b"
                        + " ORDER BY last_at DESC, id DESC",
                EventBlockStore::looked,
                parameters.toArray());
    }

    private static Looked looked(Row row) {
        List<String> streams = row.texts("s");
        List<String> from = row.texts("f");
        List<String> to = row.texts("t");
        List<EventBlock.Range> ranges = new ArrayList<>();
        for (int i = 0; i < streams.size(); i++) {
            ranges.add(new EventBlock.Range(
                    UUID.fromString(streams.get(i)), Long.parseLong(from.get(i)), Long.parseLong(to.get(i))));
        }
        return new Looked(
                new Place(row.instant("last_at"), row.bigint("id")),
                row.instant("received_from"),
                row.instant("received_to"),
                ranges);
    }

    /** Streams of a host or a sensor, or both; null where there are too many to name them. */
    @Nullable
    List<UUID> streams(Transaction transaction, @Nullable String host, @Nullable String sensor, int most) {
        List<UUID> found = transaction.list(
                "SELECT id FROM telemetry_streams WHERE (?::text IS NULL OR host = ?) AND (?::text IS NULL OR sensor = ?)"
                        + " LIMIT ?",
                row -> row.uuid("id"),
                host,
                host,
                sensor,
                sensor,
                most + 1);
        return found.size() > most ? null : found;
    }

    /** Forgets blocks of days of which no event is kept. */
    void forget(Transaction transaction) {
        transaction.update("""
            DELETE FROM event_blocks WHERE received_to < (
                SELECT to_timestamp(min(right(c.relname, 8)) || ' +00', 'YYYYMMDD TZH')
                FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'events'::regclass)
            """);
    }
}
