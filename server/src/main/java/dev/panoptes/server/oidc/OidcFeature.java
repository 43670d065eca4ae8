package dev.panoptes.server.oidc;

import dev.panoptes.server.auth.AuthFeature;
import dev.panoptes.server.feature.FeatureContext;
import java.util.Optional;

/** Logging in by way of a provider, where one is configured. Its pages are among those for people. */
public final class OidcFeature {
    private OidcFeature() {}

    /** Empty where people log in by password only. */
    public static Optional<OidcLogins> of(FeatureContext context, AuthFeature auth) {
        return OidcSettings.of(context.configuration()).map(settings -> {
            ProviderClient client = context.closing().add(new ProviderClient(settings.ca()));
            return new OidcLogins(
                    settings,
                    new Provider(settings, client, context.clock()),
                    new OidcStore(context.database()),
                    auth.vouchedUsers(),
                    new Seal(auth.key("panoptes oidc")),
                    context.clock());
        });
    }
}
