package dev.panoptes.server.web;

import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import dev.panoptes.server.web.view.AgentRow;
import dev.panoptes.server.web.view.IssueLine;
import dev.panoptes.server.web.view.Show;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Finds agents and issues by a few letters, the worst first. */
final class FindResource implements Resource {
    private final FleetModel fleet;
    private final InternalCalls inside;

    FindResource(FleetModel fleet, InternalCalls inside) {
        this.fleet = fleet;
        this.inside = inside;
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.get("/api/v1/find", Access.VIEWER, this::find));
    }

    /** @param kind agent or issue @param state as the style sheet names it @param href of its page */
    record Found(String kind, String title, String detail, String state, String href) {}

    private Response find(Request request) throws InterruptedException {
        String text = request.query("q").orElse("").strip().toLowerCase(Locale.ROOT);
        int limit = request.query("limit", 1, 50, 9);
        List<Found> found = new ArrayList<>();
        fleet.now().rows().stream()
                .filter(row -> text.isEmpty()
                        || row.text().contains(text)
                        || row.host().toLowerCase(Locale.ROOT).contains(text))
                .limit(limit)
                .forEach(row -> found.add(agent(row)));
        if (!text.isEmpty()) {
            inside.get(
                            request,
                            "/api/v1/integrity/issues",
                            Map.of(),
                            Map.of("text", text, "limit", Integer.toString(limit)))
                    .map(page -> IssueLines.of(page.path("items")))
                    .orElse(List.of())
                    .forEach(issue -> found.add(issue(issue)));
        }
        return Response.json(Map.of("items", found.stream().limit(limit).toList()));
    }

    private static Found agent(AgentRow row) {
        return new Found(
                "agent",
                row.name(),
                (row.port() == null ? "" : row.port() + " ") + "on " + row.host(),
                row.state().id(),
                "/fleet/agent?id=" + Show.path(row.key()));
    }

    private static Found issue(IssueLine issue) {
        return new Found("issue", issue.title(), Show.word(issue.state()), Show.tone(issue.severity()), issue.href());
    }
}
