package dev.panoptes.server.storage.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.panoptes.server.life.CannotStart;
import dev.panoptes.server.storage.Activity;
import dev.panoptes.server.storage.DataDirectory;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.DatabaseAddress;
import dev.panoptes.server.storage.Migrations;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Databases that an earlier release left behind. */
@ExtendWith(TestPostgres.class)
@Timeout(120)
class MigrationGuardsTest {
    private static final int OLD = 3;

    @TempDir
    Path directory;

    /** As a release with this version of the schema left it, with a row. */
    private static DatabaseAddress old(Databases databases) {
        DatabaseAddress address = databases.emptyAddress();
        Flyway.configure()
                .dataSource(address.source())
                .locations("classpath:db/migration")
                .table(Migrations.HISTORY)
                .target(Integer.toString(OLD))
                .load()
                .migrate();
        try (Database database = new Database(address, 1)) {
            database.execute(
                    transaction -> transaction.update("INSERT INTO settings VALUES ('left', '\"behind\"', now())"));
        }
        return address;
    }

    private static int version(DatabaseAddress address) throws SQLException {
        try (Connection connection = address.source().getConnection()) {
            return Migrations.version(connection).orElseThrow();
        }
    }

    private static Contents at(String time) {
        return new Contents("1.2.3", Instant.parse(time), "", List.of());
    }

    private List<Path> backups() throws IOException {
        try (var all = Files.list(directory.resolve(Backups.DIRECTORY))) {
            return all.sorted().toList();
        }
    }

    @Test
    void aBackupIsMadeBeforeAnExistingSchemaIsChangedAndTheLastOnesStay(Databases databases)
            throws CannotStart, IOException, SQLException, BackupRefused {
        DatabaseAddress last = databases.emptyAddress();
        try (DataDirectory data = DataDirectory.open(directory)) {
            for (int day = 1; day <= 3; day++) {
                DatabaseAddress address = old(databases);
                Contents contents = at("2026-03-0" + day + "T00:00:00Z");
                new Migrations(address)
                        .run((from, to) -> Backups.beforeMigration(data, address, from, to, contents, 2));
                assertThat(version(address)).isEqualTo(Migrations.VERSION);
            }
        }
        assertThat(backups())
                .extracting(each -> each.getFileName().toString())
                .containsExactly(
                        "before-migration-20260302T000000Z-from-3-to-" + Migrations.VERSION + ".tar.gz",
                        "before-migration-20260303T000000Z-from-3-to-" + Migrations.VERSION + ".tar.gz");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(Backups.DIRECTORY))))
                .isEqualTo("rwx------");

        // What the earlier release would get back, and what this one makes of it.
        Path file = backups().getLast();
        Backups.restore(last, file, Backups.verify(file));
        assertThat(version(last)).isEqualTo(OLD);
        new Migrations(last).run((_, _) -> {});
        assertThat(version(last)).isEqualTo(Migrations.VERSION);
        assertThat(Fingerprint.rows(last))
                .containsKey("settings")
                .extracting("settings")
                .asString()
                .startsWith("1 ");
        assertThat(Fingerprint.schema(last)).isEqualTo(Fingerprint.schema(databases.freshAddress()));
    }

    @Test
    void withoutABackupNothingIsMigrated(Databases databases) throws CannotStart, IOException, SQLException {
        DatabaseAddress address = old(databases);
        Files.writeString(directory.resolve(Backups.DIRECTORY), "in the way");
        try (DataDirectory data = DataDirectory.open(directory)) {
            assertThatThrownBy(() -> new Migrations(address)
                            .run((from, to) ->
                                    Backups.beforeMigration(data, address, from, to, at("2026-03-01T00:00:00Z"), 2)))
                    .isInstanceOf(CannotStart.class)
                    .hasMessageStartingWith("nothing was migrated, for no backup could be made before: ")
                    .hasMessageNotContaining("\n");
        }
        assertThat(version(address)).isEqualTo(OLD);
    }

    @Test
    void aServerThatIsKilledInTheMiddleOfAMigrationIsFollowedByOneThatGoesOn(Databases databases)
            throws CannotStart, IOException, SQLException, InterruptedException {
        DatabaseAddress address = old(databases);
        try (Connection holder = address.source().getConnection();
                Statement statement = holder.createStatement();
                Activity activity = new Activity(address)) {
            holder.setAutoCommit(false);
            statement.execute("LOCK TABLE scans IN ACCESS SHARE MODE");
            Process killed = BackupProcess.start("migration", address);
            activity.awaitBlocked("ALTER TABLE scans");
            killed.destroyForcibly().waitFor();
            holder.rollback();
        }
        new Migrations(address).run((_, _) -> {});
        assertThat(version(address)).isEqualTo(Migrations.VERSION);
        assertThat(Fingerprint.schema(address)).isEqualTo(Fingerprint.schema(databases.freshAddress()));
    }

    @Test
    void aMigrationThatFailsIsToldInOneLine(Databases databases) throws SQLException {
        DatabaseAddress address = old(databases);
        try (Database database = new Database(address, 1)) {
            database.execute(transaction -> transaction.update("CREATE INDEX scans_unchanged ON scans (id)"));
        }
        assertThatThrownBy(() -> new Migrations(address).run((_, _) -> {}))
                .isInstanceOf(CannotStart.class)
                .hasMessageContaining("could not be migrated")
                .hasMessageContaining("scans_unchanged")
                .hasMessageNotContaining("\n");
        assertThat(version(address)).isEqualTo(OLD);
    }
}
