package dev.panoptes.server.hosts;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.panoptes.integrity.observed.Snapshot;
import dev.panoptes.integrity.observed.SnapshotJson;
import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.ErrorCode;
import dev.panoptes.server.http.Principal;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Hosts, and the snapshots that observers send. */
public final class HostResource implements Resource {
    private static final int LARGEST_SNAPSHOT = 16 << 20;

    private final Hosts hosts;
    private final Duration staleAfter;
    private final InstantSource clock;

    /** @param staleAfter a host that was last seen before so long is stale */
    public HostResource(Hosts hosts, Duration staleAfter, InstantSource clock) {
        this.hosts = hosts;
        this.staleAfter = staleAfter;
        this.clock = clock;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/api/v1/hosts", Access.VIEWER, this::list),
                Route.post("/api/v1/snapshots", Access.OBSERVER, this::take).withBody(LARGEST_SNAPSHOT));
    }

    private Response list(Request request) {
        Instant since = clock.instant().minus(staleAfter);
        return Response.json(Map.of(
                "items",
                hosts.list().stream()
                        .map(host -> new HostView(
                                host,
                                host.lastSnapshotAt() == null
                                        || host.lastSnapshotAt().isBefore(since)))
                        .toList()));
    }

    /** @param stale true where it was last seen too long ago to be judged */
    record HostView(@JsonUnwrapped SnapshotStore.HostLine host, boolean stale) {}

    record Kept(UUID id) {}

    private Response take(Request request) {
        if (!(request.caller() instanceof Principal.Observer observer)) {
            throw new IllegalStateException("the route is for observers only");
        }
        Snapshot snapshot = snapshot(request.jsonBytes());
        if (!snapshot.host().name().equals(observer.host())) {
            throw Problem.of(ErrorCode.PERMISSION_DENIED, "This token speaks for another host than the snapshot's")
                    .exception();
        }
        return switch (hosts.take(snapshot, observer.id())) {
            case Hosts.Taken.Kept kept -> Response.json(201, new Kept(kept.id()));
            case Hosts.Taken.Refused refused ->
                throw Problem.of(ErrorCode.INVALID_REQUEST, refused.reason()).exception();
            case Hosts.Taken.Outdated _ ->
                throw Problem.of(ErrorCode.CONFLICT, "A newer snapshot of this host is here already")
                        .exception();
        };
    }

    private static Snapshot snapshot(byte[] body) {
        try {
            return switch (new SnapshotJson().read(new ByteArrayInputStream(body))) {
                case SnapshotJson.Result.Read read -> read.snapshot();
                case SnapshotJson.Result.Refused refused ->
                    throw Problem.of(ErrorCode.INVALID_REQUEST, "The body is no snapshot: " + refused.reason())
                            .exception();
            };
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory failed", e);
        }
    }
}
