package dev.panoptes.server.storage;

/** The database cannot be reached or takes no more work for now. Callers answer 503; nothing was acknowledged. */
public final class DatabaseUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What the caller may count on. */
    public enum Why {
        /** It was not reached, or undid everything: nothing was changed. */
        AWAY,
        /** Its disk is full: nothing was changed, and nothing can be before there is room. */
        FULL,
        /** It went away between the order to commit and its answer: either may be true. */
        UNCERTAIN
    }

    private final Why why;

    DatabaseUnavailable(Why why, String message, Throwable cause) {
        super(message, cause);
        this.why = why;
    }

    DatabaseUnavailable(String message, Throwable cause) {
        this(Why.AWAY, message, cause);
    }

    DatabaseUnavailable(String message) {
        super(message);
        this.why = Why.AWAY;
    }

    public Why why() {
        return why;
    }
}
