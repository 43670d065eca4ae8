package dev.panoptes.server.metrics;

import dev.panoptes.server.config.TimeText;
import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.ErrorCode;
import dev.panoptes.server.http.Fields;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Sending and reading figures of agents. */
public final class MetricResource implements Resource {
    private static final String PATH = "/api/v1/metrics/{agent_id}";
    private static final Duration LONGEST_RANGE = Duration.ofDays(30);
    private static final int MOST_NAMES = 200;
    private static final int LARGEST = 64 << 10;

    private final Metrics metrics;
    private final Function<Request, String> agents;

    /** @param agents the id of the instance that a call is about; refuses callers who may not know of it */
    public MetricResource(Metrics metrics, Function<Request, String> agents) {
        this.metrics = metrics;
        this.agents = agents;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.post(PATH, Access.AGENT, this::take).withBody(LARGEST).sentOften(),
                Route.get(PATH, Access.AGENT_OR_VIEWER, this::show));
    }

    private record Sent(@Nullable Instant timestamp, Map<String, Double> readings) {
        /** Names at the top, or all of them below {@code metrics}. */
        static Sent of(Fields fields) {
            Instant timestamp = fields.optionalInstant("timestamp");
            Map<String, Double> readings = new LinkedHashMap<>(fields.numbers("metrics", MOST_NAMES));
            readings.putAll(fields.otherNumbers(MOST_NAMES));
            if (readings.isEmpty()) {
                fields.error("metrics", "is missing: there is no number to keep");
            }
            return new Sent(timestamp, readings);
        }
    }

    record Taken(Instant timestamp, int count) {}

    private Response take(Request request) throws InterruptedException {
        String agent = agents.apply(request);
        Sent sent = request.body(Sent::of);
        Instant at = metrics.submit(agent, sent.timestamp(), sent.readings());
        return Response.json(201, new Taken(at, sent.readings().size()));
    }

    private Response show(Request request) {
        String agent = agents.apply(request);
        Metrics.Seen seen = metrics.since(agent, range(request.query("range").orElse("24h")));
        Map<String, @Nullable Object> body = new LinkedHashMap<>(seen.latest());
        Instant newest = seen.timestamp();
        body.put("timestamp", newest == null ? null : newest.truncatedTo(ChronoUnit.SECONDS));
        body.put("series", seen.series());
        return Response.json(body);
    }

    private static Duration range(String text) {
        try {
            Duration range = TimeText.parse(text);
            if (range.isPositive() && range.compareTo(LONGEST_RANGE) <= 0) {
                return range;
            }
        } catch (IllegalArgumentException e) {
            throw badRange();
        }
        throw badRange();
    }

    private static RuntimeException badRange() {
        return Problem.of(
                        ErrorCode.INVALID_REQUEST,
                        "the query parameter range must be a length of time such as 24h, of at most 30d")
                .exception();
    }
}
