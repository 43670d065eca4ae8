package dev.panoptes.server.changes;

import dev.panoptes.server.http.Json;
import dev.panoptes.server.storage.Transaction;
import java.time.InstantSource;
import java.util.Locale;

/** The table of changes. */
final class ChangeStore {
    private final InstantSource clock;

    ChangeStore(InstantSource clock) {
        this.clock = clock;
    }

    void insert(Transaction transaction, Change change) {
        transaction.update(
                """
                INSERT INTO changes (at, kind, subject, host, from_state, to_state, actor, via, address, cause, data)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb)
                """,
                clock.instant(),
                change.kind(),
                change.subject(),
                change.host(),
                change.from(),
                change.to(),
                change.actor().name(),
                change.actor().via().name().toLowerCase(Locale.ROOT),
                change.actor().address(),
                change.cause(),
                Json.writeText(change.data()));
    }
}
