package dev.panoptes.server.storage;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The pool and the only way to a transaction. Callers wait their turn at a fair semaphore as large as the pool, not in the
 * pool; who waits too long gets {@link DatabaseUnavailable}. It recovers by itself when the database does.
 */
public final class Database implements AutoCloseable {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
    private static final Duration CONNECTION_WAIT = Duration.ofSeconds(2);
    private static final Duration IDLE = Duration.ofMinutes(2);

    /**
     * How long a transaction may be idle before the database ends it: a replica that is frozen in the middle of one must not
     * hold its locks, which others wait for.
     */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(10);

    private final DatabaseAddress address;
    private final HikariDataSource pool;
    private final int connections;
    private final Semaphore turns;
    private final LongAdder transactions = new LongAdder();

    /** Starts nothing: the first transaction opens the first connection. */
    public Database(DatabaseAddress address, int connections) {
        this.address = address;
        this.connections = connections;
        this.turns = new Semaphore(connections, true);
        HikariConfig config = new HikariConfig();
        config.setPoolName("panoptes");
        config.setDataSource(address.source());
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(1);
        if (connections > 1) {
            config.setIdleTimeout(IDLE.toMillis());
        }
        config.setConnectionTimeout(CONNECTION_WAIT.toMillis());
        config.setValidationTimeout(CONNECTION_WAIT.toMillis() / 2);
        config.setInitializationFailTimeout(-1);
        config.setAutoCommit(false);
        // Else what the pool asks by itself leaves a transaction open, and a new connection is ended before its first
        // use.
        config.setIsolateInternalQueries(true);
        config.setConnectionInitSql("SET idle_in_transaction_session_timeout = " + LONGEST_SILENCE.toMillis());
        this.pool = new HikariDataSource(config);
    }

    /** One transaction: commits what {@code work} did, or nothing of it when it throws. */
    public <T> T transaction(Function<Transaction, T> work) {
        awaitTurn();
        transactions.increment();
        try (Connection connection = connection()) {
            return run(connection, work);
        } catch (SQLException e) {
            throw Failures.of(e, "closing a connection");
        } finally {
            turns.release();
        }
    }

    /**
     * One statement that is a transaction of its own: two round trips less. {@code work} runs no other statement and nothing at
     * the end.
     */
    public <T> T statement(Function<Transaction, T> work) {
        awaitTurn();
        transactions.increment();
        try (Connection connection = connection()) {
            // The pool sets it back.
            connection.setAutoCommit(true);
            return work.apply(new Transaction(connection));
        } catch (SQLException e) {
            throw Failures.of(e, "closing a connection");
        } finally {
            turns.release();
        }
    }

    /** The same for work without a result. */
    public void execute(Consumer<Transaction> work) {
        transaction(transaction -> {
            work.accept(transaction);
            return Boolean.TRUE;
        });
    }

    /**
     * Whether the database answers right now. Of one that hangs this is known after two seconds; a statement would wait for it
     * as long as any other does.
     */
    public boolean answers() {
        try {
            awaitTurn();
        } catch (DatabaseUnavailable e) {
            return false;
        }
        try (Connection connection = connection()) {
            return connection.isValid(Math.toIntExact(CONNECTION_WAIT.toSeconds()));
        } catch (SQLException | DatabaseUnavailable e) {
            return false;
        } finally {
            turns.release();
        }
    }

    /** Transactions under way. */
    public int connectionsInUse() {
        return connections - turns.availablePermits();
    }

    /** Transactions that were begun since the start, committed or not. */
    public long transactions() {
        return transactions.sum();
    }

    /** Callers that wait for their turn. */
    public int waiting() {
        return turns.getQueueLength();
    }

    /** A connection of its own outside the pool, for listening and for locks that last. The caller closes it. */
    Connection connect() throws SQLException {
        return address.source().getConnection();
    }

    public DatabaseAddress address() {
        return address;
    }

    private static <T> T run(Connection connection, Function<Transaction, T> work) throws SQLException {
        boolean done = false;
        try {
            Transaction transaction = new Transaction(connection);
            T result = work.apply(transaction);
            transaction.end();
            connection.commit();
            done = true;
            return result;
        } catch (SQLException e) {
            throw Failures.ofCommit(e);
        } finally {
            if (!done && !connection.isClosed()) {
                rollback(connection);
            }
        }
    }

    /** A rollback that fails means a broken connection, which the server rolls back and the pool throws away. */
    private static void rollback(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            org.slf4j.LoggerFactory.getLogger(Database.class)
                    .atDebug()
                    .setCause(e)
                    .log("rollback on a broken connection");
        }
    }

    private Connection connection() {
        try {
            return pool.getConnection();
        } catch (SQLException e) {
            throw Failures.of(e, "connecting");
        } catch (HikariPool.PoolInitializationException e) {
            throw new DatabaseUnavailable("the database is not available while connecting", e);
        }
    }

    private void awaitTurn() {
        try {
            if (!turns.tryAcquire(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new DatabaseUnavailable("the database is busy");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DatabaseUnavailable("interrupted while waiting for the database", e);
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
