package dev.panoptes.server.detections;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.panoptes.detection.fusion.Threat;
import dev.panoptes.server.changes.Actor;
import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.ErrorCode;
import dev.panoptes.server.http.Page;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.QueryTime;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Incidents and the level of threat. */
final class DetectionResource implements Resource {
    private static final List<String> STATES =
            List.of("open", "acknowledged", "contained", "resolved", "false_positive");
    private static final int LONGEST_NOTE = 4_000;

    private final Detections detections;

    DetectionResource(Detections detections) {
        this.detections = detections;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/api/v1/incidents", Access.VIEWER, this::incidents),
                Route.get("/api/v1/incidents/{incident_id}", Access.VIEWER, this::incident),
                Route.patch("/api/v1/incidents/{incident_id}", Access.OPERATOR, this::move),
                Route.get("/api/v1/threat", Access.VIEWER, this::threat));
    }

    private static RuntimeException unknown() {
        return Problem.of(ErrorCode.NOT_FOUND, "there is no such incident").exception();
    }

    /** @param details all that is known of it, JSON; null in lists */
    record IncidentView(
            String id,
            String title,
            String severity,
            int confidence,
            String state,
            @Nullable String mergedInto,
            Instant first,
            Instant last,
            @Nullable String host,
            Instant createdAt,
            Instant updatedAt,
            @JsonRawValue @Nullable String details) {
        static IncidentView of(StoredIncident incident, boolean whole) {
            return new IncidentView(
                    incident.id(),
                    incident.title(),
                    incident.severity(),
                    incident.confidence(),
                    incident.state(),
                    incident.mergedInto(),
                    incident.first(),
                    incident.last(),
                    incident.host(),
                    incident.createdAt(),
                    incident.updatedAt(),
                    whole ? incident.body() : null);
        }
    }

    private Response incidents(Request request) {
        Page.Asked asked = Page.asked(request, 2);
        String state = request.query("state").orElse(null);
        if (state != null && !STATES.contains(state) && !state.equals("merged")) {
            throw Problem.of(
                            ErrorCode.INVALID_REQUEST,
                            "the query parameter state is none of " + String.join(", ", STATES))
                    .exception();
        }
        boolean begins = asked.after().isEmpty();
        List<StoredIncident> rows = detections.page(
                state,
                request.query("host").orElse(null),
                QueryTime.of(request, "from"),
                begins ? null : asked.instant(0),
                begins ? "" : asked.after().get(1),
                asked.limit() + 1);
        Page<StoredIncident> page =
                Page.of(rows, asked, incident -> List.of(incident.last().toString(), incident.id()));
        return Response.json(new Page<>(
                page.items().stream()
                        .map(incident -> IncidentView.of(incident, false))
                        .toList(),
                page.next()));
    }

    private Response incident(Request request) {
        return detections
                .find(request.pathParameter("incident_id"))
                .map(incident -> Response.json(IncidentView.of(incident, true)))
                .orElseThrow(() -> unknown());
    }

    private record Move(String state, @Nullable String note) {}

    private Response move(Request request) {
        Move move = request.body(fields -> new Move(
                fields.choice(
                        "state", word -> Optional.of(word).filter(STATES::contains), String.join(", ", STATES), "open"),
                fields.optionalText("note", LONGEST_NOTE)));
        return detections
                .move(request.pathParameter("incident_id"), move.state(), move.note(), Actor.of(request))
                .map(incident -> Response.json(IncidentView.of(incident, true)))
                .orElseThrow(() -> unknown());
    }

    /** The score from which on a level holds. */
    record ThresholdView(String level, int from) {}

    /**
     * What an open incident adds to the score.
     *
     * @param incident its id
     * @param weight of its severity
     * @param decay what its age leaves of it, 0 to 1
     * @param handled true where somebody takes care of it, which halves it
     */
    record ReasonView(
            String incident,
            String title,
            String severity,
            String state,
            int weight,
            int confidence,
            long ageSeconds,
            double decay,
            boolean handled,
            double points) {
        static ReasonView of(Detections.Weighed weighed) {
            StoredIncident incident = weighed.incident();
            return new ReasonView(
                    incident.id(),
                    incident.title(),
                    incident.severity(),
                    incident.state(),
                    weighed.reason().weight(),
                    incident.confidence(),
                    weighed.reason().age().toSeconds(),
                    Math.round(1_000 * weighed.reason().decay()) / 1_000.0,
                    weighed.open().handled(),
                    Math.round(10 * weighed.reason().points()) / 10.0);
        }
    }

    /** @param formula how the score follows from the open incidents @param reasons most points first */
    record ThreatView(
            String level,
            double score,
            String reason,
            String formula,
            List<ThresholdView> thresholds,
            List<ReasonView> reasons,
            List<IncidentView> incidents) {}

    private Response threat(Request request) {
        Detections.ThreatNow now = detections.threat();
        double score = Math.round(10 * now.score()) / 10.0;
        return Response.json(new ThreatView(
                now.level().name(),
                score,
                reason(now, score),
                Threat.FORMULA,
                Threat.thresholds().entrySet().stream()
                        .map(entry -> new ThresholdView(entry.getKey().name(), entry.getValue()))
                        .toList(),
                now.open().stream().map(ReasonView::of).toList(),
                now.open().stream()
                        .map(weighed -> IncidentView.of(weighed.incident(), false))
                        .toList()));
    }

    private static String reason(Detections.ThreatNow now, double score) {
        int open = now.open().size();
        String sum = (open == 1 ? "1 open incident adds" : open + " open incidents add") + " up to " + score;
        return switch (now.level()) {
            case UNKNOWN -> "no sensor sent anything within the last day";
            case BENIGN -> open == 0 ? "no incident is open" : sum + ", less than 1";
            case UNDER_ATTACK ->
                sum + ", and a critical one that nobody takes care of had an event within the last hour";
            case LOW, MEDIUM, HIGH, CRITICAL -> sum;
        };
    }
}
