package dev.panoptes.server.oidc;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Fetches what the provider gives for a code (RFC 6749, section 4.1.3), and what else it says of somebody. */
final class TokenCall {
    private final OidcSettings settings;
    private final ProviderClient client;

    TokenCall(OidcSettings settings, ProviderClient client) {
        this.settings = settings;
        this.client = client;
    }

    record Tokens(String id, String access) {}

    Tokens fetch(Metadata metadata, String code, String verifier) throws ProviderFailure, InterruptedException {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "authorization_code");
        form.put("code", code);
        form.put("redirect_uri", settings.callback());
        form.put("code_verifier", verifier);
        Map<String, String> headers = new HashMap<>(Map.of("Accept", "application/json"));
        String secret = settings.clientSecret();
        if (secret != null && metadata.basic()) {
            headers.put("Authorization", "Basic " + basic(settings.clientId(), secret));
        } else {
            form.put("client_id", settings.clientId());
            if (secret != null) {
                form.put("client_secret", secret);
            }
        }
        ProviderClient.Answer answer =
                client.post(metadata.token(), FormText.of(form), headers, "the provider's token");
        if (answer.status() != 200) {
            throw new ProviderFailure("the provider gave no token for the login: " + error(answer));
        }
        JsonNode tokens = Answers.object(answer.body(), "the provider's token answer");
        if (!Answers.text(tokens, "token_type").orElse("").equalsIgnoreCase("Bearer")) {
            throw new ProviderFailure("the provider's token answer is of another kind than Bearer");
        }
        return new Tokens(needed(tokens, "id_token"), needed(tokens, "access_token"));
    }

    private static String needed(JsonNode tokens, String key) throws ProviderFailure {
        String text = Answers.text(tokens, key).orElse("");
        if (text.isEmpty() || text.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new ProviderFailure("the provider's token answer has no " + key);
        }
        return text;
    }

    /** Of the error only its code, which is of a known shape; what else is there may be anything. */
    private static String error(ProviderClient.Answer answer) {
        try {
            String code = Answers.text(Answers.object(answer.body(), "the error"), "error")
                    .orElse("");
            return code.matches("[a-z_]{1,60}") ? code : "status " + answer.status();
        } catch (ProviderFailure e) {
            // Not even an error in JSON: its status says all there is.
            return "status " + answer.status();
        }
    }

    /** What it says of whom an access token is for. @param subject of the ID token: an answer about another is refused */
    JsonNode userinfo(URI url, String accessToken, String subject) throws ProviderFailure, InterruptedException {
        JsonNode claims = Answers.object(
                client.get(
                        url,
                        Map.of("Authorization", "Bearer " + accessToken, "Accept", "application/json"),
                        "the provider's userinfo"),
                "the provider's userinfo");
        if (!Answers.text(claims, "sub").orElse("").equals(subject)) {
            throw new ProviderFailure("the provider's userinfo is about another person than its ID token");
        }
        return claims;
    }

    /** Both encoded first (RFC 6749, section 2.3.1). */
    private static String basic(String id, String secret) {
        return Base64.getEncoder()
                .encodeToString((FormText.word(id) + ":" + FormText.word(secret)).getBytes(StandardCharsets.US_ASCII));
    }
}
