package dev.panoptes.server.issues;

import dev.panoptes.core.issue.Waiver;
import dev.panoptes.server.changes.Actor;
import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.Fields;
import dev.panoptes.server.http.Page;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;

/** Waivers: what is accepted, by whom, why, and until when. */
public final class WaiverResource implements Resource {
    private static final String WAIVERS = "/api/v1/waivers";
    /** Longer than any decision holds. It keeps out "for ever". */
    private static final int LONGEST_YEARS = 5;

    private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");
    private static final UUID LAST_ID = new UUID(-1, -1);

    private final Waivers waivers;

    public WaiverResource(Waivers waivers) {
        this.waivers = waivers;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get(WAIVERS, Access.VIEWER, this::list),
                Route.post(WAIVERS, Access.OPERATOR, this::create),
                Route.delete(WAIVERS + "/{id}", Access.OPERATOR, this::revoke));
    }

    private Response list(Request request) {
        Page.Asked page = Page.asked(request, 2);
        boolean first = page.after().isEmpty();
        List<StoredWaiver> found =
                waivers.page(first ? LATEST : page.instant(0), first ? LAST_ID : page.id(1), page.limit() + 1);
        return Response.json(Page.of(
                found,
                page,
                waiver -> List.of(waiver.createdAt().toString(), waiver.id().toString())));
    }

    private Response create(Request request) {
        LocalDate today = waivers.today();
        Waiver wanted = request.body(fields ->
                new Waiver(fields.text("issue", 1, 512), owner(fields), reason(fields), expires(fields, today)));
        return Response.json(201, waivers.make(wanted, Actor.of(request)));
    }

    private Response revoke(Request request) {
        if (!waivers.revoke(request.pathId("id"), Actor.of(request))) {
            throw Problem.notFound("There is no waiver in force under this id").exception();
        }
        return Response.empty();
    }

    static String owner(Fields fields) {
        return fields.text("owner", 1, 200);
    }

    static String reason(Fields fields) {
        return fields.text("reason", 1, 2_000);
    }

    /** The last day, as {@code expires} or {@code expiry}: nothing is accepted for ever, and nothing until yesterday. */
    static LocalDate expires(Fields fields, LocalDate today) {
        String name = fields.has("expiry") && !fields.has("expires") ? "expiry" : "expires";
        if (fields.text(name, 1, 32).isEmpty()) {
            return today;
        }
        LocalDate date = fields.optionalDate(name);
        if (date == null) {
            return today;
        }
        if (date.isBefore(today) || date.isAfter(today.plusYears(LONGEST_YEARS))) {
            fields.error(name, "must be a day from today on, at most " + LONGEST_YEARS + " years ahead");
        }
        return date;
    }
}
