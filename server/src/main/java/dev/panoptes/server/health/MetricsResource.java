package dev.panoptes.server.health;

import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import java.util.List;

/** Figures for Prometheus. */
public final class MetricsResource implements Resource {
    private final List<MetricSource> sources;

    public MetricsResource(List<MetricSource> sources) {
        this.sources = List.copyOf(sources);
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.get("/metrics", Access.VIEWER, this::metrics));
    }

    private Response metrics(Request request) {
        Exposition out = new Exposition();
        sources.forEach(source -> source.write(out));
        return Response.text(Exposition.CONTENT_TYPE, out.text());
    }
}
