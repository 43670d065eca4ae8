package dev.panoptes.server.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.storage.TestPostgres.Databases;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestPostgres.class)
@Timeout(120)
class PartitionsTest {
    private final Partitions partitions = new Partitions(InstantSource.system());

    @Test
    void aReplicaThatWaitedForAnotherFindsWhatThatMade(Databases databases)
            throws SQLException, ExecutionException, InterruptedException {
        DatabaseAddress address = databases.freshAddress();
        try (Database database = new Database(address, 2);
                Activity activity = new Activity(address);
                ExecutorService threads = Executors.newSingleThreadExecutor()) {
            Future<Boolean> second = database.transaction(transaction -> {
                partitions.ensure(transaction);
                Future<Boolean> started = threads.submit(() -> {
                    database.execute(partitions::ensure);
                    return true;
                });
                blocked(activity);
                return started;
            });
            assertThat(second.get()).isTrue();
            assertThat(database.<Integer>transaction(transaction -> transaction.one(
                            "SELECT count(*)::int AS n FROM pg_inherits WHERE inhparent = 'snapshots'::regclass",
                            row -> row.integer("n"))))
                    .isEqualTo(9);
        }
    }

    private static void blocked(Activity activity) {
        try {
            activity.awaitBlocked("pg_advisory_xact_lock");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
