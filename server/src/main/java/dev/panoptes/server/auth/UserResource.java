package dev.panoptes.server.auth;

import dev.panoptes.server.changes.Actor;
import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.ErrorCode;
import dev.panoptes.server.http.Fields;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Role;
import dev.panoptes.server.http.Route;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who may log in, and as what. */
public final class UserResource implements Resource {
    private static final String ROLES = "viewer, operator, admin";

    private final Users users;
    private final boolean provider;

    /** @param provider whether there is one that could vouch for somebody */
    public UserResource(Users users, boolean provider) {
        this.users = users;
        this.provider = provider;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/api/v1/users", Access.ADMIN, this::list),
                Route.post("/api/v1/users", Access.ADMIN, this::create),
                Route.patch("/api/v1/users/{id}", Access.ADMIN, this::change));
    }

    private Response list(Request request) {
        return Response.json(Map.of("items", users.list()));
    }

    /** @param oneTimePassword null unless it was set just now: it is not shown again */
    record Shown(
            @com.fasterxml.jackson.annotation.JsonUnwrapped User user,
            @Nullable String oneTimePassword) {}

    private record Wanted(String name, Role role) {
        static Wanted of(Fields fields) {
            String name = fields.text("name", 1, 100);
            if (!name.isEmpty() && !name.matches("[\\p{L}\\p{N}][\\p{L}\\p{N}@._-]*")) {
                fields.error("name", "must begin with a letter or digit; then letters, digits and @ . _ - may follow");
            }
            return new Wanted(name, fields.choice("role", Role::of, ROLES, Role.VIEWER));
        }
    }

    private Response create(Request request) throws InterruptedException {
        Wanted wanted = request.body(Wanted::of);
        Optional<Users.Made> made = users.make(wanted.name(), wanted.role().id(), Actor.of(request));
        if (made.isEmpty()) {
            throw Problem.of(ErrorCode.CONFLICT, "There is somebody of this name already")
                    .exception();
        }
        return Response.json(201, new Shown(made.get().user(), made.get().oneTimePassword()));
    }

    private static Users.Wish wantedChange(Fields fields) {
        fields.refuseNull("reset_password");
        fields.refuseNull("disabled");
        String role = fields.has("role")
                ? fields.choice("role", Role::of, ROLES, Role.VIEWER).id()
                : null;
        Boolean disabled = fields.has("disabled") ? fields.bool("disabled", false) : null;
        Users.Wish.Login login = fields.has("login")
                ? fields.choice("login", UserResource::login, "password, oidc", Users.Wish.Login.PASSWORD)
                : null;
        return new Users.Wish(role, disabled, fields.bool("reset_password", false), login);
    }

    private static Optional<Users.Wish.Login> login(String word) {
        return switch (word) {
            case "password" -> Optional.of(Users.Wish.Login.PASSWORD);
            case "oidc" -> Optional.of(Users.Wish.Login.OIDC);
            default -> Optional.empty();
        };
    }

    private Response change(Request request) throws InterruptedException {
        Users.Wish change = request.body(UserResource::wantedChange);
        if (change.login() == Users.Wish.Login.OIDC && !provider) {
            throw Problem.of(ErrorCode.CONFLICT, "No provider is configured: oidc.issuer is not set")
                    .exception();
        }
        return switch (users.change(request.pathId("id"), change, Actor.of(request))) {
            case Users.Changed.Done done -> Response.json(new Shown(done.user(), done.oneTimePassword()));
            case Users.Changed.Unknown _ ->
                throw Problem.notFound("There is nobody under this id").exception();
            case Users.Changed.LastAdmin _ ->
                throw Problem.of(ErrorCode.CONFLICT, "This is the last admin with a password; make another one first")
                        .exception();
            case Users.Changed.VouchedFor _ ->
                throw Problem.of(
                                ErrorCode.CONFLICT,
                                "The provider says what this person may, and they have no password here; login: password"
                                        + " makes them a local user")
                        .exception();
        };
    }
}
