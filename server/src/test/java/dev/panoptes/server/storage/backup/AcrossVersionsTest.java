package dev.panoptes.server.storage.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.life.CannotStart;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.DatabaseAddress;
import dev.panoptes.server.storage.ExternalPostgres;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** From the embedded PostgreSQL to the oldest one that the machine has, and back. */
@ExtendWith(TestPostgres.class)
class AcrossVersionsTest {
    @TempDir
    Path directory;

    @Test
    void theWayThereAndBackChangesNothing(Databases databases)
            throws IOException, CannotStart, BackupRefused, SQLException {
        DatabaseAddress embedded;
        try (Database database = databases.fresh()) {
            BackupTest.fill(database);
            embedded = database.address();
        }
        Path there = directory.resolve("there.tar.gz");
        Path back = directory.resolve("back.tar.gz");
        TestPostgres.reachable(directory);
        try (ExternalPostgres postgres = ExternalPostgres.start(directory)) {
            postgres.awaitReady();
            DatabaseAddress external = DatabaseAddress.parse(postgres.url());
            Backups.write(embedded, there, BackupTest.contents());
            Backups.restore(external, there, Backups.verify(there));
            assertThat(Fingerprint.rows(external)).isEqualTo(Fingerprint.rows(embedded));
            Backups.write(external, back, BackupTest.contents());
        }
        DatabaseAddress again = databases.emptyAddress();
        Backups.restore(again, back, Backups.verify(back));
        assertThat(Fingerprint.rows(again)).isEqualTo(Fingerprint.rows(embedded));
        assertThat(Fingerprint.schema(again)).isEqualTo(Fingerprint.schema(embedded));
    }
}
