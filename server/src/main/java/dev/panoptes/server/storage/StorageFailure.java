package dev.panoptes.server.storage;

/** A statement failed for a reason that is ours: wrong SQL, a violated constraint that nobody expected. A bug. */
public final class StorageFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StorageFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
