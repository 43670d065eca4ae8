package dev.panoptes.server.health;

import dev.panoptes.core.heartbeat.HeartbeatReader;
import dev.panoptes.server.health.Component.State;
import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import dev.panoptes.server.storage.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How the fleet and what carries it are, as far as that is measured; and where Prometheus finds the agents. */
public final class FleetHealthResource implements Resource {
    /** A sensor that sent nothing for so long does not run. */
    private static final Duration SENSOR_SILENT = Duration.ofMinutes(5);

    private final FleetHealth fleet;
    private final SensorStore sensors;
    private final HeartbeatReader heartbeats;
    private final List<Component> infrastructure;
    private final Duration fresh;
    private final String platform;
    private final Supplier<String> threat;
    private final LongSupplier events;
    private final InstantSource clock;

    /**
     * @param heartbeats of those who write files on the server's host
     * @param infrastructure in the order in which it is told
     * @param fresh how old the last scan may be
     * @param threat the level of threat
     * @param events how many came in the last 24 hours
     * @param platform the operating system and architecture of the server's host
     */
    public FleetHealthResource(
            FleetHealth fleet,
            Database database,
            HeartbeatReader heartbeats,
            List<Component> infrastructure,
            Duration fresh,
            String platform,
            Supplier<String> threat,
            LongSupplier events,
            InstantSource clock) {
        this.threat = threat;
        this.events = events;
        this.fleet = fleet;
        this.sensors = new SensorStore(database);
        this.heartbeats = heartbeats;
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
        Instant now = clock.instant();
        Map<String, State> states = new LinkedHashMap<>();
        infrastructure.forEach(
                component -> states.put(component.name(), component.state().get()));
        SystemHealth health = SystemHealth.of(
                        fleet.look().orElse(null),
                        fleet.core(),
                        seen(now),
                        sensors.counts(events.getAsLong()),
                        states,
                        fresh,
                        platform,
                        now)
                .with(threat.get());
        return Response.json(request.query("details", true) ? health : health.withoutAgents());
    }

    /** Sensors as agents, as the original contract has them. */
    private List<AgentDetail> seen(Instant now) {
        List<AgentDetail> sending = sensors.sensors(now.minus(SENSOR_SILENT)).stream()
                .map(sensor -> new AgentDetail(
                        SensorStore.key(sensor.sensor()),
                        "sensor",
                        sensor.instances(),
                        false,
                        new AgentHealth(
                                SensorStore.key(sensor.sensor()),
                                sensor.sensor(),
                                "",
                                (sensor.instances() > 0 ? AgentHealth.Status.RUNNING : AgentHealth.Status.STOPPED).id(),
                                null,
                                null,
                                null,
                                SensorStore.why(sensor),
                                sensor.lastAt(),
                                null,
                                null,
                                null)))
                .toList();
        return HeartbeatSensors.merged(sending, heartbeats.read(now));
    }

    /** @param healthPercentage the share that is online, to one decimal; 0 where there are none */
    record Summary(long total, long online, long stopped, long incompatible, double healthPercentage) {
        static Summary of(List<AgentDetail.Line> lines) {
            long online = count(lines, "online");
            return new Summary(
                    lines.size(),
                    online,
                    count(lines, "stopped"),
                    count(lines, "incompatible"),
                    lines.isEmpty() ? 0 : Math.round(1000.0 * online / lines.size()) / 10.0);
        }

        private static long count(List<AgentDetail.Line> lines, String status) {
            return lines.stream().filter(line -> line.status().equals(status)).count();
        }
    }

    /** @param scannedAt null before the first scan @param sensorsState of host sensors as a whole */
    record Agents(
            String status,
            Instant timestamp,
            String platform,
            Summary summary,
            @Nullable Instant scannedAt,
            List<AgentDetail.Line> agents,
            List<AgentDetail.Line> sensors,
            String sensorsState) {}

    private Response agents(Request request) {
        Instant now = clock.instant();
        Optional<FleetHealth.Seen> seen = fleet.look();
        Set<String> core = fleet.core();
        List<AgentDetail.Line> agents = seen.map(FleetHealth.Seen::agents).orElse(List.of()).stream()
                .map(agent -> AgentDetail.of(agent, "agent", agent.is(AgentHealth.Status.RUNNING) ? 1 : 0, core)
                        .line())
                .toList();
        List<AgentDetail.Line> sending =
                seen(now).stream().map(AgentDetail::line).toList();
        return Response.json(new Agents(
                "success",
                now,
                platform,
                Summary.of(Stream.concat(agents.stream(), sending.stream()).toList()),
                seen.map(FleetHealth.Seen::completedAt).orElse(null),
                agents,
                sending,
                (sending.isEmpty()
                                ? State.NOT_CONFIGURED
                                : sending.stream().allMatch(AgentDetail.Line::running)
                                        ? State.HEALTHY
                                        : State.UNHEALTHY)
                        .id()));
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
