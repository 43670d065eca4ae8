package dev.panoptes.server.web;

import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import dev.panoptes.server.web.view.AgentRow;
import dev.panoptes.server.web.view.BeatBars;
import dev.panoptes.server.web.view.EyeState;
import dev.panoptes.server.web.view.FleetView;
import dev.panoptes.server.web.view.Part;
import dev.panoptes.server.web.view.Show;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The fleet: a map of all of it, and a table that is filtered, ordered and cut into windows here. */
final class FleetPages implements Resource {
    private static final int WINDOW = 50;
    private static final int MOST_GROUPS = 12;
    private static final String OTHERS = "others";
    private static final List<EyeState> SHOWN = List.of(
            EyeState.WRONG,
            EyeState.CONFLICT,
            EyeState.MISSING,
            EyeState.DEGRADED,
            EyeState.UNSEEN,
            EyeState.PENDING,
            EyeState.HEALTHY);

    private final Frame frame;
    private final FleetModel fleet;

    FleetPages(Frame frame, FleetModel fleet) {
        this.frame = frame;
        this.fleet = fleet;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.page("/fleet", Access.VIEWER, this::show),
                Route.get("/api/v1/fleet", Access.VIEWER, this::window),
                Route.get("/api/v1/fleet/map", Access.VIEWER, this::map));
    }

    private Response show(Request request) throws InterruptedException {
        FleetQuery query = FleetQuery.of(request);
        FleetModel.Fleet all = fleet.now();
        List<AgentRow> found = query.of(all.rows());
        int from = Math.min(request.query("from", 0, 1_000_000, 0), Math.max(0, found.size() - 1));
        int to = Math.min(found.size(), from + WINDOW);
        Grouping grouping = grouping(request, all.rows());
        String address = query.address("", "");
        FleetView view = new FleetView(
                verdict(all),
                Show.count(all.rows().stream().map(AgentRow::host).distinct().count(), "host", "hosts")
                        + (all.scanned() == null ? "" : ", looked at " + Show.full(all.scanned())),
                query.text(),
                query.state(),
                query.set(),
                query.sort(),
                query.descending(),
                found.subList(from, to),
                found.size(),
                all.rows().size(),
                from,
                from == 0 ? "" : query.address("from", Integer.toString(Math.max(0, from - WINDOW))),
                to >= found.size() ? "" : query.address("from", Integer.toString(to)),
                states(query, all),
                sorts(query),
                groups(all.rows(), grouping),
                grouping.choices(address + (address.contains("?") ? "&group=" : "?group=")));
        return frame.page(frame.shell(request, "Fleet", "fleet"), "fleet", Map.of("view", view));
    }

    private static List<Part> verdict(FleetModel.Fleet all) {
        if (all.rows().isEmpty()) {
            return List.of(Part.of("No agent is declared or enrolled yet."));
        }
        long healthy = all.healthy();
        return List.of(Part.of(Show.number(healthy) + " of "
                + Show.number(all.rows().size())
                + (healthy == all.rows().size() ? " eyes open and steady: all of them." : " eyes open and steady.")));
    }

    private static List<FleetView.StateLink> states(FleetQuery query, FleetModel.Fleet all) {
        List<FleetView.StateLink> links = new ArrayList<>();
        links.add(new FleetView.StateLink(
                "",
                "All",
                all.rows().size(),
                query.address("state", ""),
                query.state().isEmpty()));
        for (EyeState state : SHOWN) {
            long number = all.states().getOrDefault(state, 0L);
            boolean chosen = query.state().equals(state.id());
            if (number > 0 || chosen) {
                links.add(new FleetView.StateLink(
                        state.id(), state.brief(), number, query.address("state", state.id()), chosen));
            }
        }
        return links;
    }

    private static List<FleetView.Sort> sorts(FleetQuery query) {
        return List.of(
                sort(query, "name", "Agent"),
                sort(query, "port", "Port"),
                sort(query, "host", "Host"),
                sort(query, "state", "State"),
                sort(query, "version", "Version"),
                sort(query, "config", "Config"),
                sort(query, "cpu", "CPU"),
                sort(query, "issues", "Issues"),
                sort(query, "seen", "Seen"));
    }

    private static FleetView.Sort sort(FleetQuery query, String column, String word) {
        boolean mine = query.sort().equals(column);
        return new FleetView.Sort(
                column,
                word,
                query.address("sort", column),
                mine ? query.descending() ? "descending" : "ascending" : "none");
    }

    /** As it is asked for, else by host where there are few, else by where the hosts stand. */
    private static Grouping grouping(Request request, List<AgentRow> rows) {
        return Grouping.of(request)
                .orElseGet(() -> rows.stream().map(AgentRow::host).distinct().count() <= MOST_GROUPS
                        ? Grouping.HOST
                        : Grouping.SITE);
    }

    /** The largest first. */
    private static Map<String, List<AgentRow>> grouped(List<AgentRow> rows, Grouping grouping) {
        Map<String, List<AgentRow>> byPlace =
                rows.stream().collect(Collectors.groupingBy(grouping::of, LinkedHashMap::new, Collectors.toList()));
        Map<String, List<AgentRow>> groups = new LinkedHashMap<>();
        byPlace.entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<String, List<AgentRow>> each) ->
                                -each.getValue().size())
                        .thenComparing(Map.Entry::getKey))
                .forEach(each -> groups.computeIfAbsent(
                                groups.size() < MOST_GROUPS - 1 || byPlace.size() <= MOST_GROUPS
                                        ? each.getKey()
                                        : OTHERS,
                                _ -> new ArrayList<>())
                        .addAll(each.getValue()));
        return groups;
    }

    private static List<FleetView.Group> groups(List<AgentRow> rows, Grouping grouping) {
        return grouped(rows, grouping).entrySet().stream()
                .map(each -> new FleetView.Group(
                        grouping.title(each.getKey()),
                        each.getKey().equals(OTHERS) ? "/fleet" : grouping.href(each.getKey()),
                        each.getValue().size(),
                        Show.decimal(100.0
                                * each.getValue().stream()
                                        .filter(row -> row.state() == EyeState.HEALTHY)
                                        .count()
                                / each.getValue().size())))
                .toList();
    }

    /** @param beats of the last quarters of an hour, in percent of what was expected @param seen null for never @param config version that it says it runs @param cpu percent that it says it uses */
    record Line(
            String key,
            String name,
            String host,
            @Nullable Integer port,
            String state,
            @Nullable String why,
            @Nullable String version,
            int issues,
            @Nullable Instant seen,
            @Nullable Integer config,
            @Nullable Double cpu,
            List<@Nullable Integer> beats) {
        static Line of(AgentRow row) {
            return new Line(
                    row.key(),
                    row.name(),
                    row.host(),
                    row.port(),
                    row.state().id(),
                    row.why(),
                    row.version(),
                    row.issues(),
                    row.seen(),
                    row.config(),
                    row.cpu(),
                    BeatBars.read(row.beats()));
        }
    }

    /** @param total of those that match */
    record Window(int total, int from, List<Line> items) {}

    private Response window(Request request) {
        List<AgentRow> found = FleetQuery.of(request).of(fleet.now().rows());
        int from = Math.min(request.query("from", 0, 1_000_000, 0), found.size());
        int to = Math.min(found.size(), from + request.query("limit", 1, 200, 60));
        return Response.json(new Window(
                found.size(),
                from,
                found.subList(from, to).stream().map(Line::of).toList()));
    }

    /** @param states one letter per agent, the worst first: w c m d u p h */
    record MapGroup(String name, String states) {}

    private Response map(Request request) {
        List<MapGroup> groups = new ArrayList<>();
        List<AgentRow> all = fleet.now().rows();
        grouped(all, grouping(request, all)).forEach((name, rows) -> {
            StringBuilder states = new StringBuilder(rows.size());
            rows.stream()
                    .sorted(Comparator.comparing(AgentRow::state))
                    .forEach(row -> states.append("wcmduph".charAt(row.state().ordinal())));
            groups.add(new MapGroup(name, states.toString()));
        });
        return Response.json(Map.of("groups", groups));
    }
}
