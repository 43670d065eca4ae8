package dev.panoptes.server.oidc;

import dev.panoptes.server.auth.Secrets;
import dev.panoptes.server.storage.Database;
import java.time.Instant;

/** The table {@code oidc_returns}. */
final class OidcStore {
    private final Database database;

    OidcStore(Database database) {
        this.database = database;
    }

    /** False for a login that has come back before, to any replica. @param ends when it is too old to come back */
    boolean firstReturn(String state, Instant ends, Instant now) {
        return database.transaction(transaction -> {
            transaction.update("DELETE FROM oidc_returns WHERE expires_at <= ?", now);
            return transaction.update(
                            "INSERT INTO oidc_returns (state, expires_at) VALUES (?, ?) ON CONFLICT DO NOTHING",
                            Secrets.hash(state),
                            ends)
                    == 1;
        });
    }
}
