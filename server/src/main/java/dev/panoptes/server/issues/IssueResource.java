package dev.panoptes.server.issues;

import dev.panoptes.core.issue.IssueState;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.server.changes.Actor;
import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.ErrorCode;
import dev.panoptes.server.http.Fields;
import dev.panoptes.server.http.Page;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Issues: the list, one of them with its timeline, and what people say about it. */
public final class IssueResource implements Resource {
    private static final String ISSUES = "/api/v1/integrity/issues";
    private static final String NAME = "fingerprint";
    private static final int LONGEST_NOTE = 2_000;
    private static final int LONGEST_NAME = 200;
    private static final int MOST_EVENTS = 200;

    private final Issues issues;
    private final Waivers waivers;

    public IssueResource(Issues issues, Waivers waivers) {
        this.issues = issues;
        this.waivers = waivers;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get(ISSUES, Access.VIEWER, this::list),
                Route.get("/api/v1/integrity/summary", Access.VIEWER, this::summary),
                Route.get(ISSUES + "/{fingerprint}", Access.VIEWER, this::one),
                Route.post(ISSUES + "/{fingerprint}/acknowledge", Access.OPERATOR, this::acknowledge),
                Route.post(ISSUES + "/{fingerprint}/fixing", Access.OPERATOR, this::fixing),
                Route.post(ISSUES + "/{fingerprint}/waive", Access.OPERATOR, this::waive));
    }

    private Response list(Request request) {
        Page.Asked page = Page.asked(request, IssueKey.PARTS);
        List<IssueView> found = issues.page(IssueFilter.of(request), IssueKey.after(page), page.limit() + 1);
        return Response.json(Page.of(found, page, IssueKey::of));
    }

    /** @param open those that are neither resolved nor waived, by severity, the worst first */
    record Summary(Map<String, Long> open, long waived) {}

    private Response summary(Request request) {
        Map<String, Long> open = new LinkedHashMap<>();
        for (Severity severity : Severity.values()) {
            open.put(severity.id(), 0L);
        }
        long waived = 0;
        for (IssueStore.Count count : issues.counts()) {
            if (count.state().equals(IssueState.WAIVED.id())) {
                waived += count.number();
            } else {
                open.merge(count.severity(), count.number(), Long::sum);
            }
        }
        return Response.json(new Summary(open, waived));
    }

    /** @param waiver null where none accepts it */
    record Shown(
            @com.fasterxml.jackson.annotation.JsonUnwrapped IssueView issue,
            @Nullable StoredWaiver waiver,
            List<TimelineEntry> timeline) {}

    private Response one(Request request) {
        return Response.json(issues.find(request.pathParameter(NAME), MOST_EVENTS)
                .map(detail -> new Shown(detail.issue(), detail.waiver(), detail.timeline()))
                .orElseThrow(() -> unknown().exception()));
    }

    private Response acknowledge(Request request) {
        Issues.Taking taking = request.optionalBody(IssueResource::taking);
        return answer(issues.acknowledge(request.pathParameter(NAME), taking, Actor.of(request)));
    }

    private Response fixing(Request request) {
        Issues.Taking taking = request.optionalBody(IssueResource::taking);
        return answer(issues.fixing(request.pathParameter(NAME), taking, Actor.of(request)));
    }

    private static Issues.Taking taking(Fields fields) {
        String owner = fields.optionalText("owner", LONGEST_NAME);
        if (owner != null && owner.isBlank()) {
            fields.error("owner", "must not be empty");
        }
        return new Issues.Taking(fields.optionalText("note", LONGEST_NOTE), owner == null ? null : owner.strip());
    }

    private record Acceptance(String owner, String reason, LocalDate expires) {}

    private Response waive(Request request) {
        LocalDate today = waivers.today();
        Acceptance wanted = request.body(fields -> new Acceptance(
                WaiverResource.owner(fields), WaiverResource.reason(fields), WaiverResource.expires(fields, today)));
        return answer(waivers.waive(
                request.pathParameter(NAME), wanted.owner(), wanted.reason(), wanted.expires(), Actor.of(request)));
    }

    private static Response answer(Issues.Outcome outcome) {
        return switch (outcome) {
            case Issues.Outcome.Done(IssueView issue) -> Response.json(issue);
            case Issues.Outcome.Unknown() -> throw unknown().exception();
            case Issues.Outcome.Refused(IssueState state) ->
                throw Problem.of(ErrorCode.CONFLICT, "The issue is " + state.id() + advice(state))
                        .exception();
        };
    }

    private static String advice(IssueState state) {
        return switch (state) {
            case WAIVED -> "; revoke its waiver first";
            case RESOLVED -> "; should a scan find it again, it will be open again";
            case NEW, ACKNOWLEDGED, FIXING, REGRESSED -> "";
        };
    }

    private static Problem unknown() {
        return Problem.notFound("There is no issue of this fingerprint or id");
    }
}
