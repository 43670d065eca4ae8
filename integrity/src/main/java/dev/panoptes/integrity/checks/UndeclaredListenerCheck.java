package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.DeclaredHost;
import dev.panoptes.integrity.checks.CodePlaces.Place;
import dev.panoptes.integrity.checks.ObservedView.Look;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.observed.Snapshot;
import dev.panoptes.integrity.observed.Snapshot.Coverage;
import dev.panoptes.integrity.observed.Snapshot.Listener;
import dev.panoptes.integrity.observed.Snapshot.Owner;
import dev.panoptes.integrity.observed.Snapshot.Source;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.IntSummaryStatistics;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Something listens on a port that nobody declares: within the ports of the registry, or with the code of an agent. */
final class UndeclaredListenerCheck implements Check {
    /** Below are the ports of the system (RFC 6335), which no fleet's range reaches into. */
    private static final int FIRST_FREE = 1_024;
    /** From here on the kernel hands out ports by chance (ip_local_port_range, ip(7)). */
    private static final int FIRST_EPHEMERAL = 32_768;

    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "undeclared-listener",
                Severity.HIGH,
                CheckGroup.HOST,
                "something listens on a port that the registry does not declare");
    }

    @Override
    public List<CheckResult> run(World world) {
        ObservedView view = ObservedView.of(world);
        List<CheckResult> results = new ArrayList<>();
        if (view.applies() && world.declared().usable()) {
            OwnerJudge judge = new OwnerJudge(world, view);
            view.hosts().forEach(host -> judge(host, view, judge, world, results));
        }
        return results;
    }

    private static void judge(
            String host, ObservedView view, OwnerJudge judge, World world, List<CheckResult> results) {
        switch (view.look(host, Source.SOCKETS)) {
            case Look.Unseen(String reason) -> results.add(new CheckResult.Unknown(host, reason));
            case Look.Seen(Snapshot snapshot) -> {
                IntSummaryStatistics range = range(host, view);
                for (Map.Entry<Integer, List<Listener>> port : view.listeners(host)) {
                    if (view.isDeclared(host, port.getKey())) {
                        results.add(new CheckResult.Pass(port.getKey().toString()));
                    } else if (!isScanner(host, port.getValue(), world)) {
                        judge(host, port.getKey(), port.getValue(), range, judge, view, results);
                    }
                }
                // Within the range a port is judged without its owner; by an agent's code it can only be with it.
                if (snapshot.coverage(Source.OWNERS) instanceof Coverage.Denied(String reason)) {
                    results.add(new CheckResult.Unknown(host, reason));
                }
            }
        }
    }

    /** The server that scans: its own API is no stranger in the fleet, declared or not. */
    private static boolean isScanner(String host, List<Listener> listeners, World world) {
        Long server = world.serverPid();
        return server != null
                && host.equals(DeclaredHost.LOCAL)
                && listeners.stream()
                        .allMatch(each -> !each.owners().isEmpty()
                                && each.owners().stream().allMatch(owner -> owner.pid() == server));
    }

    private static IntSummaryStatistics range(String host, ObservedView view) {
        return view.claims().stream()
                .filter(claim -> claim.hosts().contains(host))
                .mapToInt(ObservedView.Claim::port)
                .filter(port -> port >= FIRST_FREE && port < FIRST_EPHEMERAL)
                .summaryStatistics();
    }

    private static void judge(
            String host,
            int port,
            List<Listener> listeners,
            IntSummaryStatistics range,
            OwnerJudge judge,
            ObservedView view,
            List<CheckResult> results) {
        Set<Place> code = new LinkedHashSet<>();
        Set<DeclaredAgent> agents = new LinkedHashSet<>();
        for (Listener listener : listeners) {
            for (Owner owner : listener.owners()) {
                judge.place(owner).ifPresent(code::add);
                agents.addAll(judge.agentsOf(owner.unit()));
            }
        }
        code.forEach(place -> agents.addAll(place.agents()));
        boolean inRange = port >= range.getMin() && port <= range.getMax();
        boolean byCode = !code.isEmpty() && !isPrivateChannel(port, listeners);
        if ((inRange || byCode) && !isAllowedCopy(host, agents, view, judge)) {
            results.add(fail(host, port, listeners, code, agents, inRange ? range : null, judge));
        }
    }

    /** Programs open ports by chance on loopback to talk to their own workers. */
    private static boolean isPrivateChannel(int port, List<Listener> listeners) {
        return port >= FIRST_EPHEMERAL
                && listeners.stream()
                        .allMatch(each -> each.address().startsWith("127.")
                                || each.address().equals("::1"));
    }

    /** A further copy of an agent that may run more than once. */
    private static boolean isAllowedCopy(String host, Set<DeclaredAgent> agents, ObservedView view, OwnerJudge judge) {
        if (agents.size() != 1 || agents.iterator().next().placement().maxReplicas() < 2) {
            return false;
        }
        DeclaredAgent agent = agents.iterator().next();
        long ports = view.listeners(host).stream()
                .filter(port -> port.getValue().stream()
                        .flatMap(listener -> listener.owners().stream())
                        .anyMatch(owner -> isOf(owner, agent, judge)))
                .count();
        return ports <= agent.placement().maxReplicas();
    }

    private static boolean isOf(Owner owner, DeclaredAgent agent, OwnerJudge judge) {
        return judge.place(owner)
                .map(place -> place.isOf(agent))
                .orElse(judge.agentsOf(owner.unit()).contains(agent));
    }

    private static CheckResult fail(
            String host,
            int port,
            List<Listener> listeners,
            Set<Place> code,
            Set<DeclaredAgent> agents,
            @Nullable IntSummaryStatistics range,
            OwnerJudge judge) {
        List<String> affected = new ArrayList<>();
        agents.forEach(agent -> affected.add(agent.key()));
        code.stream().filter(place -> place.agents().isEmpty()).forEach(place -> affected.add(place.name()));
        if (affected.isEmpty()) {
            affected.add(Integer.toString(port));
        }
        List<Evidence> owners = new ArrayList<>();
        listeners.stream()
                .flatMap(listener -> listener.owners().stream())
                .distinct()
                .limit(5)
                .forEach(owner -> {
                    owners.add(Sockets.evidence(owner));
                    String file = judge.places().rootPath(owner.realScript());
                    if (file != null) {
                        owners.add(new Evidence("process", file, 0, "the code of pid " + owner.pid()));
                    }
                });
        String who = code.isEmpty()
                ? "Something"
                : "Code of " + Words.list(code.stream().map(Place::name).toList());
        return Failure.of(Integer.toString(port))
                .host(host)
                .port(port)
                .title(who + " listens on port " + port + ", which nobody declares")
                .description(who + " listens on port " + port + " of " + ObservedView.name(host)
                        + ", but the registry declares no agent there"
                        + (range == null
                                ? "."
                                : ". The port lies within those of the registry (" + range.getMin() + " to "
                                        + range.getMax() + ")."))
                .affected(affected)
                .evidence(Sockets.evidence(listeners))
                .evidence(owners)
                .recommend(
                        host.equals(DeclaredHost.LOCAL)
                                ? "Declare it in the registry, or stop it"
                                : "Declare it in the registry for " + host + ", or stop it there")
                .fail();
    }
}
