package dev.panoptes.server.health;

import dev.panoptes.server.health.Component.State;
import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** How the fleet and what carries it are, as far as that is measured; and where Prometheus finds the agents. */
public final class FleetHealthResource implements Resource {
    private final FleetHealth fleet;
    private final List<Component> infrastructure;
    private final Duration fresh;
    private final String platform;
    private final IntSupplier enrolled;
    private final InstantSource clock;

    /**
     * @param infrastructure in the order in which it is told
     * @param fresh how old the last scan may be
     * @param platform the operating system and architecture of the server's host
     */
    public FleetHealthResource(
            FleetHealth fleet,
            List<Component> infrastructure,
            Duration fresh,
            String platform,
            IntSupplier enrolled,
            InstantSource clock) {
        this.enrolled = enrolled;
        this.fleet = fleet;
        this.infrastructure = List.copyOf(infrastructure);
        this.fresh = fresh;
        this.platform = platform;
        this.clock = clock;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/api/v1/health/system", Access.VIEWER, this::system),
                Route.get("/api/v1/health/agents", Access.VIEWER, this::agents),
                Route.get("/api/v1/http_sd", Access.VIEWER, this::targets));
    }

    private Response system(Request request) {
        Map<String, State> states = new LinkedHashMap<>();
        infrastructure.forEach(
                component -> states.put(component.name(), component.state().get()));
        return Response.json(SystemHealth.of(
                fleet.look().orElse(null), states, fresh, enrolled.getAsInt(), platform, clock.instant()));
    }

    /** @param scannedAt null before the first scan @param sensorsState of host sensors as a whole */
    record Agents(
            String status,
            Instant timestamp,
            @Nullable Instant scannedAt,
            List<AgentHealth> agents,
            List<AgentHealth> sensors,
            String sensorsState) {}

    private Response agents(Request request) {
        Optional<FleetHealth.Seen> seen = fleet.look();
        return Response.json(new Agents(
                "success",
                clock.instant(),
                seen.map(FleetHealth.Seen::completedAt).orElse(null),
                seen.map(FleetHealth.Seen::agents).orElse(List.of()),
                List.of(),
                State.NOT_CONFIGURED.id()));
    }

    /** What Prometheus' {@code http_sd_configs} reads. */
    record Targets(List<String> targets, Map<String, String> labels) {}

    private Response targets(Request request) {
        List<Targets> all = new ArrayList<>();
        for (AgentHealth agent : fleet.look().map(FleetHealth.Seen::agents).orElse(List.of())) {
            String scheme = agent.scheme();
            String address = agent.address();
            if (address != null && scheme != null && (scheme.equals("http") || scheme.equals("https"))) {
                String host = address.indexOf(':') >= 0 ? "[" + address + "]" : address;
                all.add(new Targets(
                        List.of(host + ":" + agent.port()),
                        Map.of(
                                "__scheme__",
                                scheme,
                                "__meta_panoptes_name",
                                agent.name(),
                                "__meta_panoptes_status",
                                agent.status(),
                                "agent",
                                agent.agent(),
                                "host",
                                agent.host())));
            }
        }
        return Response.json(all);
    }
}
