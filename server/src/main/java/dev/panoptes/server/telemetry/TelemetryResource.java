package dev.panoptes.server.telemetry;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.ErrorCode;
import dev.panoptes.server.http.Page;
import dev.panoptes.server.http.Principal;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Batches of events in, events and the ledger out. */
final class TelemetryResource implements Resource {
    /** Of a batch as it comes over the wire. */
    private static final int MOST_BYTES = 8 << 20;

    private static final String NDJSON = "application/x-ndjson";

    private final Telemetry telemetry;

    TelemetryResource(Telemetry telemetry) {
        this.telemetry = telemetry;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.post("/api/v1/telemetry", Access.OBSERVER, this::take).withBody(MOST_BYTES),
                Route.get("/api/v1/telemetry/streams", Access.VIEWER, this::streams),
                Route.get("/api/v1/events", Access.VIEWER, this::list),
                Route.get("/api/v1/events/{event_id}", Access.VIEWER, this::one));
    }

    /** @param acknowledged everything up to this number need not be sent again */
    record Acknowledged(long acknowledged) {}

    private Response take(Request request) {
        if (!(request.caller() instanceof Principal.Observer observer)) {
            throw new IllegalStateException("the route is for observers only");
        }
        byte[] body = request.bytes(NDJSON);
        boolean gzip = switch (request.header("Content-Encoding").orElse("identity")) {
            case "identity" -> false;
            case "gzip" -> true;
            default ->
                throw Problem.of(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "The body may be compressed by gzip only")
                        .exception();
        };
        return switch (BatchReader.open(body, gzip)) {
            case BatchReader.Result.Refused(String reason) -> throw refused(reason);
            case BatchReader.Result.TooLarge() ->
                throw Problem.of(
                                ErrorCode.TOO_LARGE,
                                "The batch is larger than " + BatchReader.MOST_BYTES + " bytes when it is unpacked")
                        .exception();
            case BatchReader.Result.Opened(BatchReader.Batch batch) ->
                switch (telemetry.take(observer.host(), batch)) {
                    case Telemetry.Taken.Stored(long number) -> Response.json(new Acknowledged(number));
                    case Telemetry.Taken.Refused(String reason) -> throw refused(reason);
                    case Telemetry.Taken.NotYours() ->
                        throw Problem.of(ErrorCode.PERMISSION_DENIED, "This stream is another host's or sensor's")
                                .exception();
                };
        };
    }

    private static RuntimeException refused(String reason) {
        return Problem.of(ErrorCode.INVALID_REQUEST, "The body is no batch of events: " + reason)
                .exception();
    }

    private Response streams(Request request) {
        return Response.json(Map.of("items", telemetry.streams()));
    }

    /** @param event as it was sent */
    record Shown(
            UUID stream,
            long number,
            String host,
            String sensor,
            Instant receivedAt,
            @JsonRawValue String event) {
        static Shown of(TelemetryStore.Line line) {
            return new Shown(line.stream(), line.number(), line.host(), line.sensor(), line.receivedAt(), line.body());
        }
    }

    /**
     * A page of events.
     *
     * @param next where there may be more: the page that it leads to may be empty, and lead on
     * @param searchedTo where older events were not looked at yet; null where all were, or the page is full
     */
    record Listed(
            List<Shown> items,
            @Nullable String next,
            @Nullable Instant searchedTo) {}

    private Response list(Request request) {
        Page.Asked asked = Page.asked(request, EventFilter.Key.PARTS);
        EventSearch.Found found =
                telemetry.page(EventFilter.of(request), EventFilter.Key.after(asked), asked.limit() + 1);
        Page<TelemetryStore.Line> part = Page.of(found.lines(), asked, EventFilter.Key::of);
        Instant reach = found.searchedTo();
        return Response.json(new Listed(
                part.items().stream().map(Shown::of).toList(),
                reach == null ? part.next() : Page.cursor(EventFilter.Key.from(reach)),
                reach));
    }

    private Response one(Request request) {
        String id = request.pathParameter("event_id");
        int dash = id.lastIndexOf('-');
        try {
            UUID stream = UUID.fromString(id.substring(0, Math.max(dash, 0)));
            long number = Long.parseLong(id.substring(dash + 1));
            return Response.json(telemetry
                    .find(stream, number)
                    .map(Shown::of)
                    .orElseThrow(() -> unknown().exception()));
        } catch (IllegalArgumentException e) {
            throw unknown().exception();
        }
    }

    private static Problem unknown() {
        return Problem.notFound("There is no event of this id");
    }
}
