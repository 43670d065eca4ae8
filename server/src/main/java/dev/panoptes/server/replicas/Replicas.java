package dev.panoptes.server.replicas;

import dev.panoptes.server.health.Component;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.DatabaseUnavailable;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This server among those that share its database. Each says of itself which registry it reads and which secret it signs with;
 * the one that is there longest is what the others are compared with. Who differs takes no work that one does for all, so that
 * nothing it believes is stored in the others' place.
 */
public final class Replicas implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Replicas.class);
    /** It is said so many times before the length of a lease is over. */
    private static final int BEATS = 3;

    private static final Duration FORGOTTEN = Duration.ofHours(1);

    private final Database database;
    private final Duration length;
    private final String name;
    private final String version;
    private final Supplier<@Nullable String> registry;
    private final String keyId;
    private final boolean alone;
    private final ReplicaStore store = new ReplicaStore();
    private final String id = UUID.randomUUID().toString();
    private final AtomicReference<List<String>> told = new AtomicReference<>(List.of());
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread = Thread.ofVirtual().name("replicas").unstarted(this::live);

    /**
     * @param length after so long a replica that is not heard of is taken for dead
     * @param registry the digest of the registry as it is now; null where it cannot be read
     * @param alone no other server can use this database: rows of others are of dead ones
     */
    Replicas(
            Database database,
            Duration length,
            String name,
            String version,
            Supplier<@Nullable String> registry,
            String keyId,
            boolean alone) {
        this.database = database;
        this.length = length;
        this.name = name;
        this.version = version;
        this.registry = registry;
        this.keyId = keyId;
        this.alone = alone;
    }

    void start() {
        if (alone) {
            database.execute(transaction -> store.forget(transaction, Duration.ZERO));
        }
        look();
        thread.start();
    }

    /**
     * In what this replica is another than the one that is there longest, as both are now.
     *
     * @return each as a sentence's end, such as {@code reads another registry than ...}; empty where they agree
     */
    public List<String> differences() {
        return look();
    }

    /** Whether it may do what one replica does for all. */
    public boolean agrees() {
        return look().isEmpty();
    }

    private List<String> look() {
        String digest = registry.get();
        List<Replica> living = database.transaction(transaction -> {
            store.beat(transaction, id, name, version, digest, keyId);
            return store.living(transaction, length);
        });
        List<String> differences = living.stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .map(me -> me.differences(living.getFirst()))
                .orElse(List.of());
        if (!differences.equals(told.getAndSet(differences))) {
            if (differences.isEmpty()) {
                LOG.info("this replica agrees with the others again");
            } else {
                LOG.atWarn()
                        .addKeyValue("differences", differences)
                        .log("this replica is another than those before it, and stores nothing in their place");
            }
        }
        return differences;
    }

    List<Replica> living() {
        return database.transaction(transaction -> store.living(transaction, length));
    }

    String id() {
        return id;
    }

    /** Healthy where all agree. */
    Component.State state() {
        if (alone) {
            return Component.State.NOT_CONFIGURED;
        }
        try {
            List<Replica> living = living();
            return living.stream()
                            .allMatch(
                                    each -> each.differences(living.getFirst()).isEmpty())
                    ? Component.State.HEALTHY
                    : Component.State.UNHEALTHY;
        } catch (DatabaseUnavailable e) {
            LOG.atDebug().setCause(e).log("nobody can say whether the replicas agree");
            return Component.State.UNKNOWN;
        }
    }

    private void live() {
        try {
            while (!closing.await(length.toMillis() / BEATS, TimeUnit.MILLISECONDS)) {
                try {
                    look();
                    database.execute(transaction -> store.forget(transaction, FORGOTTEN));
                } catch (DatabaseUnavailable e) {
                    LOG.atDebug().setCause(e).log("replicas wait for the database");
                } catch (RuntimeException e) {
                    LOG.atError().setCause(e).log("the replicas could not be compared");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Leaves, so that nobody is compared with it any more. */
    @Override
    public void close() {
        closing.countDown();
        thread.interrupt();
        try {
            thread.join();
            database.execute(transaction -> store.leave(transaction, id));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (DatabaseUnavailable e) {
            LOG.atDebug().setCause(e).log("a replica is forgotten by itself");
        }
    }
}
