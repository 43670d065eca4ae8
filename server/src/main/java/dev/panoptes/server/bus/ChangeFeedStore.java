package dev.panoptes.server.bus;

import dev.panoptes.server.storage.Transaction;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the table {@code changes}, for those that are told over NATS. */
final class ChangeFeedStore {
    /** Ids are taken before they are committed: what is younger may still have one before it. */
    private static final String SETTLED = "interval '3 seconds'";

    /** @param rulesChanged of a configuration: whether its rules are others than those of the version before */
    record Happened(
            long id,
            Instant at,
            String kind,
            String subject,
            @Nullable String from,
            @Nullable String to,
            String actor,
            boolean rulesChanged) {}

    long newest(Transaction transaction) {
        return transaction.one("SELECT coalesce(max(id), 0) AS id FROM changes", row -> row.bigint("id"));
    }

    /** Oldest first. */
    List<Happened> after(Transaction transaction, long id, int limit) {
        return transaction.list(
                "SELECT id, at, kind, subject, from_state, to_state, actor,"
                        + " coalesce((data ->> 'rules_changed')::boolean, false) AS rules_changed FROM changes"
                        + " WHERE id > ? AND at < now() - " + SETTLED + " ORDER BY id LIMIT ?",
                row -> new Happened(
                        row.bigint("id"),
                        row.instant("at"),
                        row.text("kind"),
                        row.text("subject"),
                        row.textOrNull("from_state"),
                        row.textOrNull("to_state"),
                        row.text("actor"),
                        row.bool("rules_changed")),
                id,
                limit);
    }
}
