package dev.panoptes.server.web;

import dev.panoptes.integrity.observed.Container;
import dev.panoptes.integrity.observed.Snapshot;
import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.ErrorCode;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One host: what runs and listens there, what it uses, what is open, and what its sensors are told. */
final class HostPages implements Resource {
    private static final List<String> TABS = List.of("overview", "processes", "sensors");
    private static final String LOCAL = "local";
    private static final int ROWS = 60;
    private static final int FEW = 3;

    private final Frame frame;
    private final InternalCalls inside;
    private final FleetModel fleet;
    private final HostPageStore store;
    private final HostProcesses processes;
    private final HostSensorPages sensors;

    HostPages(Frame frame, InternalCalls inside, FleetModel fleet, HostPageStore store) {
        this.processes = new HostProcesses(inside, frame.clock());
        this.sensors = new HostSensorPages(inside, frame.clock());
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
        String tab = request.query("tab").orElse("overview");
        if (!TABS.contains(tab)) {
            throw Problem.of(
                            ErrorCode.INVALID_REQUEST,
                            "the query parameter tab must be one of " + String.join(", ", TABS))
                    .exception();
        }
        List<AgentRow> agents = fleet.now().rows().stream()
                .filter(row -> row.host().equals(name))
                .toList();
        HostPageStore.Seen seen = store.newest(name).orElse(null);
        Snapshot snapshot = seen == null ? null : seen.snapshot();
        // The server's own host is local to its scans; its sensors report under the name that it calls itself.
        String watched =
                name.equals(LOCAL) && snapshot != null ? snapshot.host().id() : name;
        HostView.Sensors told = sensors.of(request, watched, tab.equals("sensors"));
        if (seen == null
                && agents.isEmpty()
                && told.all().isEmpty()
                && request.query("name").isPresent()) {
            throw Problem.notFound("Nothing was ever seen of a host of this name")
                    .exception();
        }
        boolean overview = tab.equals("overview");
        List<IssueLine> issues = overview
                ? inside.get(
                                request,
                                "/api/v1/integrity/issues",
                                Map.of(),
                                Map.of("host", name, "state", "open", "limit", "12"))
                        .map(page -> IssueLines.of(page.path("items")))
                        .orElse(List.of())
                : List.of();
        List<HostView.Listener> listeners = overview && snapshot != null ? listeners(snapshot, agents) : List.of();
        int skip = request.query("skip", 0, 1_000_000, 0);
        HostView view = new HostView(
                name,
                tab,
                watched,
                frame.url(request),
                seen == null ? null : seen.confirmed(),
                snapshot == null ? null : snapshot.observer(),
                overview && snapshot != null ? sources(snapshot) : List.of(),
                listeners.stream().skip(overview ? skip : 0).limit(ROWS).toList(),
                listeners.size(),
                overview && skip + ROWS < listeners.size()
                        ? "/fleet/host?name=" + Show.path(name) + "&skip=" + (skip + ROWS) + "#h-lis"
                        : null,
                overview && snapshot != null ? units(snapshot) : List.of(),
                overview && snapshot != null ? containers(snapshot) : List.of(),
                snapshot == null ? 0 : snapshot.containers().size(),
                agents,
                issues,
                overview ? processes.usage(request, watched) : List.of(),
                tab.equals("processes") ? processes.of(request, name, watched, snapshot) : null,
                told);
        return frame.page(frame.shell(request, view.called(), "fleet"), "host", Map.of("view", view));
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

    /** Sockets of one program on one port are one: a program may listen at many addresses, and with many processes. */
    private static List<HostView.Listener> listeners(Snapshot snapshot, List<AgentRow> agents) {
        Map<Integer, AgentRow> byPort = agents.stream()
                .filter(row -> row.port() != null)
                .collect(Collectors.toMap(AgentRow::port, row -> row, (one, _) -> one));
        Map<List<Object>, List<Snapshot.Listener>> together = new LinkedHashMap<>();
        snapshot.listeners().stream()
                .sorted(Comparator.comparingInt(Snapshot.Listener::port).thenComparing(Snapshot.Listener::protocol))
                .forEach(each -> together.computeIfAbsent(
                                List.of(
                                        each.port(),
                                        each.protocol(),
                                        each.owners().stream()
                                                .map(HostPages::command)
                                                .distinct()
                                                .sorted()
                                                .toList(),
                                        each.owners().isEmpty() ? String.valueOf(each.ownerUnknown()) : ""),
                                _ -> new ArrayList<>())
                        .add(each));
        return together.values().stream()
                .map(same -> listener(same, byPort.get(same.getFirst().port())))
                .toList();
    }

    private static HostView.Listener listener(List<Snapshot.Listener> same, @Nullable AgentRow agent) {
        Snapshot.Listener one = same.getFirst();
        List<Snapshot.Owner> owners =
                same.stream().flatMap(each -> each.owners().stream()).toList();
        String why = one.ownerUnknown();
        return new HostView.Listener(
                one.protocol(),
                few(same.stream().map(Snapshot.Listener::address).distinct().toList()),
                one.port(),
                owners.isEmpty()
                        ? why == null ? "not known" : why
                        : command(owners.getFirst()) + " (pid "
                                + few(owners.stream()
                                        .map(owner -> Integer.toString(owner.pid()))
                                        .distinct()
                                        .toList())
                                + ")",
                owners.stream()
                        .map(owner -> owner.unit() == null ? "" : owner.unit())
                        .filter(unit -> !unit.isEmpty())
                        .findFirst()
                        .orElse(""),
                agent);
    }

    private static String few(List<String> all) {
        return String.join(", ", all.subList(0, Math.min(all.size(), FEW)))
                + (all.size() > FEW ? " and " + Show.number(all.size() - FEW) + " more" : "");
    }

    private static String command(Snapshot.Owner owner) {
        String text = owner.command().isEmpty()
                ? owner.exe() == null ? "a process" : owner.exe()
                : String.join(" ", owner.command());
        return Show.brief(text, 120);
    }

    private static List<HostView.Container> containers(Snapshot snapshot) {
        return snapshot.containers().stream()
                .sorted(Comparator.comparing((Container each) -> !each.isRunning())
                        .thenComparing(Container::name))
                .limit(ROWS)
                .map(each -> new HostView.Container(
                        each.name(),
                        each.image(),
                        each.state()
                                + (each.health().isEmpty() ? "" : ", " + each.health())
                                + (each.state().equals("exited") || each.state().equals("dead")
                                        ? " with " + each.exitCode()
                                        : ""),
                        tone(each),
                        few(each.published().stream()
                                .filter(port -> !each.isTwin(port))
                                .map(port -> port.port() + " to " + port.containerPort()
                                        + (port.protocol().equals("tcp") ? "" : "/" + port.protocol()))
                                .distinct()
                                .toList()),
                        each.compose() == null
                                ? ""
                                : each.compose().project() + ": "
                                        + each.compose().service(),
                        each.restarts(),
                        each.started() == null ? "" : Show.span(Duration.between(each.started(), snapshot.taken()))))
                .toList();
    }

    private static String tone(Container container) {
        if (container.health().equals("unhealthy") || container.state().equals("restarting")) {
            return "high";
        }
        return container.isRunning() ? "ok" : container.exitCode() == 0 ? "off" : "med";
    }

    private static List<HostView.Unit> units(Snapshot snapshot) {
        return snapshot.units().stream()
                .sorted(Comparator.comparing(Snapshot.UnitState::name))
                .limit(ROWS)
                .map(unit -> new HostView.Unit(
                        unit.name(),
                        unit.activeState() + (unit.subState().isEmpty() ? "" : " (" + unit.subState() + ")"),
                        unit.unitFileState(),
                        unit.restarts(),
                        unit.activeSeconds() == null ? "" : Show.span(Duration.ofSeconds(unit.activeSeconds()))))
                .toList();
    }
}
