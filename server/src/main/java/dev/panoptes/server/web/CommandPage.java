package dev.panoptes.server.web;

import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.scans.ScanService;
import dev.panoptes.server.scans.ScanSummary;
import dev.panoptes.server.scans.StoredScan;
import dev.panoptes.server.web.view.AgentRow;
import dev.panoptes.server.web.view.Bar;
import dev.panoptes.server.web.view.CommandView;
import dev.panoptes.server.web.view.EyeState;
import dev.panoptes.server.web.view.IssueLine;
import dev.panoptes.server.web.view.Part;
import dev.panoptes.server.web.view.Show;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The Command Center: how the fleet is, in five seconds. */
final class CommandPage {
    private static final double RING = 238.8;
    private static final Duration HISTORY = Duration.ofDays(14);
    private static final Duration LATELY = Duration.ofMinutes(10);
    private static final int WORST = 50;
    private static final int NEEDS = 5;
    private static final int FEED = 8;
    /** More eyes than this are no longer drawn as such: the fleet page has a map for them. */
    private static final int MOST_EYES = 600;

    private static final int MOST_REASONS = 8;
    private static final int MOST_TECHNIQUES = 5;
    private static final int MOST_INCIDENTS = 2;
    private static final List<String> LEVELS =
            List.of("UNKNOWN", "BENIGN", "LOW", "MEDIUM", "HIGH", "CRITICAL", "UNDER_ATTACK");
    private static final List<String> THREAT_TONES = List.of("info", "ok", "low", "med", "high", "crit", "crit");
    private static final List<String> SEVERITIES = List.of("critical", "high", "medium", "low", "info");

    private final Frame frame;
    private final InternalCalls inside;
    private final CommandStore store;
    private final LoomStore loom;
    private final FleetModel fleet;
    private final ScanService scans;
    private final Kept<Looked, CommandView> kept;

    CommandPage(
            Frame frame,
            InternalCalls inside,
            CommandStore store,
            LoomStore loom,
            FleetModel fleet,
            ScanService scans) {
        this.frame = frame;
        this.inside = inside;
        this.store = store;
        this.loom = loom;
        this.fleet = fleet;
        this.scans = scans;
        this.kept = new Kept<>(fleet::position, Grouping.values().length * Span.values().length);
    }

    /** @param url under which whoever looks reaches the server: commands name it @param report the last one, which is known later than told */
    private record Looked(Grouping group, Span span, String url, String report) {}

    Response show(Request request) throws InterruptedException {
        ScanSummary last = scans.latest().map(StoredScan::summary).orElse(null);
        Looked looked = new Looked(
                Grouping.of(request).orElse(Grouping.HOST),
                Span.of(request),
                frame.url(request),
                last == null ? "" : last.reportId());
        CommandView view = kept.get(looked, () -> view(request, last, looked.group(), looked.span()));
        return frame.page(frame.shell(request, "Command Center", "cc"), "command", Map.of("view", view));
    }

    /** Everybody who may look sees the same. */
    private CommandView view(Request request, @Nullable ScanSummary last, Grouping group, Span span)
            throws InterruptedException {
        Instant now = frame.clock().instant();
        FleetModel.Fleet seen = fleet.now();
        JsonNode summary = inside.get(request, "/api/v1/integrity/summary").orElse(nothing());
        List<IssueLine> worst = worst(request);
        List<IssueLine> urgent = worst.stream()
                .filter(issue ->
                        issue.severity().equals("critical") || issue.severity().equals("high"))
                .toList();
        CommandView.Issues issues = issues(summary, now);
        JsonNode health = inside.get(request, "/api/v1/health/system", Map.of(), Map.of("details", "false"))
                .orElse(nothing());
        JsonNode threat = inside.get(request, "/api/v1/threat").orElse(nothing());
        List<JsonNode> open = open(request);
        LoomStore.Loom woven = loom.loom(span);
        String here = "/dashboard?range=" + span.id() + "&group=";
        return new CommandView(
                Verdicts.of(last, urgent, issues.open(), attacked(open)),
                last == null ? null : score(last, issues, now),
                threat(threat, open.size()),
                issues,
                fleetFigures(seen),
                health(health),
                health.path("events_last_24h").isNumber()
                        ? health.path("events_last_24h").asLong()
                        : null,
                eyes(seen, group),
                seen.rows().size() > MOST_EYES ? seen.rows().size() : 0,
                incidents(request, open),
                worst.stream()
                        .limit(NEEDS - Math.min(open.size(), MOST_INCIDENTS))
                        .toList(),
                new CommandView.Loom(
                        span.words(),
                        span.choices("/dashboard?group=" + group.id() + "&range="),
                        woven.lanes(),
                        span.axis(),
                        woven.uncounted()),
                Feed.lines(store.told(FEED)),
                rate(now),
                group.choices(here),
                first(request, last, seen));
    }

