package dev.panoptes.server.web;

import dev.panoptes.server.audit.Actor;
import dev.panoptes.server.auth.Passwords;
import dev.panoptes.server.auth.People;
import dev.panoptes.server.auth.SessionCookie;
import dev.panoptes.server.auth.Sessions;
import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.ErrorCode;
import dev.panoptes.server.http.Pages;
import dev.panoptes.server.http.Principal;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Logging in and out and one's own password, by forms that need no script. */
public final class SessionPages implements Resource {
    private static final String FIRST_PAGE = "/dashboard";
    private static final int LONGEST_NAME = 100;

    private final People people;
    private final FormToken formToken;
    private final boolean tls;

    /** @param tls whether cookies may travel over TLS only */
    public SessionPages(People people, boolean tls) {
        this.people = people;
        this.formToken = new FormToken(tls);
        this.tls = tls;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.page("/", Access.OPEN, _ -> Response.redirect(FIRST_PAGE)),
                Route.page(Pages.LOGIN, Access.OPEN, this::showLogin),
                Route.form(Pages.LOGIN, Access.OPEN, this::login),
                Route.page(Pages.PASSWORD, Access.PERSON, this::showPassword),
                Route.form(Pages.PASSWORD, Access.PERSON, this::changePassword),
                Route.form("/logout", Access.PERSON, this::logout));
    }

    private Response showLogin(Request request) {
        return form(request, 200, next(request.query("next").orElse("")), "", "");
    }

    private Response login(Request request) throws InterruptedException {
        Map<String, String> form = fields(request, Set.of("csrf_token", "next", "name", "password"));
        String next = next(form.getOrDefault("next", ""));
        String name = form.getOrDefault("name", "");
        String password = form.getOrDefault("password", "");
        if (!formToken.fits(request, form.getOrDefault("csrf_token", ""))) {
            return form(request, 400, next, name, "This form was too old. Please try again.");
        }
        if (name.isEmpty()
                || password.isEmpty()
                || name.length() > LONGEST_NAME
                || password.length() > Passwords.LONGEST) {
            return form(request, 400, next, name, "Please give your name and your password.");
        }
        return switch (people.login(name, password, Actor.of(request))) {
            case People.Login.Welcome welcome ->
                Response.redirect(welcome.user().passwordChangeRequired() ? Pages.PASSWORD : next)
                        .header("Set-Cookie", SessionCookie.set(welcome.cookie(), Sessions.LIFETIME, tls));
            case People.Login.Refused _ -> form(request, 401, next, name, "Name or password is wrong.");
            case People.Login.Locked locked -> {
                Duration wait = locked.retryAfter().plusSeconds(1);
                yield form(
                                request,
                                429,
                                next,
                                name,
                                "Too many wrong passwords. Please wait " + wait.toSeconds() + " seconds.")
                        .header("Retry-After", Long.toString(wait.toSeconds()));
            }
        };
    }

    /** @param problem empty on the first try */
    private Response form(Request request, int status, String next, String name, String problem) {
        FormToken.Given token = formToken.give(request);
        Html main = Html.of("""
                <h1>Log in.</h1>
                <form class="panel door" method="post" action="/login">
                {}<input type="hidden" name="csrf_token" value="{}"><input type="hidden" name="next" value="{}">
                <label>Name<input name="name" value="{}" autocomplete="username" required maxlength="100" autocapitalize="none"></label>
                <label>Password<input name="password" type="password" autocomplete="current-password" required maxlength="256"></label>
                <button>Log in</button>
                </form>
                <p class="t3 lead">The first start made the person <code>admin</code> and printed a one-time password; it is also in
                <code>admin.password</code> in the data directory.</p>
                """, problem(problem), token.field(), next, name);
        return Layout.page(status, "Log in", Pages.LOGIN, new Principal.Anonymous(), main)
                .header("Set-Cookie", token.cookie());
    }

    private static Html problem(String problem) {
        return problem.isEmpty() ? Html.NONE : Html.of("<p class=\"wrong\" role=\"alert\">{}</p>", problem);
    }

    /** Only pages of our own: a form must not send anybody elsewhere. */
    private static String next(String wanted) {
        boolean ours = wanted.matches("/(status|dashboard|scan|scan/last|api/v1/scans/[0-9A-Za-z-]{1,64})");
        return ours ? wanted : FIRST_PAGE;
    }

    private Response showPassword(Request request) {
        return passwordForm(request, 200, "");
    }

    private Response passwordForm(Request request, int status, String problem) {
        Principal.Person person = person(request);
        Html main = Html.of(
                """
                <h1>Choose a password.</h1>
                {}<form class="panel door" method="post" action="/password">
                {}<input type="hidden" name="csrf_token" value="{}">
                <input class="vh" name="name" value="{}" autocomplete="username" readonly tabindex="-1" aria-hidden="true">
                <label>Present password<input name="current" type="password" autocomplete="current-password" required maxlength="256"></label>
                <label>New password, at least 12 characters<input name="new" type="password" autocomplete="new-password" required minlength="12" maxlength="256"></label>
                <label>New password again<input name="again" type="password" autocomplete="new-password" required minlength="12" maxlength="256"></label>
                <button>Change it</button>
                </form>
                """,
                person.mustChangePassword()
                        ? Html.of("<p class=\"lead\">The one-time password has to be replaced first.</p>\n")
                        : Html.NONE,
                problem(problem),
                person.csrfToken(),
                person.name());
        return Layout.page(status, "Password", Pages.PASSWORD, person, main);
    }

    private Response changePassword(Request request) throws InterruptedException {
        Map<String, String> form = fields(request, Set.of("csrf_token", "name", "current", "new", "again"));
        Principal.Person person = person(request);
        String present = form.getOrDefault("current", "");
        String wanted = form.getOrDefault("new", "");
        if (wanted.length() < Passwords.SHORTEST || wanted.length() > Passwords.LONGEST) {
            return passwordForm(request, 400, "The new password must have 12 to 256 characters.");
        }
        if (!wanted.equals(form.get("again"))) {
            return passwordForm(request, 400, "The two new passwords differ.");
        }
        if (wanted.equals(present)) {
            return passwordForm(request, 400, "The new password is the present one.");
        }
        Actor actor = Actor.of(request);
        Optional<Duration> wait = people.wait(person.name(), actor);
        if (wait.isPresent()) {
            return passwordForm(request, 429, "Too many wrong passwords. Please wait.")
                    .header("Retry-After", Long.toString(wait.get().toSeconds() + 1));
        }
        if (present.isEmpty()
                || present.length() > Passwords.LONGEST
                || !people.changePassword(person.id(), present, wanted, actor)) {
            return passwordForm(request, 403, "The present password is wrong.");
        }
        return Response.redirect(Pages.LOGIN + "?next=" + URLEncoder.encode(FIRST_PAGE, StandardCharsets.UTF_8))
                .header("Set-Cookie", SessionCookie.clear(tls));
    }

    private Response logout(Request request) {
        fields(request, Set.of("csrf_token"));
        request.cookie(SessionCookie.name(tls)).ifPresent(cookie -> people.logout(cookie, Actor.of(request)));
        return Response.redirect(Pages.LOGIN).header("Set-Cookie", SessionCookie.clear(tls));
    }

    private static Map<String, String> fields(Request request, Set<String> known) {
        Map<String, String> form = request.form();
        if (!known.containsAll(form.keySet())) {
            throw Problem.of(ErrorCode.INVALID_REQUEST, "The form has a field that is not known")
                    .exception();
        }
        return form;
    }

    private static Principal.Person person(Request request) {
        if (request.caller() instanceof Principal.Person person) {
            return person;
        }
        throw new IllegalStateException("the route is for persons only");
    }
}
