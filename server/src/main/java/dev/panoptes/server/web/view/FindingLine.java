package dev.panoptes.server.web.view;

import java.time.Instant;
import java.util.List;

/** A finding in a list. @param open whether somebody may still work on it */
public record FindingLine(
        String id,
        String type,
        String title,
        String severity,
        String description,
        String source,
        String agent,
        String host,
        String status,
        long count,
        boolean unverified,
        Instant first,
        Instant last,
        List<String> techniques,
        String details) {
    public boolean open() {
        return status.equals("NEW") || status.equals("INVESTIGATING");
    }
}
