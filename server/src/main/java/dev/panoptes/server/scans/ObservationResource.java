package dev.panoptes.server.scans;

import dev.panoptes.integrity.observed.ObservationPlanJson;
import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.Principal;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** Tells an observer what to look at on its host, and nothing of others. */
public final class ObservationResource implements Resource {
    private final ObservationPlans plans;
    private final ObservationPlanJson json = new ObservationPlanJson(Map.of());

    /** @param clock that of the system which holds the registry */
    public ObservationResource(Fleet fleet, InstantSource clock) {
        this.plans = new ObservationPlans(fleet, clock);
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.get("/api/v1/observation", Access.OBSERVER, this::plan));
    }

    private Response plan(Request request) throws InterruptedException {
        if (!(request.caller() instanceof Principal.Observer observer)) {
            throw new IllegalStateException("the route is for observers only");
        }
        return Response.jsonBytes(json.write(plans.plan(observer.host())));
    }
}
