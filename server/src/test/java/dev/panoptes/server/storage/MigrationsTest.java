package dev.panoptes.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.panoptes.server.life.CannotStart;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestPostgres.class)
class MigrationsTest {
    private static final Migrations.Before NOT_CALLED = (from, to) -> {
        throw new CannotStart("a backup was asked for, from " + from + " to " + to);
    };

    @Test
    void theNewestFileIsTheVersionOfTheProgram() throws URISyntaxException {
        assertThat(versions()).doesNotHaveDuplicates().last().isEqualTo(Migrations.VERSION);
    }

    private static List<Integer> versions() throws URISyntaxException {
        Path directory = Path.of(Objects.requireNonNull(Migrations.class.getResource("/db/migration"))
                .toURI());
        return Arrays.stream(Objects.requireNonNull(directory.toFile().listFiles()))
                .map(File::getName)
                .map(name -> Integer.parseInt(name.replaceAll("V(\\d+)__\\w+\\.sql", "$1")))
                .sorted()
                .toList();
    }

    @Test
    void aSchemaThatIsUpToDateIsLeftAlone(Databases databases) throws Exception {
        new Migrations(databases.freshAddress()).run(NOT_CALLED);
    }

    @Test
    void aNewerSchemaIsRefused(Databases databases) throws Exception {
        DatabaseAddress address = databases.freshAddress();
        try (Database database = new Database(address, 1)) {
            database.execute(transaction -> transaction.update("UPDATE " + Migrations.HISTORY
                    + " SET version = (version::int + 100)::text WHERE version = '" + Migrations.VERSION + "'"));
        }
        assertThatThrownBy(() -> new Migrations(address).run(NOT_CALLED))
                .isInstanceOf(CannotStart.class)
                .hasMessageContaining("newer than this program's " + Migrations.VERSION);
    }

    @Test
    void aStrangersSchemaIsRefused(Databases databases) throws Exception {
        DatabaseAddress address = databases.emptyAddress();
        try (Database database = new Database(address, 1)) {
            database.execute(transaction -> transaction.update("CREATE TABLE orders (id int)"));
        }
        assertThatThrownBy(() -> new Migrations(address).run(NOT_CALLED))
                .isInstanceOf(CannotStart.class)
                .hasMessageContaining("not empty and not ours");
    }

    @Test
    void severalServersMayStartAtOnceOnAnEmptyDatabase(Databases databases)
            throws InterruptedException, ExecutionException, URISyntaxException {
        DatabaseAddress address = databases.emptyAddress();
        List<Callable<Boolean>> starts = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            starts.add(() -> {
                new Migrations(address).run(NOT_CALLED);
                return true;
            });
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            for (Future<Boolean> start : threads.invokeAll(starts)) {
                assertThat(start.get()).isTrue();
            }
        }
        try (Database database = new Database(address, 1)) {
            assertThat(database.<Integer>transaction(transaction -> transaction.one(
                            "SELECT count(*)::int AS n FROM " + Migrations.HISTORY, row -> row.integer("n"))))
                    .isEqualTo(versions().size());
        }
    }

    @Test
    void anUnreachableDatabaseIsOneClearMessage() {
        DatabaseAddress nowhere = new DatabaseAddress.Socket(Path.of("/nowhere/.s.PGSQL.5432"), "panoptes", "postgres");
        assertThatThrownBy(() -> new Migrations(nowhere).run(NOT_CALLED))
                .isInstanceOf(CannotStart.class)
                .hasMessageContaining("/nowhere/.s.PGSQL.5432");
    }
}
