package dev.panoptes.server.alerts;

import dev.panoptes.server.alerts.channel.Delivery;
import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.ErrorCode;
import dev.panoptes.server.http.Page;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What was told, what was kept back and why, and how the channels do. */
public final class AlertResource implements Resource {
    private final Announcer announcer;
    private final Alerts alerts;
    private final AlertMetrics channels;

    public AlertResource(Announcer announcer) {
        this.announcer = announcer;
        this.alerts = announcer.alerts();
        this.channels = announcer.metrics();
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/api/v1/alerts", Access.VIEWER, this::list),
                Route.get("/api/v1/alerts/channels", Access.VIEWER, this::channels),
                Route.post("/api/v1/alerts/channels/{name}/test", Access.OPERATOR, this::test));
    }

    /**
     * @param oldestWaitingAt null where nothing waits
     * @param failures since it last worked
     * @param givenUp messages that were given up in the last day
     * @param lastSentAt null where nothing was ever sent
     */
    record ChannelView(
            String name,
            long waiting,
            @Nullable Instant oldestWaitingAt,
            int failures,
            long givenUp,
            @Nullable Instant lastSentAt) {}

    private Response channels(Request request) {
        return Response.json(Map.of(
                "items",
                channels.lines().stream()
                        .map(line -> new ChannelView(
                                line.name(),
                                line.waiting(),
                                time(line.oldestSeconds()),
                                line.failures(),
                                line.givenUp(),
                                time(line.sentSeconds())))
                        .toList()));
    }

    private static @Nullable Instant time(@Nullable Double seconds) {
        return seconds == null ? null : Instant.ofEpochMilli(Math.round(seconds * 1e3));
    }

    /** @param why null where it was delivered */
    record TestView(boolean delivered, @Nullable String why) {}

    /** Answers when the receiver has. */
    private Response test(Request request) throws InterruptedException {
        return switch (announcer
                .test(request.pathParameter("name"), request.caller().name())
                .orElseThrow(() -> Problem.of(ErrorCode.NOT_FOUND, "there is no channel of this name")
                        .exception())) {
            case Delivery.Sent() -> Response.json(new TestView(true, null));
            case Delivery.Refused(String why) -> Response.json(new TestView(false, why));
            case Delivery.Failed(String why, var _) -> Response.json(new TestView(false, why));
        };
    }

    private Response list(Request request) {
        Page.Asked page = Page.asked(request, 1);
        long before = page.after().isEmpty() ? Long.MAX_VALUE : page.number(0);
        List<AlertStore.AlertLine> lines = alerts.page(before, page.limit() + 1);
        return Response.json(Page.of(lines, page, line -> List.of(Long.toString(line.id()))));
    }
}
