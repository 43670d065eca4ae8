package dev.panoptes.server.detections;

import dev.panoptes.detection.intent.Intent;
import dev.panoptes.detection.intent.Maintenance;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;

/** What is declared now, read again every few seconds: any replica may have judged a registry. Thread-safe. */
final class Intents {
    private static final Duration REVIEW = Duration.ofSeconds(2);
    /** Events come late: a maintenance that is over still weighs what happened meanwhile. */
    private static final Duration LATE = Duration.ofHours(24);

    private final Database database;
    private final InstantSource clock;
    private final BiFunction<Transaction, Instant, List<Maintenance>> maintenances;
    private final DeclaredStore store = new DeclaredStore();
    private final AtomicReference<Read> read = new AtomicReference<>(new Read(Instant.MIN, Intent.NONE));

    private record Read(Instant at, Intent intent) {}

    /** @param maintenances those that were not over at a time */
    Intents(Database database, InstantSource clock, BiFunction<Transaction, Instant, List<Maintenance>> maintenances) {
        this.database = database;
        this.clock = clock;
        this.maintenances = maintenances;
    }

    Intent now() {
        Read before = read.get();
        Instant now = clock.instant();
        if (before.at().isAfter(now.minus(REVIEW)) && !before.at().isAfter(now)) {
            return before.intent();
        }
        Intent intent = database.transaction(this::now);
        // Whoever else read meanwhile read the same or newer things.
        read.compareAndSet(before, new Read(now, intent));
        return intent;
    }

    /** As a transaction sees it. */
    Intent now(Transaction transaction) {
        return new Intent(
                store.all(transaction),
                maintenances.apply(transaction, clock.instant().minus(LATE)));
    }
}