    private String rate(Instant now) {
        long told = store.toldSince(now.minus(LATELY));
        return (told >= CommandStore.MOST_TOLD ? "More than " : "") + Show.count(told, "change", "changes") + " in "
                + LATELY.toMinutes() + " min";
    }

    private static JsonNode nothing() {
        return JsonNodeFactory.instance.objectNode();
    }

    private List<IssueLine> worst(Request request) throws InterruptedException {
        return inside.get(
                        request,
                        "/api/v1/integrity/issues",
                        Map.of(),
                        Map.of("state", "new,regressed,acknowledged,fixing", "limit", Integer.toString(WORST)))
                .map(page -> IssueLines.of(page.path("items")))
                .orElse(List.of());
    }

    private CommandView.@Nullable Score score(ScanSummary last, CommandView.Issues issues, Instant now) {
        Double present = last.healthScore();
        if (present == null) {
            return null;
        }
        List<CommandStore.Scored> history = store.daily(now.minus(HISTORY));
        String span = "Last 14 days";
        if (history.size() < 2) {
            history = store.lately(30);
            span = "Since the first scan";
        }
        List<Double> values = history.stream().map(CommandStore.Scored::score).toList();
        double least = values.stream().mapToDouble(Double::doubleValue).min().orElse(0);
        double most = values.stream().mapToDouble(Double::doubleValue).max().orElse(100);
        double flat = most - least < 1 ? 1 : 0;
        String points = values.size() < 2 ? "" : Show.line(values, 126, 22, least - flat, most + flat);
        String end = points.isEmpty() ? "0,0" : points.substring(points.lastIndexOf(' ') + 1);
        return new CommandView.Score(
                Show.decimal(present),
                tone(issues),
                String.format(Locale.ROOT, "%.1f", RING * present / 100),
                change(history, present, now),
                span,
                points,
                end.substring(0, end.indexOf(',')),
                end.substring(end.indexOf(',') + 1));
    }

    private static String tone(CommandView.Issues issues) {
        for (CommandView.SeverityCount each : issues.bySeverity()) {
            if (each.number() > 0
                    && !each.severity().equals("low")
                    && !each.severity().equals("info")) {
                return Show.tone(each.severity());
            }
        }
        return "ok";
    }

    private static String change(List<CommandStore.Scored> history, double present, Instant now) {
        Instant dayAgo = now.minus(Duration.ofDays(1));
        Optional<CommandStore.Scored> before = history.stream()
                .filter(each -> each.at().isBefore(dayAgo))
                .max(Comparator.comparing(CommandStore.Scored::at));
        boolean whole = before.isPresent();
        double then = before.or(() -> history.stream().findFirst())
                .map(CommandStore.Scored::score)
                .orElse(present);
        double change = Math.round((present - then) * 10) / 10.0;
        String since = whole ? " in a day" : " so far";
        if (change == 0) {
            return "Unchanged" + since;
        }
        return (change > 0 ? "Up " : "Down ") + Show.decimal(Math.abs(change)) + since;
    }

