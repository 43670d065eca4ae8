package dev.panoptes.server.auth;

import dev.panoptes.server.changes.Actor;
import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.ErrorCode;
import dev.panoptes.server.http.Fields;
import dev.panoptes.server.http.Principal;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Logging in and out, who am I, and one's own password. */
public final class SessionResource implements Resource {
    private static final int LEAST_PASSWORD = Passwords.SHORTEST;
    private static final int MOST_PASSWORD = Passwords.LONGEST;
    private static final String PATH = "/api/v1/session";

    private final Users users;
    private final boolean tls;

    /** @param tls whether cookies may travel over TLS only */
    public SessionResource(Users users, boolean tls) {
        this.users = users;
        this.tls = tls;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.post(PATH, Access.OPEN, this::login).withBody(4_096),
                Route.get(PATH, Access.PERSON, this::show),
                Route.delete(PATH, Access.PERSON, this::logout),
                Route.put(PATH + "/password", Access.PERSON, this::changePassword)
                        .withBody(4_096));
    }

    /** @param csrfToken to be sent as {@code X-CSRF-Token} with every call that changes something */
    record Session(String name, String role, boolean passwordChangeRequired, String csrfToken) {}

    private record Credentials(String name, String password) {
        static Credentials of(Fields fields) {
            return new Credentials(fields.text("name", 1, 100), fields.text("password", 1, MOST_PASSWORD));
        }
    }

    private Response login(Request request) throws InterruptedException {
        Credentials credentials = request.body(Credentials::of);
        return switch (users.login(credentials.name(), credentials.password(), Actor.of(request))) {
            case Users.Login.Welcome welcome -> welcome(welcome.user(), welcome.cookie());
            case Users.Login.Refused _ ->
                throw Problem.of(ErrorCode.AUTHENTICATION_ERROR, "Name or password is wrong")
                        .exception();
            case Users.Login.Locked locked -> throw locked(locked.retryAfter());
        };
    }

    private Response welcome(User user, String cookie) {
        Session session =
                new Session(user.name(), user.role(), user.passwordChangeRequired(), Sessions.csrfToken(cookie));
        return Response.json(session).header("Set-Cookie", SessionCookie.set(cookie, Sessions.LIFETIME, tls));
    }

    static RuntimeException locked(Duration wait) {
        return Problem.later(ErrorCode.RATE_LIMITED, "Too many wrong passwords", wait.plusSeconds(1))
                .exception();
    }

    private Response show(Request request) {
        Principal.Person person = person(request);
        return Response.json(
                new Session(person.name(), person.role().id(), person.mustChangePassword(), person.csrfToken()));
    }

    private Response logout(Request request) {
        cookie(request).ifPresent(cookie -> users.logout(cookie, Actor.of(request)));
        return Response.empty().header("Set-Cookie", SessionCookie.clear(tls));
    }

    private record NewPassword(String present, String wanted) {
        static NewPassword of(Fields fields) {
            return new NewPassword(
                    fields.text("current", 1, MOST_PASSWORD), fields.text("new", LEAST_PASSWORD, MOST_PASSWORD));
        }
    }

    private Response changePassword(Request request) throws InterruptedException {
        Principal.Person person = person(request);
        NewPassword body = request.body(NewPassword::of);
        Actor actor = Actor.of(request);
        Optional<Duration> wait = users.wait(person.name(), actor);
        if (wait.isPresent()) {
            throw locked(wait.get());
        }
        if (body.present().equals(body.wanted())) {
            throw Problem.of(ErrorCode.INVALID_REQUEST, "The new password is the present one")
                    .exception();
        }
        switch (users.changePassword(person.id(), body.present(), body.wanted(), actor)) {
            case DONE -> {}
            case REFUSED ->
                throw Problem.of(ErrorCode.PERMISSION_DENIED, "The present password is wrong")
                        .exception();
            case LOCKED -> throw locked(users.wait(person.name(), actor).orElse(Duration.ZERO));
        }
        return Response.empty().header("Set-Cookie", SessionCookie.clear(tls));
    }

    private static Principal.Person person(Request request) {
        if (request.caller() instanceof Principal.Person person) {
            return person;
        }
        throw new IllegalStateException("the route is for persons only");
    }

    private Optional<String> cookie(Request request) {
        return request.cookie(SessionCookie.name(tls));
    }
}
