package dev.panoptes.server.tickets;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.panoptes.server.changes.Actor;
import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.ErrorCode;
import dev.panoptes.server.http.Fields;
import dev.panoptes.server.http.Page;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import dev.panoptes.server.tickets.TicketStore.Added;
import dev.panoptes.server.tickets.TicketStore.Comment;
import dev.panoptes.server.tickets.TicketStore.Edit;
import dev.panoptes.server.tickets.TicketStore.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Tickets, under both of their names. */
final class TicketResource implements Resource {
    private static final List<String> SEVERITIES = List.of("info", "low", "medium", "high", "critical");
    private static final List<String> STATES = List.of("open", "in_progress", "resolved", "closed");
    private static final int LONGEST_TEXT = 20_000;

    private final Tickets tickets;

    TicketResource(Tickets tickets) {
        this.tickets = tickets;
    }

    @Override
    public List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        for (String all : List.of("/api/v1/tickets", "/api/v1/issues")) {
            String one = all + "/{ticket_id}";
            routes.addAll(List.of(
                    Route.get(all, Access.VIEWER, this::list),
                    Route.post(all, Access.OPERATOR, this::open),
                    Route.get(one, Access.VIEWER, this::show),
                    Route.patch(one, Access.OPERATOR, this::edit),
                    Route.get(one + "/comments", Access.VIEWER, this::comments),
                    Route.post(one + "/comments", Access.OPERATOR, this::comment)));
        }
        return routes;
    }

    private static String severity(Fields fields) {
        return fields.choice(
                "severity",
                text -> Optional.of(text.equals("informational") ? "info" : text)
                        .filter(SEVERITIES::contains),
                String.join(", ", SEVERITIES),
                "medium");
    }

    private static Added added(Fields fields) {
        String finding = fields.optionalText("finding", 36);
        UUID findingId = null;
        if (finding != null) {
            try {
                findingId = UUID.fromString(finding);
            } catch (IllegalArgumentException e) {
                fields.error("finding", "must be the id of a finding");
            }
        }
        return new Added(
                fields.text("title", 1, 500),
                Objects.requireNonNullElse(fields.optionalText("description", LONGEST_TEXT), ""),
                fields.has("severity") ? severity(fields) : "medium",
                fields.optionalText("assignee", 100),
                fields.optionalText("issue", 200),
                findingId,
                fields.optionalText("agent", 100),
                fields.optionalText("key", 200));
    }

    private Response open(Request request) {
        return Response.json(201, done(tickets.open(request.body(TicketResource::added), Actor.of(request))));
    }

    private static Ticket done(Tickets.Outcome outcome) {
        return switch (outcome) {
            case Tickets.Outcome.Done(Ticket ticket) -> ticket;
            case Tickets.Outcome.KeyTaken() ->
                throw Problem.of(ErrorCode.CONFLICT, "There is a ticket with this key already")
                        .exception();
            case Tickets.Outcome.IssueHasOne(long other) ->
                throw Problem.of(ErrorCode.CONFLICT, "Ticket " + other + " is open for this issue already")
                        .exception();
            case Tickets.Outcome.Unknown() -> throw unknown();
        };
    }

    private record Wish(Edit edit, @Nullable String note) {
        static Wish of(Fields fields) {
            return new Wish(
                    new Edit(
                            fields.has("title") ? fields.text("title", 1, 500) : null,
                            fields.optionalText("description", LONGEST_TEXT),
                            fields.has("severity") ? severity(fields) : null,
                            fields.has("status")
                                    ? fields.choice(
                                            "status",
                                            text -> Optional.of(text).filter(STATES::contains),
                                            String.join(", ", STATES),
                                            "open")
                                    : null,
                            fields.optionalText("assignee", 100)),
                    fields.optionalText("note", 2_000));
        }
    }

    private Response edit(Request request) {
        Wish wish = request.body(Wish::of);
        return Response.json(done(tickets.edit(id(request), wish.edit(), Actor.of(request), wish.note())));
    }

    private Response list(Request request) {
        Page.Asked page = Page.asked(request, 1);
        List<Ticket> rows = tickets.page(new TicketStore.Wanted(
                word(request, "status", STATES, "unresolved"),
                word(request, "severity", SEVERITIES, "info"),
                request.query("assignee").orElse(null),
                request.query("agent").orElse(null),
                request.query("issue").orElse(null),
                page.after().isEmpty() ? Long.MAX_VALUE : page.number(0),
                page.limit() + 1));
        return Response.json(Page.of(rows, page, ticket -> List.of(Long.toString(ticket.id()))));
    }

    private static @Nullable String word(Request request, String name, List<String> words, String also) {
        Optional<String> word = request.query(name);
        if (word.isPresent() && !words.contains(word.get()) && !word.get().equals(also)) {
            throw Problem.of(
                            ErrorCode.INVALID_REQUEST,
                            "the query parameter " + name + " is one of " + String.join(", ", words))
                    .exception();
        }
        return word.orElse(null);
    }

    /** A ticket with all that was said and done. */
    record View(@JsonUnwrapped Ticket ticket, List<Comment> comments, List<Event> history) {}

    private Response show(Request request) {
        Tickets.Whole whole = tickets.find(id(request)).orElseThrow(TicketResource::unknown);
        return Response.json(new View(whole.ticket(), whole.comments(), whole.history()));
    }

    private Response comments(Request request) {
        return Response.json(Map.of("items", tickets.comments(id(request)).orElseThrow(TicketResource::unknown)));
    }

    private Response comment(Request request) {
        String body = request.body(fields -> fields.text("body", 1, LONGEST_TEXT));
        return Response.json(
                201, tickets.comment(id(request), body, Actor.of(request)).orElseThrow(TicketResource::unknown));
    }

    private static long id(Request request) {
        String id = request.pathParameter("ticket_id");
        if (!id.matches("\\d{1,18}")) {
            throw unknown();
        }
        return Long.parseLong(id);
    }

    private static RuntimeException unknown() {
        return Problem.notFound("There is no ticket under this id").exception();
    }
}
