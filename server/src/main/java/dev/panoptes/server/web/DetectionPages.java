package dev.panoptes.server.web;

import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import dev.panoptes.server.web.view.Choice;
import dev.panoptes.server.web.view.DetectionsView;
import dev.panoptes.server.web.view.FindingLine;
import dev.panoptes.server.web.view.Part;
import dev.panoptes.server.web.view.Show;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Incidents and findings, and what can be done about them. */
final class DetectionPages implements Resource {
    private static final List<String> FILTER = List.of("status", "severity", "type", "agent", "search");
    private static final int ROWS = 40;
    private static final List<String> OPEN = List.of("open", "acknowledged", "contained");
    private static final List<String> STATES =
            List.of("open", "acknowledged", "contained", "resolved", "false_positive", "merged");
    private static final Map<String, String> INCIDENTS =
            words("", "Open", "resolved", "Resolved", "false_positive", "False alarms");
    private static final Map<String, String> STATUSES =
            words("", "All", "NEW", "New", "INVESTIGATING", "Investigating", "CLOSED", "Closed");
    private static final List<String> SEVERITIES = List.of("critical", "high", "medium", "low", "info");

    private final Frame frame;
    private final InternalCalls inside;
    private final IncidentPage one;

    DetectionPages(Frame frame, InternalCalls inside) {
        this.frame = frame;
        this.inside = inside;
        this.one = new IncidentPage(frame, inside);
    }

