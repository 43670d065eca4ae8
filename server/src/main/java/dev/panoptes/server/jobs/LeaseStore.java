package dev.panoptes.server.jobs;

import dev.panoptes.server.storage.Transaction;
import java.time.Duration;
import java.util.Optional;

/** The table {@code leases}. Every time in it is the database's. */
final class LeaseStore {
    /** Takes it where nobody has it; never waits for anybody. @return the number of this taking */
    Optional<Long> take(Transaction transaction, String name, String holder, Duration length) {
        introduce(transaction, name);
        return takeKnown(transaction, name, holder, length);
    }

    void introduce(Transaction transaction, String name) {
        transaction.update("""
                INSERT INTO leases (name, run, holder, until) VALUES (?, 0, '', '-infinity') ON CONFLICT (name) DO NOTHING
                """, name);
    }

    private static Optional<Long> takeKnown(Transaction transaction, String name, String holder, Duration length) {
        return transaction.first("""
                UPDATE leases SET run = run + 1, holder = ?, until = clock_timestamp() + make_interval(secs => ?)
                WHERE name = (SELECT name FROM leases WHERE name = ? AND until <= clock_timestamp() FOR UPDATE SKIP LOCKED)
                RETURNING run
                """, row -> row.bigint("run"), holder, seconds(length), name);
    }

    /** False where somebody else has taken it since. */
    boolean renew(Transaction transaction, String name, long run, Duration length) {
        return transaction.update(
                        "UPDATE leases SET until = clock_timestamp() + make_interval(secs => ?) WHERE name = ? AND run = ?",
                        seconds(length),
                        name,
                        run)
                == 1;
    }

    /** True where nobody has taken it since; and nobody can before this transaction ends. */
    boolean lock(Transaction transaction, String name, long run) {
        return transaction
                .first(
                        "SELECT run FROM leases WHERE name = ? AND run = ? FOR UPDATE",
                        row -> row.bigint("run"),
                        name,
                        run)
                .isPresent();
    }

    void release(Transaction transaction, String name, long run) {
        transaction.update("UPDATE leases SET until = '-infinity' WHERE name = ? AND run = ?", name, run);
    }

    void releaseAll(Transaction transaction) {
        transaction.update("UPDATE leases SET until = '-infinity'");
    }

    boolean held(Transaction transaction, String name) {
        return transaction.one(
                "SELECT EXISTS (SELECT FROM leases WHERE name = ? AND until > clock_timestamp()) AS held",
                row -> row.bool("held"),
                name);
    }

    private static double seconds(Duration length) {
        return length.toMillis() / 1e3;
    }
}
