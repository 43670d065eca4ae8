package dev.panoptes.server.health;

import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.ErrorCode;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import dev.panoptes.server.storage.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** Alive, ready, ping: what orchestrators and load balancers ask. */
public final class HealthResource implements Resource {
    private static final Duration TRY_AGAIN = Duration.ofSeconds(2);

    private final Database database;
    private final InstantSource clock;

    public HealthResource(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/livez", Access.OPEN, this::alive),
                Route.get("/readyz", Access.OPEN, this::ready),
                Route.get("/api/v1/health/ping", Access.OPEN, this::ping));
    }

    /** The process answers; nothing else is asked, so that an outage of the database restarts nobody. */
    private Response alive(Request request) {
        return Response.json(Map.of("status", "ok"));
    }

    /** Whether calls can be served: the database answers. */
    private Response ready(Request request) {
        if (database.answers()) {
            return Response.json(Map.of("status", "ok"));
        }
        throw Problem.later(ErrorCode.UNAVAILABLE, "The database cannot be reached right now", TRY_AGAIN)
                .exception();
    }

    record Ping(String status, Instant timestamp) {}

    private Response ping(Request request) {
        return Response.json(new Ping("ok", clock.instant()));
    }
}
