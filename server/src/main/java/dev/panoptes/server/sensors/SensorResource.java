package dev.panoptes.server.sensors;

import dev.panoptes.server.changes.Actor;
import dev.panoptes.server.configs.ConfigCalls;
import dev.panoptes.server.configs.Configs;
import dev.panoptes.server.configs.Configs.Subject;
import dev.panoptes.server.configs.SensorSchema;
import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sensors of a host, for people: how they are, their configuration and its versions, and a switch for each. */
final class SensorResource implements Resource {
    private static final String HOST = "/api/v1/hosts/{host}/sensors";
    private static final String CONFIG = HOST + "/config";
    private static final int LONGEST_CAUSE = 500;

    private final HostSensors sensors;
    private final ConfigCalls calls;

    SensorResource(HostSensors sensors, Configs configs) {
        this.sensors = sensors;
        this.calls = new ConfigCalls(configs, sensors::subject);
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get(HOST, Access.VIEWER, this::show),
                Route.post(HOST + "/{sensor}/switch", Access.OPERATOR, this::turn),
                Route.get(CONFIG, Access.VIEWER, calls::show),
                Route.put(CONFIG, Access.OPERATOR, calls::put).withBody(ConfigCalls.LARGEST),
                Route.get(CONFIG + "/history", Access.VIEWER, calls::history),
                Route.get(CONFIG + "/diff", Access.VIEWER, calls::diff),
                Route.post(CONFIG + "/rollback", Access.OPERATOR, calls::rollback));
    }

    private Response show(Request request) {
        return Response.json(sensors.view(sensors.subject(request).id()));
    }

    /** @param on whether it is to run @param cause null where nobody says why */
    private record Turn(boolean on, @Nullable String cause) {}

    private Response turn(Request request) {
        Subject subject = sensors.subject(request);
        String sensor = request.pathParameter("sensor");
        if (!SensorSchema.SENSORS.contains(sensor)) {
            throw Problem.notFound("There is no such sensor; there are " + String.join(", ", SensorSchema.SENSORS))
                    .exception();
        }
        Turn turn = request.body(fields -> {
            if (!fields.has("enabled")) {
                fields.error("enabled", "is missing");
            }
            return new Turn(fields.bool("enabled", true), fields.optionalText("cause", LONGEST_CAUSE));
        });
        // What does not fit was refused when it was put; the answer is that of a write where it is not so any more.
        ConfigCalls.answer(subject, sensors.turn(subject, sensor, turn.on(), Actor.of(request), turn.cause()));
        return Response.json(sensors.view(subject.id()));
    }
}
