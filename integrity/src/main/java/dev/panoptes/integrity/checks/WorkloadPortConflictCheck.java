package dev.panoptes.integrity.checks;

import dev.panoptes.code.PortValue;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.declared.ComposeFile;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.HostAddresses;
import dev.panoptes.integrity.declared.Launch;
import dev.panoptes.integrity.declared.UnitFile;
import dev.panoptes.integrity.declared.Workload;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.TreeMap;

/**
 * Quadlets of one folder, with the units beside them, or the programs of one group of a Nomad job take one port of the host. Those
 * of different folders or groups may run on different hosts.
 */
final class WorkloadPortConflictCheck implements Check {
    /** So many quadlets that have one port are rather there to choose from. */
    private static final int COLLECTION = 3;

    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "workload-port-conflict",
                Severity.HIGH,
                CheckGroup.COMPOSE,
                "quadlets of one folder, or programs of one Nomad group, take one port of the host");
    }

    /** @param owner how reports name who takes it; @param address empty for every one */
    private record Taken(String owner, String address, String protocol, List<String> affected, Evidence evidence) {}

    /** Ports of one host. */
    private static final class Ports {
        private final Map<String, List<Taken>> taken = new TreeMap<>();

        private void take(int port, Taken by) {
            taken.computeIfAbsent(port + "/" + by.protocol, key -> new ArrayList<>())
                    .add(by);
        }
    }

    @Override
    public List<CheckResult> run(World world) {
        List<CheckResult> results = new ArrayList<>();
        Declarations declarations = world.declarations();
        Map<String, Ports> hosts = new TreeMap<>();
        for (Workload workload : declarations == null ? List.<Workload>of() : declarations.workloads()) {
            take(world, workload, hosts.computeIfAbsent(workload.together(), key -> new Ports()), results);
        }
        for (UnitFile unit : declarations == null ? List.<UnitFile>of() : declarations.units()) {
            String folder =
                    unit.rootPath().substring(0, Math.max(0, unit.rootPath().lastIndexOf('/')));
            Ports ports = hosts.get("quadlets of " + folder);
            if (ports != null) {
                world.links().launches().of(unit).ifPresent(launch -> take(unit, launch, ports));
            }
        }
        hosts.forEach((host, ports) -> ports.taken.forEach((port, by) -> judge(host, port, by, results)));
        return results;
    }

    private static void take(World world, Workload workload, Ports ports, List<CheckResult> results) {
        List<String> affected = WorkloadView.affected(world, workload);
        String open = null;
        for (ComposeFile.Published published : workload.ports()) {
            switch (published.host()) {
                case PortValue.Known(int port, String variable) ->
                    ports.take(
                            port,
                            new Taken(
                                    workload.id(),
                                    published.address(),
                                    published.protocol(),
                                    affected,
                                    new Evidence("launch", published.file(), published.line(), published.text())));
                case PortValue.Unresolved(String reason, String variable) -> open = reason;
                case null -> {
                    // A free one is picked when it starts.
                }
            }
        }
        for (Launch launch : WorkloadView.launches(world, workload)) {
            if (launch.onHost()) {
                take(launch, affected, ports);
                open = launch.unknown() == null || launch.onlyItsImageKnows() ? open : launch.unknown();
            }
        }
        if (open != null) {
            results.add(new CheckResult.Unknown(
                    workload.id(), "Which ports of the host " + workload.id() + " takes is not known: " + open));
        }
    }

    private static void take(UnitFile unit, Launch launch, Ports ports) {
        take(launch, List.of(unit.rootPath()), ports);
    }

    private static void take(Launch launch, List<String> affected, Ports ports) {
        SequencedSet<Integer> once = new LinkedHashSet<>();
        for (Launch.Claim claim : launch.claims()) {
            if (once.add(claim.port())) {
                String address = claim.address() == null ? "" : claim.address();
                ports.take(claim.port(), new Taken(launch.id(), address, "tcp", affected, claim.evidence()));
            }
        }
    }

    private static void judge(String host, String named, List<Taken> by, List<CheckResult> results) {
        boolean quadlets = host.startsWith("quadlets of ");
        int port = Integer.parseInt(named.substring(0, named.indexOf('/')));
        String shown = named.endsWith("/tcp") ? Integer.toString(port) : named;
        List<Taken> clashing = by.stream()
                .filter(one -> by.stream()
                        .anyMatch(other -> !other.equals(one)
                                && !other.owner.equals(one.owner)
                                && HostAddresses.overlap(one.address, other.address)))
                .toList();
        // A folder of units alone is judged by the checks on units.
        boolean ofWorkload = clashing.stream().anyMatch(one -> one.owner.contains("#"));
        String subject = by.getFirst().evidence.file() == null
                ? shown
                : folder(by.getFirst().evidence.file(), quadlets) + ":" + shown;
        if (clashing.isEmpty() || !ofWorkload) {
            if (by.stream().anyMatch(one -> one.owner.contains("#"))) {
                results.add(new CheckResult.Pass(subject));
            }
            return;
        }
        List<String> owners = clashing.stream().map(Taken::owner).distinct().toList();
        if (quadlets && owners.size() >= COLLECTION) {
            results.add(new CheckResult.Unknown(
                    subject,
                    owners.size() + " quadlets of one folder take port " + shown
                            + ": it may be a collection of which one is installed"));
            return;
        }
        Failure.Builder failure = Failure.of(subject)
                .port(port)
                .title("Port " + shown + " of the host is taken by " + Words.list(owners))
                .description(Words.list(owners) + " run on one host and each takes its port " + shown
                        + ": all but the first do not start.")
                .recommend("Give each a port of its own");
        clashing.forEach(one -> failure.affected(one.affected).evidence(one.evidence));
        results.add(failure.fail());
    }

    private static String folder(String file, boolean quadlets) {
        return quadlets ? file.substring(0, Math.max(0, file.lastIndexOf('/'))) : file;
    }
}
