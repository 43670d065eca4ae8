package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.DeclaredEndpoint;
import dev.panoptes.core.registry.Keys;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.Launch;
import dev.panoptes.integrity.declared.ServiceEntry;
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
import org.jspecify.annotations.Nullable;

/** A definition of Consul sends callers to another port than the registry declares, or than what starts the agent takes. */
final class PortMismatchConsulCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "port-mismatch-consul",
                Severity.HIGH,
                CheckGroup.COMPOSE,
                "a Consul service definition names another port than the agent has");
    }

    @Override
    public List<CheckResult> run(World world) {
        List<CheckResult> results = new ArrayList<>();
        Declarations declarations = world.declarations();
        List<ServiceEntry> entries = declarations == null ? List.of() : declarations.entries();
        for (ServiceEntry entry : entries) {
            // Several instances of one service have ports of their own.
            boolean alone = entries.stream()
                            .filter(other -> Keys.same(other.name(), entry.name()))
                            .count()
                    == 1;
            if (entry.port() != null && alone) {
                judge(world, entry, entry.port()).ifPresent(results::add);
            }
        }
        return results;
    }

    private static @Nullable DeclaredAgent agent(World world, ServiceEntry entry) {
        return world.registry().agents().stream()
                .filter(agent -> Keys.same(agent.key(), entry.name()) || Keys.same(agent.key(), entry.id()))
                .findFirst()
                .orElse(null);
    }

    private static Optional<CheckResult> judge(World world, ServiceEntry entry, int port) {
        DeclaredAgent agent = agent(world, entry);
        if (agent != null && world.registry().endpoint(agent) instanceof DeclaredEndpoint.At at && at.port() != port) {
            return Optional.of(failure(entry, port)
                    .title("Consul sends callers of " + entry.name() + " to " + port + ", the registry to " + at.port())
                    .description(entry.file() + " registers " + entry.name() + " on port " + port
                            + ", and the registry declares it on " + at.port() + ": one of them is wrong.")
                    .affected(agent.key())
                    .affected(entry.subject())
                    .evidence(CodeView.of(world).url(agent))
                    .fail());
        }
        List<Launch> launches = agent != null ? world.links().launches(agent) : called(world, entry);
        Optional<String> open = launches.stream()
                .map(Launch::unknown)
                .filter(reason -> reason != null)
                .findFirst();
        SequencedSet<Integer> ports = new LinkedHashSet<>();
        launches.forEach(launch -> ports.addAll(launch.hostPorts()));
        launches.stream().filter(launch -> entry.address() != null).forEach(launch -> ports.addAll(launch.bound()));
        if (ports.isEmpty() && open.isEmpty()) {
            return agent == null ? Optional.empty() : Optional.of(new CheckResult.Pass(entry.subject()));
        }
        if (ports.contains(port)) {
            return checks(entry, port, launches);
        }
        if (open.isPresent()) {
            return Optional.of(new CheckResult.Unknown(
                    entry.subject(), "What " + launches.getFirst().id() + " binds is not known: " + open.get()));
        }
        Failure.Builder failure = failure(entry, port)
                .title("Consul sends callers of " + entry.name() + " to " + port + ", "
                        + launches.getFirst().id() + " has " + Words.list(ports))
                .description(entry.file() + " registers " + entry.name() + " on port " + port + ", but "
                        + launches.getFirst().id() + " has " + Words.list(ports)
                        + " of the host: callers that ask Consul do not reach it.")
                .affected(entry.subject())
                .affected(launches.stream().map(Launch::id).toList());
        launches.forEach(launch -> failure.evidence(launch.evidence()));
        return Optional.of(failure.fail());
    }

    /** A check on the node's loopback at a port that nothing of the service has. */
    private static Optional<CheckResult> checks(ServiceEntry entry, int port, List<Launch> launches) {
        boolean known = launches.stream().allMatch(launch -> launch.unknown() == null && launch.onHost());
        for (ServiceEntry.Check check : entry.checks()) {
            boolean asked = check.port() == port
                    || launches.stream().anyMatch(launch -> launch.hostPorts().contains(check.port()));
            if (known && check.loopback() && !asked) {
                return Optional.of(failure(entry, check.port())
                        .title("Consul asks " + check.port() + " whether " + entry.name() + " is well, which has "
                                + port)
                        .description("The check in " + entry.file() + " asks port " + check.port() + ", but "
                                + entry.name() + " binds " + port + " only: Consul takes it for dead.")
                        .affected(entry.subject())
                        .evidence(check.evidence())
                        .fail());
            }
        }
        return Optional.of(new CheckResult.Pass(entry.subject()));
    }

    /** Launches that are called like the service, where no agent is. */
    private static List<Launch> called(World world, ServiceEntry entry) {
        return world.links().launches().all().stream()
                .filter(launch -> launch.kind() != Launch.Kind.IMAGE)
                .filter(launch -> {
                    String id = launch.id();
                    String name = id.substring(id.indexOf('#') + 1).replaceFirst("\\.service$", "");
                    return Keys.same(name, entry.name()) || Keys.same(name, entry.id());
                })
                .toList();
    }

    private static Failure.Builder failure(ServiceEntry entry, int port) {
        return Failure.of(entry.subject())
                .port(port)
                .recommend("Let the definition name the port that the agent has")
                .evidence(entry.evidence());
    }
}
