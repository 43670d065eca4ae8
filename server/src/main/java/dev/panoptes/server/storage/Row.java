package dev.panoptes.server.storage;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The row that a query is at, read by column name. A column that may be null is read by the {@code ...OrNull} twin; the
 * plain ones treat null as a bug.
 */
public final class Row {
    private final ResultSet results;

    Row(ResultSet results) {
        this.results = results;
    }

    public String text(String column) {
        return present(textOrNull(column), column);
    }

    public @Nullable String textOrNull(String column) {
        return read(() -> results.getString(column), column);
    }

    public UUID uuid(String column) {
        return present(uuidOrNull(column), column);
    }

    public @Nullable UUID uuidOrNull(String column) {
        return read(() -> results.getObject(column, UUID.class), column);
    }

    public Instant instant(String column) {
        return present(instantOrNull(column), column);
    }

    public @Nullable Instant instantOrNull(String column) {
        OffsetDateTime time = read(() -> results.getObject(column, OffsetDateTime.class), column);
        return time == null ? null : time.toInstant();
    }

    public int integer(String column) {
        return present(integerOrNull(column), column);
    }

    public @Nullable Integer integerOrNull(String column) {
        return read(() -> results.getObject(column, Integer.class), column);
    }

    public long bigint(String column) {
        return present(bigintOrNull(column), column);
    }

    public @Nullable Long bigintOrNull(String column) {
        return read(() -> results.getObject(column, Long.class), column);
    }

    public double real(String column) {
        return present(realOrNull(column), column);
    }

    public @Nullable Double realOrNull(String column) {
        return read(() -> results.getObject(column, Double.class), column);
    }

    public boolean bool(String column) {
        return present(read(() -> results.getObject(column, Boolean.class), column), column);
    }

    public byte @Nullable [] bytesOrNull(String column) {
        return read(() -> results.getBytes(column), column);
    }

    public byte[] bytes(String column) {
        byte[] bytes = bytesOrNull(column);
        if (bytes == null) {
            throw new IllegalStateException("the column " + column + " is null");
        }
        return bytes;
    }

    /** Of a text array. */
    public List<String> texts(String column) {
        Array array = present(read(() -> results.getArray(column), column), column);
        String[] values = read(() -> (String[]) array.getArray(), column);
        return values == null ? List.of() : List.of(values);
    }

    private interface Read<T extends @Nullable Object> {
        T read() throws SQLException;
    }

    private static <T> @Nullable T read(Read<@Nullable T> read, String column) {
        try {
            return read.read();
        } catch (SQLException e) {
            throw Failures.of(e, "reading the column " + column);
        }
    }

    private static <T> T present(@Nullable T value, String column) {
        if (value == null) {
            throw new IllegalStateException("the column " + column + " is null");
        }
        return value;
    }
}
