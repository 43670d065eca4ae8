package dev.panoptes.server.oidc;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the provider says of itself and the keys it signs with, each read when it is needed and kept for a while: an hour, and
 * five minutes for keys, after which a withdrawn key is worth nothing. A key that is not among them is looked for again at
 * once, though not more often than every ten seconds. Thread-safe; two that look at once both look.
 */
final class Provider {
    private static final Duration METADATA = Duration.ofHours(1);
    private static final Duration KEYS = Duration.ofMinutes(5);
    private static final Duration PAUSE = Duration.ofSeconds(10);
    /** After a failure, so that a provider that hangs does not hold up everybody who comes. */
    private static final Duration REST = Duration.ofSeconds(3);

    private final OidcSettings settings;
    private final ProviderClient client;
    private final InstantSource clock;
    private volatile @Nullable Kept<Metadata> metadata;
    private volatile @Nullable Kept<JWKSet> keys;
    private volatile @Nullable Failed failed;

    Provider(OidcSettings settings, ProviderClient client, InstantSource clock) {
        this.settings = settings;
        this.client = client;
        this.clock = clock;
    }

    private record Kept<T>(T value, Instant at) {}

    private record Failed(String why, Instant at) {}

    ProviderClient client() {
        return client;
    }

    Metadata metadata() throws ProviderFailure, InterruptedException {
        Kept<Metadata> kept = metadata;
        Instant now = clock.instant();
        if (kept != null && now.isBefore(kept.at().plus(METADATA))) {
            return kept.value();
        }
        Failed before = failed;
        if (before != null && now.isBefore(before.at().plus(REST))) {
            throw new ProviderFailure(before.why());
        }
        try {
            byte[] json = client.get(Metadata.address(settings.issuer()), Map.of(), "the provider's configuration");
            Metadata read = Metadata.read(json, settings);
            metadata = new Kept<>(read, now);
            failed = null;
            return read;
        } catch (ProviderFailure e) {
            failed = new Failed(e.why(), clock.instant());
            throw e;
        }
    }

    /** Those that a token may be signed with; it says which. */
    List<JWK> keys(JWKSelector selector) throws ProviderFailure, InterruptedException {
        Kept<JWKSet> kept = keys;
        Instant now = clock.instant();
        boolean fresh = kept != null && now.isBefore(kept.at().plus(KEYS));
        if (kept != null && fresh) {
            List<JWK> fitting = selector.select(kept.value());
            if (!fitting.isEmpty() || now.isBefore(kept.at().plus(PAUSE))) {
                return fitting;
            }
        }
        JWKSet read = readKeys();
        keys = new Kept<>(read, now);
        return selector.select(read);
    }

    /** @throws ProviderFailure where there is no key that could sign */
    JWKSet readKeys() throws ProviderFailure, InterruptedException {
        byte[] json = client.get(metadata().keys(), Map.of(), "the provider's keys");
        try {
            JWKSet all = JWKSet.parse(new String(json, StandardCharsets.UTF_8)).toPublicJWKSet();
            if (all.isEmpty()) {
                throw new ProviderFailure("the provider names no key that can be used");
            }
            return all;
        } catch (ParseException e) {
            throw new ProviderFailure("the provider's keys are no key set (RFC 7517)", e);
        }
    }
}
