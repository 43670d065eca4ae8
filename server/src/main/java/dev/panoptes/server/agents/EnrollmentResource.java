package dev.panoptes.server.agents;

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
import java.util.Objects;

/** Making, listing and revoking tokens to enroll with. */
final class EnrollmentResource implements Resource {
    private static final String PATH = "/api/v1/enrollment-tokens";
    private static final Duration LONGEST_LIFE = Duration.ofDays(365);
    private static final Duration USUAL_LIFE = Duration.ofDays(1);
    private static final int MOST_USES = 1_000_000;

    private final Enrollments enrollments;

    EnrollmentResource(Enrollments enrollments) {
        this.enrollments = enrollments;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get(PATH, Access.OPERATOR, this::list),
                Route.post(PATH, Access.OPERATOR, this::make),
                Route.delete(PATH + "/{token_id}", Access.OPERATOR, this::revoke));
    }

    private Response list(Request request) {
        return Response.json(Map.of("items", enrollments.list()));
    }

    private record Wanted(String name, int uses, Duration lifetime, String labels) {
        static Wanted of(Fields fields) {
            Long uses = fields.optionalWhole("uses", 1, MOST_USES);
            return new Wanted(
                    Objects.requireNonNullElse(fields.optionalText("name", 100), "agents"),
                    uses == null ? 1 : uses.intValue(),
                    Objects.requireNonNullElse(fields.optionalDuration("expires_in", LONGEST_LIFE), USUAL_LIFE),
                    Objects.requireNonNullElse(fields.optionalJsonObject("labels", 4_096), "{}"));
        }
    }

    /** @param token the secret: it is not shown again */
    record Made(
            @com.fasterxml.jackson.annotation.JsonUnwrapped EnrollmentStore.EnrollmentToken facts, String token) {}

    private Response make(Request request) {
        Wanted wanted = request.body(Wanted::of);
        Enrollments.Made made =
                enrollments.make(wanted.name(), wanted.uses(), wanted.lifetime(), wanted.labels(), Actor.of(request));
        return Response.json(201, new Made(made.token(), made.secret()));
    }

    private Response revoke(Request request) {
        if (!enrollments.revoke(request.pathId("token_id"), Actor.of(request))) {
            throw Problem.notFound("There is no token in force under this id").exception();
        }
        return Response.empty();
    }
}
