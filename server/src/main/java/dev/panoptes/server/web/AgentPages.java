package dev.panoptes.server.web;

import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.ErrorCode;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import dev.panoptes.server.web.view.AgentRow;
import dev.panoptes.server.web.view.AgentView;
import dev.panoptes.server.web.view.Chart;
import dev.panoptes.server.web.view.EyeState;
import dev.panoptes.server.web.view.IssueLine;
import dev.panoptes.server.web.view.Show;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One agent: what it declares, as what it enrolled and what was seen of it, its configuration, its metrics, its history. */
final class AgentPages implements Resource {
    private static final int MOST_ROLLOUTS = 20;
    private static final List<String> TABS =
            List.of("overview", "config", "metrics", "permissions", "findings", "tickets", "history");
    private static final int MOST_METRICS = 12;
    private static final int FEW_METRICS = 4;
    private static final int HISTORY = 60;
    private static final Map<String, Duration> RANGES = Map.of(
            "1h", Duration.ofHours(1), "24h", Duration.ofDays(1), "7d", Duration.ofDays(7), "30d", Duration.ofDays(30));

    private final Frame frame;
    private final InternalCalls inside;
    private final FleetModel fleet;
    private final AgentPageStore store;

    AgentPages(Frame frame, InternalCalls inside, FleetModel fleet, AgentPageStore store) {
        this.frame = frame;
        this.inside = inside;
        this.fleet = fleet;
        this.store = store;
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.page("/fleet/agent", Access.VIEWER, this::show));
    }

    private Response show(Request request) throws InterruptedException {
        FleetModel.Fleet all = fleet.now();
        Optional<String> asked = request.query("id");
        AgentRow row = asked.isPresent()
                ? all.find(asked.get())
                        .or(() -> fleet.again().find(asked.get()))
                        .orElseThrow(AgentPages::unknown)
                : all.rows().stream().findFirst().orElseThrow(AgentPages::unknown);
        String tab = request.query("tab").orElse("overview");
        if (!TABS.contains(tab)) {
            throw Problem.of(
                            ErrorCode.INVALID_REQUEST,
                            "the query parameter tab must be one of " + String.join(", ", TABS))
                    .exception();
        }
        boolean overview = tab.equals("overview");
        String id = row.id();
        JsonNode agent = id == null
                ? null
                : inside.get(request, "/api/v1/agents/{agent_id}", Map.of("agent_id", id), Map.of())
                        .orElse(null);
        String range = request.query("range")
                .filter(each -> each.matches("1h|24h|7d|30d"))
                .orElse("24h");
        AgentView.Enrolled enrolled = agent == null ? null : enrolled(agent);
        AgentView view = new AgentView(
                row,
                tab,
                enrolled,
                identity(row, enrolled),
                id != null && overview
                        ? inside.get(request, "/api/v1/agents/{agent_id}/heartbeats", Map.of("agent_id", id), Map.of())
                                .map(AgentBeats::of)
                                .orElse(null)
                        : null,
                all.rows().stream()
                        .filter(other ->
                                other.name().equals(row.name()) && !other.key().equals(row.key()))
                        .limit(20)
                        .toList(),
                issues(request, row),
                agent == null ? List.of() : limits(agent),
                id != null && agent != null && (overview || tab.equals("config"))
                        ? config(request, id, Lines.text(agent, "agent_name"))
                        : null,
                id != null && (overview || tab.equals("metrics"))
                        ? metrics(request, id, range, overview ? FEW_METRICS : MOST_METRICS)
                        : List.of(),
                range,
                id != null && tab.equals("findings") ? findings(request, id) : List.of(),
                tab.equals("tickets") ? tickets(request, row) : List.of(),
                overview || tab.equals("history") ? history(request, row) : List.of());
        return frame.page(frame.shell(request, row.name(), "fleet"), "agent", Map.of("view", view));
    }

    private static dev.panoptes.server.http.ProblemException unknown() {
        return Problem.notFound("There is no agent of this key or id in the fleet")
                .exception();
    }

    private static AgentView.Enrolled enrolled(JsonNode agent) {
        List<String> violations = new ArrayList<>();
        agent.path("violations")
                .forEach(each -> violations.add(
                        each.isString()
                                ? each.asString("")
                                : Lines.text(each, "resource") + " " + Lines.text(each, "value") + " above "
                                        + Lines.text(each, "limit")));
        return new AgentView.Enrolled(
                Lines.text(agent, "id"),
                Lines.text(agent, "status"),
                Lines.text(agent, "origin"),
                Lines.textOrNull(agent, "version"),
                Lines.textOrNull(agent, "description"),
                Lines.texts(agent.path("capabilities")),
                Lines.texts(agent.path("permissions")),
                agent.path("heartbeat_interval").asInt(0),
                Lines.instantOrNull(agent, "last_seen"),
                violations,
                agent.path("has_credentials").asBoolean(false),
                agent.path("unverified").asBoolean(false),
                key(agent),
                Lines.integer(agent, "config_version"),
                Lines.textOrNull(agent, "config_state"),
                Lines.textOrNull(agent, "config_error"),
                IssueLines.instant(agent, "created_at"));
    }

    private static List<AgentView.Fact> identity(AgentRow row, AgentView.@Nullable Enrolled enrolled) {
        String none = "–";
        List<AgentView.Fact> facts = new ArrayList<>();
        facts.add(new AgentView.Fact(
                "Name",
                row.declared() ? row.name() : none,
                enrolled == null ? none : row.name(),
                row.state() == EyeState.WRONG ? "another" : row.observed() ? row.name() : none,
                row.state() == EyeState.WRONG));
        facts.add(new AgentView.Fact(
                "Port",
                row.declared() && row.port() != null ? row.port().toString() : none,
                none,
                row.observed() && row.port() != null ? row.port().toString() : none,
                // Where nobody looked nothing is wrong with it.
                row.declared() && row.port() != null && row.state() != EyeState.UNSEEN && !row.observed()));
        facts.add(new AgentView.Fact(
                "Host",
                row.declared() ? row.host() : none,
                enrolled != null && !row.declared() ? row.host() : none,
                row.observed() ? row.host() : none,
                false));
        facts.add(new AgentView.Fact("Process", none, none, row.pid() == null ? none : "pid " + row.pid(), false));
        facts.add(new AgentView.Fact(
                "Version",
                none,
                enrolled == null || enrolled.version() == null ? none : enrolled.version(),
                none,
                false));
        facts.add(new AgentView.Fact(
                "Answer", none, none, row.answerMs() == null ? none : "in " + row.answerMs() + " ms", false));
        if (enrolled != null && enrolled.key() != null) {
            facts.add(new AgentView.Fact(
                    "Key", none, "Ed25519", enrolled.key(), "another key signs".equals(enrolled.key())));
        }
        return facts;
    }

    /** What was seen of its key; null where it enrolled without one. */
    private static @Nullable String key(JsonNode agent) {
        if (Lines.textOrNull(agent, "public_key") == null) {
            return null;
        }
        JsonNode identity = agent.path("identity");
        return switch (identity.path("proof").asString("")) {
            case "proved" ->
                identity.path("verified").asBoolean(false)
                        ? "verified: it signs, and its program owns the socket"
                        : "it signs; who owns the socket was not shown";
            case "wrong" -> "another key signs";
            case "unanswered" -> "nothing signs";
            default -> "not asked";
        };
    }

    private List<IssueLine> issues(Request request, AgentRow row) throws InterruptedException {
        return inside.get(
                        request,
                        "/api/v1/integrity/issues",
                        Map.of(),
                        Map.of("agent", row.declared() ? row.key() : row.name(), "limit", "20"))
                .map(page -> IssueLines.of(page.path("items")))
                .orElse(List.of());
    }

    private static List<AgentView.Limit> limits(JsonNode agent) {
        List<AgentView.Limit> limits = new ArrayList<>();
        agent.path("resources").properties().forEach(each -> {
            JsonNode value = each.getValue();
            double number =
                    value.isNumber() ? value.asDouble() : value.path("value").asDouble(-1);
            double limit = value.path("limit").asDouble(each.getKey().equals("network") ? 1_048_576 : 80);
            if (number >= 0) {
                boolean bytes = each.getKey().equals("network");
                limits.add(new AgentView.Limit(
                        each.getKey().equals("cpu") ? "CPU" : Show.word(each.getKey()),
                        bytes ? Show.bytes(number) + "/s" : Show.decimal(number) + " %",
                        bytes ? Show.bytes(limit) + "/s" : Show.decimal(limit) + " %",
                        Show.length(Math.min(number, limit), limit, 100),
                        number > limit));
            }
        });
        return limits;
    }

    private AgentView.@Nullable Config config(Request request, String id, String name) throws InterruptedException {
        JsonNode history = inside.get(
                        request,
                        "/api/v1/agents/{agent_id}/config/history",
                        Map.of("agent_id", id),
                        Map.of("limit", "30"))
                .orElse(null);
        if (history == null) {
            return null;
        }
        return config(history.path("items"), rollouts(request, name));
    }

    /** @param history its versions, as calls tell them */
    static AgentView.Config config(JsonNode history, List<AgentView.Rollout> rollouts) {
        List<JsonNode> items = Lines.each(history, item -> item);
        items.sort(
                Comparator.comparingInt((JsonNode item) -> item.path("version").asInt(0))
                        .reversed());
        if (items.isEmpty()) {
            return new AgentView.Config(
                    0,
                    "{\n  \"rules\" : [ ],\n  \"settings\" : { },\n  \"limits\" : { }\n}",
                    "",
                    List.of(),
                    List.of(),
                    rollouts);
        }
        String body = Lines.indented(items.getFirst().path("config"));
        String previous = items.size() < 2 ? "" : Lines.indented(items.get(1).path("config"));
        return new AgentView.Config(
                items.getFirst().path("version").asInt(0),
                body,
                previous,
                items.stream()
                        .map(item -> new AgentView.Version(
                                item.path("version").asInt(0),
                                IssueLines.instant(item, "created_at"),
                                Lines.text(item, "created_by"),
                                Lines.text(item, "cause"),
                                item.path("managed").asBoolean(false)))
                        .toList(),
                TextDiff.of(previous, body),
                rollouts);
    }

    private List<AgentView.Rollout> rollouts(Request request, String name) throws InterruptedException {
        List<AgentView.Rollout> all = inside
                .get(request, "/api/v1/rollouts")
                .map(page -> Lines.each(page.path("items"), item -> item))
                .orElse(List.of())
                .stream()
                .filter(item -> Lines.text(item, "agent_name").equals(name))
                .map(item -> new AgentView.Rollout(
                        Lines.text(item, "id"),
                        Lines.each(item.path("stages"), stage -> stage.asInt(0)),
                        item.path("stage").asInt(0),
                        Lines.text(item, "state"),
                        Lines.text(item, "reason"),
                        item.path("total").asLong(0),
                        item.path("put").asLong(0),
                        item.path("applied").asLong(0),
                        Lines.text(item, "created_by"),
                        IssueLines.instant(item, "created_at")))
                .toList();
        return all.subList(0, Math.min(all.size(), MOST_ROLLOUTS));
    }

    private List<Chart> metrics(Request request, String id, String range, int most) throws InterruptedException {
        JsonNode found = inside.get(
                        request, "/api/v1/metrics/{agent_id}", Map.of("agent_id", id), Map.of("range", range))
                .orElse(null);
        List<Chart> metrics = new ArrayList<>();
        if (found != null) {
            Instant now = frame.clock().instant();
            Duration span = RANGES.getOrDefault(range, Duration.ofDays(1));
            found.path("series").properties().stream().limit(most).forEach(each -> {
                List<Chart.Point> points = Lines.each(
                        each.getValue(),
                        point -> new Chart.Point(
                                IssueLines.instant(point, "at"),
                                point.path("value").asDouble(0)));
                if (!points.isEmpty()) {
                    metrics.add(Chart.of(
                            each.getKey(), points, now.minus(span), now, span.dividedBy(12), 0, Show::decimal));
                }
            });
        }
        return metrics;
    }

    private List<dev.panoptes.server.web.view.FindingLine> findings(Request request, String id)
            throws InterruptedException {
        return inside.get(request, "/api/v1/findings", Map.of(), Map.of("agent", id, "limit", "50"))
                .map(page -> Lines.each(page.path("items"), Lines::finding))
                .orElse(List.of());
    }

    private List<dev.panoptes.server.web.view.TicketLine> tickets(Request request, AgentRow row)
            throws InterruptedException {
        return inside
                .get(request, "/api/v1/tickets")
                .map(page -> Lines.each(page.path("items"), Lines::ticket))
                .orElse(List.of())
                .stream()
                .filter(ticket -> ticket.agent().equals(row.key())
                        || ticket.agent().equals(row.id())
                        || ticket.agent().equals(row.name()))
                .toList();
    }

    private List<AgentView.Happened> history(Request request, AgentRow row) throws InterruptedException {
        List<AgentView.Happened> all = new ArrayList<>();
        inside.get(
                        request,
                        "/api/v1/agents/{id}/timeline",
                        Map.of("id", row.declared() ? row.key() : row.name()),
                        Map.of("limit", "60"))
                .ifPresent(page -> page.path("items")
                        .valueStream()
                        // The others are read below, with kinds that only this page shows.
                        .filter(item -> Lines.text(item, "kind").equals("issue"))
                        .forEach(item -> all.add(new AgentView.Happened(
                                IssueLines.instant(item, "at"),
                                Lines.text(item, "title"),
                                Lines.text(item, "to"),
                                Lines.text(item, "actor"),
                                Lines.text(item, "note"),
                                Lines.text(item, "to").equals("new")
                                                || Lines.text(item, "to").equals("regressed")
                                        ? Show.tone(Lines.text(item, "severity"))
                                        : "info",
                                "/integrity/issues/" + Lines.text(item, "fingerprint")))));
        String id = row.id();
        if (id != null) {
            all.addAll(store.changes(id, HISTORY));
        }
        all.sort(Comparator.comparing(AgentView.Happened::at).reversed());
        return all.stream().limit(HISTORY).toList();
    }
}
