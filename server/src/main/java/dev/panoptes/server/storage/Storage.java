package dev.panoptes.server.storage;

import dev.panoptes.server.life.CannotStart;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Everything below the database's pool: the data directory, the embedded PostgreSQL where there is one, the schema. */
public final class Storage implements AutoCloseable {
    private final DataDirectory directory;
    private final @Nullable EmbeddedPostgres postgres;
    private final DatabaseAddress address;

    private Storage(DataDirectory directory, @Nullable EmbeddedPostgres postgres, DatabaseAddress address) {
        this.directory = directory;
        this.postgres = postgres;
        this.address = address;
    }

    /** What is done before the schema of an existing database is changed. */
    @FunctionalInterface
    public interface BeforeMigration {
        /** @throws CannotStart when it fails; then nothing is changed */
        void run(DataDirectory directory, DatabaseAddress address, int from, int to) throws CannotStart;
    }

    /** @param url of an external database; null: the embedded one */
    public static Storage open(Path dataDirectory, @Nullable String url, BeforeMigration before) throws CannotStart {
        return open(dataDirectory, url, null, before);
    }

    /** @param programs where the embedded database's programs are shared; null: in the data directory */
    static Storage open(Path dataDirectory, @Nullable String url, @Nullable Path programs, BeforeMigration before)
            throws CannotStart {
        DataDirectory directory = DataDirectory.open(dataDirectory);
        EmbeddedPostgres postgres = null;
        try {
            DatabaseAddress address;
            if (url == null) {
                postgres = programs == null
                        ? EmbeddedPostgres.start(directory.path())
                        : EmbeddedPostgres.start(directory.path(), programs);
                address = postgres.address();
            } else {
                address = DatabaseAddress.parse(url);
            }
            new Migrations(address).run((from, to) -> before.run(directory, address, from, to));
            return new Storage(directory, postgres, address);
        } catch (CannotStart | RuntimeException e) {
            if (postgres != null) {
                postgres.close();
            }
            directory.close();
            throw e;
        }
    }

    /** Over a database that is there already, for tests. */
    static Storage over(Path dataDirectory, DatabaseAddress address) throws CannotStart {
        return new Storage(DataDirectory.open(dataDirectory), null, address);
    }

    public DataDirectory directory() {
        return directory;
    }

    public DatabaseAddress address() {
        return address;
    }

    public boolean embedded() {
        return postgres != null;
    }

    /** Idempotent. */
    @Override
    public void close() {
        if (postgres != null) {
            postgres.close();
        }
        directory.close();
    }
}
