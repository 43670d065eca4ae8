package dev.panoptes.server.web.view;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tickets, and one of them where it is open. @param tracked false while the server has no tracker */
public record TicketsView(
        boolean tracked,
        List<TicketLine> tickets,
        String status,
        @Nullable TicketLine one,
        List<Comment> comments,
        List<Comment> history) {
    public record Comment(Instant at, String author, String body) {}

    public long open() {
        return tickets.stream().filter(TicketLine::open).count();
    }
}
