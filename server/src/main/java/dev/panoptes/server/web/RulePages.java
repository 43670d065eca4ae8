package dev.panoptes.server.web;

import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import dev.panoptes.server.web.view.AttackView;
import dev.panoptes.server.web.view.RulesView;
import dev.panoptes.server.web.view.Show;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The rules, and what of ATT&CK they cover. */
final class RulePages implements Resource {
    private static final List<String> LEVELS = List.of("critical", "high", "medium", "low", "informational", "");

    private static final int ROWS = 40;

    private final Frame frame;
    private final InternalCalls inside;
    private final AttackTable table = new AttackTable();

    RulePages(Frame frame, InternalCalls inside) {
        this.frame = frame;
        this.inside = inside;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.page("/detections/rules", Access.VIEWER, this::rules),
                Route.page("/detections/attack", Access.VIEWER, this::attack));
    }

    private Response rules(Request request) throws InterruptedException {
        String one = request.query("rule").orElse("");
        if (!one.isEmpty()) {
            RulesView.Rule rule = inside.get(request, "/api/v1/rules/{rule_id}", Map.of("rule_id", one), Map.of())
                    .map(RulePages::rule)
                    .orElseThrow(() ->
                            Problem.notFound("There is no rule of this name").exception());
            return page(request, new RulesView(List.of(), 0, 0, List.of(), Map.of(), List.of(), null, rule));
        }
        Map<String, String> filter = new LinkedHashMap<>();
        for (String name : List.of("search", "level", "source", "technique")) {
            request.query(name).filter(value -> !value.isBlank()).ifPresent(value -> filter.put(name, value));
        }
        JsonNode answer = inside.get(request, "/api/v1/rules")
                .orElseThrow(() -> Problem.notFound("This server has no rules").exception());
        List<RulesView.Rule> all = Lines.each(answer.path("items"), RulePages::rule);
        List<RulesView.Rule> left = all.stream()
                .filter(rule -> fits(rule, filter))
                .sorted(Comparator.comparingLong((RulesView.Rule rule) -> -rule.hits())
                        .thenComparingInt(rule -> LEVELS.indexOf(rule.level()))
                        .thenComparing(RulesView.Rule::name))
                .toList();
        List<RulesView.Broken> broken = Lines.each(answer.path("broken"), RulePages::broken);
        List<String> sources = all.stream()
                .map(RulesView.Rule::source)
                .filter(source -> !source.isEmpty())
                .distinct()
                .sorted()
                .toList();
        int skip = request.query("skip", 0, 1_000_000, 0);
        String next = skip + ROWS >= left.size() ? null : Show.further("/detections/rules", filter, skip + ROWS);
        return page(
                request,
                new RulesView(
                        left.stream().skip(skip).limit(ROWS).toList(),
                        left.size(),
                        all.size(),
                        broken,
                        filter,
                        sources,
                        next,
                        null));
    }

    private Response page(Request request, RulesView view) throws InterruptedException {
        return frame.page(frame.shell(request, "Rules", "det"), "rules", Map.of("view", view));
    }

    private static boolean fits(RulesView.Rule rule, Map<String, String> filter) {
        String text = (rule.name() + " " + rule.title() + " " + rule.description()).toLowerCase(Locale.ROOT);
        return text.contains(filter.getOrDefault("search", "").toLowerCase(Locale.ROOT))
                && (!filter.containsKey("level") || rule.level().equals(filter.get("level")))
                && (!filter.containsKey("source") || rule.source().equals(filter.get("source")))
                && (!filter.containsKey("technique") || rule.techniques().contains(filter.get("technique")));
    }

    private static RulesView.Rule rule(JsonNode node) {
        return new RulesView.Rule(
                Lines.text(node, "name"),
                Lines.text(node, "title"),
                Lines.text(node, "description"),
                Lines.text(node, "level"),
                Lines.texts(node.path("techniques")),
                Lines.text(node, "source"),
                node.path("correlation").asBoolean(false),
                node.path("silent").asBoolean(false),
                Lines.text(node, "state").equals("broken"),
                Lines.text(node, "file"),
                node.path("hits").asLong(0),
                node.has("cases") ? more(node) : null);
    }

    private static RulesView.More more(JsonNode node) {
        return new RulesView.More(
                node.path("line").asInt(0),
                Lines.each(node.path("reasons"), RulePages::broken),
                Lines.texts(node.path("sensors")),
                Lines.instantOrNull(node, "first_hit"),
                Lines.instantOrNull(node, "last_hit"),
                Lines.each(
                        node.path("hosts"),
                        each -> new RulesView.Matched(
                                Lines.text(each, "host"),
                                each.path("hits").asLong(0),
                                Lines.instantOrNull(each, "last"))),
                Lines.each(
                        node.path("cases"),
                        each -> new RulesView.Case(
                                Lines.text(each, "kind"),
                                Lines.text(each, "text"),
                                each.path("holds").asBoolean(false))),
                Lines.text(node, "text"));
    }

    private static RulesView.Broken broken(JsonNode each) {
        return new RulesView.Broken(Lines.text(each, "file"), each.path("line").asInt(0), Lines.text(each, "reason"));
    }

    private Response attack(Request request) throws InterruptedException {
        String host = request.query("host").orElse("");
        JsonNode answer = inside.get(
                        request, "/api/v1/attack", Map.of(), host.isEmpty() ? Map.of() : Map.of("host", host))
                .orElseThrow(() -> Problem.notFound("This server has no rules").exception());
        Map<String, List<AttackView.Cell>> byTactic = new LinkedHashMap<>();
        AttackTable.ORDER.forEach(tactic -> byTactic.put(tactic, new ArrayList<>()));
        byTactic.put("", new ArrayList<>());
        int detected = 0;
        int blind = 0;
        int covered = 0;
        for (JsonNode each : answer.path("items")) {
            AttackTable.Technique technique = table.of(Lines.text(each, "technique"));
            AttackView.Cell cell = cell(each, technique);
            detected += cell.tone().equals("d") ? 1 : 0;
            blind += cell.tone().equals("b") ? 1 : 0;
            covered++;
            byTactic.getOrDefault(technique.tactic(), byTactic.getOrDefault("", new ArrayList<>()))
                    .add(cell);
        }
        List<AttackView.Column> columns = new ArrayList<>();
        byTactic.forEach((tactic, cells) -> {
            if (!cells.isEmpty()) {
                columns.add(new AttackView.Column(AttackTable.HEADINGS.getOrDefault(tactic, "Other"), cells));
            }
        });
        List<AttackView.Host> hosts = Lines.each(answer.path("hosts"), RulePages::host);
        int skip = request.query("skip", 0, 1_000_000, 0);
        Map<String, String> filter = host.isEmpty() ? Map.of() : Map.of("host", host);
        return frame.page(
                frame.shell(request, "ATT&CK", "det"),
                "attack",
                Map.of(
                        "view",
                        new AttackView(
                                columns,
                                detected,
                                covered,
                                blind,
                                host,
                                hosts.stream().skip(skip).limit(ROWS).toList(),
                                hosts.size(),
                                skip + ROWS >= hosts.size()
                                        ? null
                                        : Show.further("/detections/attack", filter, skip + ROWS))));
    }

    private static AttackView.Cell cell(JsonNode each, AttackTable.Technique technique) {
        long hits = each.path("hits").asLong(0);
        int watching = each.path("host_count").asInt(0);
        int blind = each.path("blind_count").asInt(0);
        List<String> rules = Lines.texts(each.path("rules"));
        List<String> analytics = Lines.texts(each.path("analytics"));
        String label = technique.id() + " " + technique.name() + ", " + Show.count(rules.size(), "rule", "rules")
                + (analytics.isEmpty()
                        ? ""
                        : ", " + Show.count(analytics.size(), "analysis of many events", "analyses of many events"))
                + (hits > 0 ? ", seen " + Show.count(hits, "time", "times") : ", not seen")
                + (watching == 0
                        ? "; no sensor that reports can show it"
                        : "; watched for on " + Show.count(watching, "host", "hosts")
                                + (blind == 0 ? "" : ", not on " + Show.number(blind)));
        return new AttackView.Cell(
                technique.id(),
                technique.name(),
                hits > 0 ? "d" : watching > 0 ? "c" : "b",
                hits,
                watching,
                blind,
                rules.isEmpty(),
                label);
    }

    private static AttackView.Host host(JsonNode node) {
        return new AttackView.Host(
                Lines.text(node, "host"),
                Lines.each(
                        node.path("sensors"),
                        each -> new AttackView.Watch(
                                Lines.text(each, "sensor"),
                                each.path("reporting").asBoolean(false))));
    }
}
