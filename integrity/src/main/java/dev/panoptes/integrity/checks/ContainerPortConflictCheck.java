package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.declared.ComposeFile;
import dev.panoptes.integrity.declared.ContainerPorts.Bound;
import dev.panoptes.integrity.declared.ContainerPorts.Listening;
import dev.panoptes.integrity.declared.HostAddresses;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Containers that share one network ({@code network_mode: service:x}) bind one port in it. */
final class ContainerPortConflictCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "container-port-conflict",
                Severity.HIGH,
                CheckGroup.COMPOSE,
                "services that share one container's network bind one port");
    }

    /** @param address empty where it is every one, or not known */
    private record Claim(ComposeFile.Service service, Bound bound, String address) {}

    @Override
    public List<CheckResult> run(World world) throws InterruptedException {
        List<CheckResult> results = new ArrayList<>();
        Optional<ComposeView> view = ComposeView.of(world);
        for (ComposeFile file : view.map(ComposeView::files).orElse(List.of())) {
            for (ComposeFile.Service owner : file.services()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted between services");
                }
                List<ComposeFile.Service> sharing = file.services().stream()
                        .filter(service -> service.equals(owner) || owner.name().equals(service.networkOf()))
                        .filter(service -> service.details().replicas() > 0)
                        .toList();
                if (sharing.size() > 1 && owner.networkOf() == null && !owner.hostNetwork()) {
                    judge(view.get(), file, owner, sharing, results);
                }
            }
        }
        return results;
    }

    private static void judge(
            ComposeView view,
            ComposeFile file,
            ComposeFile.Service owner,
            List<ComposeFile.Service> sharing,
            List<CheckResult> results) {
        Map<Integer, List<Claim>> claims = new TreeMap<>();
        Map<Integer, Set<String>> wanted = new HashMap<>();
        List<CheckResult> unknowns = new ArrayList<>();
        for (ComposeFile.Service service : sharing) {
            switch (view.containers().of(service)) {
                case Listening.On on -> {
                    on.ports()
                            .forEach(bound -> wanted.computeIfAbsent(bound.port(), port -> new HashSet<>())
                                    .add(service.id()));
                    if (on.doubt() != null) {
                        unknowns.add(unknown(service, owner, on.doubt()));
                        continue;
                    }
                    for (Bound bound : on.ports()) {
                        String address = bound.address() == null ? "" : bound.address();
                        claims.computeIfAbsent(bound.port(), port -> new ArrayList<>())
                                .add(new Claim(service, bound, address));
                    }
                }
                case Listening.Unknown(String reason) -> unknowns.add(unknown(service, owner, reason));
                case Listening.NotJudged unused -> {
                    // An image that is not in the tree.
                }
            }
        }
        if (!claims.isEmpty() || wanted.values().stream().anyMatch(services -> services.size() > 1)) {
            // What nobody else binds a port beside is in nobody's way.
            results.addAll(unknowns);
        }
        claims.forEach((port, all) -> {
            List<Claim> clashing = all.stream()
                    .filter(claim -> all.stream().anyMatch(other -> clash(file, claim, other)))
                    .toList();
            results.add(
                    clashing.isEmpty()
                            ? new CheckResult.Pass(owner.id() + ":" + port)
                            : failed(view, owner, port, clashing));
        });
    }

    private static boolean clash(ComposeFile file, Claim a, Claim b) {
        return !a.service().equals(b.service())
                && HostAddresses.overlap(a.address(), b.address())
                && !file.neverTogether(a.service(), b.service());
    }

    private static CheckResult unknown(ComposeFile.Service service, ComposeFile.Service owner, String reason) {
        return new CheckResult.Unknown(
                service.id(),
                "What " + service.id() + " binds in the network of " + owner.name() + " is not known: " + reason);
    }

    private static CheckResult failed(ComposeView view, ComposeFile.Service owner, int port, List<Claim> clashing) {
        List<String> names = clashing.stream()
                .map(claim -> claim.service().name())
                .distinct()
                .toList();
        Failure.Builder failure = Failure.of(owner.id() + ":" + port)
                .port(port)
                .title(Words.list(names) + " bind port " + port + " in the network of " + owner.name())
                .description("Containers that share a network share its ports. Only the first of " + Words.list(names)
                        + " gets port " + port + ", the other ends with an error.")
                .recommend("Let one of them bind another port, or give it a network of its own");
        clashing.forEach(claim -> failure.affected(view.affected(claim.service()))
                .evidence(ComposeView.evidence(claim.service()))
                .evidence(claim.bound().evidence()));
        return failure.fail();
    }
}
