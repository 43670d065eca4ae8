package dev.panoptes.server.storage;

/** The database cannot be reached or takes no more work for now. Callers answer 503; nothing was acknowledged. */
public final class DatabaseUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DatabaseUnavailable(String message, Throwable cause) {
        super(message, cause);
    }

    DatabaseUnavailable(String message) {
        super(message);
    }
}