    /** In the order in which they are given: a value, what it is called, and so on. */
    private static Map<String, String> words(String... pairs) {
        Map<String, String> words = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            words.put(pairs[i], pairs[i + 1]);
        }
        return words;
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.page("/detections", Access.VIEWER, this::show));
    }

    private Response show(Request request) throws InterruptedException {
        String incident = request.query("incident").orElse("");
        if (!incident.isEmpty()) {
            return one.show(request, incident);
        }
        Map<String, String> filter = new LinkedHashMap<>();
        for (String name : FILTER) {
            request.query(name).filter(value -> !value.isBlank()).ifPresent(value -> filter.put(name, value));
        }
        int skip = request.query("skip", 0, 1_000_000, 0);
        Map<String, String> query = new LinkedHashMap<>(filter);
        query.put("limit", Integer.toString(ROWS));
        query.put("skip", Integer.toString(skip));
        Span span = request.query("range").isPresent() ? Span.of(request) : null;
        if (span != null) {
            query.put("from", from(span));
        }
        JsonNode page = inside.get(request, "/api/v1/findings", Map.of(), query).orElse(null);
        List<FindingLine> findings = page == null ? List.of() : Lines.each(page.path("items"), Lines::finding);
        long total = page == null ? 0 : page.path("total").asLong(findings.size());
        JsonNode health = inside.get(request, "/api/v1/health/system", Map.of(), Map.of("details", "false"))
                .orElse(null);
        Long events = health == null || !health.path("events_last_24h").isNumber()
                ? null
                : health.path("events_last_24h").asLong();
        String state = request.query("incidents").filter(STATES::contains).orElse("");
        List<DetectionsView.IncidentRow> incidents = incidents(request, state, span);
        List<DetectionsView.IncidentRow> undecided = state.isEmpty() ? incidents : incidents(request, "", span);
        long open = findings.stream().filter(FindingLine::open).count();
        Map<String, String> address = new LinkedHashMap<>(filter);
        if (!state.isEmpty()) {
            address.put("incidents", state);
        }
        if (span != null) {
            address.put("range", span.id());
        }
        DetectionsView view = new DetectionsView(
                verdict(undecided, open, page != null),
                state.isEmpty() && filter.isEmpty() && skip == 0 && !incidents.isEmpty()
                        ? one.view(request, incidents.getFirst().id()).orElse(null)
                        : null,
                ranges(address),
                choices(address, "incidents", "#incidents", INCIDENTS),
                choices(address, "status", "#findings", STATUSES),
                span == null ? "" : "in the " + span.words(),
                !filter.isEmpty(),
                incidents,
                state,
                findings,
                total,
                address,
                skip + ROWS >= total ? null : Show.further("/detections", address, skip + ROWS),
                events,
                events != null && events > 0);
        return frame.page(frame.shell(request, "Detections", "det"), "detections", Map.of("view", view));
    }

    private String from(Span span) {
        return frame.clock()
                .instant()
                .minus(span.length())
                .truncatedTo(ChronoUnit.SECONDS)
                .toString();
    }

    /** A link for each value, which leaves everything else of the address as it is. */
    private static List<Choice> choices(
            Map<String, String> address, String name, String anchor, Map<String, String> words) {
        String now = address.getOrDefault(name, "");
        return words.entrySet().stream()
                .map(each -> new Choice(
                        each.getValue(),
                        address(address, name, each.getKey()) + anchor,
                        each.getKey().equals(now)))
                .toList();
    }

    private static List<Choice> ranges(Map<String, String> address) {
        Map<String, String> words = new LinkedHashMap<>();
        words.put("", "All");
        for (Span each : Span.values()) {
            words.put(each.id(), each.id());
        }
        return choices(address, "range", "", words);
    }

    private static String address(Map<String, String> parts, String name, String value) {
        Map<String, String> other = new LinkedHashMap<>(parts);
        other.remove(name);
        if (!value.isEmpty()) {
            other.put(name, value);
        }
        return other.isEmpty()
                ? "/detections"
                : other.entrySet().stream()
                        .map(each -> each.getKey() + "=" + Show.path(each.getValue()))
                        .collect(Collectors.joining("&", "/detections?", ""));
    }

    private static List<Part> verdict(List<DetectionsView.IncidentRow> incidents, long open, boolean tracks) {
        if (!incidents.isEmpty()) {
            DetectionsView.IncidentRow worst = incidents.getFirst();
            return List.of(
                    Part.of(Verdicts.number(incidents.size())
                            + (incidents.size() == 1 ? " incident needs" : " incidents need") + " a decision: "),
                    new Part(Show.brief(worst.title(), 80), "c"),
                    Part.of("."));
        }
        if (open > 0) {
            return List.of(
                    new Part(Verdicts.number(open) + (open == 1 ? " finding" : " findings"), "h"),
                    Part.of(open == 1 ? " nobody has closed." : " nobody has closed."));
        }
        return List.of(Part.of(tracks ? "Nothing was found that is still open." : "Nothing is found yet."));
    }

    /** Those of a state, or the ones that somebody must still decide, the latest first. */
    private List<DetectionsView.IncidentRow> incidents(Request request, String state, @Nullable Span span)
            throws InterruptedException {
        List<DetectionsView.IncidentRow> all = new ArrayList<>();
        for (String each : state.isEmpty() ? OPEN : List.of(state)) {
            Map<String, String> query = new LinkedHashMap<>(Map.of("state", each, "limit", Integer.toString(ROWS)));
            if (span != null) {
                query.put("from", from(span));
            }
            inside.get(request, "/api/v1/incidents", Map.of(), query)
                    .ifPresent(page -> all.addAll(Lines.each(page.path("items"), DetectionPages::incident)));
        }
        all.sort(Comparator.comparingInt((DetectionsView.IncidentRow row) -> SEVERITIES.indexOf(row.severity()))
                .thenComparing(DetectionsView.IncidentRow::since, Comparator.reverseOrder()));
        return all;
    }

    static DetectionsView.IncidentRow incident(JsonNode node) {
        return new DetectionsView.IncidentRow(
                Lines.text(node, "id"),
                Lines.text(node, "title"),
                Lines.text(node, "severity"),
                Lines.text(node, "host"),
                Lines.text(node, "confidence"),
                Lines.text(node, "state"),
                IssueLines.instant(node, "created_at"));
    }
}
