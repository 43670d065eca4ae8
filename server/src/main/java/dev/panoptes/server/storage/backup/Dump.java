package dev.panoptes.server.storage.backup;

import dev.panoptes.server.storage.DatabaseAddress;
import dev.panoptes.server.storage.Migrations;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;
import org.postgresql.ds.PGSimpleDataSource;

/** Writes everything that a database holds, as one snapshot of it saw it, into an archive. It locks nobody out. */
final class Dump {
    /** Rows are cut into members of about this size, so that neither side needs more memory than for one of them. */
    private static final int MEMBER_BYTES = 4 << 20;

    private static final int LONGEST_LOG = 16 << 20;
    /** Tables that come or go between listing and locking them are a migration; it is over after a moment. */
    private static final int ATTEMPTS = 5;

    private final DatabaseAddress address;
    private final ArchiveWriter archive;

    Dump(DatabaseAddress address, ArchiveWriter archive) {
        this.address = address;
        this.archive = archive;
    }

    /** @return everything that was written; the caller finishes the archive with it */
    Manifest write(Contents contents) throws SQLException, IOException, BackupRefused {
        PGSimpleDataSource source = address.source();
        source.setSocketTimeout(0);
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            Catalog catalog = new Catalog(connection);
            List<String> names = snapshot(connection, catalog);
            OptionalInt schema = Migrations.version(connection);
            if (schema.isEmpty() || schema.getAsInt() == 0) {
                throw new BackupRefused("there is nothing to back up: the database has no schema of Panoptes");
            }
            archive.add("configuration/panoptes.yaml", contents.configurationBytes());
            for (Path log : contents.logs()) {
                addLog(log);
            }
            List<Manifest.Table> tables = new ArrayList<>();
            for (String name : names) {
                tables.add(table(connection, catalog, name));
            }
            return new Manifest(
                    contents.created(),
                    contents.version(),
                    catalog.text("SHOW server_version"),
                    schema.getAsInt(),
                    tables,
                    // Read last: a sequence knows no snapshots, and one that is ahead does no harm.
                    catalog.sequences(),
                    archive.members());
        }
    }

    /**
     * Begins the transaction. The tables are locked before the snapshot is taken (the manual's page on LOCK), or a partition
     * could be dropped between the two and its rows be missing. Nothing but dropping and altering them has to wait.
     */
    private static List<String> snapshot(Connection connection, Catalog catalog) throws SQLException, BackupRefused {
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        List<String> names = catalog.tables();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            connection.rollback();
            for (String setting : Catalog.settings()) {
                catalog.execute(setting);
            }
            if (!names.isEmpty()) {
                catalog.execute("LOCK TABLE " + Catalog.quote(names) + " IN ACCESS SHARE MODE");
            }
            List<String> seen = catalog.tables();
            if (seen.equals(names)) {
                return names;
            }
            names = seen;
        }
        throw new BackupRefused("the tables of the database are being changed; wait until that is over and try again");
    }

    private Manifest.Table table(Connection connection, Catalog catalog, String name)
            throws SQLException, IOException, BackupRefused {
        List<String> columns = catalog.columns(name);
        List<Manifest.Partition> partitions = catalog.partitions(name);
        for (Manifest.Partition partition : partitions) {
            if (!Catalog.plausible(partition)) {
                throw new BackupRefused("the partition " + partition.name() + " of " + name
                        + " is of a kind that backups do not know: " + partition.bound());
            }
        }
        Manifest.Table table = new Manifest.Table(name, columns, 0, partitions);
        String sql = "COPY (SELECT " + Catalog.quote(columns) + " FROM " + Catalog.quote(name) + ") TO STDOUT";
        CopyOut copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(sql);
        ByteArrayOutputStream rows = new ByteArrayOutputStream(MEMBER_BYTES + (1 << 16));
        int members = 0;
        for (byte[] row = copy.readFromCopy(); row != null; row = copy.readFromCopy()) {
            rows.writeBytes(row);
            if (rows.size() >= MEMBER_BYTES) {
                archive.add(member(table, ++members), rows.toByteArray());
                rows.reset();
            }
        }
        if (rows.size() > 0) {
            archive.add(member(table, ++members), rows.toByteArray());
        }
        return new Manifest.Table(name, columns, copy.getHandledRowCount(), partitions);
    }

    private static String member(Manifest.Table table, int number) {
        return table.directory() + String.format(Locale.ROOT, "%06d.copy", number);
    }

    private void addLog(Path log) throws IOException {
        try (FileChannel in = FileChannel.open(log, StandardOpenOption.READ)) {
            long size = in.size();
            in.position(Math.max(0, size - LONGEST_LOG));
            ByteBuffer end = ByteBuffer.allocate((int) Math.min(size, LONGEST_LOG));
            while (end.hasRemaining() && in.read(end) >= 0) {
                // read() fills the buffer in as many turns as it needs
            }
            byte[] content = new byte[end.flip().remaining()];
            end.get(content);
            archive.add("logs/" + log.getFileName(), content);
        } catch (NoSuchFileException e) {
            return; // Nothing was logged, or nothing was moved aside, so far.
        }
    }
}
