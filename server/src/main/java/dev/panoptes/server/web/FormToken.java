package dev.panoptes.server.web;

import dev.panoptes.server.http.Request;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/**
 * Ties the login form to the browser that asked for it, so that no other site can log somebody in as somebody else: a cookie
 * that scripts and other sites cannot read, and a field that follows from it. Nothing is stored.
 */
final class FormToken {
    private static final int BYTES = 32;
    private static final String SHAPE = "[A-Za-z0-9_-]{43}";

    private final SecureRandom random = new SecureRandom();
    private final boolean tls;

    FormToken(boolean tls) {
        this.tls = tls;
    }

    /** @param cookie a Set-Cookie field @param field for the form */
    record Given(String cookie, String field) {}

    /** A browser with several such forms open keeps its cookie, so that all of them work. */
    Given give(Request request) {
        String value = present(request).orElseGet(this::fresh);
        String cookie =
                name() + "=" + value + "; Path=/; HttpOnly; SameSite=Strict; Max-Age=86400" + (tls ? "; Secure" : "");
        return new Given(cookie, field(value));
    }

    boolean fits(Request request, String field) {
        String site = request.header("Sec-Fetch-Site").orElse("same-origin");
        return (site.equals("same-origin") || site.equals("none"))
                && present(request)
                        .filter(cookie -> MessageDigest.isEqual(
                                field(cookie).getBytes(StandardCharsets.UTF_8), field.getBytes(StandardCharsets.UTF_8)))
                        .isPresent();
    }

    private Optional<String> present(Request request) {
        return request.cookie(name()).filter(value -> value.matches(SHAPE));
    }

    private String fresh() {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String field(String cookie) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(("form\n" + cookie).getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private String name() {
        return tls ? "__Host-panoptes_form" : "panoptes_form";
    }
}
