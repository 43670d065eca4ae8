package dev.panoptes.server.telemetry;

import dev.panoptes.core.event.Event;
import dev.panoptes.server.storage.CopyBinary;
import dev.panoptes.server.storage.DatabaseUnavailable;
import dev.panoptes.server.storage.Partitions;
import dev.panoptes.server.storage.Row;
import dev.panoptes.server.storage.SqlArray;
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

/** The table {@code events}; of days that go, their blocks go too. */
final class TelemetryStore {
    private static final String TABLE = "events";
    private static final String COPY =
            "COPY events (received_at, at, stream, number, host, sensor, action, user_name, ips,"
                    + " process, body) FROM STDIN (FORMAT binary)";
    private static final int COLUMNS = 11;
    private static final String SHOWN = "at, stream, number, host, sensor, received_at, body";
    private static final String ORDER = " ORDER BY at DESC, stream DESC, number DESC LIMIT ?";
    /** About what a row has beside the event's own bytes. */
    private static final int ROW = 192;
    /** Smaller batches share blocks with others, later. */
    private static final int WORTH_A_BLOCK = EventBlock.EVENTS / 2;
    /** For how many rows there is room from the start: the header says how many come, and may lie. */
    private static final int MOST_ROWS = 65_536;

    private static final Pattern ADDRESS = Pattern.compile("[0-9A-Fa-f:.%a-z]{2,60}");
    private static final int LONGEST_WORD = 1_000;
    /** How far a sensor's clock may be ahead: an event cannot come before it happens. */
    private static final Duration SKEW = Duration.ofDays(1);

    private final EventBlockStore blocks = new EventBlockStore();

    /** Rows to be put. For one thread. */
    static final class Rows {
        private final CopyBinary copy;
        private final BatchHeader header;
        private final Instant now;
        private final byte[] host;
        private final byte[] sensor;
        private final int blockSize;
        private final List<EventBlock> blocks = new ArrayList<>();
        private EventBlock.@Nullable Draft block;
        private int size;

        /** @param bytes of the batch that they are of */
        Rows(String host, BatchHeader header, int bytes, Instant now) {
            this.copy = new CopyBinary(
                    COLUMNS, Math.addExact(bytes, Math.multiplyExact(ROW, Math.min(header.count(), MOST_ROWS))));
            this.header = header;
            this.now = now;
            this.host = host.getBytes(StandardCharsets.UTF_8);
            this.sensor = header.sensor().getBytes(StandardCharsets.UTF_8);
            int parts = Math.ceilDiv(Math.max(header.count(), 1), EventBlock.EVENTS);
            this.blockSize = Math.ceilDiv(header.count(), parts);
            this.block = header.count() < WORTH_A_BLOCK ? null : new EventBlock.Draft();
        }

        void add(SentEvent sent) {
            Event event = sent.event();
            Instant at = Objects.requireNonNullElse(sent.at(), now);
            String action = word(event.action());
            String user = word(event.text("user.name"));
            List<String> ips = addresses(event);
            String process = word(process(event));
            copy.row()
                    .time(now)
                    .time(at)
                    .uuid(header.stream())
                    .bigint(sent.number())
                    .bytes(host, 0, host.length)
                    .bytes(sensor, 0, sensor.length)
                    .text(action)
                    .text(user)
                    .texts(ips)
                    .text(process)
                    .bytes(sent.batch(), sent.from(), sent.to());
            size++;
            if (block != null) {
                block.grams().add(sent.batch(), sent.from(), sent.to());
                block.grams().add(action, user, process, ips);
                block.add(header.stream(), sent.number(), at, now);
                if (block.events() == blockSize) {
                    blocks.add(block.take());
                }
            }
        }

        /** All of them; empty where they are too few for one. */
        List<EventBlock> blocks() {
            if (block != null && block.events() > 0) {
                blocks.add(block.take());
            }
            return List.copyOf(blocks);
        }

        int size() {
            return size;
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
        Conditions when = when(filter, after);
        return transaction.list(
                "SELECT " + SHOWN + " FROM events WHERE " + when.all() + ORDER,
                TelemetryStore::line,
                when.and(limit).parameters());
    }

    /** Those of the newest that fit. @param newest how many are looked at */
    List<Line> amongNewest(
            Transaction transaction, EventFilter filter, EventFilter.@Nullable Key after, int limit, int newest) {
        Conditions when = when(filter, after);
        Conditions fits = new Conditions();
        filter.addTo(fits);
        return transaction.list(
                "SELECT " + SHOWN + " FROM (SELECT * FROM events WHERE " + when.all() + ORDER + ") AS newest WHERE "
                        + fits.all() + ORDER,
                TelemetryStore::line,
                when.and(newest).and(fits).and(limit).parameters());
    }

    /** Those of ranges that fit. @param receivedFrom none of them came before @param receivedTo none came after */
    List<Line> within(
            Transaction transaction,
            EventFilter filter,
            EventFilter.@Nullable Key after,
            int limit,
            List<EventBlock.Range> ranges,
            Instant receivedFrom,
            Instant receivedTo) {
        if (ranges.isEmpty()) {
            return List.of();
        }
        Conditions parameters = new Conditions()
                .and(SqlArray.uuids(
                        ranges.stream().map(EventBlock.Range::stream).toList()))
                .and(SqlArray.longs(ranges.stream().map(EventBlock.Range::from).toList()))
                .and(SqlArray.longs(ranges.stream().map(EventBlock.Range::to).toList()));
        Conditions fits = when(filter, after);
        filter.addTo(fits);
        fits.add("received_at BETWEEN ? AND ?", receivedFrom).and(receivedTo);
        return transaction.list(
                "SELECT " + SHOWN + " FROM unnest(?, ?, ?) AS r(of_stream, from_number, to_number) CROSS JOIN LATERAL ("
                        + "SELECT * FROM events WHERE stream = of_stream AND number BETWEEN from_number AND to_number AND "
                        + fits.all() + " OFFSET 0) AS e" + ORDER,
                TelemetryStore::line,
                parameters.and(fits).and(limit).parameters());
    }

    private static Conditions when(EventFilter filter, EventFilter.@Nullable Key after) {
        Conditions when = new Conditions();
        filter.addTimes(when);
        if (filter.from() != null) {
            // Partitions of days that were over before need not be looked at.
            when.add("received_at >= ?", filter.from().minus(SKEW));
        }
        if (after != null) {
            when.add("(at, stream, number) < (?, ?, ?)", after.at())
                    .and(after.stream())
                    .and(after.number());
        }
        return when;
    }

    Optional<Line> find(Transaction transaction, UUID stream, long number) {
        return transaction.first(
                "SELECT " + SHOWN + " FROM events WHERE stream = ? AND number = ?",
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

    /** Drops days that ended before. @return 0: what is dropped is dropped at once */
    int forget(Transaction transaction, Instant before) {
        Partitions.endedBefore(transaction, TABLE, before).forEach(day -> Partitions.drop(transaction, day));
        blocks.forget(transaction);
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
        blocks.forget(transaction);
        return true;
    }
}
