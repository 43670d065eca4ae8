package dev.panoptes.server.auth;

import dev.panoptes.server.http.Principal;
import java.util.Optional;

/** One kind of bearer token, known by its looks before anything is asked of the database. */
public interface BearerTokens {
    /** Whether a token looks like one of this kind. */
    boolean bears(String token);

    /** Whom it stands for; empty for one that is wrong, expired or revoked. @param use whether to note that it was used */
    Optional<? extends Principal> find(String token, boolean use);

    /** The same as far as the token itself tells, where that is something; the caller asks for the rest. */
    default Optional<? extends Principal> claim(String token) {
        return find(token, true);
    }
}
