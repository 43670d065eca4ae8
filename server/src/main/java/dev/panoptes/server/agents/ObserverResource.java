package dev.panoptes.server.agents;

import dev.panoptes.server.auth.Tokens;
import dev.panoptes.server.changes.Actor;
import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.ErrorCode;
import dev.panoptes.server.http.Principal;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import dev.panoptes.server.storage.Database;
import java.util.List;
import java.util.Optional;

/** The daemon of a host becomes its observer, once, with an enrollment token. It is no agent. */
final class ObserverResource implements Resource {
    private static final int LONGEST_HOST = 253;

    private final Database database;
    private final Enrollments enrollments;
    private final Tokens tokens;

    ObserverResource(Database database, Enrollments enrollments, Tokens tokens) {
        this.database = database;
        this.enrollments = enrollments;
        this.tokens = tokens;
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.post("/api/v1/observers/enroll", Access.ENROLLEE, this::enroll));
    }

    /** @param token the observer's, shown now and never again */
    record Enrolled(String host, String token) {}

    private Response enroll(Request request) {
        if (!(request.caller() instanceof Principal.Enrollee enrollee)) {
            throw new IllegalStateException("the route is for enrollment tokens only");
        }
        String host = request.body(fields -> fields.text("host", 1, LONGEST_HOST));
        Optional<String> secret = database.transaction(transaction -> {
            Optional<String> made = tokens.firstObserver(transaction, host, "sensors of " + host, Actor.of(request));
            if (made.isPresent() && enrollments.use(transaction, enrollee.id()).isEmpty()) {
                throw Problem.of(ErrorCode.AUTHENTICATION_ERROR, "This enrollment token was used as often as it may be")
                        .exception();
            }
            return made;
        });
        return Response.json(
                201,
                new Enrolled(
                        host,
                        secret.orElseThrow(() -> Problem.of(
                                        ErrorCode.CONFLICT, "This host has an observer already; revoke its token first")
                                .exception())));
    }
}
