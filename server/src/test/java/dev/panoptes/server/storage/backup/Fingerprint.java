package dev.panoptes.server.storage.backup;

import dev.panoptes.server.storage.DatabaseAddress;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a database holds, in a form that two databases can be compared in, even those of two versions of PostgreSQL. */
final class Fingerprint {
    private Fingerprint() {}

    /** Every table with the number and a hash of its rows, every sequence with its value. */
    static Map<String, String> rows(DatabaseAddress address) throws SQLException {
        try (Connection connection = address.source().getConnection()) {
            Catalog catalog = new Catalog(connection);
            Map<String, String> all = new TreeMap<>();
            for (String table : catalog.tables()) {
                all.put(
                        table,
                        catalog.text(
                                "SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, E'\\n' ORDER BY t::text"
                                        + " COLLATE \"C\")), '') FROM " + Catalog.quote(table) + " t"));
                catalog.partitions(table).forEach(each -> all.put(each.name(), each.bound()));
            }
            catalog.sequences().forEach(each -> all.put(each.name(), each.toString()));
            return all;
        }
    }

    /** Columns, indexes, constraints and storage options. */
    static List<String> schema(DatabaseAddress address) throws SQLException {
        try (Connection connection = address.source().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("""
                        SELECT 'column ' || c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
                               || ' ' || a.attnotnull || ' ' || a.attidentity::text || ' ' || a.attgenerated::text || ' '
                               || coalesce(pg_get_expr(d.adbin, d.adrelid), '')
                        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
                        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
                        WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
                          AND c.relkind IN ('r', 'p')
                        UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
                        UNION ALL SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' '
                               || pg_get_constraintdef(oid) || ' ' || convalidated
                        FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid <> 0
                        UNION ALL SELECT 'options ' || relname || ' ' || coalesce(reloptions::text, '')
                        FROM pg_class WHERE relnamespace = 'public'::regnamespace
                        ORDER BY 1
                        """)) {
            List<String> all = new ArrayList<>();
            while (rows.next()) {
                all.add(rows.getString(1));
            }
            return all;
        }
    }
}
