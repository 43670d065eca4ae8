package dev.panoptes.server.storage.backup;

import dev.panoptes.server.storage.DatabaseAddress;
import dev.panoptes.server.storage.Migrations;
import dev.panoptes.server.storage.TarReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Makes an empty database what a backup says, in one transaction: the schema by the migrations up to the version of the
 * backup, then the rows. Whatever ends it before, the database stays empty.
 */
final class DatabaseRefill {
    /** Two restores at once would otherwise wait for each other's names. */
    private static final long LOCK = 0x70616e6f70740012L;

    private final DatabaseAddress address;
    private final Path file;
    private final Manifest manifest;

    DatabaseRefill(DatabaseAddress address, Path file, Manifest manifest) {
        this.address = address;
        this.file = file;
        this.manifest = manifest;
    }

    void run() throws SQLException, IOException, BackupRefused {
        PGSimpleDataSource source = address.source();
        source.setSocketTimeout(0);
        try (Connection connection = source.getConnection()) {
            refuseOtherVersions(connection);
            connection.setAutoCommit(false);
            Catalog catalog = new Catalog(connection);
            for (String setting : Catalog.settings()) {
                catalog.execute(setting);
            }
            refuseUnlessAlone(catalog, connection);
            makeSchema(catalog);
            refuseUnlessFitting(catalog);
            fill(connection, catalog);
            connection.commit();
        }
    }

    private void refuseOtherVersions(Connection connection) throws SQLException, BackupRefused {
        if (manifest.schema() > Migrations.VERSION || manifest.schema() < 1) {
            throw new BackupRefused("the backup has version " + manifest.schema() + " of the schema, this program "
                    + Migrations.VERSION + "; restore it with the release that made it (" + manifest.panoptes()
                    + ") or a newer one");
        }
        int major = connection.getMetaData().getDatabaseMajorVersion();
        if (major < Migrations.OLDEST_SERVER) {
            throw new BackupRefused("the database server is PostgreSQL " + major + "; at least "
                    + Migrations.OLDEST_SERVER + " is needed");
        }
    }

    private void refuseUnlessAlone(Catalog catalog, Connection connection) throws SQLException, BackupRefused {
        if (!catalog.text("SELECT pg_try_advisory_xact_lock(" + LOCK + ")").equals("t")) {
            throw new BackupRefused("another restore into this database is under way");
        }
        int relations = Migrations.relations(connection);
        if (relations > 0) {
            OptionalInt version = Migrations.version(connection);
            throw new BackupRefused("the database is not empty ("
                    + (version.isPresent()
                            ? "it has version " + version.getAsInt() + " of the schema"
                            : relations + " relations")
                    + "), and a restore overwrites nothing; " + advice());
        }
    }

    private String advice() {
        return switch (address) {
            case DatabaseAddress.Socket _ ->
                "move the data directory away, or name another with --data-dir, and restore into a new one";
            case DatabaseAddress.Server _ -> "create an empty database and name it in DATABASE_URL";
        };
    }

