package dev.panoptes.server.detections;

import dev.panoptes.server.changes.Actor;
import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.Fields;
import dev.panoptes.server.http.Page;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Suppressions: what is known to be harmless, who says so, why and until when. */
final class SuppressionResource implements Resource {
    private static final String SUPPRESSIONS = "/api/v1/suppressions";
    private static final Duration LONGEST = Duration.ofDays(365);
    private static final int LONGEST_FIELD = 300;
    private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");
    private static final UUID LAST_ID = new UUID(-1, -1);

    private final Suppressions suppressions;

    SuppressionResource(Suppressions suppressions) {
        this.suppressions = suppressions;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get(SUPPRESSIONS, Access.VIEWER, this::list),
                Route.post(SUPPRESSIONS, Access.OPERATOR, this::create),
                Route.delete(SUPPRESSIONS + "/{id}", Access.OPERATOR, this::end));
    }

    private Response list(Request request) {
        Page.Asked page = Page.asked(request, 2);
        boolean first = page.after().isEmpty();
        List<Suppression> found =
                suppressions.page(first ? LATEST : page.instant(0), first ? LAST_ID : page.id(1), page.limit() + 1);
        return Response.json(Page.of(
                found, page, one -> List.of(one.createdAt().toString(), one.id().toString())));
    }

    private Response create(Request request) {
        Instant now = suppressions.now();
        Suppressions.Wanted wanted = request.body(fields -> wanted(fields, now));
        return Response.json(201, suppressions.make(wanted, Actor.of(request)));
    }

    private static Suppressions.Wanted wanted(Fields fields, Instant now) {
        String rule = field(fields, "rule");
        String entity = field(fields, "entity");
        if (rule == null && entity == null) {
            fields.error("rule", "must be given, or an entity: nothing suppresses everything of a host or user");
        }
        Duration length = fields.optionalDuration("duration", LONGEST);
        Instant end = fields.optionalInstant("expires_at");
        if ((end == null) == (length == null)) {
            fields.error("expires_at", "must be given, or a duration, and not both: no suppression lasts for ever");
        }
        Instant until = end != null ? end : now.plus(length == null ? Duration.ofHours(1) : length);
        if (!until.isAfter(now) || until.isAfter(now.plus(LONGEST))) {
            fields.error("expires_at", "must lie after now, at most a year ahead");
        }
        return new Suppressions.Wanted(
                rule, field(fields, "host"), field(fields, "user"), entity, fields.text("reason", 1, 2_000), until);
    }

    private static @Nullable String field(Fields fields, String name) {
        String value = fields.optionalText(name, LONGEST_FIELD);
        return value == null || value.isBlank() ? null : value.strip();
    }

    private Response end(Request request) {
        if (!suppressions.end(request.pathId("id"), Actor.of(request))) {
            throw Problem.notFound("There is no suppression in force under this id")
                    .exception();
        }
        return Response.empty();
    }
}
