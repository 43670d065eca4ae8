package dev.panoptes.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.panoptes.server.life.CannotStart;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresTest {
    @TempDir
    Path temporary;

    @Test
    void keepsWhatWasCommittedWhenItIsKilledAndStartsItselfAgain() throws Exception {
        TestPostgres.reachable(temporary);
        try (DataDirectory data = DataDirectory.open(temporary.resolve("data"));
                EmbeddedPostgres postgres = EmbeddedPostgres.start(data.path(), TestPostgres.programs());
                Database database = database(postgres)) {
            database.execute(transaction -> transaction.update("CREATE TABLE kept (value text)"));
            database.execute(transaction -> transaction.update("INSERT INTO kept VALUES (?)", "before"));
            long killed = postgres.pid();
            ProcessHandle.of(killed).orElseThrow().destroyForcibly();
            await(() -> postgres.pid() != killed);

            assertThat(eventually(database)).containsExactly("before");
            assertThat(postgres.pid()).isNotEqualTo(killed);
        }
    }

    @Test
    void anOrphanOfAKilledServerIsEndedAndItsDataKept() throws Exception {
        TestPostgres.reachable(temporary);
        Path directory = temporary.resolve("data");
        EmbeddedPostgres orphan;
        DataDirectory lost = DataDirectory.open(directory);
        orphan = EmbeddedPostgres.start(lost.path(), TestPostgres.programs());
        try (Database database = database(orphan)) {
            database.execute(transaction -> transaction.update("CREATE TABLE kept (value text)"));
            database.execute(transaction -> transaction.update("INSERT INTO kept VALUES (?)", "before"));
        }
        long pid = orphan.pid();
        orphan.abandon();
        lost.close();

        try (DataDirectory data = DataDirectory.open(directory);
                EmbeddedPostgres postgres = EmbeddedPostgres.start(data.path(), TestPostgres.programs());
                Database database = database(postgres)) {
            assertThat(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false))
                    .isFalse();
            assertThat(eventually(database)).containsExactly("before");
        }
    }

    @Test
    void aPidFileThatNamesAProcessOfSomebodyElseStopsNothing() throws Exception {
        TestPostgres.reachable(temporary);
        Path directory = temporary.resolve("data");
        try (DataDirectory data = DataDirectory.open(directory)) {
            EmbeddedPostgres.start(data.path(), TestPostgres.programs()).close();
            Path pidFile = data.path().resolve("postgresql/data/postmaster.pid");
            Files.writeString(pidFile, ProcessHandle.current().pid() + "\n");

            try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data.path(), TestPostgres.programs());
                    Database database = database(postgres)) {
                assertThat(database.<Integer>transaction(
                                transaction -> transaction.one("SELECT 1 AS one", row -> row.integer("one"))))
                        .isEqualTo(1);
            }
        }
    }

    @Test
    void listensOnNoNetworkAndLetsNobodyElseIn() throws Exception {
        TestPostgres.reachable(temporary);
        try (DataDirectory data = DataDirectory.open(temporary.resolve("data"));
                EmbeddedPostgres postgres = EmbeddedPostgres.start(data.path(), TestPostgres.programs());
                Database database = database(postgres)) {
            assertThat(setting(database, "listen_addresses")).isEmpty();
            assertThat(setting(database, "fsync")).isEqualTo("on");
            assertThat(setting(database, "full_page_writes")).isEqualTo("on");
            assertThat(setting(database, "synchronous_commit")).isEqualTo("on");
            Path home = data.path().resolve("postgresql");
            for (String name : List.of("run", "data")) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve(name))))
                        .isEqualTo("rwx------");
            }
            DatabaseAddress stranger = new DatabaseAddress.Socket(postgres.socket(), "postgres", "postgres");
            assertThatThrownBy(() -> stranger.source().getConnection()).hasMessageContaining("authentication failed");
        }
    }

    @Test
    void belowADirectoryThatOnlyTheOwnerMayEnterItRunsAllTheSame() throws Exception {
        Path closed = Files.createDirectory(
                temporary.resolve("closed"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try (DataDirectory data = DataDirectory.open(closed.resolve("data"))) {
            try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data.path());
                    Database database = database(postgres)) {
                database.execute(transaction -> transaction.update("CREATE TABLE kept (value text)"));
            }
            try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data.path());
                    Database database = database(postgres)) {
                assertThat(database.<List<String>>transaction(
                                transaction -> transaction.list("SELECT value FROM kept", row -> row.text("value"))))
                        .isEmpty();
            }
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(closed)))
                .isEqualTo("rwx------");
    }

    @Test
    void theProgramsSayTheVersionThatTheBuildNames() throws Exception {
        Files.createDirectories(TestPostgres.programs());
        Path programs = PostgresBinaries.unpack(TestPostgres.programs());
        assertThat(Programs.run(programs.resolve("bin/postgres").toString(), "--version")
                        .output())
                .contains("(PostgreSQL) " + PostgresBinaries.VERSION)
                .contains(" " + PostgresBinaries.MAJOR + ".");
    }

    @Test
    void aDataDirectoryBelongsToOneInstance() throws Exception {
        try (DataDirectory first = DataDirectory.open(temporary.resolve("data"))) {
            assertThatThrownBy(() -> DataDirectory.open(first.path()))
                    .isInstanceOf(CannotStart.class)
                    .hasMessageContaining("in use by another instance (pid "
                            + ProcessHandle.current().pid() + ")");
        }
        DataDirectory.open(temporary.resolve("data")).close();
    }

    @Test
    void aPathTooLongForASocketIsRefusedInOneSentence() throws Exception {
        TestPostgres.reachable(temporary);
        try (DataDirectory data = DataDirectory.open(temporary.resolve("d".repeat(110)))) {
            assertThatThrownBy(() -> EmbeddedPostgres.start(data.path(), TestPostgres.programs()))
                    .isInstanceOf(CannotStart.class)
                    .hasMessageContaining("too long for a Unix socket");
        }
    }

    @Test
    void aClusterOfAnotherMajorVersionIsRefused() throws Exception {
        TestPostgres.reachable(temporary);
        try (DataDirectory data = DataDirectory.open(temporary.resolve("data"))) {
            EmbeddedPostgres.start(data.path(), TestPostgres.programs()).close();
            Files.writeString(data.path().resolve("postgresql/data/PG_VERSION"), "17\n");
            assertThatThrownBy(() -> EmbeddedPostgres.start(data.path(), TestPostgres.programs()))
                    .isInstanceOf(CannotStart.class)
                    .hasMessageContaining("of PostgreSQL 17, this is 18");
        }
    }

    private static Database database(EmbeddedPostgres postgres) {
        return new Database(new DatabaseAddress.Socket(postgres.socket(), EmbeddedPostgres.NAME, "postgres"), 2);
    }

    private static String setting(Database database, String name) {
        return database.transaction(
                transaction -> transaction.one("SELECT current_setting(?) AS value", row -> row.text("value"), name));
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    /** What is stored, as soon as the database answers again. */
    private static List<String> eventually(Database database) {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (true) {
            try {
                return database.transaction(
                        transaction -> transaction.list("SELECT value FROM kept", row -> row.text("value")));
            } catch (DatabaseUnavailable e) {
                assertThat(System.nanoTime()).as("still away: " + e).isLessThan(end);
            }
        }
    }
}
