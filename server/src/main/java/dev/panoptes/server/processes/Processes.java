package dev.panoptes.server.processes;

import dev.panoptes.core.event.Event;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.Transaction;
import dev.panoptes.server.telemetry.TelemetryListener;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** Keeps what runs on each host, as its proc sensor tells it. */
final class Processes implements TelemetryListener {
    private final Database database;
    private final InstantSource clock;
    private final ProcessStore store = new ProcessStore();

    Processes(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Events that were stored before say again what they said: nothing here is counted. */
    @Override
    public Hearing begin(String host) {
        Told.Gathering gathering = new Told.Gathering(clock.instant());
        return new Hearing() {
            @Override
            public void hear(Event event) {
                gathering.add(event);
            }

            @Override
            public void stored(Transaction transaction) {
                Told told = gathering.told();
                store.put(transaction, host, told.processes());
                store.used(transaction, host, told.usages());
                Told.Usage last = told.last();
                if (last != null) {
                    store.reconcile(transaction, host, last);
                }
            }
        };
    }

    ProcessStore.Counts counts(String host) {
        return database.transaction(transaction -> store.counts(transaction, host));
    }

    List<ProcessLine> list(String host, boolean running, String text, int limit, int skip) {
        return database.transaction(transaction -> store.list(transaction, host, running, text, limit, skip));
    }

    List<UsageLine> usage(String host, Duration span) {
        return database.transaction(
                transaction -> store.usage(transaction, host, clock.instant().minus(span)));
    }
}
