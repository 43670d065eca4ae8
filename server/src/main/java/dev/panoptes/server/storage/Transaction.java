package dev.panoptes.server.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * What a store may do between begin and commit. Parameters are bound in order; besides the usual types an {@link Instant}
 * is a timestamptz and a {@link SqlArray} an array. JSON is bound as text with {@code ?::jsonb}.
 */
public final class Transaction {
    private static final int ROWS_AT_ONCE = 1_000;

    private final Connection connection;
    private final List<Runnable> atEnd = new ArrayList<>();

    Transaction(Connection connection) {
        this.connection = connection;
    }

    /** @return how many rows were touched */
    public int update(String sql, @Nullable Object... parameters) {
        try (PreparedStatement statement = prepare(sql, parameters)) {
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw Failures.of(e, "writing");
        }
    }

    public <T> List<T> list(String sql, Function<Row, T> read, @Nullable Object... parameters) {
        try (PreparedStatement statement = prepare(sql, parameters);
                ResultSet results = statement.executeQuery()) {
            Row row = new Row(results);
            List<T> list = new ArrayList<>();
            while (results.next()) {
                list.add(read.apply(row));
            }
            return List.copyOf(list);
        } catch (SQLException e) {
            throw Failures.of(e, "reading");
        }
    }

    /** Hands on row by row of what may be many: no more than a thousand of them are held at the same time. */
    public void each(String sql, Consumer<Row> take, @Nullable Object... parameters) {
        try (PreparedStatement statement = prepare(sql, parameters)) {
            statement.setFetchSize(ROWS_AT_ONCE);
            try (ResultSet results = statement.executeQuery()) {
                Row row = new Row(results);
                while (results.next()) {
                    take.accept(row);
                }
            }
        } catch (SQLException e) {
            throw Failures.of(e, "reading");
        }
    }

    /** The only row; empty where there is none. More than one is a bug. */
    public <T> Optional<T> first(String sql, Function<Row, T> read, @Nullable Object... parameters) {
        List<T> list = list(sql, read, parameters);
        if (list.size() > 1) {
            throw new IllegalStateException("one row was expected and " + list.size() + " came");
        }
        return list.stream().findFirst();
    }

    /** The only row of a query that always gives one, such as a count or {@code RETURNING}. */
    public <T> T one(String sql, Function<Row, T> read, @Nullable Object... parameters) {
        return first(sql, read, parameters)
                .orElseThrow(() -> new IllegalStateException("one row was expected and none came"));
    }

    /** {@code COPY ... FROM STDIN}. @return how many rows */
    public long copyIn(String sql, Reader rows) throws IOException {
        try {
            return connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql, rows);
        } catch (SQLException e) {
            throw Failures.of(e, "copying");
        }
    }

    /** The same of bytes, which are UTF-8. */
    public long copyIn(String sql, InputStream rows) throws IOException {
        try {
            return connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql, rows);
        } catch (SQLException e) {
            throw Failures.of(e, "copying");
        }
    }

    /** Does this after everything else of this transaction, right before it commits: for what must be locked but a moment. */
    public void atEnd(Runnable work) {
        atEnd.add(work);
    }

    void end() {
        // By index: the work may add more.
        for (int i = 0; i < atEnd.size(); i++) {
            atEnd.get(i).run();
        }
    }

    /** For the classes of this package that need the driver itself: backup, listening. */
    Connection connection() {
        return connection;
    }

    private PreparedStatement prepare(String sql, @Nullable Object... parameters) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        try {
            for (int i = 0; i < parameters.length; i++) {
                bind(statement, i + 1, parameters[i]);
            }
            return statement;
        } catch (SQLException | RuntimeException e) {
            statement.close();
            throw e;
        }
    }

    private void bind(PreparedStatement statement, int index, @Nullable Object value) throws SQLException {
        switch (value) {
            case null -> statement.setNull(index, Types.NULL);
            case Instant instant -> statement.setObject(index, instant.atOffset(ZoneOffset.UTC));
            case SqlArray array -> statement.setArray(index, connection.createArrayOf(array.type(), array.values()));
            case Object[] _ -> throw new IllegalArgumentException("bind an SqlArray, not a Java array");
            case Enum<?> ignored ->
                throw new IllegalArgumentException("bind the id of " + ignored + ", not the constant");
            default -> statement.setObject(index, Objects.requireNonNull(value));
        }
    }
}
