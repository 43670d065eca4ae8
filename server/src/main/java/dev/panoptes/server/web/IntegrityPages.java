package dev.panoptes.server.web;

import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.ErrorCode;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.ProblemException;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import dev.panoptes.server.scans.ScanService;
import dev.panoptes.server.scans.ScanSummary;
import dev.panoptes.server.scans.StoredScan;
import dev.panoptes.server.web.view.IntegrityView;
import dev.panoptes.server.web.view.IntegrityView.Choice;
import dev.panoptes.server.web.view.IssueLine;
import dev.panoptes.server.web.view.IssueView;
import dev.panoptes.server.web.view.Part;
import dev.panoptes.server.web.view.Show;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Where the fleet is not what it declares: the score, the sets, the ports, every issue and what can be done about it. */
final class IntegrityPages implements Resource {
    private static final String HERE = "/integrity";
    private static final List<String> FILTER = List.of("state", "severity", "check", "agent", "host", "owner", "text");
    /** What is shown above the list, which its filter leaves as it is. */
    private static final List<String> ABOVE = List.of("range", "ports");

    private static final int ROWS = 40;
    private static final int POINTS = 60;
    private static final String RANGE = "30d";
    private static final Map<String, Duration> RANGES = Map.of(
            "24h",
            Duration.ofDays(1),
            "7d",
            Duration.ofDays(7),
            RANGE,
            Duration.ofDays(30),
            "90d",
            Duration.ofDays(90));

    private final Frame frame;
    private final InternalCalls inside;
    private final IntegrityStore store;
    private final FleetModel fleet;
    private final ScanService scans;
    private final Kept<String, Overview> overviews;

    IntegrityPages(Frame frame, InternalCalls inside, IntegrityStore store, FleetModel fleet, ScanService scans) {
        this.frame = frame;
        this.inside = inside;
        this.store = store;
        this.fleet = fleet;
        this.scans = scans;
        this.overviews = new Kept<>(fleet::position, RANGES.size());
    }

    /** What stands above the issues and does not follow from the filter. @param score null where there is none */
    private record Overview(
            IntegrityStore.States states,
            List<IntegrityStore.Undeclared> undeclared,
            FleetModel.Fleet fleet,
            IntegrityView.Sets sets,
            IntegrityView.@Nullable Score score) {}

