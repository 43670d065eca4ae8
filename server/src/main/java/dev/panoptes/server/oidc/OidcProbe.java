package dev.panoptes.server.oidc;

import com.nimbusds.jose.jwk.JWKSet;
import dev.panoptes.server.config.Configuration;
import dev.panoptes.server.config.Settings;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** How the provider is, for somebody who looks at it from outside. */
public final class OidcProbe {
    private OidcProbe() {}

    /** One line; empty where none is configured. */
    public static Optional<String> line(Configuration configuration, InstantSource clock) throws InterruptedException {
        if (configuration.find(Settings.OIDC_ISSUER).isEmpty()
                && configuration.find(Settings.OIDC_CLIENT).isEmpty()) {
            return Optional.empty();
        }
        List<String> problems = OidcSettings.problems(configuration);
        if (!problems.isEmpty()) {
            return Optional.of(String.join("; ", problems));
        }
        OidcSettings settings = OidcSettings.of(configuration).orElseThrow();
        try (ProviderClient client = new ProviderClient(settings.ca())) {
            return Optional.of(settings.issuer() + ", " + state(settings, new Provider(settings, client, clock)));
        }
    }

    private static String state(OidcSettings settings, Provider provider) throws InterruptedException {
        try {
            Metadata metadata = provider.metadata();
            JWKSet keys = provider.readKeys();
            return "it answers, with " + keys.size() + (keys.size() == 1 ? " key" : " keys") + ", "
                    + (metadata.endSession() == null ? "without" : "with") + " a logout of its own; it must send people"
                    + " back to " + settings.callback();
        } catch (ProviderFailure e) {
            return "nobody can log in by it: " + e.why();
        }
    }
}
