package dev.panoptes.server.web;

import dev.panoptes.server.auth.SessionCookie;
import dev.panoptes.server.changes.Actor;
import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import dev.panoptes.server.oidc.OidcLogins;
import dev.panoptes.server.oidc.OidcLogins.Step;
import java.net.URI;
import java.util.List;

/** To the provider and back, by links and redirects alone. */
final class OidcPages implements Resource {
    private static final int LONGEST_CODE = 4_096;

    private final OidcLogins logins;
    private final LoginForm form;
    private final boolean tls;

    OidcPages(OidcLogins logins, LoginForm form, boolean tls) {
        this.logins = logins;
        this.form = form;
        this.tls = tls;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.page("/login/oidc", Access.OPEN, this::begin),
                Route.page("/login/oidc/callback", Access.OPEN, this::end));
    }

    private Response begin(Request request) throws InterruptedException {
        String next = NextPage.of(request.query("next").orElse(""));
        return answer(request, next, logins.begin(next));
    }

    private Response end(Request request) throws InterruptedException {
        OidcLogins.Return back = new OidcLogins.Return(
                request.longQuery("code", LONGEST_CODE).orElse(""),
                request.query("state").orElse(""),
                request.query("iss").orElse(""),
                request.query("error").orElse(""),
                request.cookie(cookieName()).orElse(""));
        return answer(request, NextPage.FIRST, logins.end(back, Actor.of(request)));
    }

    private Response answer(Request request, String next, Step step) {
        return switch (step) {
            case Step.Away away ->
                Response.redirect(away.url().toASCIIString())
                        .header(
                                "Set-Cookie",
                                cookie(away.cookie(), away.lifetime().toSeconds()));
            case Step.Welcome welcome ->
                form.onward("Logged in", "You are logged in.", URI.create(NextPage.of(welcome.next())))
                        .header("Set-Cookie", SessionCookie.set(welcome.cookie(), welcome.lifetime(), tls));
            case Step.Refused(String why) -> form.show(request, 403, next, "", why);
            case Step.Unavailable(String why) -> form.show(request, 503, next, "", why);
        };
    }

    /** Goes along when the provider's page leads here, which a strict one would not; nothing is done with it but once. */
    private String cookie(String value, long seconds) {
        return cookieName() + "=" + value + "; Path=/; HttpOnly; SameSite=Lax; Max-Age=" + seconds
                + (logins.secure() ? "; Secure" : "");
    }

    private String cookieName() {
        return logins.secure() ? "__Host-panoptes_oidc" : "panoptes_oidc";
    }
}
