package dev.panoptes.server.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Judges ID tokens (OpenID Connect Core 1.0, section 3.1.3.7). Only signatures that need a private key count: neither
 * {@code none} nor HMAC, whose secret the token's sender could know.
 */
final class IdTokens {
    /** How far the provider's clock may be from ours. */
    static final Duration SKEW = Duration.ofSeconds(60);

    private static final int LONGEST = 64 << 10;
    private static final int LONGEST_SUBJECT = 255;

    private static final Set<JWSAlgorithm> ALLOWED = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);

    private final OidcSettings settings;
    private final Provider provider;
    private final InstantSource clock;

    IdTokens(OidcSettings settings, Provider provider, InstantSource clock) {
        this.settings = settings;
        this.provider = provider;
        this.clock = clock;
    }

    static boolean allows(String algorithm) {
        return ALLOWED.contains(JWSAlgorithm.parse(algorithm));
    }

    /**
     * The claims of a good token.
     *
     * @param nonce that the login was begun with
     * @param accessToken that came beside it
     */
    JsonNode read(String token, String nonce, String accessToken) throws ProviderFailure, InterruptedException {
        if (token.length() > LONGEST) {
            throw new ProviderFailure("the ID token is too long");
        }
        SignedJWT signed = parse(token);
        JWSAlgorithm algorithm = signed.getHeader().getAlgorithm();
        if (!ALLOWED.contains(algorithm)) {
            throw new ProviderFailure("the ID token is signed with an algorithm that is not taken");
        }
        JOSEObjectType type = signed.getHeader().getType();
        if (type != null && !type.equals(JOSEObjectType.JWT)) {
            throw new ProviderFailure("what the provider sent is no ID token but another kind of token");
        }
        verify(signed);
        JsonNode claims = Answers.object(signed.getPayload().toBytes(), "the ID token");
        checkParties(claims);
        checkTimes(claims);
        if (!Answers.text(claims, "nonce").orElse("").equals(nonce)) {
            throw new ProviderFailure("the ID token is for another login");
        }
        Optional<String> hash = Answers.text(claims, "at_hash");
        if (hash.isPresent() && !hash.get().equals(half(accessToken, algorithm))) {
            throw new ProviderFailure("the ID token belongs to another access token");
        }
        return claims;
    }

    private static SignedJWT parse(String token) throws ProviderFailure {
        try {
            return SignedJWT.parse(token);
        } catch (ParseException | IllegalArgumentException e) {
            throw new ProviderFailure("the ID token is no signed token", e);
        }
    }

    private void verify(SignedJWT signed) throws ProviderFailure, InterruptedException {
        JWKMatcher matcher = JWKMatcher.forJWSHeader(signed.getHeader());
        List<JWK> keys = matcher == null ? List.of() : provider.keys(new JWKSelector(matcher));
        if (keys.isEmpty()) {
            throw new ProviderFailure("the ID token is signed with a key that the provider does not name");
        }
        for (JWK key : keys) {
            if (fits(signed, key)) {
                return;
            }
        }
        throw new ProviderFailure("the signature of the ID token is wrong");
    }

    private static boolean fits(SignedJWT signed, JWK key) throws ProviderFailure {
        if (!(key instanceof AsymmetricJWK pair)) {
            return false;
        }
        try {
            PublicKey open = pair.toPublicKey();
            JWSVerifier verifier = new DefaultJWSVerifierFactory().createJWSVerifier(signed.getHeader(), open);
            return signed.verify(verifier);
        } catch (JOSEException e) {
            throw new ProviderFailure("the signature of the ID token cannot be judged", e);
        }
    }

    private void checkParties(JsonNode claims) throws ProviderFailure {
        if (!Answers.text(claims, "iss").orElse("").equals(settings.issuer().toString())) {
            throw new ProviderFailure("the ID token is of another provider");
        }
        List<String> audience = claims.path("aud").isArray()
                ? Answers.texts(claims, "aud")
                : Answers.text(claims, "aud").stream().toList();
        if (!audience.contains(settings.clientId())) {
            throw new ProviderFailure("the ID token is for another client");
        }
        Optional<String> party = Answers.text(claims, "azp");
        boolean others = audience.size() > 1;
        if ((others && party.isEmpty()) || (party.isPresent() && !party.get().equals(settings.clientId()))) {
            throw new ProviderFailure("the ID token was given to another client");
        }
        String subject = Answers.text(claims, "sub").orElse("");
        if (subject.isEmpty()
                || subject.length() > LONGEST_SUBJECT
                || subject.chars().anyMatch(c -> c < ' ' || c > '~')) {
            throw new ProviderFailure("the ID token names nobody");
        }
    }

    private void checkTimes(JsonNode claims) throws ProviderFailure {
        Instant now = clock.instant();
        if (!time(claims, "exp").plus(SKEW).isAfter(now)) {
            throw new ProviderFailure("the ID token has expired");
        }
        if (time(claims, "iat").minus(SKEW).isAfter(now)
                || (claims.has("nbf") && time(claims, "nbf").minus(SKEW).isAfter(now))) {
            throw new ProviderFailure("the ID token is from the future: one of the two clocks is wrong");
        }
    }

    /** Seconds since 1970; providers may write them as 1.7e9. */
    private static Instant time(JsonNode claims, String key) throws ProviderFailure {
        JsonNode node = claims.path(key);
        double seconds = node.isNumber() ? node.asDouble() : -1;
        if (!(seconds >= 0 && seconds < 1e11)) {
            throw new ProviderFailure("the ID token has no " + key);
        }
        return Instant.ofEpochSecond((long) seconds);
    }

    /** The left half of the hash that goes with the signature (Core 1.0, section 3.1.3.6). */
    private static String half(String accessToken, JWSAlgorithm algorithm) {
        String name = algorithm.getName();
        try {
            byte[] hash = MessageDigest.getInstance("SHA-" + name.substring(name.length() - 3))
                    .digest(accessToken.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, hash.length / 2));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-2", e);
        }
    }
}
