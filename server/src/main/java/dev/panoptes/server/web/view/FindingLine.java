package dev.panoptes.server.web.view;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A finding in a list. @param facts what its details tell, for people @param details all of them, as JSON */
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
        List<Fact> facts,
        String details) {
    /** @param href where more of it is; null for nowhere */
    public record Fact(String name, String value, @Nullable String href) {}

    public boolean open() {
        return status.equals("NEW") || status.equals("INVESTIGATING");
    }
}
