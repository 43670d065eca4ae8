package dev.panoptes.server.storage;

import java.time.Instant;
import java.util.Collection;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A parameter that is an array, as {@code = ANY(?)} and {@code unnest(?)} take it. */
public final class SqlArray {
    private final String type;
    private final @Nullable Object[] values;

    private SqlArray(String type, @Nullable Object[] values) {
        this.type = type;
        this.values = values;
    }

    public static SqlArray texts(Collection<? extends @Nullable String> values) {
        return new SqlArray("text", values.toArray());
    }

    public static SqlArray uuids(Collection<UUID> values) {
        return new SqlArray("uuid", values.toArray());
    }

    public static SqlArray integers(Collection<? extends @Nullable Integer> values) {
        return new SqlArray("int4", values.toArray());
    }

    public static SqlArray longs(Collection<? extends @Nullable Long> values) {
        return new SqlArray("int8", values.toArray());
    }

    public static SqlArray reals(Collection<? extends @Nullable Double> values) {
        return new SqlArray("float8", values.toArray());
    }

    public static SqlArray instants(Collection<? extends @Nullable Instant> values) {
        return new SqlArray(
                "timestamptz",
                values.stream()
                        .map(each -> each == null ? null : each.toString())
                        .toArray());
    }

    String type() {
        return type;
    }

    @Nullable
    Object[] values() {
        return values;
    }
}
