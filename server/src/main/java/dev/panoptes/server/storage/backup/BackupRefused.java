package dev.panoptes.server.storage.backup;

/** A backup or a restore cannot be done, and the operator can do something about it: one clear message, exit 3. */
public final class BackupRefused extends Exception {
    private static final long serialVersionUID = 1L;

    BackupRefused(String message) {
        super(message);
    }

    BackupRefused(String message, Throwable cause) {
        super(message, cause);
    }
}
