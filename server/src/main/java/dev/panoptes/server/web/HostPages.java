package dev.panoptes.server.web;

import dev.panoptes.integrity.observed.Snapshot;
import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import dev.panoptes.server.web.view.AgentRow;
import dev.panoptes.server.web.view.HostView;
import dev.panoptes.server.web.view.IssueLine;
import dev.panoptes.server.web.view.Show;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** One host: who listens, as which process and unit, and what is open there. */
final class HostPages implements Resource {
    private static final int MOST = 200;

    private final Frame frame;
    private final InternalCalls inside;
    private final FleetModel fleet;
    private final HostPageStore store;

    HostPages(Frame frame, InternalCalls inside, FleetModel fleet, HostPageStore store) {
        this.frame = frame;
        this.inside = inside;
        this.fleet = fleet;
        this.store = store;
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.page("/fleet/host", Access.VIEWER, this::show));
    }

    private Response show(Request request) throws InterruptedException {
        String name = request.query("name").orElse("local");
        List<AgentRow> agents = fleet.now().rows().stream()
                .filter(row -> row.host().equals(name))
                .toList();
        HostPageStore.Seen seen = store.newest(name).orElse(null);
        if (seen == null && agents.isEmpty() && request.query("name").isPresent()) {
            throw Problem.notFound("Nothing was ever seen of a host of this name")
                    .exception();
        }
        List<IssueLine> issues = inside.get(
                        request, "/api/v1/integrity/issues", Map.of(), Map.of("host", name, "limit", "20"))
                .map(page -> IssueLines.of(page.path("items")))
                .orElse(List.of());
        Snapshot snapshot = seen == null ? null : seen.snapshot();
        HostView view = new HostView(
                name,
                seen == null ? null : seen.confirmed(),
                snapshot == null ? null : snapshot.observer(),
                snapshot == null ? List.of() : sources(snapshot),
                snapshot == null ? List.of() : listeners(snapshot, agents),
                snapshot == null ? List.of() : units(snapshot),
                snapshot == null ? List.of() : processes(snapshot),
                agents,
                issues,
                sensors(request, name));
        return frame.page(frame.shell(request, view.called(), "fleet"), "host", Map.of("view", view));
    }

    private List<HostView.Sensor> sensors(Request request, String name) throws InterruptedException {
        return EventPages.streams(inside, request, frame.clock().instant()).stream()
                .filter(stream -> stream.host().equals(name))
                .map(stream -> new HostView.Sensor(
                        stream.sensor(),
                        stream.silent() ? "silent" : "reports",
                        Show.count(stream.events(), "event", "events") + ", last "
                                + Show.ago(stream.last(), frame.clock().instant()) + " ago",
                        (stream.missing() == 0 ? "nothing missing" : Show.number(stream.missing()) + " missing")
                                + (stream.losses().isEmpty() ? "" : ", lost at the source: " + stream.losses())))
                .toList();
    }

    private static List<HostView.Source> sources(Snapshot snapshot) {
        List<HostView.Source> sources = new ArrayList<>();
        for (Snapshot.Source source : Snapshot.Source.values()) {
            String word = Show.word(source.name().toLowerCase(java.util.Locale.ROOT));
            sources.add(
                    switch (snapshot.coverage(source)) {
                        case Snapshot.Coverage.Complete() -> new HostView.Source(word, true, "seen whole");
                        case Snapshot.Coverage.Denied(String reason) -> new HostView.Source(word, false, reason);
                        case Snapshot.Coverage.Absent(String reason) -> new HostView.Source(word, false, reason);
                    });
        }
        return sources;
    }

    private static List<HostView.Listener> listeners(Snapshot snapshot, List<AgentRow> agents) {
        Map<Integer, AgentRow> byPort = agents.stream()
                .filter(row -> row.port() != null)
                .collect(Collectors.toMap(AgentRow::port, row -> row, (one, _) -> one));
        return snapshot.listeners().stream()
                .sorted(Comparator.comparingInt(Snapshot.Listener::port).thenComparing(Snapshot.Listener::protocol))
                .limit(MOST)
                .map(each -> new HostView.Listener(
                        each.protocol(),
                        each.address(),
                        each.port(),
                        each.owners().isEmpty()
                                ? each.ownerUnknown() == null ? "not known" : each.ownerUnknown()
                                : each.owners().stream()
                                        .map(owner -> command(owner) + " (pid " + owner.pid() + ")")
                                        .limit(3)
                                        .collect(Collectors.joining(", ")),
                        each.owners().stream()
                                .map(owner -> owner.unit() == null ? "" : owner.unit())
                                .filter(unit -> !unit.isEmpty())
                                .findFirst()
                                .orElse(""),
                        Integer.toString(each.uid()),
                        byPort.get(each.port())))
                .toList();
    }

    private static String command(Snapshot.Owner owner) {
        String text = owner.command().isEmpty()
                ? owner.exe() == null ? "a process" : owner.exe()
                : String.join(" ", owner.command());
        return Show.brief(text, 120);
    }

    private static List<HostView.Unit> units(Snapshot snapshot) {
        return snapshot.units().stream()
                .sorted(Comparator.comparing(Snapshot.UnitState::name))
                .limit(MOST)
                .map(unit -> new HostView.Unit(
                        unit.name(),
                        unit.activeState() + (unit.subState().isEmpty() ? "" : " (" + unit.subState() + ")"),
                        unit.unitFileState(),
                        unit.restarts(),
                        unit.activeSeconds() == null ? "" : Show.span(Duration.ofSeconds(unit.activeSeconds()))))
                .toList();
    }

    /** Processes that hold sockets; a child stands below its parent where that is one of them. */
    private static List<HostView.Process> processes(Snapshot snapshot) {
        Map<Integer, Snapshot.Owner> byPid = new TreeMap<>();
        snapshot.listeners().forEach(each -> each.owners().forEach(owner -> byPid.putIfAbsent(owner.pid(), owner)));
        Map<Integer, List<Snapshot.Owner>> children = new HashMap<>();
        byPid.values()
                .forEach(owner -> children.computeIfAbsent(
                                byPid.containsKey(owner.parentPid()) && owner.parentPid() != owner.pid()
                                        ? owner.parentPid()
                                        : 0,
                                _ -> new ArrayList<>())
                        .add(owner));
        List<HostView.Process> tree = new ArrayList<>();
        add(tree, children, 0, 0, new HashSet<>());
        return tree;
    }

    private static void add(
            List<HostView.Process> tree,
            Map<Integer, List<Snapshot.Owner>> children,
            int parent,
            int depth,
            Set<Integer> seen) {
        for (Snapshot.Owner owner : children.getOrDefault(parent, List.of())) {
            if (tree.size() < MOST && seen.add(owner.pid())) {
                tree.add(new HostView.Process(
                        Math.min(depth, 6),
                        owner.pid(),
                        command(owner),
                        owner.exe() == null ? "" : owner.exe(),
                        owner.unit() == null ? "" : owner.unit(),
                        Integer.toString(owner.uid())));
                add(tree, children, owner.pid(), depth + 1, seen);
            }
        }
    }
}
