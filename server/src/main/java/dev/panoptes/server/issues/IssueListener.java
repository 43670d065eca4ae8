package dev.panoptes.server.issues;

import dev.panoptes.server.storage.Transaction;

/** Is told of changes in the transaction that makes them, so that what it writes is there if and only if they are. */
@FunctionalInterface
public interface IssueListener {
    /** @param changes not empty */
    void changed(Transaction transaction, IssueChanges changes);
}
