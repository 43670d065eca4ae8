package dev.panoptes.server.oidc;

import dev.panoptes.server.http.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/**
 * A login on its way to the provider and back. It travels sealed in a cookie of the browser that began it, so that any replica
 * can end it and no other browser can.
 *
 * @param state comes back with the answer
 * @param nonce comes back in the ID token
 * @param verifier proves to the provider that who began the login fetches the token (RFC 7636)
 * @param next the page that was wanted
 * @param at seconds since 1970
 */
record Begun(String state, String nonce, String verifier, String next, long at) {
    /** How long somebody may take to log in at the provider. */
    static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final int BYTES = 32;

    static Begun now(SecureRandom random, String next, Instant now) {
        return new Begun(text(random), text(random), text(random), next, now.getEpochSecond());
    }

    private static String text(SecureRandom random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    String sealed(Seal seal) {
        return seal.close(Json.writeText(this));
    }

    /** Empty for a cookie that is not ours or too old. */
    static Optional<Begun> open(String cookie, Seal seal, Instant now) {
        return seal.open(cookie)
                .map(json -> Json.readOwn(json, Begun.class))
                .filter(begun -> now.isBefore(begun.ends()));
    }

    Instant ends() {
        return Instant.ofEpochSecond(at).plus(PATIENCE);
    }

    /** What the provider is told of the verifier: its SHA-256. */
    String challenge() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    boolean isFor(String answered) {
        return MessageDigest.isEqual(state.getBytes(StandardCharsets.UTF_8), answered.getBytes(StandardCharsets.UTF_8));
    }
}
