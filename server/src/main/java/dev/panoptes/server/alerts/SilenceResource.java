package dev.panoptes.server.alerts;

import dev.panoptes.core.issue.Severity;
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

/** Silences: what is not told for a while, and why. */
public final class SilenceResource implements Resource {
    private static final String SILENCES = "/api/v1/silences";
    private static final Duration LONGEST = Duration.ofDays(365);
    private static final int LONGEST_FIELD = 200;
    private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");
    private static final UUID LAST_ID = new UUID(-1, -1);

    private final Silences silences;

    public SilenceResource(Silences silences) {
        this.silences = silences;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get(SILENCES, Access.VIEWER, this::list),
                Route.post(SILENCES, Access.OPERATOR, this::create),
                Route.delete(SILENCES + "/{id}", Access.OPERATOR, this::end));
    }

    private Response list(Request request) {
        Page.Asked page = Page.asked(request, 2);
        boolean first = page.after().isEmpty();
        List<Silence> found =
                silences.page(first ? LATEST : page.instant(0), first ? LAST_ID : page.id(1), page.limit() + 1);
        return Response.json(Page.of(
                found,
                page,
                silence -> List.of(silence.createdAt().toString(), silence.id().toString())));
    }

    private Response create(Request request) {
        Instant now = silences.now();
        Silences.Wanted wanted = request.body(fields -> wanted(fields, now));
        return Response.json(201, silences.make(wanted, Actor.of(request)));
    }

    private static Silences.Wanted wanted(Fields fields, Instant now) {
        Matcher matcher = fields.optionalObject("matcher", SilenceResource::matcher);
        if (matcher == null && !fields.has("matcher")) {
            fields.error("matcher", "is missing");
        } else if (matcher == null) {
            fields.error("matcher", "must give at least one of check, agent, host, severity");
        }
        Instant from = fields.optionalInstant("starts_at");
        Instant begin = from == null ? now : from;
        Duration length = fields.optionalDuration("duration", LONGEST);
        Instant end = fields.optionalInstant("expires_at");
        if (end == null && length == null) {
            fields.error("expires_at", "must be given, or a duration: no silence lasts for ever");
        } else if (end != null && length != null) {
            fields.error("duration", "must not be given beside expires_at");
        }
        Instant until = end != null ? end : begin.plus(length == null ? Duration.ofHours(1) : length);
        if (!until.isAfter(begin) || !until.isAfter(now) || until.isAfter(now.plus(LONGEST.multipliedBy(2)))) {
            fields.error("expires_at", "must lie after now and after starts_at, at most two years ahead");
        }
        return new Silences.Wanted(
                matcher == null ? new Matcher("*", null, null, null) : matcher,
                fields.text("reason", 1, 2_000),
                from,
                until);
    }

    private static Matcher matcher(Fields fields) {
        String severity = field(fields, "severity");
        if (severity != null
                && severity.indexOf('*') < 0
                && Severity.of(severity).isEmpty()) {
            fields.error("severity", "must be one of critical, high, medium, low, info, or hold a *");
        }
        return new Matcher(field(fields, "check"), field(fields, "agent"), field(fields, "host"), severity);
    }

    private static @Nullable String field(Fields fields, String name) {
        String value = fields.optionalText(name, LONGEST_FIELD);
        return value == null || value.isBlank() ? null : value.strip();
    }

    private Response end(Request request) {
        if (!silences.end(request.pathId("id"), Actor.of(request))) {
            throw Problem.notFound("There is no silence in force or to come under this id")
                    .exception();
        }
        return Response.empty();
    }
}
