package dev.panoptes.server.storage;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Hears what is told on one channel by {@code NOTIFY}, over a connection of its own that is made when it is needed. What is
 * told while there is no connection is not heard: who listens looks for itself now and then. For one thread.
 */
public final class Listener implements AutoCloseable {
    private final Database database;
    private final String channel;
    private @Nullable Connection connection;

    /** @param channel an SQL name, ours */
    public Listener(Database database, String channel) {
        this.database = database;
        this.channel = channel;
    }

    /** What came of waiting. */
    public enum Heard {
        SOMETHING,
        NOTHING,
        /** The connection is new: what was told before was missed. */
        BEGUN
    }

    /**
     * Waits until something is told, or for so long.
     *
     * @throws DatabaseUnavailable where there is no connection and none can be made, or it broke; the next call tries anew
     */
    public Heard await(Duration most) {
        try {
            Connection open = connection;
            if (open == null) {
                connection = listen();
                return Heard.BEGUN;
            }
            PGNotification[] told = open.unwrap(PGConnection.class).getNotifications((int) most.toMillis());
            return told != null && told.length > 0 ? Heard.SOMETHING : Heard.NOTHING;
        } catch (SQLException e) {
            connectAnew();
            throw new DatabaseUnavailable("the database is not available while listening", e);
        }
    }

    private Connection listen() throws SQLException {
        Connection made = database.connect();
        try (Statement statement = made.createStatement()) {
            statement.execute("LISTEN " + channel);
            return made;
        } catch (SQLException e) {
            made.close();
            throw e;
        }
    }

    /** Gives the connection up; the next wait makes another one. */
    public void connectAnew() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                org.slf4j.LoggerFactory.getLogger(Listener.class)
                        .atDebug()
                        .setCause(e)
                        .log("closing a broken connection");
            }
        }
    }

    @Override
    public void close() {
        connectAnew();
    }
}
