package dev.panoptes.server.audit;

import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.Page;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import java.util.List;

/** Reading the audit log. */
public final class AuditResource implements Resource {
    private final AuditStore store;

    public AuditResource(AuditStore store) {
        this.store = store;
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.get("/api/v1/audit", Access.ADMIN, this::list));
    }

    private Response list(Request request) {
        Page.Asked page = Page.asked(request, 1);
        long before = page.after().isEmpty() ? Long.MAX_VALUE : page.number(0);
        List<AuditLine> lines = store.page(before, page.limit() + 1);
        return Response.json(Page.of(lines, page, line -> List.of(Long.toString(line.id()))));
    }
}
