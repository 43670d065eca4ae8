package dev.panoptes.server.alerts;

import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.Page;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import java.util.List;

/** What was told, and what was kept back and why. */
public final class AlertResource implements Resource {
    private final Alerts alerts;

    public AlertResource(Alerts alerts) {
        this.alerts = alerts;
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.get("/api/v1/alerts", Access.VIEWER, this::list));
    }

    private Response list(Request request) {
        Page.Asked page = Page.asked(request, 1);
        long before = page.after().isEmpty() ? Long.MAX_VALUE : page.number(0);
        List<AlertStore.AlertLine> lines = alerts.page(before, page.limit() + 1);
        return Response.json(Page.of(lines, page, line -> List.of(Long.toString(line.id()))));
    }
}
