package dev.panoptes.server.auth;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A person, as the API gives them.
 *
 * @param role viewer, operator or admin
 * @param passwordChangeRequired true while the password is a one-time password
 * @param disabledAt null while they may log in
 * @param login password, or oidc where a provider vouches for them
 */
public record User(
        UUID id,
        String name,
        String role,
        boolean passwordChangeRequired,
        Instant createdAt,
        @Nullable Instant disabledAt,
        String login) {
    /** Whether a provider says who they are and what they may. */
    boolean vouchedFor() {
        return login.equals("oidc");
    }
}
