package dev.panoptes.server.storage;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;

/** Tells a database that is away from a statement that is wrong, by SQLSTATE (PostgreSQL manual, appendix A). */
final class Failures {
    private static final String CONNECTION = "08";
    private static final String RESOURCES = "53";
    private static final String OPERATOR = "57P";
    private static final String DISK_FULL = "53100";
    private static final String UNNAMED = "XX000";
    /** strerror(3) of EDQUOT and EFBIG. */
    private static final Set<String> NO_ROOM = Set.of("Disk quota exceeded", "File too large");

    /**
     * Query cancelled by a timeout; read only, as on a standby; a crashed backend's I/O error; a transaction that was idle for
     * too long; a plan from before a newer release migrated.
     */
    private static final Set<String> PASSING =
            Set.of("57014", "25006", "25P03", "0A000", "58030", "40001", "40P01", "55P03");

    private Failures() {}

    static RuntimeException of(SQLException e, String doing) {
        if (e.getCause() instanceof InterruptedException) {
            // The pool took the flag away with its exception; whoever waits further up has to see it.
            Thread.currentThread().interrupt();
            return new DatabaseUnavailable("interrupted while " + doing, e);
        }
        if (full(e)) {
            return new DatabaseUnavailable(
                    DatabaseUnavailable.Why.FULL, "the database's disk is full while " + doing, e);
        }
        if (away(e)) {
            return new DatabaseUnavailable("the database is not available while " + doing, e);
        }
        return new StorageFailure(doing + " failed", e);
    }

    /** A quota and a limit on the size of files have no state of their own: PostgreSQL passes the kernel's words on. */
    private static boolean full(SQLException e) {
        String message = String.valueOf(e.getMessage());
        return DISK_FULL.equals(e.getSQLState())
                || (UNNAMED.equals(e.getSQLState()) && NO_ROOM.stream().anyMatch(message::contains));
    }

    /** Of an order to commit: without an answer from the database nobody knows whether it was carried out. */
    static RuntimeException ofCommit(SQLException e) {
        RuntimeException failure = of(e, "committing");
        return lost(e)
                ? new DatabaseUnavailable(
                        DatabaseUnavailable.Why.UNCERTAIN, "the database went away while committing", e)
                : failure;
    }

    private static boolean lost(SQLException e) {
        String state = e.getSQLState();
        return e.getCause() instanceof java.io.IOException
                || e.getCause() instanceof InterruptedException
                || (state != null && (state.startsWith(CONNECTION) || state.startsWith(OPERATOR)));
    }

    static boolean away(SQLException e) {
        String state = e.getSQLState();
        return e instanceof SQLTransientConnectionException
                || e.getCause() instanceof java.io.IOException
                || (state != null
                        && (state.startsWith(CONNECTION)
                                || state.startsWith(RESOURCES)
                                || state.startsWith(OPERATOR)
                                || PASSING.contains(state)));
    }
}
