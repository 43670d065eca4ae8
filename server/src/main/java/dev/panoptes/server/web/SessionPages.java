package dev.panoptes.server.web;

import dev.panoptes.server.auth.Passwords;
import dev.panoptes.server.auth.SessionCookie;
import dev.panoptes.server.auth.Sessions;
import dev.panoptes.server.auth.Users;
import dev.panoptes.server.changes.Actor;
import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.ErrorCode;
import dev.panoptes.server.http.Pages;
import dev.panoptes.server.http.Principal;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import dev.panoptes.server.oidc.OidcLogins;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Logging in and out and one's own password, by forms that need no script. */
final class SessionPages implements Resource {
    private static final int LONGEST_NAME = 100;

    private final Users users;
    private final Frame frame;
    private final LoginForm form;
    private final @Nullable OidcLogins oidc;
    private final boolean tls;

    /** @param oidc null where people log in by password only @param tls whether cookies may travel over TLS only */
    SessionPages(Users users, Frame frame, LoginForm form, @Nullable OidcLogins oidc, boolean tls) {
        this.users = users;
        this.frame = frame;
        this.form = form;
        this.oidc = oidc;
        this.tls = tls;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.page("/", Access.OPEN, _ -> Response.redirect(NextPage.FIRST)),
                Route.page(Pages.LOGIN, Access.OPEN, this::showLogin),
                Route.form(Pages.LOGIN, Access.OPEN, this::login),
                Route.page(Pages.PASSWORD, Access.PERSON, this::showPassword),
                Route.form(Pages.PASSWORD, Access.PERSON, this::changePassword),
                Route.form("/logout", Access.PERSON, this::logout));
    }

    private Response showLogin(Request request) {
        return form.show(request, 200, NextPage.of(request.query("next").orElse("")), "", "");
    }

    private Response login(Request request) throws InterruptedException {
        Map<String, String> fields = fields(request, Set.of("csrf_token", "next", "name", "password"));
        String next = NextPage.of(fields.getOrDefault("next", ""));
        String name = fields.getOrDefault("name", "");
        String password = fields.getOrDefault("password", "");
        if (!form.fits(request, fields.getOrDefault("csrf_token", ""))) {
            return form.show(request, 400, next, name, "This form was too old. Please try again.");
        }
        if (name.isEmpty()
                || password.isEmpty()
                || name.length() > LONGEST_NAME
                || password.length() > Passwords.LONGEST) {
            return form.show(request, 400, next, name, "Please give your name and your password.");
        }
        return switch (users.login(name, password, Actor.of(request))) {
            case Users.Login.Welcome welcome ->
                Response.redirect(welcome.user().passwordChangeRequired() ? Pages.PASSWORD : next)
                        .header("Set-Cookie", SessionCookie.set(welcome.cookie(), Sessions.LIFETIME, tls));
            case Users.Login.Refused _ -> form.show(request, 401, next, name, "Name or password is wrong.");
            case Users.Login.Locked locked -> {
                Duration wait = locked.retryAfter().plusSeconds(1);
                yield form.show(
                                request,
                                429,
                                next,
                                name,
                                "Too many wrong passwords. Please wait " + wait.toSeconds() + " seconds.")
                        .header("Retry-After", Long.toString(wait.toSeconds()));
            }
        };
    }

    private Response showPassword(Request request) {
        return passwordForm(request, 200, "");
    }

    private Response passwordForm(Request request, int status, String problem) {
        Principal.Person person = withPassword(request);
        return frame.page(
                status,
                frame.door(request, "Password"),
                "password",
                Map.of(
                        "csrf",
                        person.csrfToken(),
                        "name",
                        person.name(),
                        "must",
                        person.mustChangePassword(),
                        "problem",
                        problem));
    }

    private Response changePassword(Request request) throws InterruptedException {
        Map<String, String> fields = fields(request, Set.of("csrf_token", "name", "current", "new", "again"));
        Principal.Person person = withPassword(request);
        String present = fields.getOrDefault("current", "");
        String wanted = fields.getOrDefault("new", "");
        if (wanted.length() < Passwords.SHORTEST || wanted.length() > Passwords.LONGEST) {
            return passwordForm(request, 400, "The new password must have 12 to 256 characters.");
        }
        if (!wanted.equals(fields.get("again"))) {
            return passwordForm(request, 400, "The two new passwords differ.");
        }
        if (wanted.equals(present)) {
            return passwordForm(request, 400, "The new password is the present one.");
        }
        Actor actor = Actor.of(request);
        Optional<Duration> wait = users.wait(person.name(), actor);
        if (wait.isPresent()) {
            return passwordForm(request, 429, "Too many wrong passwords. Please wait.")
                    .header("Retry-After", Long.toString(wait.get().toSeconds() + 1));
        }
        if (present.isEmpty()
                || present.length() > Passwords.LONGEST
                || users.changePassword(person.id(), present, wanted, actor) != Users.Replaced.DONE) {
            return passwordForm(request, 403, "The present password is wrong.");
        }
        return Response.redirect(Pages.LOGIN + "?next=" + URLEncoder.encode(NextPage.FIRST, StandardCharsets.UTF_8))
                .header("Set-Cookie", SessionCookie.clear(tls));
    }

    private Response logout(Request request) throws InterruptedException {
        fields(request, Set.of("csrf_token"));
        String cookie = request.cookie(SessionCookie.name(tls)).orElse("");
        URI farewell = oidc == null ? null : oidc.farewell(cookie).orElse(null);
        users.logout(cookie, Actor.of(request));
        Response out = farewell == null
                ? Response.redirect(Pages.LOGIN)
                : form.onward("Logged out", "You are logged out here, and next at the provider.", farewell);
        return out.header("Set-Cookie", SessionCookie.clear(tls));
    }

    private static Map<String, String> fields(Request request, Set<String> known) {
        Map<String, String> form = request.form();
        if (!known.containsAll(form.keySet())) {
            throw Problem.of(ErrorCode.INVALID_REQUEST, "The form has a field that is not known")
                    .exception();
        }
        return form;
    }

    private static Principal.Person withPassword(Request request) {
        Principal.Person person = person(request);
        if (!person.hasPassword()) {
            throw Problem.of(
                            ErrorCode.CONFLICT,
                            "You have no password here: who you are is vouched for by your provider, where it is changed")
                    .exception();
        }
        return person;
    }

    private static Principal.Person person(Request request) {
        if (request.caller() instanceof Principal.Person person) {
            return person;
        }
        throw new IllegalStateException("the route is for persons only");
    }
}
