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
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Takes batches: drops what is there already, notes what will never come, stores the rest and tells the listeners, in one
 * transaction. A stream is taken by one transaction at a time.
 */
public final class Telemetry {
    static final String UNEXPLAINED = "unexplained";

    private final Database database;
    private final InstantSource clock;
    private final List<TelemetryListener> listeners;
    private final StreamLedgerStore ledger = new StreamLedgerStore();
    private final TelemetryStore events = new TelemetryStore();
    private final AtomicLong taken = new AtomicLong();

    Telemetry(Database database, InstantSource clock, List<TelemetryListener> listeners) {
        this.database = database;
        this.clock = clock;
        this.listeners = List.copyOf(listeners);
    }

    /** What became of a batch. */
    sealed interface Taken {
        /** Everything up to this number need not be sent again. */
        record Stored(long acknowledged) implements Taken {}

        /** The stream is another host's. */
        record NotYours() implements Taken {}
    }

    /** @param host whose observer sends it */
    Taken take(String host, BatchHeader header, List<SentEvent> sent) {
        Instant now = clock.instant();
        List<Event> events = sent.stream().map(SentEvent::event).toList();
        List<TelemetryListener.Heard> heard =
                listeners.stream().map(listener -> listener.heard(host, events)).toList();
        Taken result = database.transaction(transaction -> store(transaction, host, header, sent, heard, now));
        if (result instanceof Taken.Stored) {
            taken.addAndGet(sent.size());
        }
        return result;
    }

    /** How many events this replica has been sent since its start. */
    long taken() {
        return taken.get();
    }

    private Taken store(
            Transaction transaction,
            String host,
            BatchHeader header,
            List<SentEvent> sent,
            List<TelemetryListener.Heard> heard,
            Instant now) {
        long begins =
                header.lost().stream().mapToLong(BatchHeader.Lost::from).min().orElse(header.first());
        StreamLedgerStore.Stream stream =
                ledger.lock(transaction, header.stream(), host, header.sensor(), Math.min(begins, header.first()), now);
        if (!stream.host().equals(host) || !stream.sensor().equals(header.sensor())) {
            return new Taken.NotYours();
        }
        long before = stream.acknowledged();
        List<SentEvent> fresh =
                sent.stream().filter(event -> event.number() > before).toList();
        long told = header.lost().stream().mapToLong(BatchHeader.Lost::to).max().orElse(0);
        // A stream that is heard of for the first time may begin anywhere only where the sensor says what went before.
        List<BatchHeader.Lost> missing = missing(before + 1, header);
        long acknowledged = Math.max(before, Math.max(header.count() > 0 ? header.last() : 0, told));
        ledger.gaps(transaction, header.stream(), missing, now);
        events.put(transaction, host, header, fresh, now);
        losses(transaction, header.stream(), fresh);
        Long appended = header.appended();
        ledger.advance(
                transaction,
                header.stream(),
                acknowledged,
                Math.max(acknowledged, appended == null ? 0 : appended),
                fresh.size(),
                sent.size() - fresh.size(),
                now);
        if (!fresh.isEmpty()) {
            // Their numbers ascend, so that what was stored before comes first.
            heard.forEach(one -> one.stored(transaction, sent.size() - fresh.size()));
        }
        return new Taken.Stored(acknowledged);
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

    /** What sources lost, as their sensors tell in events. */
    private void losses(Transaction transaction, UUID stream, List<SentEvent> fresh) {
        for (SentEvent sent : fresh) {
            if ("lost".equals(sent.event().action())) {
                String reason = sent.event().text("event.reason");
                Long count = sent.event().number("event.count");
                ledger.lost(transaction, stream, reason == null ? UNEXPLAINED : reason, count == null ? 0 : count);
            }
        }
    }

    List<StreamLedgerStore.Entry> streams() {
        return database.transaction(ledger::entries);
    }

    List<TelemetryStore.Line> page(
            EventFilter filter, EventFilter.@org.jspecify.annotations.Nullable Key after, int limit) {
        return database.transaction(transaction -> events.page(transaction, filter, after, limit));
    }

    Optional<TelemetryStore.Line> find(UUID stream, long number) {
        return database.transaction(transaction -> events.find(transaction, stream, number));
    }

    /** How many events came since. */
    public long countSince(Duration window) {
        return database.transaction(
                transaction -> events.countSince(transaction, clock.instant().minus(window)));
    }
}
