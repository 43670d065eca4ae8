package dev.panoptes.server.oidc;

/** The provider cannot be reached, or what it answered cannot be used. The message is one sentence without a full stop. */
final class ProviderFailure extends Exception {
    private static final long serialVersionUID = 1L;

    ProviderFailure(String message) {
        super(message);
    }

    ProviderFailure(String message, Throwable cause) {
        super(message, cause);
    }

    /** The sentence. */
    String why() {
        return String.valueOf(getMessage());
    }
}