    private CommandView.Issues issues(JsonNode summary, Instant now) {
        List<CommandView.SeverityCount> counts = new ArrayList<>();
        List<Bar.Share> shares = new ArrayList<>();
        long open = 0;
        for (String severity : SEVERITIES) {
            long number = summary.path("open").path(severity).asLong(0);
            open += number;
            if (number > 0 || !severity.equals("info")) {
                counts.add(new CommandView.SeverityCount(severity, number));
            }
            shares.add(new Bar.Share(Show.tone(severity), number));
        }
        return new CommandView.Issues(
                open,
                store.issuesSince(now.minus(Duration.ofHours(1))),
                summary.path("waived").asLong(0),
                counts,
                Bar.of(shares));
    }

    /** The incidents that nobody has taken up, the worst first. */
    private List<JsonNode> open(Request request) throws InterruptedException {
        List<JsonNode> open = new ArrayList<>();
        inside.get(request, "/api/v1/incidents", Map.of(), Map.of("state", "open", "limit", Integer.toString(WORST)))
                .ifPresent(page -> page.path("items").forEach(open::add));
        open.sort(Comparator.comparingInt((JsonNode each) -> SEVERITIES.indexOf(Lines.text(each, "severity"))));
        return open;
    }

    /** As /api/v1/threat tells it: the level, and what makes it. */
    private static CommandView.Threat threat(JsonNode threat, int open) {
        String word = threat.path("level").asString("UNKNOWN");
        int level = Math.max(0, LEVELS.indexOf(word));
        JsonNode counted = threat.path("incidents");
        String why;
        if (level == 0 && !counted.isEmpty()) {
            why = "No sensor reports; " + Show.count(counted.size(), "incident follows", "incidents follow")
                    + " from what agents and scans tell";
        } else if (!counted.isEmpty()) {
            why = Show.count(counted.size(), "incident", "incidents") + ", the worst: "
                    + counted.get(0).path("title").asString("");
        } else if (level == 0) {
            why = "No sensor reports. Start one: panoptes sensor";
        } else {
            why = open == 0 ? "No incident is open" : "What is open is too old to count";
        }
        return new CommandView.Threat(
                Show.word(word.toLowerCase(Locale.ROOT)),
                THREAT_TONES.get(level),
                Math.min(level, 5),
                why,
                Show.decimal(threat.path("score").asDouble(0)),
                level == 0 ? "" : Lines.text(threat, "formula"),
                Lines.each(threat.path("reasons"), CommandPage::reason).stream()
                        .limit(MOST_REASONS)
                        .toList());
    }

    private static CommandView.Reason reason(JsonNode each) {
        double decay = each.path("decay").asDouble(1);
        return new CommandView.Reason(
                Lines.text(each, "incident"),
                Lines.text(each, "title"),
                Lines.text(each, "severity"),
                Show.decimal(each.path("points").asDouble(0)),
                each.path("weight").asInt(0) + " for " + Lines.text(each, "severity") + ", "
                        + each.path("confidence").asInt(0) + " % sure"
                        + (decay < 0.995 ? ", " + Math.round(decay * 100) + " % left of it by its age" : "")
                        + (each.path("handled").asBoolean(false) ? ", half as somebody has taken it up" : ""));
    }

    private List<CommandView.IncidentLine> incidents(Request request, List<JsonNode> open) throws InterruptedException {
        List<CommandView.IncidentLine> lines = new ArrayList<>();
        for (JsonNode each : open.subList(0, Math.min(open.size(), MOST_INCIDENTS))) {
            JsonNode details = inside.get(
                            request,
                            "/api/v1/incidents/{incident_id}",
                            Map.of("incident_id", Lines.text(each, "id")),
                            Map.of())
                    .map(found -> found.path("details"))
                    .orElse(nothing());
            int events = details.path("events").size();
            lines.add(new CommandView.IncidentLine(
                    Lines.text(each, "id"),
                    Lines.text(each, "title"),
                    Lines.text(each, "severity"),
                    IssueLines.instant(each, "created_at"),
                    Lines.each(details.path("chain"), step -> Lines.text(step, "technique")).stream()
                            .filter(technique -> !technique.isEmpty())
                            .distinct()
                            .limit(MOST_TECHNIQUES)
                            .toList(),
                    each.path("confidence").asInt(0) + " % sure"
                            + (events == 0 ? "" : ", " + Show.count(events, "event", "events"))
                            + (Lines.text(each, "host").isEmpty() ? "" : " on " + Lines.text(each, "host"))));
        }
        return lines;
    }

