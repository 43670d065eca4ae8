package dev.panoptes.server.replicas;

import dev.panoptes.server.life.CannotStart;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.DatabaseAddress;
import dev.panoptes.server.storage.DatabaseUnavailable;
import dev.panoptes.server.storage.StorageFailure;
import java.time.Duration;
import java.util.List;

/** The servers on a database, for somebody who looks at it from outside. */
public final class ReplicaList {
    private static final Duration LATELY = Duration.ofMinutes(1);

    private ReplicaList() {}

    /** One line for each server that was heard of in the last minute, or one that says why none can be told. */
    public static List<String> lines(String databaseUrl) {
        try (Database database = new Database(DatabaseAddress.parse(databaseUrl), 1)) {
            List<Replica> living = database.transaction(transaction -> new ReplicaStore().living(transaction, LATELY));
            return living.isEmpty()
                    ? List.of("none was heard of in the last minute")
                    : living.stream().map(each -> line(each, living.getFirst())).toList();
        } catch (CannotStart | DatabaseUnavailable | StorageFailure e) {
            return List.of("cannot be told: " + e.getMessage());
        }
    }

    private static String line(Replica replica, Replica first) {
        List<String> differences = replica.differences(first);
        return replica.name() + ", version " + replica.version() + ", "
                + (differences.isEmpty() ? "agrees" : "DIFFERS: " + String.join(" and ", differences));
    }
}
