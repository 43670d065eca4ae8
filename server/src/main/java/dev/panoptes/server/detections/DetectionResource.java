package dev.panoptes.server.detections;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.panoptes.detection.fusion.Threat;
import dev.panoptes.detection.sigma.RuleInfo;
import dev.panoptes.detection.sigma.Techniques;
import dev.panoptes.server.changes.Actor;
import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.ErrorCode;
import dev.panoptes.server.http.Page;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Rules, incidents, the level of threat and what ATT&CK's techniques are covered by. */
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
                Route.get("/api/v1/rules", Access.VIEWER, this::rules),
                Route.get("/api/v1/rules/{rule_id}", Access.VIEWER, this::rule),
                Route.get("/api/v1/incidents", Access.VIEWER, this::incidents),
                Route.get("/api/v1/incidents/{incident_id}", Access.VIEWER, this::incident),
                Route.patch("/api/v1/incidents/{incident_id}", Access.OPERATOR, this::move),
                Route.get("/api/v1/threat", Access.VIEWER, this::threat),
                Route.get("/api/v1/attack", Access.VIEWER, this::attack));
    }

    /** @param level null where the rule states none @param source empty for a correlation */
    record RuleView(
            String id,
            String name,
            String title,
            String description,
            @Nullable String level,
            List<String> techniques,
            String source,
            boolean correlation,
            boolean silent,
            String file,
            String state,
            long hits) {
        static RuleView of(RuleInfo rule, Map<String, Long> counts) {
            return new RuleView(
                    rule.key(),
                    rule.name(),
                    rule.title(),
                    rule.description(),
                    rule.level() == null ? null : rule.level().word(),
                    Techniques.current(rule.techniques()),
                    rule.source() == null ? "" : rule.source().text(),
                    rule.correlation(),
                    rule.silent(),
                    rule.file(),
                    "running",
                    counts.getOrDefault(rule.key(), 0L));
        }
    }

    /** Why a rule does not run. */
    record BrokenView(String file, int line, String reason) {}

    record RulesView(List<RuleView> items, List<BrokenView> broken) {}

    private Response rules(Request request) {
        Map<String, Long> counts = detections.counts();
        return Response.json(new RulesView(
                detections.rules().rules().stream()
                        .map(rule -> RuleView.of(rule, counts))
                        .toList(),
                detections.rules().problems().stream()
                        .map(problem -> new BrokenView(problem.file(), problem.line(), problem.reason()))
                        .toList()));
    }

    private Response rule(Request request) {
        String id = request.pathParameter("rule_id");
        Map<String, Long> counts = detections.counts();
        return detections.rules().rules().stream()
                .filter(rule -> rule.key().equals(id) || rule.name().equals(id))
                .findFirst()
                .map(rule -> Response.json(RuleView.of(rule, counts)))
                .orElseThrow(() -> unknown("rule"));
    }

    private static RuntimeException unknown(String what) {
        return Problem.of(ErrorCode.NOT_FOUND, "there is no such " + what).exception();
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
                .orElseThrow(() -> unknown("incident"));
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
                .orElseThrow(() -> unknown("incident"));
    }

    /** @param formula how the score follows from the open incidents */
    record ThreatView(String level, double score, String formula, List<IncidentView> incidents) {}

    private Response threat(Request request) {
        Detections.ThreatNow now = detections.threat();
        return Response.json(new ThreatView(
                now.level().name(),
                Math.round(10 * now.score()) / 10.0,
                Threat.FORMULA,
                now.open().stream()
                        .map(incident -> IncidentView.of(incident, false))
                        .toList()));
    }

    /** A technique and what there is to see it. @param hits how many events its rules matched */
    record TechniqueView(String technique, List<String> names, List<String> rules, List<String> sources, long hits) {}

    record AttackView(List<TechniqueView> items) {}

    private Response attack(Request request) {
        Map<String, Long> counts = detections.counts();
        Map<String, List<RuleInfo>> byTechnique = new TreeMap<>();
        for (RuleInfo rule : detections.rules().rules()) {
            for (String technique : Techniques.current(rule.techniques())) {
                byTechnique.computeIfAbsent(technique, _ -> new ArrayList<>()).add(rule);
            }
        }
        List<TechniqueView> items = new ArrayList<>();
        byTechnique.forEach((technique, rules) -> items.add(new TechniqueView(
                technique,
                Techniques.names(technique),
                rules.stream().map(RuleInfo::name).toList(),
                rules.stream()
                        .map(rule -> rule.source() == null ? "" : rule.source().text())
                        .filter(source -> !source.isEmpty())
                        .distinct()
                        .sorted()
                        .toList(),
                rules.stream()
                        .mapToLong(rule -> counts.getOrDefault(rule.key(), 0L))
                        .sum())));
        return Response.json(new AttackView(items));
    }
}
