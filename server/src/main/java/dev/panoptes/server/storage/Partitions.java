package dev.panoptes.server.storage;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** The daily partitions of tables that grow with time: made a week ahead, dropped whole. Days are UTC days. */
public final class Partitions {
    /** Every table that is partitioned by day. */
    static final List<String> TABLES = List.of("snapshots", "metrics", "events", "detection_observations");

    private static final int DAYS_AHEAD = 7;
    /** The advisory lock under which partitions are made. */
    private static final long LOCK = 0x70616e6f70740001L;

    private final InstantSource clock;

    public Partitions(InstantSource clock) {
        this.clock = clock;
    }

    /** Makes what is missing from yesterday to a week from now. Replicas may do so at the same time. */
    public void ensure(Transaction transaction) {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        Map<String, LocalDate> wanted = new LinkedHashMap<>();
        for (int day = -1; day <= DAYS_AHEAD; day++) {
            LocalDate date = today.plusDays(day);
            TABLES.forEach(table -> wanted.put(name(table, date), date));
        }
        List<String> missing = missing(transaction, wanted);
        if (missing.isEmpty()) {
            return;
        }
        transaction.first("SELECT pg_advisory_xact_lock(?) AS locked", Row::toString, LOCK);
        for (String name : missing(transaction, wanted)) {
            LocalDate from = Objects.requireNonNull(wanted.get(name));
            // Identifiers and bounds cannot be parameters; these are ours. Attaching one, unlike making it where it
            // belongs, waits for no reader of the table and no backup, and lets nobody wait for them.
            transaction.update(String.format(
                    Locale.ROOT,
                    "CREATE TABLE %s (LIKE %s INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED"
                            + " INCLUDING STORAGE INCLUDING COMPRESSION)",
                    name,
                    table(name)));
            transaction.update(String.format(
                    Locale.ROOT,
                    "ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM ('%s 00:00:00+00') TO ('%s 00:00:00+00')",
                    table(name),
                    name,
                    from,
                    from.plusDays(1)));
        }
    }

    /** Partitions of a table whose day was over before, the oldest first. */
    public static List<String> endedBefore(Transaction transaction, String table, Instant before) {
        LocalDate today = LocalDate.ofInstant(before, ZoneOffset.UTC);
        return transaction.list("""
            SELECT quote_ident(c.relname) AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
            WHERE i.inhparent = ?::regclass AND c.relname < ? ORDER BY c.relname COLLATE "C"
            """, row -> row.text("name"), table, name(table, today));
    }

    /** Drops a partition, or throws {@link DatabaseUnavailable} where somebody reads the table for long, as a backup does. */
    public static void drop(Transaction transaction, String partition) {
        // Whoever comes after a statement that waits for an exclusive lock waits behind it.
        transaction.update("SET LOCAL lock_timeout = '1s'");
        transaction.update("DROP TABLE " + partition);
    }

    private static List<String> missing(Transaction transaction, Map<String, LocalDate> wanted) {
        // Not to_regclass(): what that once did not find it does not find for the rest of the transaction, though
        // somebody
        // has made it since, for only taking a lock on a table has a session look for what others changed.
        return transaction.list("""
            SELECT name FROM unnest(?) AS wanted(name) WHERE NOT EXISTS (
                SELECT FROM pg_class WHERE relname = name AND relnamespace = current_schema()::regnamespace)
            """, row -> row.text("name"), SqlArray.texts(wanted.keySet()));
    }

    private static String table(String partition) {
        return partition.substring(0, partition.lastIndexOf('_'));
    }

    static String name(String table, LocalDate day) {
        return table + "_" + day.toString().replace("-", "");
    }
}
