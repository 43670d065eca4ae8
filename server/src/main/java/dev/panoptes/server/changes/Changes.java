package dev.panoptes.server.changes;

import dev.panoptes.server.storage.Transaction;
import java.time.InstantSource;
import java.util.List;

/** Takes changes. The only writer of their table; stateless, safe to share. */
public final class Changes {
    private final ChangeStore store;
    private final List<ChangeListener> listeners;

    /** @param listeners told of every change, in their order, within its transaction */
    public Changes(InstantSource clock, List<ChangeListener> listeners) {
        this.store = new ChangeStore(clock);
        this.listeners = List.copyOf(listeners);
    }

    /** Writes a change down in the transaction that made it: either both are there or neither. */
    public void record(Transaction transaction, Change change) {
        store.insert(transaction, change);
        for (ChangeListener listener : listeners) {
            listener.changed(transaction, change);
        }
    }
}
