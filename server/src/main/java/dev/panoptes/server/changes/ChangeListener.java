package dev.panoptes.server.changes;

import dev.panoptes.server.storage.Transaction;
import java.time.Instant;
import java.util.List;

/** Hears of changes while they are made. What it writes, it writes in the same transaction; it does no other I/O. */
@FunctionalInterface
public interface ChangeListener {
    /** @param changes that were made together, at least one, in their order; heed only the kinds that you know */
    void changed(Transaction transaction, List<Change> changes, Instant at);
}
