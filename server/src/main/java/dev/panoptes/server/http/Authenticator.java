package dev.panoptes.server.http;

import java.util.Optional;

/** Tells who calls. */
public interface Authenticator {
    /** What a call brings along to say who it is. */
    interface Credentials {
        Optional<String> header(String name);

        /** Empty where the cookie is missing. */
        Optional<String> cookie(String name);

        /** Where the connection comes from. */
        String address();
    }

    /**
     * The caller; {@link Principal.Anonymous} where nothing was brought along.
     *
     * @throws ProblemException 401 where something was, and is wrong, expired or revoked
     */
    Principal authenticate(Credentials credentials);

    /** The same, but that an agent is only known by its signed token: whether it is still enrolled the call itself asks. */
    default Principal claimed(Credentials credentials) {
        return authenticate(credentials);
    }

    /** The same for a call that is long under way; it does not count as a use, and keeps no session from running out. */
    Principal authenticateAgain(Credentials credentials);
}
