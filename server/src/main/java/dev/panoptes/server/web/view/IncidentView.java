package dev.panoptes.server.web.view;

import java.time.Instant;
import java.util.List;

/** One incident. @param confidence in percent @param chain the techniques in their order @param why what its score is made of */
public record IncidentView(
        String id,
        String title,
        String severity,
        String confidence,
        String state,
        String host,
        Instant first,
        Instant last,
        List<Step> chain,
        List<Reason> why,
        int events,
        int findings) {
    public record Step(String tactic, String technique) {}

    public record Reason(String reason, String points) {}

    public boolean open() {
        return !state.equals("resolved") && !state.equals("closed") && !state.equals("merged");
    }
}
