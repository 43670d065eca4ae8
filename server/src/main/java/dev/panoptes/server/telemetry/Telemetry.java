package dev.panoptes.server.telemetry;

import dev.panoptes.core.event.Event;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Takes batches: drops what is there already, notes what will never come, stores the rest and tells the listeners, in one
 * transaction. A stream is taken by one transaction at a time.
 */
public final class Telemetry {
    static final String UNEXPLAINED = "unexplained";
    /** How long a search reads before it says how far it came. */
    private static final Duration MOMENT = Duration.ofMillis(200);

    private final Database database;
    private final InstantSource clock;
    private final List<TelemetryListener> listeners;
    private final StreamLedgerStore ledger = new StreamLedgerStore();
    private final TelemetryStore events = new TelemetryStore();
    private final EventBlockStore blocks = new EventBlockStore();
    private final EventSearch search = new EventSearch(events, blocks, MOMENT);
    private final EventCounts counts;
    private final EventHours hours;
    private final AtomicLong taken = new AtomicLong();

    Telemetry(Database database, InstantSource clock, List<TelemetryListener> listeners) {
        this.database = database;
        this.clock = clock;
        this.listeners = List.copyOf(listeners);
        this.counts = new EventCounts(database, clock);
        this.hours = new EventHours(database, clock);
    }

    /** How many events came when. */
    public EventCounts counts() {
        return counts;
    }

    /** The same of a week, by the hour. */
    public EventHours hours() {
        return hours;
    }

    /** What became of a batch. */
    sealed interface Taken {
        /** Everything up to this number need not be sent again. */
        record Stored(long acknowledged) implements Taken {}

        /** It is no batch. @param reason one sentence without a full stop */
        record Refused(String reason) implements Taken {}

        /** The stream is another host's. */
        record NotYours() implements Taken {}
    }

    /** @param host whose observer sends it */
    Taken take(String host, BatchReader.Batch batch) {
        Instant now = clock.instant();
        Draft draft = draft(host, batch, 0, now);
        if (draft.refused() != null) {
            return new Taken.Refused(draft.refused());
        }
        Taken result = database.transaction(transaction -> store(transaction, host, batch, draft, now));
        if (result instanceof Taken.Stored) {
            taken.addAndGet(batch.header().count());
        }
        return result;
    }

    /**
     * All that is to be written of the events of a batch. Each event is forgotten once it is drafted.
     *
     * @param losses reason -> how many, as sources tell of what they lost
     * @param refused why it is no batch; null where it is one
     */
    private record Draft(
            TelemetryStore.Rows rows,
            Map<String, Long> losses,
            List<TelemetryListener.Hearing> heard,
            @Nullable String refused) {}

    /** @param known the number up to which they were stored before */
    private Draft draft(String host, BatchReader.Batch batch, long known, Instant now) {
        TelemetryStore.Rows rows = new TelemetryStore.Rows(host, batch.header(), batch.size(), now);
        Map<String, Long> losses = new TreeMap<>();
        List<TelemetryListener.Hearing> heard =
                listeners.stream().map(listener -> listener.begin(host)).toList();
        String refused = batch.each(sent -> {
            if (sent.number() > known) {
                rows.add(sent);
                lost(sent.event(), losses);
                heard.forEach(one -> one.hear(sent.event()));
            }
        });
        return new Draft(rows, losses, heard, refused);
    }

    /** What a source lost, as its sensor tells in an event. */
    private static void lost(Event event, Map<String, Long> losses) {
        if ("lost".equals(event.action())) {
            Long count = event.number("event.count");
            losses.merge(
                    Objects.requireNonNullElse(event.text("event.reason"), UNEXPLAINED),
                    count == null ? 0L : Math.clamp(count, 0L, (long) Integer.MAX_VALUE),
                    Long::sum);
        }
    }

    /** How many events this replica has been sent since its start. */
    long taken() {
        return taken.get();
    }

