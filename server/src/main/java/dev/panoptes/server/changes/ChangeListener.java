package dev.panoptes.server.changes;

import dev.panoptes.server.storage.Transaction;

/** Hears of changes while they are made. What it writes, it writes in the same transaction; it does no other I/O. */
@FunctionalInterface
public interface ChangeListener {
    void changed(Transaction transaction, Change change);
}
