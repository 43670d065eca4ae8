package dev.panoptes.server.web;

import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import dev.panoptes.server.web.view.DetectionsView;
import dev.panoptes.server.web.view.FindingLine;
import dev.panoptes.server.web.view.IncidentView;
import dev.panoptes.server.web.view.Part;
import dev.panoptes.server.web.view.Show;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Incidents and findings, and what can be done about them. */
final class DetectionPages implements Resource {
    private static final List<String> FILTER = List.of("status", "severity", "type", "agent", "search");
    private static final int ROWS = 40;

    private final Frame frame;
    private final InternalCalls inside;

    DetectionPages(Frame frame, InternalCalls inside) {
        this.frame = frame;
        this.inside = inside;
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.page("/detections", Access.VIEWER, this::show));
    }

    private Response show(Request request) throws InterruptedException {
        String incident = request.query("incident").orElse("");
        if (!incident.isEmpty()) {
            return one(request, incident);
        }
        Map<String, String> filter = new LinkedHashMap<>();
        for (String name : FILTER) {
            request.query(name).filter(value -> !value.isBlank()).ifPresent(value -> filter.put(name, value));
        }
        int skip = request.query("skip", 0, 1_000_000, 0);
        Map<String, String> query = new LinkedHashMap<>(filter);
        query.put("limit", Integer.toString(ROWS));
        query.put("skip", Integer.toString(skip));
        JsonNode page = inside.get(request, "/api/v1/findings", Map.of(), query).orElse(null);
        List<FindingLine> findings = page == null ? List.of() : Lines.each(page.path("items"), Lines::finding);
        long total = page == null ? 0 : page.path("total").asLong(findings.size());
        JsonNode health = inside.get(request, "/api/v1/health/system").orElse(null);
        Long events = health == null || !health.path("events_last_24h").isNumber()
                ? null
                : health.path("events_last_24h").asLong();
        List<DetectionsView.IncidentRow> incidents = incidents(request);
        long open = findings.stream().filter(FindingLine::open).count();
        DetectionsView view = new DetectionsView(
                verdict(incidents, open, page != null),
                incidents,
                findings,
                total,
                filter,
                skip + ROWS >= total ? null : address(filter, skip + ROWS),
                events,
                events != null && events > 0);
        return frame.page(frame.shell(request, "Detections", "det"), "detections", Map.of("view", view));
    }

    private static String address(Map<String, String> filter, int skip) {
        StringBuilder address = new StringBuilder("/detections?skip=" + skip);
        filter.forEach(
                (name, value) -> address.append('&').append(name).append('=').append(Show.path(value)));
        return address.toString();
    }

    private static List<Part> verdict(@Nullable List<DetectionsView.IncidentRow> incidents, long open, boolean tracks) {
        if (incidents != null && !incidents.isEmpty()) {
            DetectionsView.IncidentRow worst = incidents.getFirst();
            return List.of(
                    Part.of(Verdicts.number(incidents.size())
                            + (incidents.size() == 1 ? " incident needs" : " incidents need") + " a decision: "),
                    new Part(Show.brief(worst.title(), 80), "c"),
                    Part.of("."));
        }
        if (open > 0) {
            return List.of(
                    new Part(Verdicts.number(open) + (open == 1 ? " finding" : " findings"), "h"),
                    Part.of(open == 1 ? " nobody has closed." : " nobody has closed."));
        }
        return List.of(Part.of(tracks ? "Nothing was found that is still open." : "Nothing is found yet."));
    }

    /** The open ones, the worst first; null while the server has no such call. */
    private @Nullable List<DetectionsView.IncidentRow> incidents(Request request) throws InterruptedException {
        if (!inside.has("/api/v1/incidents")) {
            return null;
        }
        return inside.get(request, "/api/v1/incidents")
                .map(page -> Lines.each(page.path("items"), DetectionPages::incident))
                .orElse(List.of());
    }

    static DetectionsView.IncidentRow incident(JsonNode node) {
        List<String> techniques = Lines.each(
                node.path("techniques"), each -> each.isString() ? each.asString("") : Lines.text(each, "id"));
        return new DetectionsView.IncidentRow(
                Lines.text(node, "id"),
                Lines.text(node, "title"),
                Lines.text(node, "severity"),
                Lines.text(node, "host"),
                Lines.text(node, "findings"),
                Lines.text(node, "score"),
                Lines.text(node, "status").isEmpty() ? Lines.text(node, "state") : Lines.text(node, "status"),
                IssueLines.instant(node, "created_at"),
                techniques);
    }

    private Response one(Request request, String id) throws InterruptedException {
        JsonNode found = inside.get(request, "/api/v1/incidents/{incident_id}", Map.of("incident_id", id), Map.of())
                .orElseThrow(() ->
                        Problem.notFound("There is no incident of this id").exception());
        JsonNode details = found.path("details");
        IncidentView view = new IncidentView(
                Lines.text(found, "id"),
                Lines.text(found, "title"),
                Lines.text(found, "severity"),
                Lines.text(found, "confidence"),
                Lines.text(found, "state"),
                Lines.text(found, "host"),
                IssueLines.instant(found, "first"),
                IssueLines.instant(found, "last"),
                Lines.each(
                        details.path("chain"),
                        each -> new IncidentView.Step(Lines.text(each, "tactic"), Lines.text(each, "technique"))),
                Lines.each(
                        details.path("contributions"),
                        each -> new IncidentView.Reason(Lines.text(each, "reason"), Lines.text(each, "points"))),
                details.path("events").size(),
                details.path("findings").size());
        return frame.page(frame.shell(request, "Incident", "det"), "incident", Map.of("view", view));
    }
}
