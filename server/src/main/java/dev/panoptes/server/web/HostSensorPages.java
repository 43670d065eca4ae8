package dev.panoptes.server.web;

import dev.panoptes.server.http.Request;
import dev.panoptes.server.web.view.AgentView;
import dev.panoptes.server.web.view.EventsView;
import dev.panoptes.server.web.view.HostView;
import dev.panoptes.server.web.view.Show;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The sensors of a host: how they are, what they are told to do, and what came of each. */
final class HostSensorPages {
    private static final String SENSORS = "/api/v1/hosts/{host}/sensors";

    private final InternalCalls inside;
    private final InstantSource clock;

    HostSensorPages(InternalCalls inside, InstantSource clock) {
        this.inside = inside;
        this.clock = clock;
    }

    /** @param whole with the configuration and its history */
    HostView.Sensors of(Request request, String host, boolean whole) throws InterruptedException {
        Map<String, EventsView.Stream> streams = new LinkedHashMap<>();
        EventPages.streams(inside, request, clock.instant()).stream()
                .filter(stream -> stream.host().equals(host))
                .sorted(Comparator.comparing(EventsView.Stream::last))
                .forEach(stream -> streams.merge(stream.sensor(), stream, HostSensorPages::both));
        JsonNode told =
                inside.get(request, SENSORS, Map.of("host", host), Map.of()).orElse(null);
        List<HostView.Sensor> all = new ArrayList<>();
        if (told != null) {
            told.path("items").forEach(item -> all.add(sensor(item, streams.remove(Lines.text(item, "name")))));
        }
        streams.values().forEach(stream -> all.add(only(stream)));
        JsonNode daemon = told == null ? null : told.path("daemon");
        JsonNode configuration = told == null ? null : told.path("configuration");
        return new HostView.Sensors(
                told != null,
                daemon == null || !daemon.isObject()
                        ? ""
                        : "Version " + Lines.text(daemon, "version") + ", heard "
                                + Show.ago(Lines.instantOrNull(daemon, "seen_at"), clock.instant()) + " ago",
                daemon != null && Lines.text(daemon, "state").equals("stale"),
                configuration == null ? 0 : configuration.path("version").asInt(0),
                configuration == null ? "" : Lines.text(configuration, "state"),
                configuration == null ? "" : Lines.text(configuration, "error"),
                all,
                whole && told != null ? config(request, host) : null);
    }

    /** A sensor that was installed anew has another stream; what is told is the sum. */
    private static EventsView.Stream both(EventsView.Stream earlier, EventsView.Stream later) {
        String losses = earlier.losses().isEmpty() || later.losses().isEmpty()
                ? earlier.losses() + later.losses()
                : earlier.losses() + ", " + later.losses();
        return new EventsView.Stream(
                later.host(),
                later.sensor(),
                earlier.events() + later.events(),
                later.lag(),
                earlier.missing() + later.missing(),
                losses,
                later.last(),
                later.silent());
    }

    private static HostView.Sensor sensor(JsonNode item, EventsView.@Nullable Stream stream) {
        JsonNode interval = item.path("interval_seconds");
        String error = Lines.text(item, "last_error");
        String reason = Lines.text(item, "reason");
        String state = Lines.text(item, "state");
        return new HostView.Sensor(
                Lines.text(item, "name"),
                item.path("enabled").asBoolean(true),
                state.equals("unknown") && stream != null ? stream.silent() ? "silent" : "reports" : state,
                // That no daemon was heard is said once, above.
                state.equals("unknown") ? "" : reason.isEmpty() ? error : reason,
                interval.isNumber() ? Show.span(Duration.ofMillis((long) (interval.asDouble(0) * 1_000))) : "",
                stream == null ? 0 : stream.events(),
                stream == null ? 0 : stream.lag(),
                stream == null ? 0 : stream.missing(),
                stream == null ? "" : stream.losses(),
                stream == null ? null : stream.last());
    }

    private static HostView.Sensor only(EventsView.Stream stream) {
        return new HostView.Sensor(
                stream.sensor(),
                true,
                stream.silent() ? "silent" : "reports",
                "",
                "",
                stream.events(),
                stream.lag(),
                stream.missing(),
                stream.losses(),
                stream.last());
    }

    private AgentView.@Nullable Config config(Request request, String host) throws InterruptedException {
        JsonNode history = inside.get(request, SENSORS + "/config/history", Map.of("host", host), Map.of("limit", "30"))
                .orElse(null);
        return history == null ? null : AgentPages.config(history.path("items"), List.of());
    }
}
