package dev.panoptes.server.web;

import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.web.view.IncidentView;
import dev.panoptes.server.web.view.Show;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** One incident: when what happened, why it is one, on what evidence, and what can be done. */
final class IncidentPage {
    private static final double WIDTH = 1_000;
    private static final double LEAST = 14;

    private final Frame frame;
    private final InternalCalls inside;

    IncidentPage(Frame frame, InternalCalls inside) {
        this.frame = frame;
        this.inside = inside;
    }

    Response show(Request request, String id) throws InterruptedException {
        IncidentView view = view(request, id)
                .orElseThrow(() ->
                        Problem.notFound("There is no incident of this id").exception());
        return frame.page(frame.shell(request, "Incident", "det"), "incident", Map.of("view", view));
    }

    /** Empty where there is none of this id any more. */
    Optional<IncidentView> view(Request request, String id) throws InterruptedException {
        return inside.get(request, "/api/v1/incidents/{incident_id}", Map.of("incident_id", id), Map.of())
                .map(IncidentPage::view);
    }

    private static IncidentView view(JsonNode found) {
        JsonNode details = found.path("details");
        List<IncidentView.Evidence> evidence = Lines.each(details.path("timeline"), IncidentPage::evidence);
        return new IncidentView(
                Lines.text(found, "id"),
                Lines.text(found, "title"),
                Lines.text(found, "severity"),
                Lines.text(found, "confidence"),
                Lines.text(found, "state"),
                Lines.text(found, "merged_into"),
                Lines.text(found, "host"),
                IssueLines.instant(found, "first"),
                IssueLines.instant(found, "last"),
                Lines.each(
                        details.path("chain"),
                        each -> new IncidentView.Step(Lines.text(each, "tactic"), Lines.text(each, "technique"))),
                lanes(evidence, Lines.text(found, "severity")),
                reasons(details.path("contributions")),
                evidence.isEmpty()
                        ? IssueLines.instant(found, "last")
                        : evidence.getLast().at(),
                Lines.each(
                        details.path("entities"),
                        each -> new IncidentView.Entity(
                                Lines.text(each, "type").replace('.', ' '), Lines.text(each, "id"))),
                evidence.stream().limit(IncidentView.MOST_EVENTS).toList(),
                details.path("events").size(),
                details.path("findings").size());
    }

    /** {@code TITLE: what the event says}. */
    private static IncidentView.Evidence evidence(JsonNode each) {
        String text = Lines.text(each, "text");
        int colon = text.indexOf(": ");
        return new IncidentView.Evidence(
                IssueLines.instant(each, "at"),
                colon < 0 ? text : text.substring(0, colon),
                colon < 0 ? "" : text.substring(colon + 2),
                Lines.text(each, "event"));
    }

    /** A lane for each thing that was found, from its first event to its last. */
    private static List<IncidentView.Lane> lanes(List<IncidentView.Evidence> evidence, String severity) {
        if (evidence.isEmpty()) {
            return List.of();
        }
        Map<String, List<IncidentView.Evidence>> byTitle = new LinkedHashMap<>();
        evidence.forEach(each ->
                byTitle.computeIfAbsent(each.what(), _ -> new ArrayList<>()).add(each));
        Instant first = evidence.getFirst().at();
        double span =
                Math.max(1, Duration.between(first, evidence.getLast().at()).toMillis());
        List<IncidentView.Lane> lanes = new ArrayList<>();
        byTitle.forEach((title, events) -> {
            double from = Duration.between(first, events.getFirst().at()).toMillis() / span * (WIDTH - LEAST);
            double to = Duration.between(first, events.getLast().at()).toMillis() / span * (WIDTH - LEAST) + LEAST;
            lanes.add(new IncidentView.Lane(
                    title,
                    severity,
                    decimal(from),
                    decimal(Math.max(to - from, LEAST)),
                    Show.count(events.size(), "event", "events") + " at "
                            + Show.clock(events.getFirst().at())));
        });
        return lanes;
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private static List<IncidentView.Reason> reasons(JsonNode contributions) {
        int most = 1;
        for (JsonNode each : contributions) {
            most = Math.max(most, each.path("points").asInt(0));
        }
        int largest = most;
        return Lines.each(
                contributions,
                each -> new IncidentView.Reason(
                        Lines.text(each, "reason"),
                        Lines.text(each, "points"),
                        Math.max(2, 100 * each.path("points").asInt(0) / largest)));
    }
}
