package dev.panoptes.server.jobs;

import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.DatabaseUnavailable;
import dev.panoptes.server.storage.Transaction;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rights that one replica at a time has, for as long as it lives: they are renewed while they are held, and one that is not
 * renewed for the length of a lease may be taken by another replica. Whoever was only asleep finds out in the transaction that
 * matters, by {@link Lease#confirm}.
 */
public final class Leases {
    private static final Logger LOG = LoggerFactory.getLogger(Leases.class);
    /** A lease is renewed so many times before it runs out. */
    private static final int RENEWALS = 3;

    private final Database database;
    private final Duration length;
    private final BooleanSupplier eligible;
    private final LeaseStore store = new LeaseStore();
    /** For people who look into the table: the process. Told apart by the rest, for containers share process ids. */
    private final String me = ProcessHandle.current().pid() + " " + UUID.randomUUID();

    /**
     * @param length after so long a replica that is not heard of has lost what it holds
     * @param eligible whether this replica may take anything now
     */
    public Leases(Database database, Duration length, BooleanSupplier eligible) {
        this.database = database;
        this.length = length;
        this.eligible = eligible;
    }

    Duration length() {
        return length;
    }

    /** Empty where it is held, by whomever, and where this replica may take none. The caller closes it. */
    public Optional<Lease> take(String name) {
        if (!eligible.getAsBoolean()) {
            return Optional.empty();
        }
        return database.transaction(transaction -> store.take(transaction, name, me, length))
                .map(run -> new Lease(name, run));
    }

    /** Makes its row, so that a first taking adds none. */
    void introduce(Transaction transaction, String name) {
        store.introduce(transaction, name);
    }

    /** Whether somebody holds it now. */
    public boolean held(String name) {
        return database.transaction(transaction -> store.held(transaction, name));
    }

    /** For a start where no other server uses this database: whoever holds something is dead. */
    public void releaseAll() {
        database.execute(store::releaseAll);
    }

    /** A right that is held. Closing it gives it back at once. */
    public final class Lease implements AutoCloseable {
        private final String name;
        private final long run;
        private final CountDownLatch over = new CountDownLatch(1);

        private Lease(String name, long run) {
            this.name = name;
            this.run = run;
            Thread.ofVirtual().name("lease " + name).start(this::live);
        }

        /**
         * Makes sure that nobody has taken it meanwhile, and that nobody does before this transaction ends.
         *
         * @throws LeaseLost where somebody has; then the transaction must not commit
         */
        public void confirm(Transaction transaction) {
            if (!store.lock(transaction, name, run)) {
                throw new LeaseLost(name);
            }
        }

        private void live() {
            try {
                while (!over.await(length.toMillis() / RENEWALS, TimeUnit.MILLISECONDS)) {
                    if (!renewed()) {
                        return;
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private boolean renewed() {
            try {
                return database.transaction(transaction -> store.renew(transaction, name, run, length));
            } catch (DatabaseUnavailable e) {
                // Whoever else wants it cannot reach the database either, or has taken it when it is back.
                LOG.atDebug().setCause(e).addKeyValue("lease", name).log("a lease could not be renewed");
                return true;
            } catch (RuntimeException e) {
                LOG.atError().setCause(e).addKeyValue("lease", name).log("a lease could not be renewed");
                return false;
            }
        }

        @Override
        public void close() {
            over.countDown();
            try {
                database.execute(transaction -> store.release(transaction, name, run));
            } catch (DatabaseUnavailable e) {
                LOG.atDebug().setCause(e).addKeyValue("lease", name).log("a lease runs out by itself");
            }
        }
    }
}
