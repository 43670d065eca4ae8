package dev.panoptes.server.web;

import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.oidc.OidcLogins;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The page that asks who somebody is, and the one between here and the provider. */
final class LoginForm {
    private final Frame frame;
    private final FormToken token;
    private final String provider;

    /** @param oidc null where people log in by password only */
    LoginForm(Frame frame, @Nullable OidcLogins oidc, boolean tls) {
        this.frame = frame;
        this.token = new FormToken(tls);
        this.provider = oidc == null ? "" : oidc.name();
    }

    boolean fits(Request request, String field) {
        return token.fits(request, field);
    }

    /** @param problem empty on the first try */
    Response show(Request request, int status, String next, String name, String problem) {
        FormToken.Given given = token.give(request);
        return frame.page(
                        status,
                        frame.bare("Log in", ""),
                        "login",
                        Map.of(
                                "csrf",
                                given.field(),
                                "next",
                                next,
                                "name",
                                name,
                                "problem",
                                problem,
                                "provider",
                                provider,
                                "away",
                                "/login/oidc?next=" + URLEncoder.encode(next, StandardCharsets.UTF_8)))
                .header("Set-Cookie", given.cookie());
    }

    /**
     * A page that goes on by itself, without a script. It is needed twice: the session's cookie goes along only where a page of
     * our own leads on, not where the provider's does; and a form may lead nowhere else, while this may.
     */
    Response onward(String title, String says, URI to) {
        return frame.page(
                        200, frame.bare(title, ""), "onward", Map.of("title", title, "says", says, "to", to.toString()))
                .header("Refresh", "0; url=" + to.toASCIIString());
    }
}
