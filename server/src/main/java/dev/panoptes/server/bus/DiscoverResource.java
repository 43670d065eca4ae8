package dev.panoptes.server.bus;

import dev.panoptes.server.agents.Discovery;
import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.ErrorCode;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Asking agents that speak NATS only, at once. */
final class DiscoverResource implements Resource {
    /** For so long answers are collected. */
    private static final Duration COLLECTION = Duration.ofSeconds(2);

    private final boolean configured;
    private final Discovery discovery;
    private final BooleanSupplier ask;

    /** @param ask false where nobody can be asked */
    DiscoverResource(boolean configured, Discovery discovery, BooleanSupplier ask) {
        this.configured = configured;
        this.discovery = discovery;
        this.ask = ask;
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.post("/api/v1/agents/discover", Access.OPERATOR, this::discover));
    }

    private Response discover(Request request) throws InterruptedException {
        if (!configured) {
            throw Problem.of(ErrorCode.CONFLICT, "No NATS server is configured: set NATS_URL")
                    .exception();
        }
        if (!ask.getAsBoolean()) {
            throw Problem.later(ErrorCode.UNAVAILABLE, "The NATS server cannot be reached now", Duration.ofSeconds(10))
                    .exception();
        }
        Thread.sleep(COLLECTION);
        List<Discovery.Known> answered = discovery.answered();
        return Response.json(201, Map.of("agents", answered, "items", answered, "total", answered.size()));
    }
}
