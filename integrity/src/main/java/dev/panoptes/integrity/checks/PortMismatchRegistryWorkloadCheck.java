package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.DeclaredEndpoint;
import dev.panoptes.integrity.declared.Launch;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;

/** The registry declares another port than the agent's quadlet or Nomad task takes of the host. */
final class PortMismatchRegistryWorkloadCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "port-mismatch-registry-workload",
                Severity.HIGH,
                CheckGroup.COMPOSE,
                "the registry declares another port than the agent's quadlet or Nomad task has");
    }

    @Override
    public List<CheckResult> run(World world) {
        List<CheckResult> results = new ArrayList<>();
        for (DeclaredAgent agent : world.registry().agents()) {
            List<Launch> own = world.links().launches(agent);
            List<Launch> workloads = own.stream()
                    .filter(launch -> launch.kind() == Launch.Kind.WORKLOAD)
                    .toList();
            if (!workloads.isEmpty() && world.registry().endpoint(agent) instanceof DeclaredEndpoint.At at) {
                judge(world, agent, at, own, workloads).ifPresent(results::add);
            }
        }
        return results;
    }

    private static Optional<CheckResult> judge(
            World world, DeclaredAgent agent, DeclaredEndpoint.At declared, List<Launch> own, List<Launch> workloads) {
        if (own.stream().anyMatch(launch -> launch.serves(declared.port()))) {
            return Optional.of(new CheckResult.Pass(agent.key()));
        }
        List<Launch> wrong = workloads.stream()
                .filter(launch -> !launch.hostPorts().isEmpty())
                .toList();
        Optional<String> open = workloads.stream()
                .filter(launch -> launch.unknown() != null
                        && (!launch.onlyItsImageKnows() || launch.published().isEmpty()))
                .findFirst()
                .map(launch -> "What " + launch.id() + " takes of the host is not known: " + launch.unknown());
        if (open.isPresent()) {
            return open.map(reason -> new CheckResult.Unknown(agent.key(), reason));
        }
        if (wrong.isEmpty() || CodeView.endsBefore(declared, agent)) {
            return Optional.empty();
        }
        SequencedSet<Integer> ports = new LinkedHashSet<>();
        wrong.forEach(launch -> ports.addAll(launch.hostPorts()));
        List<String> ids = wrong.stream().map(Launch::id).toList();
        Failure.Builder failure = Failure.of(agent.key())
                .host(world.registry().hostOf(agent))
                .port(declared.port())
                .title(agent.key() + " is declared on " + declared.port() + ", " + Words.list(ids) + " has "
                        + Words.list(ports))
                .description("The registry declares " + agent.key() + " on port " + declared.port() + ", but "
                        + Words.list(ids) + " has " + Words.list(ports)
                        + " of the host: callers that trust the registry do not reach it.")
                .affected(agent.key())
                .affected(ids)
                .recommend("Declare the port that is published, or publish " + declared.port())
                .evidence(CodeView.of(world).url(agent));
        wrong.forEach(launch -> (launch.onHost() ? launch.claims() : launch.published())
                .forEach(claim -> failure.evidence(claim.evidence())));
        return Optional.of(failure.fail());
    }
}