    /** The host of the worst incident of high severity or above that nobody has taken up; null where there is none. */
    private static @Nullable String attacked(List<JsonNode> open) {
        for (JsonNode each : open) {
            String severity = Lines.text(each, "severity");
            if ((severity.equals("critical") || severity.equals("high"))
                    && !Lines.text(each, "host").isEmpty()) {
                return Lines.text(each, "host");
            }
        }
        return null;
    }

    static CommandView.FleetFigures fleetFigures(FleetModel.Fleet fleet) {
        List<CommandView.StateCount> states = new ArrayList<>();
        List<Bar.Share> shares = new ArrayList<>();
        states.add(new CommandView.StateCount(EyeState.HEALTHY, fleet.healthy()));
        shares.add(new Bar.Share("ok", fleet.healthy()));
        for (EyeState state : EyeState.values()) {
            long number = fleet.states().getOrDefault(state, 0L);
            if (state != EyeState.HEALTHY && number > 0) {
                states.add(new CommandView.StateCount(state, number));
                shares.add(new Bar.Share(state.id(), number));
            }
        }
        return new CommandView.FleetFigures(fleet.healthy(), fleet.rows().size(), states, Bar.of(shares));
    }

    private static CommandView.@Nullable Health health(JsonNode health) {
        if (!health.path("health_score").isNumber()) {
            return null;
        }
        List<String> parts = new ArrayList<>();
        health.path("health_score_contributions")
                .forEach(each -> parts.add(Show.word(each.path("name").asString("")) + ": "
                        + each.path("detail").asString("")));
        JsonNode agents = health.path("agents_summary");
        return new CommandView.Health(
                Show.decimal(health.path("health_score").asDouble(0)),
                health.path("health_status").asString(""),
                agents.path("online").asInt(0),
                agents.path("total").asInt(0),
                parts);
    }

    /** Those with the worst agent first. */
    private static List<CommandView.HostEyes> eyes(FleetModel.Fleet fleet, Grouping grouping) {
        if (fleet.rows().size() > MOST_EYES) {
            return List.of();
        }
        Map<String, List<AgentRow>> groups = new LinkedHashMap<>();
        fleet.rows()
                .forEach(row -> groups.computeIfAbsent(grouping.of(row), _ -> new ArrayList<>())
                        .add(row));
        List<CommandView.HostEyes> eyes = new ArrayList<>();
        groups.forEach((group, rows) -> {
            long bad =
                    rows.stream().filter(row -> row.state() != EyeState.HEALTHY).count();
            boolean hot = rows.stream().anyMatch(row -> row.state() == EyeState.WRONG);
            String note = bad == 0 ? rows.size() + " healthy" : bad + (bad == 1 ? " needs a look" : " need a look");
            eyes.add(new CommandView.HostEyes(
                    grouping.title(group),
                    grouping == Grouping.HOST ? "/fleet/host?name=" + Show.path(group) : grouping.href(group),
                    note,
                    hot,
                    rows));
        });
        return eyes;
    }

    /** Null where something is declared or enrolled and looked at. */
    private CommandView.@Nullable FirstRun first(Request request, @Nullable ScanSummary last, FleetModel.Fleet seen) {
        boolean declared = last != null && last.agents() > 0;
        if (declared || !seen.rows().isEmpty()) {
            return null;
        }
        return new CommandView.FirstRun(false, false, false, scans.registryFile(), frame.url(request));
    }

    static List<Part> plain(String text) {
        return List.of(Part.of(text));
    }
}
