package dev.panoptes.server.auth;

import dev.panoptes.server.health.Exposition;
import dev.panoptes.server.health.MetricSource;
import dev.panoptes.server.storage.Database;
import java.time.InstantSource;

/** Whether somebody is guessing. */
public final class LoginMetrics implements MetricSource {
    private final Database database;
    private final LockoutStore store = new LockoutStore();
    private final InstantSource clock;

    LoginMetrics(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    @Override
    public void write(Exposition out) {
        int locked = database.transaction(transaction -> store.locked(transaction, clock.instant()));
        out.gauge(
                "panoptes_login_locks",
                "Names and addresses that may not log in for now, after too many wrong passwords.",
                locked);
    }
}
