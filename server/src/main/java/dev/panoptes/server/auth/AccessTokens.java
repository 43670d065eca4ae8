package dev.panoptes.server.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.panoptes.server.http.TokenDigest;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Access tokens as JSON Web Tokens (RFC 7519), signed with HS256 and nothing else: what names another algorithm, or none, or
 * is not signed with our key, is no token. They say who somebody is; whether they still may, the database says.
 */
public final class AccessTokens {
    /** How long one holds. */
    public static final Duration LIFETIME = Duration.ofHours(1);

    private static final int LONGEST = 2_048;

    /** So many are remembered; then all are forgotten, which costs no more than reading them again. */
    private static final int MOST_KNOWN = 200_000;

    private final ConcurrentHashMap<TokenDigest, Known> known = new ConcurrentHashMap<>();
    private final byte[] secret;
    private final InstantSource clock;

    public AccessTokens(SigningSecret secret, InstantSource clock) {
        this.secret = secret.bytes();
        this.clock = clock;
    }

    /** What a good token says. */
    public record Claims(Map<String, Object> all) {
        public Claims {
            all = Map.copyOf(all);
        }

        /** @return null where there is no such claim, or it is no text */
        public @Nullable String text(String name) {
            return all.get(name) instanceof String text ? text : null;
        }

        /** @return null where there is no such claim, or it is no whole number */
        public @Nullable Long whole(String name) {
            return all.get(name) instanceof Long number ? number : null;
        }
    }

    /** A token whose signature was found to be ours: what it says stays so until it expires. */
    private record Known(Claims claims, Instant expires) {}

    /** Whether a bearer token looks like one: three parts. */
    public static boolean bears(String token) {
        int first = token.indexOf('.');
        int second = token.indexOf('.', first + 1);
        return first >= 0 && second >= 0 && token.indexOf('.', second + 1) < 0;
    }

    /** A new one with these claims. */
    public String sign(Map<String, ?> claims) {
        Instant now = clock.instant();
        JWTClaimsSet.Builder set =
                new JWTClaimsSet.Builder().issueTime(Date.from(now)).expirationTime(Date.from(now.plus(LIFETIME)));
        claims.forEach(set::claim);
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .type(JOSEObjectType.JWT)
                        .build(),
                set.build());
        try {
            token.sign(new MACSigner(secret));
        } catch (JOSEException e) {
            throw new IllegalStateException("the signing secret is long enough for HS256", e);
        }
        return token.serialize();
    }

    /** Of its claims those that somebody asks for; many tokens are remembered, and their names are always the same few. */
    private static Claims said(JWTClaimsSet claims) {
        Map<String, Object> all = new HashMap<>();
        claims.getClaims().forEach((name, value) -> {
            if (value instanceof String || value instanceof Long) {
                all.put(name.intern(), value);
            }
        });
        return new Claims(all);
    }

    /** Empty for one that is damaged, signed otherwise, expired or too long. */
    public Optional<Claims> read(String token) {
        if (token.length() > LONGEST) {
            return Optional.empty();
        }
        TokenDigest digest = TokenDigest.of(token);
        Known before = known.get(digest);
        if (before != null) {
            if (before.expires().isAfter(clock.instant())) {
                return Optional.of(before.claims());
            }
            known.remove(digest);
            return Optional.empty();
        }
        try {
            SignedJWT signed = SignedJWT.parse(token);
            boolean ours = signed.getHeader().getAlgorithm().equals(JWSAlgorithm.HS256)
                    && signed.verify(new MACVerifier(secret));
            if (!ours) {
                return Optional.empty();
            }
            JWTClaimsSet claims = signed.getJWTClaimsSet();
            Date expires = claims.getExpirationTime();
            if (expires == null || !expires.toInstant().isAfter(clock.instant())) {
                return Optional.empty();
            }
            Claims read = said(claims);
            if (known.size() >= MOST_KNOWN) {
                known.clear();
            }
            known.put(digest, new Known(read, expires.toInstant()));
            return Optional.of(read);
        } catch (ParseException | JOSEException | IllegalArgumentException | IllegalStateException e) {
            // Whatever is wrong with it, it is not ours.
            return Optional.empty();
        }
    }
}