    private Taken store(Transaction transaction, String host, BatchReader.Batch batch, Draft whole, Instant now) {
        BatchHeader header = batch.header();
        long begins =
                header.lost().stream().mapToLong(BatchHeader.Lost::from).min().orElse(header.first());
        StreamLedgerStore.Stream stream =
                ledger.lock(transaction, header.stream(), host, header.sensor(), Math.min(begins, header.first()), now);
        if (!stream.host().equals(host) || !stream.sensor().equals(header.sensor())) {
            return new Taken.NotYours();
        }
        long before = stream.acknowledged();
        int known = Math.clamp(before - header.first() + 1, 0, header.count());
        Draft fresh = known == 0 ? whole : draft(host, batch, before, now);
        long told = header.lost().stream().mapToLong(BatchHeader.Lost::to).max().orElse(0);
        // A stream that is heard of for the first time may begin anywhere only where the sensor says what went before.
        List<BatchHeader.Lost> missing = missing(before + 1, header);
        long acknowledged = Math.max(before, Math.max(header.count() > 0 ? header.last() : 0, told));
        ledger.gaps(transaction, header.stream(), missing, now);
        events.put(transaction, fresh.rows());
        boolean indexed = stream.indexed() == before && index(transaction, fresh.rows());
        fresh.losses().forEach((reason, count) -> ledger.lost(transaction, header.stream(), reason, count));
        Long appended = header.appended();
        ledger.advance(
                transaction,
                header.stream(),
                acknowledged,
                Math.max(acknowledged, appended == null ? 0 : appended),
                header.count() - known,
                known,
                now);
        if (indexed) {
            blocks.indexed(transaction, header.stream(), acknowledged);
        }
        if (known < header.count()) {
            fresh.heard().forEach(one -> one.stored(transaction));
        }
        return new Taken.Stored(acknowledged);
    }

    /** Whether rows are all in blocks now: few are left for later. */
    private boolean index(Transaction transaction, TelemetryStore.Rows rows) {
        List<EventBlock> made = rows.blocks();
        made.forEach(block -> blocks.put(transaction, block));
        return rows.size() == 0 || !made.isEmpty();
    }

    /** Numbers from {@code expected} to the first event that did not come: as the sensor explains them, or unexplained. */
    static List<BatchHeader.Lost> missing(long expected, BatchHeader header) {
        List<BatchHeader.Lost> missing = new ArrayList<>();
        long at = expected;
        for (BatchHeader.Lost lost : header.lost().stream()
                .sorted(Comparator.comparingLong(BatchHeader.Lost::from))
                .toList()) {
            if (lost.to() < at) {
                continue;
            }
            if (lost.from() > at) {
                missing.add(new BatchHeader.Lost(at, lost.from() - 1, UNEXPLAINED));
            }
            missing.add(new BatchHeader.Lost(Math.max(at, lost.from()), lost.to(), lost.reason()));
            at = lost.to() + 1;
        }
        if (header.count() > 0 && header.first() > at) {
            missing.add(new BatchHeader.Lost(at, header.first() - 1, UNEXPLAINED));
        }
        return missing;
    }

    /** What is said to a batch that came another way than by a call. */
    public sealed interface Said {
        /** Everything up to this number need not be sent again. */
        record Acknowledged(UUID stream, long number) implements Said {}

        /** @param reason one sentence without a full stop */
        record Refused(String reason) implements Said {}
    }

    /** @param host whose observer sends it @param gzip a batch as {@code POST /api/v1/telemetry} takes it, compressed */
    public Said take(String host, byte[] gzip) {
        return switch (BatchReader.open(gzip, true)) {
            case BatchReader.Result.Refused(String reason) -> new Said.Refused("it is no batch of events: " + reason);
            case BatchReader.Result.TooLarge() -> new Said.Refused("it is too large when it is unpacked");
            case BatchReader.Result.Opened(BatchReader.Batch batch) ->
                switch (take(host, batch)) {
                    case Taken.Stored(long number) -> new Said.Acknowledged(batch.header().stream(), number);
                    case Taken.Refused(String reason) -> new Said.Refused("it is no batch of events: " + reason);
                    case Taken.NotYours() -> new Said.Refused("this stream is another host's or sensor's");
                };
        };
    }

    /** Up to where a host's stream is stored; 0 where nothing of it is. */
    public long acknowledged(String host, UUID stream) {
        return database.transaction(transaction -> ledger.acknowledged(transaction, stream, host));
    }

    List<StreamLedgerStore.Entry> streams() {
        return database.transaction(ledger::entries);
    }

    EventSearch.Found page(EventFilter filter, EventFilter.@Nullable Key after, int limit) {
        return database.transaction(transaction -> search.page(transaction, filter, after, limit));
    }

    Optional<TelemetryStore.Line> find(UUID stream, long number) {
        return database.transaction(transaction -> events.find(transaction, stream, number));
    }
}
