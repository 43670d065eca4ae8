package dev.panoptes.server.audit;

import dev.panoptes.server.changes.Actor;
import dev.panoptes.server.changes.Change;
import dev.panoptes.server.changes.ChangeListener;
import dev.panoptes.server.http.Json;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.Row;
import dev.panoptes.server.storage.Transaction;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The audit log. Whoever changes something writes its line in the same transaction, so that neither is there alone. */
public final class AuditStore implements ChangeListener {
    private final Database database;
    private final InstantSource clock;

    public AuditStore(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    @Override
    public void changed(Transaction transaction, List<Change> changes, Instant at) {
        for (Change change : changes) {
            Change.Audited line = change.audited();
            if (line != null) {
                record(transaction, change.actor(), line.action(), change.subject(), line.before(), line.after());
            }
        }
    }

    /**
     * For what is no change of state, such as a login.
     *
     * @param action dotted, what was done: {@code token.create}
     * @param target what it was done to
     * @param before null for something new; no secrets
     * @param after null for something that is gone; no secrets
     */
    public void record(
            Transaction transaction,
            Actor actor,
            String action,
            String target,
            @Nullable Map<String, ?> before,
            @Nullable Map<String, ?> after) {
        transaction.update(
                """
                INSERT INTO audit (at, actor, via, address, action, target, before, after)
                VALUES (?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb)
                """,
                clock.instant(),
                actor.name(),
                actor.via().name().toLowerCase(Locale.ROOT),
                actor.address(),
                action,
                target,
                before == null ? null : Json.writeText(before),
                after == null ? null : Json.writeText(after));
    }

    /** Newest first. @param before only lines with a smaller id */
    List<AuditLine> page(long before, int limit) {
        return database.transaction(transaction -> transaction.list("""
            SELECT id, at, actor, via, address, action, target, before, after
            FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?
            """, AuditStore::line, before, limit));
    }

    private static AuditLine line(Row row) {
        return new AuditLine(
                row.bigint("id"),
                row.instant("at"),
                row.text("actor"),
                row.text("via"),
                row.textOrNull("address"),
                row.text("action"),
                row.text("target"),
                row.textOrNull("before"),
                row.textOrNull("after"));
    }

    /** Takes away lines that are older. @return how many, at most {@code limit} */
    public int forget(Transaction transaction, Instant before, int limit) {
        return transaction.update(
                "DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE at < ? ORDER BY at LIMIT ?)", before, limit);
    }
}