    private void makeSchema(Catalog catalog) throws SQLException, IOException, BackupRefused {
        List<String> scripts = Migrations.scripts(address, manifest.schema());
        catalog.execute(Migrations.historyTable());
        for (String script : scripts) {
            try (InputStream in = DatabaseRefill.class.getResourceAsStream(script)) {
                if (in == null) {
                    throw new IllegalStateException("the program lacks " + script);
                }
                catalog.execute(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
    }

    /** What the manifest names must be what the migrations made: nothing of it has reached a statement before this. */
    private void refuseUnlessFitting(Catalog catalog) throws SQLException, BackupRefused {
        Set<String> names = new HashSet<>(
                manifest.tables().stream().map(Manifest.Table::name).toList());
        boolean fits = names.equals(Set.copyOf(catalog.tables()))
                && names.size() == manifest.tables().size()
                && Set.copyOf(catalog.sequenceNames())
                        .containsAll(manifest.sequences().stream()
                                .map(Manifest.Sequence::name)
                                .toList());
        for (Manifest.Table table : manifest.tables()) {
            fits = fits
                    && Set.copyOf(catalog.columns(table.name())).equals(Set.copyOf(table.columns()))
                    && table.partitions().stream().allMatch(Catalog::plausible);
        }
        if (!fits) {
            throw new BackupRefused("the tables in the backup are not those of version " + manifest.schema()
                    + " of the schema; restore it with the release that made it (" + manifest.panoptes() + ")");
        }
    }

    private void fill(Connection connection, Catalog catalog) throws SQLException, IOException, BackupRefused {
        // Keys come back at the end, checked: then no order of tables is needed. What triggers did is in the rows
        // already.
        List<Catalog.ForeignKey> keys = catalog.foreignKeys();
        for (Catalog.ForeignKey key : keys) {
            catalog.execute(key.drop());
        }
        List<String> triggers = catalog.tablesWithTriggers();
        for (String table : triggers) {
            catalog.execute("ALTER TABLE " + Catalog.quote(table) + " DISABLE TRIGGER USER");
        }
        // Migrations may have put rows into their tables; the backup has them too.
        catalog.execute("TRUNCATE "
                + Catalog.quote(
                        manifest.tables().stream().map(Manifest.Table::name).toList()));
        for (Manifest.Table table : manifest.tables()) {
            for (Manifest.Partition partition : table.partitions()) {
                catalog.execute("CREATE TABLE " + Catalog.quote(partition.name()) + " PARTITION OF "
                        + Catalog.quote(table.name()) + " " + partition.bound());
            }
        }
        copy(connection);
        setSequences(connection);
        for (Catalog.ForeignKey key : keys) {
            catalog.execute(key.add());
        }
        for (String table : triggers) {
            catalog.execute("ALTER TABLE " + Catalog.quote(table) + " ENABLE TRIGGER USER");
        }
        catalog.execute("ANALYZE "
                + Catalog.quote(
                        manifest.tables().stream().map(Manifest.Table::name).toList()));
    }

    /** Compares every member with the manifest again: the file could have been changed since it was verified. */
    private void copy(Connection connection) throws SQLException, IOException, BackupRefused {
        Iterator<Manifest.Table> tables = manifest.tables().iterator();
        Iterator<Manifest.Member> members = manifest.members().iterator();
        try (ArchiveReader archive = ArchiveReader.open(file)) {
            Rows rows = null;
            while (members.hasNext()) {
                Manifest.Member expected = members.next();
                TarReader.Entry entry = archive.next();
                if (entry == null || !entry.name().equals(expected.name())) {
                    throw changed();
                }
                while (expected.name().startsWith("data/")
                        && (rows == null || !expected.name().startsWith(rows.table.directory()))) {
                    end(rows);
                    if (!tables.hasNext()) {
                        throw changed();
                    }
                    rows = new Rows(connection, tables.next());
                }
                Rows target = rows;
                boolean data = expected.name().startsWith("data/");
                Manifest.Member read = archive.read(entry, (bytes, length) -> {
                    if (data && target != null) {
                        target.add(bytes, length);
                    }
                });
                if (!read.equals(expected)) {
                    throw changed();
                }
            }
            end(rows);
            while (tables.hasNext()) {
                if (tables.next().rows() != 0) {
                    throw changed();
                }
            }
        }
    }

    private void end(@org.jspecify.annotations.Nullable Rows rows) throws SQLException, BackupRefused {
        if (rows != null && rows.end() != rows.table.rows()) {
            throw changed();
        }
    }

    private BackupRefused changed() {
        return new BackupRefused("the backup " + file + " was changed while it was restored; nothing was written");
    }

    /** The rows of one table on their way. */
    private static final class Rows {
        private final Manifest.Table table;
        private final CopyIn copy;

        Rows(Connection connection, Manifest.Table table) throws SQLException {
            this.table = table;
            this.copy = connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn(String.format(
                            Locale.ROOT,
                            "COPY %s (%s) FROM STDIN",
                            Catalog.quote(table.name()),
                            Catalog.quote(table.columns())));
        }

        void add(byte[] bytes, int length) throws IOException {
            try {
                copy.writeToCopy(bytes, 0, length);
            } catch (SQLException e) {
                throw new IOException("the rows of " + table.name() + " could not be written: " + e.getMessage(), e);
            }
        }

        long end() throws SQLException {
            return copy.endCopy();
        }
    }

    private void setSequences(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT setval(?::regclass, ?, ?)")) {
            for (Manifest.Sequence sequence : manifest.sequences()) {
                statement.setString(1, Catalog.quote(sequence.name()));
                statement.setLong(2, sequence.value());
                statement.setBoolean(3, sequence.called());
                try (ResultSet result = statement.executeQuery()) {
                    result.next();
                }
            }
        }
    }
}
