package dev.panoptes.server.web;

import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import dev.panoptes.server.web.view.EventsView;
import dev.panoptes.server.web.view.Show;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What sensors saw: searched by its fields, with the ledger of what came and what is missing. */
final class EventPages implements Resource {
    private static final List<String> FILTER =
            List.of("host", "sensor", "action", "user", "ip", "process", "text", "from", "to");
    private static final Duration SILENT = Duration.ofMinutes(5);

    private final Frame frame;
    private final InternalCalls inside;

    EventPages(Frame frame, InternalCalls inside) {
        this.frame = frame;
        this.inside = inside;
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.page("/events", Access.VIEWER, this::show));
    }

    private Response show(Request request) throws InterruptedException {
        Map<String, String> filter = new LinkedHashMap<>();
        for (String name : FILTER) {
            request.query(name).filter(value -> !value.isBlank()).ifPresent(value -> filter.put(name, value));
        }
        Map<String, String> query = new LinkedHashMap<>(filter);
        query.put("limit", "50");
        request.query("cursor").filter(cursor -> !cursor.isEmpty()).ifPresent(cursor -> query.put("cursor", cursor));
        JsonNode page = inside.get(request, "/api/v1/events", Map.of(), query).orElse(null);
        String next = page == null ? "" : Lines.text(page, "next");
        List<EventsView.Stream> streams = streams(inside, request, frame.clock().instant());
        EventsView view = new EventsView(
                page == null ? List.of() : Lines.each(page.path("items"), EventPages::event),
                filter,
                streams.stream()
                        .map(EventsView.Stream::sensor)
                        .distinct()
                        .sorted()
                        .toList(),
                next.isEmpty() ? null : address(filter, next),
                page == null || Lines.text(page, "searched_to").isEmpty()
                        ? null
                        : IssueLines.instant(page, "searched_to"),
                streams);
        return frame.page(frame.shell(request, "Events", "det"), "events", Map.of("view", view));
    }

    private static String address(Map<String, String> filter, String cursor) {
        StringBuilder address = new StringBuilder("/events?cursor=" + Show.path(cursor));
        filter.forEach(
                (name, value) -> address.append('&').append(name).append('=').append(Show.path(value)));
        return address.toString();
    }

    /** Every sensor that was heard. */
    static List<EventsView.Stream> streams(InternalCalls inside, Request request, Instant now)
            throws InterruptedException {
        return inside.get(request, "/api/v1/telemetry/streams")
                .map(page -> Lines.each(page.path("items"), node -> stream(node, now)))
                .orElse(List.of());
    }

    private static EventsView.Stream stream(JsonNode node, Instant now) {
        List<String> losses = Lines.each(
                node.path("losses"),
                each -> each.path("count").asLong(0) + " " + Show.word(Lines.text(each, "reason")));
        Instant last = IssueLines.instant(node, "last_at");
        return new EventsView.Stream(
                Lines.text(node, "host"),
                Lines.text(node, "sensor"),
                node.path("events").asLong(0),
                node.path("lag").asLong(0),
                node.path("missing").asLong(0),
                String.join(", ", losses),
                last,
                last.plus(SILENT).isBefore(now));
    }

    private static EventsView.EventLine event(JsonNode node) {
        JsonNode event = node.path("event");
        List<String> words = new ArrayList<>();
        for (String pointer : List.of(
                "/user/name",
                "/process/name",
                "/process/executable",
                "/source/ip",
                "/destination/ip",
                "/dns/question/name",
                "/file/path",
                "/event/outcome",
                "/message")) {
            JsonNode value = event.at(pointer);
            if (value.isString() && !value.asString("").isBlank()) {
                words.add(Show.brief(value.asString(""), 80));
            }
        }
        JsonNode action = event.path("event").path("action");
        String at = event.path("@timestamp").asString("");
        return new EventsView.EventLine(
                Lines.text(node, "stream") + "-" + node.path("number").asLong(0),
                at.isEmpty() ? IssueLines.instant(node, "received_at") : Instant.parse(at),
                Lines.text(node, "host"),
                Lines.text(node, "sensor"),
                action.isString() ? action.asString("") : "event",
                String.join(" · ", words),
                Lines.indented(event));
    }
}
