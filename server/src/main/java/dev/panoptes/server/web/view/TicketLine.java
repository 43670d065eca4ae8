package dev.panoptes.server.web.view;

import java.time.Instant;

/** A ticket in a list. @param assignee empty where nobody has it @param issue empty where none @param finding empty where none */
public record TicketLine(
        String id,
        String title,
        String description,
        String severity,
        String status,
        String assignee,
        String issue,
        String finding,
        String agent,
        Instant created,
        Instant updated) {
    public boolean open() {
        return !status.equals("resolved") && !status.equals("closed");
    }
}
