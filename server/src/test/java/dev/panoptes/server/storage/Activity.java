package dev.panoptes.server.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waits, from another database of the same server, for what sessions of one database do. */
public final class Activity implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Connection connection;
    private final String database;

    public Activity(DatabaseAddress address) throws SQLException {
        DatabaseAddress.Socket socket = (DatabaseAddress.Socket) address;
        this.database = socket.database();
        this.connection = new DatabaseAddress.Socket(socket.path(), socket.user(), "postgres")
                .source()
                .getConnection();
    }

    /** Until a session waits for a lock in a statement with these words. */
    public void awaitBlocked(String statement) throws SQLException {
        await(
                "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = ? AND wait_event_type = 'Lock' AND query LIKE '%"
                        + statement + "%')");
    }

    /** Until rows have come in by COPY. */
    public void awaitCopy() throws SQLException {
        await("SELECT EXISTS (SELECT FROM pg_stat_progress_copy WHERE datname = ? AND command = 'COPY FROM'"
                + " AND bytes_processed > 0)");
    }

    /** Until nobody is connected any more. */
    public void awaitNobody() throws SQLException {
        await("SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = ?)");
    }

    private void await(String condition) throws SQLException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!holds(condition)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("never came true: " + condition);
            }
            LockSupport.parkNanos(2_000_000);
        }
    }

    private boolean holds(String condition) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(condition)) {
            statement.setString(1, database);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getBoolean(1);
            }
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
