package dev.panoptes.server.oidc;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a provider says of itself (OpenID Connect Discovery 1.0, section 3), as far as it is used here.
 *
 * @param userinfo null where it has none
 * @param endSession null where it has none (RP-Initiated Logout 1.0)
 * @param namesItself whether it says in every answer by a browser who it is (RFC 9207)
 * @param basic whether it takes the client's secret as HTTP Basic, which is the default, else in the form
 */
record Metadata(
        URI authorization,
        URI token,
        URI keys,
        @Nullable URI userinfo,
        @Nullable URI endSession,
        boolean namesItself,
        boolean basic) {
    private static final String WHAT = "the provider's configuration";

    static URI address(URI issuer) {
        String text = issuer.toString();
        return URI.create((text.endsWith("/") ? text.substring(0, text.length() - 1) : text)
                + "/.well-known/openid-configuration");
    }

    /** @throws ProviderFailure with one sentence where it is another's, or lacks what a login needs */
    static Metadata read(byte[] json, OidcSettings settings) throws ProviderFailure {
        JsonNode all = Answers.object(json, WHAT);
        String issuer = Answers.text(all, "issuer").orElse("");
        if (!issuer.equals(settings.issuer().toString())) {
            throw new ProviderFailure("the provider calls itself '" + shown(issuer) + "', and oidc.issuer says '"
                    + settings.issuer() + "': the two must be equal, letter by letter");
        }
        requires(all, "response_types_supported", "code", true);
        requires(all, "code_challenge_methods_supported", "S256", false);
        requires(all, "grant_types_supported", "authorization_code", false);
        List<String> methods = Answers.texts(all, "token_endpoint_auth_methods_supported");
        String wanted = settings.clientSecret() == null ? "none" : "client_secret_basic";
        boolean usable = settings.clientSecret() == null
                || methods.isEmpty()
                || methods.contains("client_secret_basic")
                || methods.contains("client_secret_post");
        if (!usable) {
            throw new ProviderFailure("the provider takes no client secret, but only " + shown(methods.toString()));
        }
        List<String> algorithms = Answers.texts(all, "id_token_signing_alg_values_supported");
        if (!algorithms.isEmpty() && algorithms.stream().noneMatch(IdTokens::allows)) {
            throw new ProviderFailure("the provider signs with " + shown(algorithms.toString())
                    + " only; it must be RSA or EC, such as RS256 or ES256");
        }
        return new Metadata(
                needed(all, "authorization_endpoint", settings),
                needed(all, "token_endpoint", settings),
                needed(all, "jwks_uri", settings),
                optional(all, "userinfo_endpoint", settings),
                optional(all, "end_session_endpoint", settings),
                all.path("authorization_response_iss_parameter_supported").asBoolean(false),
                methods.isEmpty() || methods.contains(wanted));
    }

    private static void requires(JsonNode all, String key, String value, boolean must) throws ProviderFailure {
        List<String> values = Answers.texts(all, key);
        if ((must || !values.isEmpty()) && !values.contains(value)) {
            throw new ProviderFailure(WHAT + " has no " + value + " in " + key);
        }
    }

    private static URI needed(JsonNode all, String key, OidcSettings settings) throws ProviderFailure {
        URI url = optional(all, key, settings);
        if (url == null) {
            throw new ProviderFailure(WHAT + " has no " + key);
        }
        return url;
    }

    private static @Nullable URI optional(JsonNode all, String key, OidcSettings settings) throws ProviderFailure {
        String text = Answers.text(all, key).orElse(null);
        if (text == null) {
            return null;
        }
        try {
            URI url = new URI(text);
            if (url.getHost() != null && OidcSettings.safe(url, settings.issuer()) && url.getRawFragment() == null) {
                return url;
            }
        } catch (URISyntaxException e) {
            throw new ProviderFailure(key + " of the provider is no URL: '" + shown(text) + "'", e);
        }
        throw new ProviderFailure(key + " of the provider is no https URL: '" + shown(text) + "'");
    }

    private static String shown(String text) {
        String plain = text.replaceAll("\\p{Cntrl}", " ");
        return plain.length() > 200 ? plain.substring(0, 200) + "..." : plain;
    }
}
