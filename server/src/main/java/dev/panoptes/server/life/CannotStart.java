package dev.panoptes.server.life;

/** The server cannot start, and the operator can do something about it: one clear message, exit 3. */
public final class CannotStart extends Exception {
    private static final long serialVersionUID = 1L;

    public CannotStart(String message) {
        super(message);
    }

    public CannotStart(String message, Throwable cause) {
        super(message, cause);
    }
}
