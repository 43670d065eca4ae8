package dev.panoptes.server.changes;

import dev.panoptes.server.storage.Transaction;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;

/** Takes changes. The only writer of their table; stateless, safe to share. */
public final class Changes {
    private final InstantSource clock;
    private final ChangeStore store = new ChangeStore();
    private final List<ChangeListener> listeners;

    /** @param listeners told of every change, in their order, within its transaction */
    public Changes(InstantSource clock, List<ChangeListener> listeners) {
        this.clock = clock;
        this.listeners = List.copyOf(listeners);
    }

    /** The same, that tells one more: what that one changes itself, it does not hear. */
    public Changes telling(ChangeListener listener) {
        return new Changes(
                clock, Stream.concat(listeners.stream(), Stream.of(listener)).toList());
    }

    /** Writes a change down in the transaction that made it: either both are there or neither. */
    public void record(Transaction transaction, Change change) {
        record(transaction, List.of(change), clock.instant());
    }

    /** The same of several that happened at one moment, such as everything that one report changed. */
    public void record(Transaction transaction, List<Change> changes, Instant at) {
        if (changes.isEmpty()) {
            return;
        }
        store.insert(transaction, changes, at);
        for (ChangeListener listener : listeners) {
            listener.changed(transaction, changes, at);
        }
    }

    /** Takes away what is older, but the last of every subject that goes on. @return how many, at most {@code limit} */
    public int forget(Transaction transaction, Instant before, int limit) {
        return store.forget(transaction, before, limit);
    }
}
