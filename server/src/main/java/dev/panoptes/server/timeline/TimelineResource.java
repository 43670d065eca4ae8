package dev.panoptes.server.timeline;

import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.Page;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import java.util.List;
import java.util.function.Predicate;

/** The timeline of one agent. */
final class TimelineResource implements Resource {
    private final TimelineStore store;
    private final Predicate<String> declared;

    /** @param declared whether the registry declares this key, or may: nobody has read it yet */
    TimelineResource(TimelineStore store, Predicate<String> declared) {
        this.store = store;
        this.declared = declared;
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.get("/api/v1/agents/{id}/timeline", Access.VIEWER, this::timeline));
    }

    private Response timeline(Request request) {
        Page.Asked page = Page.asked(request, 1);
        long before = page.after().isEmpty() ? Long.MAX_VALUE : page.number(0);
        String agent = request.pathParameter("id");
        TimelineStore.Found found = store.of(agent, before, page.limit() + 1);
        if (!found.known() && found.events().isEmpty() && !declared.test(agent)) {
            throw Problem.notFound("No agent of this key, name or id is declared or enrolled")
                    .exception();
        }
        return Response.json(Page.of(found.events(), page, event -> List.of(Long.toString(event.id()))));
    }
}
