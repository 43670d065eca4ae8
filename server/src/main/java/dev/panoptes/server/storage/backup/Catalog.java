package dev.panoptes.server.storage.backup;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What the schema of a connection holds, asked of PostgreSQL itself, so that a table that is added later is in a backup
 * without anybody's doing. What belongs to an extension is left out.
 */
final class Catalog {
    /** What this program makes; anything else in a manifest is not put into a statement. */
    private static final Pattern BOUND =
            Pattern.compile("FOR VALUES FROM \\('[0-9:+. -]{8,40}'\\) TO \\('[0-9:+. -]{8,40}'\\)|DEFAULT");

    private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

    private final Connection connection;

    Catalog(Connection connection) {
        this.connection = connection;
    }

    private interface Read<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** Ordinary tables and the parents of partitions, in the order of their names. */
    List<String> tables() throws SQLException {
        return list("""
                SELECT c.relname FROM pg_class c
                WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
                  AND NOT EXISTS (SELECT FROM pg_depend d
                      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
                ORDER BY c.relname COLLATE "C"
                """, row -> row.getString(1));
    }

    /** Columns that hold what was written, in their order; those that are computed from others are left out. */
    List<String> columns(String table) throws SQLException {
        return list("""
                SELECT a.attname FROM pg_attribute a
                JOIN pg_class c ON c.oid = a.attrelid AND c.relnamespace = current_schema()::regnamespace
                WHERE c.relname = ? AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
                ORDER BY a.attnum
                """, row -> row.getString(1), table);
    }

    /** Empty for a table that is not partitioned. */
    List<Manifest.Partition> partitions(String table) throws SQLException {
        return list("""
                SELECT p.relname, pg_get_expr(p.relpartbound, p.oid) FROM pg_inherits i
                JOIN pg_class c ON c.oid = i.inhparent AND c.relnamespace = current_schema()::regnamespace
                JOIN pg_class p ON p.oid = i.inhrelid
                WHERE c.relname = ? AND p.relispartition AND NOT i.inhdetachpending
                ORDER BY p.relname COLLATE "C"
                """, row -> new Manifest.Partition(row.getString(1), row.getString(2)), table);
    }

    List<Manifest.Sequence> sequences() throws SQLException {
        List<Manifest.Sequence> all = new ArrayList<>();
        for (String name : sequenceNames()) {
            all.addAll(list(
                    "SELECT last_value, is_called FROM " + quote(name),
                    row -> new Manifest.Sequence(name, row.getLong(1), row.getBoolean(2))));
        }
        return all;
    }

    List<String> sequenceNames() throws SQLException {
        return list("""
                SELECT c.relname FROM pg_class c
                WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'S'
                  AND NOT EXISTS (SELECT FROM pg_depend d
                      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
                ORDER BY c.relname COLLATE "C"
                """, row -> row.getString(1));
    }

    /** A foreign key, and the statements that take it away and bring it back. */
    record ForeignKey(String drop, String add) {}

    List<ForeignKey> foreignKeys() throws SQLException {
        return list("""
                SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', k.conrelid::regclass, k.conname),
                       format('ALTER TABLE %s ADD CONSTRAINT %I %s', k.conrelid::regclass, k.conname,
                           pg_get_constraintdef(k.oid))
                FROM pg_constraint k
                WHERE k.connamespace = current_schema()::regnamespace AND k.contype = 'f' AND k.conparentid = 0
                ORDER BY k.oid
                """, row -> new ForeignKey(row.getString(1), row.getString(2)));
    }

    /** Tables with triggers that somebody wrote, not those of foreign keys. */
    List<String> tablesWithTriggers() throws SQLException {
        return list("""
                SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
                WHERE c.relnamespace = current_schema()::regnamespace AND NOT t.tgisinternal AND NOT c.relispartition
                """, row -> row.getString(1));
    }

    String text(String sql) throws SQLException {
        return list(sql, row -> row.getString(1)).getFirst();
    }

    void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private <T> List<T> list(String sql, Read<T> read, String... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            List<T> list = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    list.add(read.read(rows));
                }
            }
            return List.copyOf(list);
        }
    }

    /** Whether this is a partition of the kinds that we make. */
    static boolean plausible(Manifest.Partition partition) {
        return NAME.matcher(partition.name()).matches()
                && BOUND.matcher(partition.bound()).matches();
    }

    static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    static String quote(List<String> names) {
        return String.join(", ", names.stream().map(Catalog::quote).toList());
    }

    /** Settings under which values are written and read in the same way everywhere. For the rest of the transaction. */
    static List<String> settings() {
        return List.of(
                "SET LOCAL timezone = 'UTC'",
                "SET LOCAL datestyle = 'ISO, YMD'",
                "SET LOCAL intervalstyle = 'postgres'",
                "SET LOCAL extra_float_digits = 1",
                "SET LOCAL bytea_output = 'hex'",
                "SET LOCAL row_security = off",
                "SET LOCAL statement_timeout = 0",
                "SET LOCAL idle_in_transaction_session_timeout = 0",
                "SET LOCAL client_connection_check_interval = 1000");
    }
}
