package dev.panoptes.server.telemetry;

import dev.panoptes.core.event.Event;
import dev.panoptes.server.storage.CopyBinary;
import dev.panoptes.server.storage.DatabaseUnavailable;
import dev.panoptes.server.storage.Partitions;
import dev.panoptes.server.storage.Row;
import dev.panoptes.server.storage.Transaction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The table {@code events}. */
final class TelemetryStore {
    private static final String TABLE = "events";
    private static final String COPY =
            "COPY events (received_at, at, stream, number, host, sensor, action, user_name, ips,"
                    + " process, body) FROM STDIN (FORMAT binary)";
    private static final int COLUMNS = 11;
    /** About what a row has beside the event's own bytes. */
    private static final int ROW = 192;
    /** For how many rows there is room from the start: the header says how many come, and may lie. */
    private static final int MOST_ROWS = 65_536;

    private static final Pattern ADDRESS = Pattern.compile("[0-9A-Fa-f:.%a-z]{2,60}");
    private static final int LONGEST_WORD = 1_000;
    /** How far a sensor's clock may be ahead: an event cannot come before it happens. */
    private static final Duration SKEW = Duration.ofDays(1);

    /** Rows to be put. For one thread. */
    static final class Rows {
        private final CopyBinary copy;
        private final BatchHeader header;
        private final Instant now;
        private final byte[] host;
        private final byte[] sensor;
        private int size;

        /** @param bytes of the batch that they are of */
        Rows(String host, BatchHeader header, int bytes, Instant now) {
            this.copy = new CopyBinary(
                    COLUMNS, Math.addExact(bytes, Math.multiplyExact(ROW, Math.min(header.count(), MOST_ROWS))));
            this.header = header;
            this.now = now;
            this.host = host.getBytes(StandardCharsets.UTF_8);
            this.sensor = header.sensor().getBytes(StandardCharsets.UTF_8);
        }

        void add(SentEvent sent) {
            Event event = sent.event();
            copy.row()
                    .time(now)
                    .time(Objects.requireNonNullElse(sent.at(), now))
                    .uuid(header.stream())
                    .bigint(sent.number())
                    .bytes(host, 0, host.length)
                    .bytes(sensor, 0, sensor.length)
                    .text(word(event.action()))
                    .text(word(event.text("user.name")))
                    .texts(addresses(event))
                    .text(word(process(event)))
                    .bytes(sent.batch(), sent.from(), sent.to());
            size++;
        }
    }

    void put(Transaction transaction, Rows rows) {
        if (rows.size == 0) {
            return;
        }
        try {
            transaction.copyIn(COPY, rows.copy.rows());
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be read", e);
        }
    }

    private static @Nullable String process(Event event) {
        String executable = event.text("process.executable");
        return executable == null ? event.text("process.name") : executable;
    }

    /** What an address cannot hold is left out. */
    private static List<String> addresses(Event event) {
        List<Object> related = event.values("related.ip");
        if (related.isEmpty()) {
            return List.of();
        }
        return related.stream()
                .map(Object::toString)
                .filter(text -> ADDRESS.matcher(text).matches())
                .toList();
    }

    private static @Nullable String word(@Nullable String text) {
        return text == null || text.length() <= LONGEST_WORD ? text : text.substring(0, LONGEST_WORD);
    }

    /** A stored event. @param body JSON */
    record Line(Instant at, UUID stream, long number, String host, String sensor, Instant receivedAt, String body) {}

    List<Line> page(Transaction transaction, EventFilter filter, EventFilter.@Nullable Key after, int limit) {
        List<String> conditions = new ArrayList<>();
        List<@Nullable Object> parameters = new ArrayList<>();
        filter.addTo(conditions, parameters);
        if (filter.from() != null) {
            // Partitions of days that were over before need not be looked at.
            conditions.add("received_at >= ?");
            parameters.add(filter.from().minus(SKEW));
        }
        if (after != null) {
            conditions.add("(at, stream, number) < (?, ?, ?)");
            parameters.add(after.at());
            parameters.add(after.stream());
            parameters.add(after.number());
        }
        parameters.add(limit);
        return transaction.list(
                "SELECT at, stream, number, host, sensor, received_at, body FROM events"
                        + (conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions))
                        + " ORDER BY at DESC, stream DESC, number DESC LIMIT ?",
                TelemetryStore::line,
                parameters.toArray());
    }

    Optional<Line> find(Transaction transaction, UUID stream, long number) {
        return transaction.first(
                "SELECT at, stream, number, host, sensor, received_at, body FROM events WHERE stream = ? AND number ="
                        + " ?",
                TelemetryStore::line,
                stream,
                number);
    }

    private static Line line(Row row) {
        return new Line(
                row.instant("at"),
                row.uuid("stream"),
                row.bigint("number"),
                row.text("host"),
                row.text("sensor"),
                row.instant("received_at"),
                row.text("body"));
    }

    long countSince(Transaction transaction, Instant since) {
        return transaction.one(
                "SELECT count(*) AS n FROM events WHERE received_at >= ?", row -> row.bigint("n"), since);
    }

    /** Drops days that ended before. @return 0: what is dropped is dropped at once */
    int forget(Transaction transaction, Instant before) {
        Partitions.endedBefore(transaction, TABLE, before).forEach(day -> Partitions.drop(transaction, day));
        return 0;
    }

    /**
     * Drops the oldest day that has ended where all of them are larger than allowed.
     *
     * @return true where there may be more to drop
     */
    boolean shrink(Transaction transaction, Instant now, long mostBytes) throws DatabaseUnavailable {
        long size = transaction.one("""
            SELECT coalesce(sum(pg_total_relation_size(inhrelid)), 0)::bigint AS n
            FROM pg_inherits WHERE inhparent = 'events'::regclass
            """, row -> row.bigint("n"));
        List<String> ended = Partitions.endedBefore(transaction, TABLE, now);
        if (size <= mostBytes || ended.isEmpty()) {
            return false;
        }
        Partitions.drop(transaction, ended.getFirst());
        return true;
    }
}
