package dev.panoptes.server.storage;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;

/** Tells a database that is away from a statement that is wrong, by SQLSTATE (PostgreSQL manual, appendix A). */
final class Failures {
    private static final String CONNECTION = "08";
    private static final String RESOURCES = "53";
    private static final String OPERATOR = "57P";
    /** Query cancelled by a timeout; read only, as on a standby; a crashed backend's I/O error. */
    private static final Set<String> PASSING = Set.of("57014", "25006", "58030", "40001", "40P01", "55P03");

    private Failures() {}

    static RuntimeException of(SQLException e, String doing) {
        if (e.getCause() instanceof InterruptedException) {
            // The pool took the flag away with its exception; whoever waits further up has to see it.
            Thread.currentThread().interrupt();
            return new DatabaseUnavailable("interrupted while " + doing, e);
        }
        if (away(e)) {
            return new DatabaseUnavailable("the database is not available while " + doing, e);
        }
        return new StorageFailure(doing + " failed", e);
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
