package dev.panoptes.server.auth;

import dev.panoptes.server.changes.Actor;
import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.Fields;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Making, listing and revoking API tokens. */
public final class TokenResource implements Resource {
    private static final Duration LONGEST_LIFE = Duration.ofDays(3650);
    private static final String OBSERVER = "observer";

    private final Tokens tokens;

    public TokenResource(Tokens tokens) {
        this.tokens = tokens;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/api/v1/tokens", Access.ADMIN, this::list),
                Route.post("/api/v1/tokens", Access.ADMIN, this::create),
                Route.delete("/api/v1/tokens/{id}", Access.ADMIN, this::revoke));
    }

    private Response list(Request request) {
        return Response.json(Map.of("items", tokens.list()));
    }

    private Response create(Request request) {
        Tokens.Made made = tokens.make(request.body(TokenResource::wanted), Actor.of(request));
        return Response.json(201, new Created(made.token(), made.secret()));
    }

    /** @param token the secret: it is not shown again */
    record Created(
            @com.fasterxml.jackson.annotation.JsonUnwrapped ApiToken facts, String token) {}

    private static Tokens.Wanted wanted(Fields fields) {
        String role = fields.choice(
                "role",
                text -> Optional.of(text).filter(List.of("viewer", "operator", "admin", OBSERVER)::contains),
                "viewer, operator, admin, observer",
                "viewer");
        String host = fields.optionalText("host", 200);
        boolean names = host != null && !host.isBlank();
        if (host != null && (host.isBlank() || host.chars().anyMatch(Character::isISOControl))) {
            fields.error("host", "must be a host's name");
        } else if (role.equals(OBSERVER) != names) {
            fields.error("host", "must name the observer's host, and is for observers only");
        }
        fields.refuseNull("expires_in");
        return new Tokens.Wanted(
                fields.line("name", 1, 100), role, host, fields.optionalDuration("expires_in", LONGEST_LIFE));
    }

    private Response revoke(Request request) {
        if (!tokens.revoke(request.pathId("id"), Actor.of(request))) {
            throw Problem.notFound("There is no token in force under this id").exception();
        }
        return Response.empty();
    }
}
