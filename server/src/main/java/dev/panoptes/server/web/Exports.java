package dev.panoptes.server.web;

import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import dev.panoptes.server.scans.ScanService;
import dev.panoptes.server.web.view.AgentRow;
import dev.panoptes.server.web.view.IssueLine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What is shown, as files: tables as CSV (RFC 4180), the last report as JSON. */
final class Exports implements Resource {
    private static final String CSV = "text/csv; charset=utf-8";
    private static final int PAGE = 1_000;
    private static final int MOST_PAGES = 100;

    private final InternalCalls inside;
    private final FleetModel fleet;
    private final ScanService scans;

    Exports(InternalCalls inside, FleetModel fleet, ScanService scans) {
        this.inside = inside;
        this.fleet = fleet;
        this.scans = scans;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/export/issues.csv", Access.VIEWER, this::issues),
                Route.get("/export/agents.csv", Access.VIEWER, this::agents),
                Route.get("/export/report.json", Access.VIEWER, this::report),
                Route.get("/export/fix.patch", Access.VIEWER, this::patch));
    }

    private Response issues(Request request) throws InterruptedException {
        StringBuilder text = new StringBuilder();
        row(
                text,
                List.of(
                        "id",
                        "check",
                        "severity",
                        "state",
                        "host",
                        "port",
                        "title",
                        "affected",
                        "first_seen",
                        "last_seen",
                        "recommendation"));
        Map<String, String> query = new LinkedHashMap<>();
        query.put("limit", Integer.toString(PAGE));
        query.put("state", request.query("state").orElse("open"));
        for (int page = 0; page < MOST_PAGES; page++) {
            JsonNode found = inside.get(request, "/api/v1/integrity/issues", Map.of(), query)
                    .orElseThrow(
                            () -> Problem.notFound("There are no issues here").exception());
            for (IssueLine issue : IssueLines.of(found.path("items"))) {
                row(
                        text,
                        List.of(
                                issue.id(),
                                issue.check(),
                                issue.severity(),
                                issue.state(),
                                issue.host(),
                                text(issue.port()),
                                issue.title(),
                                String.join(" ", issue.affected()),
                                issue.firstSeen().toString(),
                                issue.lastSeen().toString(),
                                issue.recommendation()));
            }
            String next = found.path("next").asString("");
            if (next.isEmpty()) {
                break;
            }
            query.put("cursor", next);
        }
        return file(Response.text(CSV, text.toString()), "panoptes-issues.csv");
    }

    private Response agents(Request request) {
        StringBuilder text = new StringBuilder();
        row(text, List.of("agent", "name", "host", "port", "state", "why", "version", "seen", "issues"));
        for (AgentRow agent : fleet.now().rows()) {
            List<String> values = new ArrayList<>(List.of(
                    agent.key(),
                    agent.name(),
                    agent.host(),
                    text(agent.port()),
                    agent.state().word()));
            values.addAll(List.of(
                    text(agent.why()), text(agent.version()), text(agent.seen()), Integer.toString(agent.issues())));
            row(text, values);
        }
        return file(Response.text(CSV, text.toString()), "panoptes-agents.csv");
    }

    private Response report(Request request) {
        return scans.latest()
                .map(scan -> file(
                        Response.jsonBytes(scan.json()),
                        "panoptes-" + scan.summary().reportId() + ".json"))
                .orElseThrow(() -> Problem.notFound("There was no scan yet").exception());
    }

    /** What {@code git apply} takes. */
    private Response patch(Request request) throws InterruptedException {
        String issue = request.query("issue").orElse("");
        JsonNode plan = inside.get(
                        request, "/api/v1/integrity/issues/{fingerprint}/plan", Map.of("fingerprint", issue), Map.of())
                .filter(found -> !Lines.text(found, "patch").isEmpty())
                .orElseThrow(() ->
                        Problem.notFound("There is no patch for such an issue").exception());
        String name = Lines.text(plan, "issue").replaceAll("[^A-Za-z0-9._-]", "-");
        return file(Response.text("text/x-diff; charset=utf-8", Lines.text(plan, "patch")), name + ".patch");
    }

    private static Response file(Response answer, String name) {
        return answer.header("Content-Disposition", "attachment; filename=\"" + name + "\"");
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }

    private static void row(StringBuilder text, List<String> values) {
        text.append(values.stream().map(Exports::cell).collect(Collectors.joining(",")))
                .append("\r\n");
    }

    /** A spreadsheet takes a text that begins like a formula for one: it gets an apostrophe before it. */
    private static String cell(String value) {
        String safe = !value.isEmpty() && "=+-@\t\r".indexOf(value.charAt(0)) >= 0 ? "'" + value : value;
        return "\"" + safe.replace("\"", "\"\"") + "\"";
    }
}
