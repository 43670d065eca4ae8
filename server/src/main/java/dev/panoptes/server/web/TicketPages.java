package dev.panoptes.server.web;

import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import dev.panoptes.server.web.view.TicketsView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Work that somebody tracks. */
final class TicketPages implements Resource {
    private static final String CALL = "/api/v1/tickets";

    private final Frame frame;
    private final InternalCalls inside;

    TicketPages(Frame frame, InternalCalls inside) {
        this.frame = frame;
        this.inside = inside;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.page("/tickets", Access.VIEWER, this::list),
                Route.page("/tickets/{ticket_id}", Access.VIEWER, this::one));
    }

    private Response list(Request request) throws InterruptedException {
        String status = request.query("status").orElse("");
        Map<String, String> query = new LinkedHashMap<>();
        if (!status.isEmpty()) {
            query.put("status", status);
        }
        TicketsView view = new TicketsView(
                inside.has(CALL),
                inside.get(request, CALL, Map.of(), query)
                        .map(page -> Lines.each(page.path("items"), Lines::ticket))
                        .orElse(List.of()),
                status,
                null,
                List.of(),
                List.of());
        return frame.page(frame.shell(request, "Tickets", "tick"), "tickets", Map.of("view", view));
    }

    private Response one(Request request) throws InterruptedException {
        String id = request.pathParameter("ticket_id");
        JsonNode found = inside.get(request, CALL + "/{ticket_id}", Map.of("ticket_id", id), Map.of())
                .orElseThrow(() ->
                        Problem.notFound("There is no ticket of this number").exception());
        TicketsView view = new TicketsView(
                true,
                List.of(),
                "",
                Lines.ticket(found),
                Lines.each(found.path("comments"), TicketPages::comment),
                Lines.each(found.path("history"), TicketPages::happened));
        return frame.page(frame.shell(request, "Ticket " + id, "tick"), "tickets", Map.of("view", view));
    }

    private static TicketsView.Comment comment(JsonNode node) {
        return new TicketsView.Comment(
                IssueLines.instant(node, "at"), Lines.text(node, "author"), Lines.text(node, "body"));
    }

    private static TicketsView.Comment happened(JsonNode node) {
        return new TicketsView.Comment(
                IssueLines.instant(node, "at"),
                Lines.text(node, "actor"),
                happened(Lines.text(node, "from"), Lines.text(node, "to")));
    }

    /** Where the state stays, something else was changed or said. */
    private static String happened(String from, String to) {
        return from.isEmpty() ? to : from.equals(to) ? "changed, or said something" : from + " to " + to;
    }
}