    private Overview overview(@Nullable ScanSummary last, String range) {
        FleetModel.Fleet seen = fleet.now();
        List<IntegrityStore.Undeclared> undeclared = store.undeclared();
        return new Overview(
                store.states(),
                undeclared,
                seen,
                SetSizes.of(seen, undeclared.size()),
                last == null || last.healthScore() == null
                        ? null
                        : score(last, last.healthScore(), RANGES.getOrDefault(range, Duration.ofDays(30))));
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.page(HERE, Access.VIEWER, this::list),
                Route.page(HERE + "/issues/{fingerprint}", Access.VIEWER, this::one));
    }

    private Response list(Request request) throws InterruptedException {
        Map<String, String> filter = new LinkedHashMap<>();
        for (String name : FILTER) {
            request.query(name).filter(value -> !value.isBlank()).ifPresent(value -> filter.put(name, value));
        }
        boolean filtered = !filter.isEmpty();
        Map<String, String> query = new LinkedHashMap<>(filter);
        String range = range(request);
        for (String name : ABOVE) {
            request.query(name).filter(value -> !value.isBlank()).ifPresent(value -> filter.put(name, value));
        }
        query.put("limit", Integer.toString(ROWS));
        request.query("cursor").filter(cursor -> !cursor.isEmpty()).ifPresent(cursor -> query.put("cursor", cursor));
        JsonNode page = inside.get(request, "/api/v1/integrity/issues", Map.of(), query)
                .orElseThrow(() -> Problem.notFound("There are no issues here").exception());
        List<IssueLine> issues = folded(page.path("items"));
        String next = page.path("next").asString("");
        ScanSummary last = scans.latest().map(StoredScan::summary).orElse(null);
        Overview overview =
                overviews.get((last == null ? "" : last.reportId()) + " " + range, () -> overview(last, range));
        IntegrityStore.States states = overview.states();
        long open = states.fresh() + states.taken();
        IntegrityView view = new IntegrityView(
                crumb(last),
                verdict(last, open),
                overview.score(),
                overview.sets(),
                PortMap.of(
                        overview.fleet(),
                        overview.undeclared(),
                        request.query("ports").orElse(null),
                        filter),
                states(filter, states, mine(request, filter)),
                severities(filter),
                filter,
                filtered,
                ranges(filter, range),
                issues,
                shown(page.path("items").size(), issues, next),
                next.isEmpty() ? null : address(with(filter, "cursor", next)),
                List.of(),
                last == null ? 0 : last.unknownChecks());
        return frame.page(frame.shell(request, "Integrity", "integ"), "integrity", Map.of("view", view));
    }

    private static String range(Request request) {
        String range = request.query("range").orElse(RANGE);
        if (!RANGES.containsKey(range)) {
            throw Problem.of(ErrorCode.INVALID_REQUEST, "the query parameter range must be one of 24h, 7d, 30d, 90d")
                    .exception();
        }
        return range;
    }

    private static List<Choice> ranges(Map<String, String> filter, String now) {
        return List.of("24h", "7d", RANGE, "90d").stream()
                .map(each -> new Choice(
                        each,
                        "",
                        address(with(filter, "range", each.equals(RANGE) ? null : each)),
                        each.equals(now),
                        ""))
                .toList();
    }

    /** What the caller has taken up. */
    private Choice mine(Request request, Map<String, String> filter) {
        String name = request.caller().name();
        boolean chosen = name.equals(filter.get("owner"));
        return new Choice(
                "Mine",
                Show.number(store.of(name)),
                address(with(with(filter, "state", null), "owner", chosen ? null : name)),
                chosen,
                "");
    }

    private static String shown(int all, List<IssueLine> rows, String next) {
        int below = all - rows.size();
        return all == 0
                ? ""
                : Show.count(all, "issue", "issues")
                        + (next.isEmpty() ? "" : " and more")
                        + (below == 0 ? "" : ", " + Show.number(below) + " of them below what causes them");
    }

    /** What follows from another issue of the list stands under that. */
    static List<IssueLine> folded(JsonNode items) {
        Map<String, IssueLine> byName = new LinkedHashMap<>();
        Map<String, List<IssueLine>> under = new LinkedHashMap<>();
        for (IssueLine line : IssueLines.of(items)) {
            byName.put(line.fingerprint(), line);
        }
        Map<String, String> byId = new LinkedHashMap<>();
        byName.forEach((name, line) -> byId.putIfAbsent(line.id(), name));
        Map<String, String> causes = new LinkedHashMap<>();
        items.forEach(item -> {
            String cause = byId.get(item.path("cause").asString(""));
            if (cause != null) {
                causes.put(item.path("fingerprint").asString(""), cause);
            }
        });
        Set<String> roots = new LinkedHashSet<>();
        items.forEach(item -> {
            String mine = item.path("fingerprint").asString("");
            String cause = first(mine, causes);
            if (!cause.equals(mine)) {
                under.computeIfAbsent(cause, _ -> new ArrayList<>()).add(IssueLines.line(item));
            } else {
                roots.add(mine);
            }
        });
        List<IssueLine> lines = new ArrayList<>();
        byName.forEach((name, line) -> {
            if (roots.contains(name)) {
                List<IssueLine> others = under.get(name);
                lines.add(others == null ? line : line.over(others));
            }
        });
        return lines;
    }

    /** The first cause in the list of what this issue follows from, itself where that is none or they go round. */
    private static String first(String name, Map<String, String> causes) {
        String at = name;
        for (int steps = 0; steps <= causes.size(); steps++) {
            String next = causes.get(at);
            if (next == null) {
                return at;
            }
            at = next;
        }
        return name;
    }

    private static String crumb(@Nullable ScanSummary last) {
        return last == null
                ? "No scan yet"
                : "Scan " + last.reportId() + ", " + Show.full(last.completedAt()) + ", took "
                        + Duration.between(last.startedAt(), last.completedAt()).toMillis() + " ms";
    }

    private static List<Part> verdict(@Nullable ScanSummary last, long open) {
        if (open > 0) {
            return List.of(
                    Part.of(Verdicts.number(open)
                            + (open == 1 ? " place" : " places")
                            + " where the fleet is not what you "),
                    new Part("declared", "f"),
                    Part.of("."));
        }
        return last == null ? List.of(Part.of("Nothing was looked at yet.")) : StatusPages.verdict(last);
    }

    private IntegrityView.Score score(ScanSummary last, double present, Duration history) {
        List<IntegrityStore.Point> points = store.scores(frame.clock().instant().minus(history), POINTS);
        List<Double> values = points.stream().map(IntegrityStore.Point::score).toList();
        double lowest = values.stream().mapToDouble(Double::doubleValue).min().orElse(0);
        int least = (int) Math.max(0, Math.floor((lowest - 5) / 10) * 10);
        String line = values.size() < 2 ? "" : Show.line(values, 520, 114, least, 100);
        List<String> labels = points.size() < 2
                ? List.of()
                : List.of(
                        label(points.getFirst().at()),
                        label(points.get(points.size() / 2).at()),
                        label(points.getLast().at()));
        int judged = last.passedChecks() + last.failedChecks();
        return new IntegrityView.Score(
                Show.decimal(present),
                Show.number(last.passedChecks()) + " of " + Show.number(judged) + " judged passed"
                        + (last.unknownChecks() == 0
                                ? "."
                                : "; " + Show.number(last.unknownChecks())
                                        + " could not be judged and count for nothing."),
                least,
                line,
                line.isEmpty() ? "" : "0,118 " + line + " 520,118",
                "From " + (values.isEmpty() ? "" : Show.decimal(values.getFirst())) + " to " + Show.decimal(present),
                labels,
                points.reversed().stream()
                        .limit(20)
                        .map(point -> new IntegrityView.Row(point.at(), Show.decimal(point.score())))
                        .toList());
    }

    private String label(Instant at) {
        return Duration.between(at, frame.clock().instant()).compareTo(Duration.ofHours(36)) < 0
                ? Show.clock(at)
                : Show.shortDay(at);
    }

    private static Map<String, String> with(Map<String, String> filter, String name, @Nullable String value) {
        Map<String, String> other = new LinkedHashMap<>(filter);
        if (value == null) {
            other.remove(name);
        } else {
            other.put(name, value);
        }
        return other;
    }

    static String address(Map<String, String> filter) {
        StringBuilder address = new StringBuilder(HERE);
        filter.forEach((name, value) -> address.append(address.indexOf("?") < 0 ? "?" : "&")
                .append(name)
                .append('=')
                .append(Show.path(value)));
        return address.toString();
    }

    private static List<Choice> states(Map<String, String> filter, IntegrityStore.States states, Choice mine) {
        String now = filter.getOrDefault("state", "open");
        List<Choice> choices = new ArrayList<>();
        choices.add(state("Open", "open", states.fresh() + states.taken() + states.waived(), filter, now));
        choices.add(state("New", "new,regressed", states.fresh(), filter, now));
        choices.add(state("Taken up", "acknowledged,fixing", states.taken(), filter, now));
        choices.add(mine);
        choices.add(state("Waived", "waived", states.waived(), filter, now));
        choices.add(state("Resolved", "resolved", states.resolved(), filter, now));
        return choices;
    }

    private static Choice state(String word, String value, long number, Map<String, String> filter, String now) {
        return new Choice(
                word,
                Show.number(number),
                address(with(filter, "state", value.equals("open") ? null : value)),
                value.equals(now),
                "");
    }

    private static List<Choice> severities(Map<String, String> filter) {
        String now = filter.getOrDefault("severity", "");
        List<Choice> choices = new ArrayList<>();
        for (String severity : List.of("critical", "high", "medium", "low")) {
            boolean chosen = now.equals(severity);
            choices.add(new Choice(
                    Show.word(severity),
                    "",
                    address(with(filter, "severity", chosen ? null : severity)),
                    chosen,
                    severity));
        }
        return choices;
    }

    private Response one(Request request) throws InterruptedException {
        String name = request.pathParameter("fingerprint");
        JsonNode found = inside.get(
                        request, "/api/v1/integrity/issues/{fingerprint}", Map.of("fingerprint", name), Map.of())
                .orElseThrow(() -> Problem.notFound("There is no issue of this fingerprint or id")
                        .exception());
        IssueLine line = IssueLines.line(found);
        List<IssueView.Event> events = new ArrayList<>();
        found.path("timeline")
                .forEach(event -> events.add(new IssueView.Event(
                        IssueLines.instant(event, "at"),
                        event.path("from").asString(""),
                        event.path("to").asString(""),
                        event.path("actor").asString(""),
                        event.path("report_id").asString(""),
                        event.path("note").asString(""))));
        JsonNode waiver = found.path("waiver");
        IssueView.Plan plan = null;
        String noPlan = null;
        if (request.query("plan", false)) {
            try {
                plan = inside.get(
                                request,
                                "/api/v1/integrity/issues/{fingerprint}/plan",
                                Map.of("fingerprint", name),
                                Map.of())
                        .map(IssueLines::plan)
                        .orElse(null);
            } catch (ProblemException e) {
                noPlan = e.problem().detail();
            }
        }
        IssueView view = new IssueView(
                line,
                events,
                waiver.isObject()
                        ? new IssueView.Waiver(
                                waiver.path("id").asString(""),
                                waiver.path("owner").asString(""),
                                waiver.path("reason").asString(""),
                                waiver.path("expires").asString(""))
                        : null,
                inside.get(request, "/api/v1/tickets", Map.of(), Map.of("issue", line.fingerprint()))
                        .map(all -> Lines.each(all.path("items"), Lines::ticket))
                        .orElse(List.of()),
                plan,
                noPlan,
                frame.clock()
                        .instant()
                        .atOffset(java.time.ZoneOffset.UTC)
                        .toLocalDate()
                        .plusDays(30)
                        .toString());
        return frame.page(frame.shell(request, line.title(), "integ"), "issue", Map.of("view", view));
    }
}
