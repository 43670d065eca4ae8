package dev.panoptes.server.storage.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.storage.Activity;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.DatabaseAddress;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Backups and restores that are killed with SIGKILL half-way. */
@ExtendWith(TestPostgres.class)
@Timeout(120)
class KilledBackupTest {
    @TempDir
    Path directory;

    @Test
    void aKilledRestoreLeavesAnEmptyDatabaseThatTakesTheNext(Databases databases)
            throws IOException, SQLException, BackupRefused, InterruptedException, ExecutionException {
        Path file = directory.resolve("whole.tar.gz");
        DatabaseAddress from;
        try (Database database = databases.fresh()) {
            BackupTest.fill(database);
            from = database.address();
        }
        Manifest manifest = Backups.write(from, file, BackupTest.contents()).manifest();
        byte[] bytes = Files.readAllBytes(file);
        Path pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        DatabaseAddress to = databases.emptyAddress();
        Process restore = BackupProcess.start("restore", to, file, pipe);
        try (Activity activity = new Activity(to);
                ExecutorService threads = Executors.newSingleThreadExecutor()) {
            // The snapshots are most of it: nine tenths are enough to be in the middle of them.
            Future<Boolean> writer = threads.submit(() -> {
                try (OutputStream out = Files.newOutputStream(pipe)) {
                    out.write(bytes, 0, bytes.length * 9 / 10);
                    out.flush();
                    restore.waitFor();
                    return true;
                } catch (IOException e) {
                    // Killed before it had read all of that.
                    return restore.waitFor() != 0;
                }
            });
            activity.awaitCopy();
            restore.destroyForcibly().waitFor();
            assertThat(writer.get()).isTrue();
            activity.awaitNobody();
        }
        assertThat(Fingerprint.rows(to)).isEmpty();

        Backups.restore(to, file, manifest);
        assertThat(Fingerprint.rows(to)).isEqualTo(Fingerprint.rows(from));
    }

    @Test
    void aKilledBackupLeavesNoFileThatLooksWhole(Databases databases)
            throws IOException, SQLException, BackupRefused, InterruptedException {
        DatabaseAddress from = databases.freshAddress();
        Path file = directory.resolve("panoptes.tar.gz");
        try (Connection holder = from.source().getConnection();
                Statement statement = holder.createStatement();
                Activity activity = new Activity(from)) {
            holder.setAutoCommit(false);
            statement.execute("LOCK TABLE users IN ACCESS EXCLUSIVE MODE");
            Process backup = BackupProcess.start("backup", from, file);
            activity.awaitBlocked("LOCK TABLE");
            backup.destroyForcibly().waitFor();
            holder.rollback();
        }
        assertThat(file).doesNotExist();
        assertThat(names())
                .singleElement()
                .asString()
                .startsWith(".panoptes.tar.gz.")
                .endsWith(".part");

        Backups.write(from, file, BackupTest.contents());
        assertThat(names()).containsExactly("panoptes.tar.gz");
        assertThat(Backups.verify(file).rows()).isPositive();
    }

    private List<String> names() throws IOException {
        try (var all = Files.list(directory)) {
            return all.map(each -> each.getFileName().toString()).toList();
        }
    }
}
