package dev.panoptes.server.auth;

import dev.panoptes.server.changes.Actor;
import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.ErrorCode;
import dev.panoptes.server.http.Principal;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Role;
import dev.panoptes.server.http.Route;
import java.util.List;
import java.util.Map;

/** Logging in as older clients do: a form, and a bearer token for an answer. */
public final class LoginResource implements Resource {
    private static final int LONGEST_FORM = 4_096;

    private final Users users;
    private final LoginTokens tokens;

    public LoginResource(Users users, LoginTokens tokens) {
        this.users = users;
        this.tokens = tokens;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.post("/api/v1/auth/login", Access.OPEN, this::login).withBody(LONGEST_FORM),
                Route.get("/api/v1/auth/me", Access.VIEWER, this::me));
    }

    /** @param expiresIn seconds */
    record Given(String accessToken, String tokenType, long expiresIn) {}

    private Response login(Request request) throws InterruptedException {
        Map<String, String> form = request.form();
        String name = form.getOrDefault("username", "");
        String password = form.getOrDefault("password", "");
        if (name.isEmpty() || password.isEmpty() || name.length() > 100 || password.length() > Passwords.LONGEST) {
            throw Problem.of(ErrorCode.INVALID_REQUEST, "The form must have username and password")
                    .exception();
        }
        return switch (users.login(name, password, Actor.of(request))) {
            case Users.Login.Welcome(User user, String cookie) -> {
                if (user.passwordChangeRequired()) {
                    users.logout(cookie, Actor.of(request));
                    throw Problem.of(
                                    ErrorCode.PASSWORD_CHANGE_REQUIRED,
                                    "Replace the one-time password first, in the browser or with"
                                            + " PUT /api/v1/session/password")
                            .exception();
                }
                yield Response.json(new Given(tokens.sign(user, cookie), "bearer", AccessTokens.LIFETIME.toSeconds()));
            }
            case Users.Login.Refused _ ->
                throw Problem.of(ErrorCode.AUTHENTICATION_ERROR, "Name or password is wrong")
                        .exception();
            case Users.Login.Locked locked -> throw SessionResource.locked(locked.retryAfter());
        };
    }

    /** @param username the same as {@code name}, as older clients read it */
    record Me(String name, String username, String role, boolean isActive) {}

    private Response me(Request request) {
        Role role = switch (request.caller()) {
            case Principal.Person person -> person.role();
            case Principal.Token token -> token.role();
            case Principal.Local local -> local.role();
            case Principal.Anonymous _,
                    Principal.Observer _,
                    Principal.Agent _,
                    Principal.Claimed _,
                    Principal.Enrollee _ -> Role.VIEWER;
        };
        String name = request.caller().name();
        return Response.json(new Me(name, name, role.id(), true));
    }
}
