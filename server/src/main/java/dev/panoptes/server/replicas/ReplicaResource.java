package dev.panoptes.server.replicas;

import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The servers on this database. */
final class ReplicaResource implements Resource {
    private final Replicas replicas;

    ReplicaResource(Replicas replicas) {
        this.replicas = replicas;
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.get("/api/v1/replicas", Access.VIEWER, this::list));
    }

    /** @param answers whether it is the one that gives this answer */
    record View(
            String id,
            String name,
            String version,
            @Nullable String registryDigest,
            String keyId,
            Instant startedAt,
            Instant seenAt,
            boolean answers,
            List<String> differences) {}

    private Response list(Request request) {
        List<Replica> living = replicas.living();
        return Response.json(Map.of(
                "items",
                living.stream()
                        .map(each -> new View(
                                each.id(),
                                each.name(),
                                each.version(),
                                each.registryDigest(),
                                each.keyId(),
                                each.startedAt(),
                                each.seenAt(),
                                each.id().equals(replicas.id()),
                                each.differences(living.getFirst())))
                        .toList()));
    }
}
