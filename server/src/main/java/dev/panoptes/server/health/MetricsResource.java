package dev.panoptes.server.health;

import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import dev.panoptes.server.storage.Database;
import java.util.List;

/** Figures for Prometheus. */
public final class MetricsResource implements Resource {
    private final Database database;
    private final List<MetricSource> own;
    private final List<MetricSource> stored;

    /**
     * @param own figures that this process knows by itself
     * @param stored figures that are read from the database, and left out while it cannot be reached
     */
    public MetricsResource(Database database, List<MetricSource> own, List<MetricSource> stored) {
        this.database = database;
        this.own = List.copyOf(own);
        this.stored = List.copyOf(stored);
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.get("/metrics", Access.VIEWER, this::metrics));
    }

    private Response metrics(Request request) {
        Exposition out = new Exposition();
        boolean up = database.answers();
        out.gauge("panoptes_database_up", "1 where the database answers, else 0.", up ? 1 : 0);
        own.forEach(source -> source.write(out));
        if (up) {
            stored.forEach(source -> source.write(out));
        }
        return Response.text(Exposition.CONTENT_TYPE, out.text());
    }
}
