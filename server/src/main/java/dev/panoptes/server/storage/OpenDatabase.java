package dev.panoptes.server.storage;

import dev.panoptes.server.life.CannotStart;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A database that a command works on without a server: no pool, no migration. The embedded one is started for it where no
 * server runs, and ended with it.
 */
public final class OpenDatabase implements AutoCloseable {
    private final DatabaseAddress address;
    private final @Nullable DataDirectory directory;
    private final @Nullable EmbeddedPostgres postgres;

    private OpenDatabase(
            DatabaseAddress address, @Nullable DataDirectory directory, @Nullable EmbeddedPostgres postgres) {
        this.address = address;
        this.directory = directory;
        this.postgres = postgres;
    }

    /**
     * One that is there already, whether its server runs or not.
     *
     * @param url of an external database; null: the embedded one of the data directory
     */
    public static OpenDatabase existing(Path data, @Nullable String url) throws CannotStart {
        return existing(data, url, null);
    }

    /** @param programs where the embedded database's programs are shared; null: in the data directory */
    static OpenDatabase existing(Path data, @Nullable String url, @Nullable Path programs) throws CannotStart {
        if (url != null) {
            return new OpenDatabase(DatabaseAddress.parse(url), null, null);
        }
        if (!EmbeddedPostgres.exists(data)) {
            throw new CannotStart("there is no database in the data directory " + data
                    + "; name the right one with --data-dir, or the database with DATABASE_URL");
        }
        return switch (DataDirectory.take(data)) {
            case DataDirectory.InUse(Path path, String holder) -> new OpenDatabase(running(path, holder), null, null);
            case DataDirectory.Taken(DataDirectory taken) -> start(taken, programs);
        };
    }

    private static DatabaseAddress running(Path data, String holder) throws CannotStart {
        if (!EmbeddedPostgres.runs(data)) {
            throw new CannotStart("another instance" + holder + " has the data directory " + data
                    + " and runs no database in it: try again when it is ready, or set DATABASE_URL to the one"
                    + " that it uses");
        }
        return EmbeddedPostgres.running(data);
    }

    /** One of our own that is filled: the data directory is made where it is missing, and must not be in use. */
    public static OpenDatabase alone(Path data, @Nullable String url) throws CannotStart {
        return alone(data, url, null);
    }

    static OpenDatabase alone(Path data, @Nullable String url, @Nullable Path programs) throws CannotStart {
        return url == null
                ? start(DataDirectory.open(data), programs)
                : new OpenDatabase(DatabaseAddress.parse(url), null, null);
    }

    private static OpenDatabase start(DataDirectory directory, @Nullable Path programs) throws CannotStart {
        try {
            EmbeddedPostgres postgres = programs == null
                    ? EmbeddedPostgres.start(directory.path())
                    : EmbeddedPostgres.start(directory.path(), programs);
            return new OpenDatabase(postgres.address(), directory, postgres);
        } catch (CannotStart | RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    public DatabaseAddress address() {
        return address;
    }

    /** Idempotent. */
    @Override
    public void close() {
        if (postgres != null) {
            postgres.close();
        }
        if (directory != null) {
            directory.close();
        }
    }
}
