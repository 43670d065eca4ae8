package dev.panoptes.server.sensors;

import dev.panoptes.server.configs.ConfigCalls;
import dev.panoptes.server.configs.SensorSchema;
import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.Fields;
import dev.panoptes.server.http.Principal;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import dev.panoptes.server.sensors.Daemon.ConfigState;
import dev.panoptes.server.sensors.Daemon.SensorState;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the daemon of a host asks for and tells; each speaks for the host of its observer's token. */
final class DaemonResource implements Resource {
    private static final int LARGEST = 64 << 10;
    private static final List<String> STATES = List.of("running", "degraded", "error", "stopped");
    private static final int LONGEST_REASON = 2_000;
    private static final double LONGEST_INTERVAL = 1e9;

    private final HostSensors sensors;

    DaemonResource(HostSensors sensors) {
        this.sensors = sensors;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/api/v1/observers/config", Access.OBSERVER, this::config),
                Route.post("/api/v1/observers/heartbeat", Access.OBSERVER, this::beat)
                        .withBody(LARGEST)
                        .sentOften());
    }

    private static String host(Request request) {
        if (!(request.caller() instanceof Principal.Observer observer)) {
            throw new IllegalStateException("the route is for observers only");
        }
        return observer.host();
    }

    private Response config(Request request) {
        String host = host(request);
        return ConfigCalls.answer(
                HostSensors.subject(host), sensors.wanted(host).orElse(null));
    }

    /** @param interval seconds until the next beat is expected */
    record Taken(int configVersion, String configHash, long interval) {}

    private Response beat(Request request) {
        Daemon said = request.body(this::read);
        HostSensors.Wanted wanted = sensors.beat(host(request), said);
        return Response.json(new Taken(wanted.version(), wanted.hash(), HostSensors.INTERVAL.toSeconds()));
    }

    private Daemon read(Fields fields) {
        ConfigState state = fields.choice(
                "config_state",
                text -> Arrays.stream(ConfigState.values())
                        .filter(one -> one.name().equals(text))
                        .findFirst(),
                "APPLIED, FAILED",
                ConfigState.APPLIED);
        return new Daemon(
                fields.line("version", 1, 100),
                sensors.now(),
                number(fields, "config_version"),
                fields.line("config_hash", 1, 128),
                state,
                fields.optionalText("config_error", LONGEST_REASON),
                number(fields, "applied_version"),
                fields.objects("sensors", SensorSchema.SENSORS.size(), DaemonResource::sensor));
    }

    private static int number(Fields fields, String name) {
        return (int) count(fields, name, Integer.MAX_VALUE);
    }

    private static long count(Fields fields, String name, long most) {
        if (!fields.has(name)) {
            fields.error(name, "is missing");
        }
        return Objects.requireNonNullElse(fields.optionalWhole(name, 0, most), 0L);
    }

    private static SensorState sensor(Fields fields) {
        String name = fields.choice(
                "name",
                text -> Optional.of(text).filter(SensorSchema.SENSORS::contains),
                String.join(", ", SensorSchema.SENSORS),
                "");
        String state = fields.choice(
                "state", text -> Optional.of(text).filter(STATES::contains), String.join(", ", STATES), "");
        @Nullable Double interval = fields.optionalNumber("interval_seconds", 0, LONGEST_INTERVAL);
        return new SensorState(
                name,
                state,
                fields.optionalText("reason", LONGEST_REASON),
                interval,
                count(fields, "cycles", Long.MAX_VALUE),
                count(fields, "events", Long.MAX_VALUE),
                count(fields, "errors", Long.MAX_VALUE),
                fields.optionalText("last_error", LONGEST_REASON));
    }
}
