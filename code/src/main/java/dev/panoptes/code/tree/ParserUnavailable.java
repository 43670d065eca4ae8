package dev.panoptes.code.tree;

/** The native parser cannot be used on this machine; the message says why. */
public final class ParserUnavailable extends Exception {
    private static final long serialVersionUID = 1L;

    ParserUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
