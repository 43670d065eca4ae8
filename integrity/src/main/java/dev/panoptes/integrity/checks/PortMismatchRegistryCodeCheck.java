package dev.panoptes.integrity.checks;

import dev.panoptes.code.CodeDirectory;
import dev.panoptes.code.PortValue;
import dev.panoptes.code.Program;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.DeclaredEndpoint;
import dev.panoptes.integrity.declared.ComposeFile;
import dev.panoptes.integrity.declared.DeploymentEnvironment;
import dev.panoptes.integrity.declared.DirectoryLink;
import dev.panoptes.integrity.declared.Entry;
import dev.panoptes.integrity.declared.Launch;
import dev.panoptes.integrity.declared.PortClaims;
import dev.panoptes.integrity.declared.UnitFile;
import dev.panoptes.integrity.declared.UnreadLanguages;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The registry declares another port than the agent's code binds. What is started by units or compose services is judged as they
 * start it, and one launch that serves the declared port is enough. Where nothing starts it, the code is the program that a
 * Dockerfile starts, else every program directly in the directory.
 */
final class PortMismatchRegistryCodeCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "port-mismatch-registry-code",
                Severity.HIGH,
                CheckGroup.CODE,
                "the registry declares another port than the agent's code binds");
    }

    @Override
    public List<CheckResult> run(World world) {
        CodeView view = CodeView.of(world);
        List<CheckResult> results = new ArrayList<>();
        for (DeclaredAgent agent : view.registry().agents()) {
            Optional<CodeDirectory> directory = view.links().directory(agent);
            if (directory.isEmpty()) {
                unread(agent, view, world).ifPresent(results::add);
                continue;
            }
            switch (view.registry().endpoint(agent)) {
                case DeclaredEndpoint.At at -> judge(agent, at, directory.get(), view, world, results);
                case DeclaredEndpoint.Unresolved(String reason) ->
                    results.add(new CheckResult.Unknown(agent.key(), reason));
                case DeclaredEndpoint.Absent unused -> {}
                case DeclaredEndpoint.None none -> {}
                case DeclaredEndpoint.Invalid unused -> {}
                case DeclaredEndpoint.InvalidPort unused -> {}
            }
        }
        return results;
    }

    /** What a directory binds whose code is in a language that is not read; empty for other directories. */
    private static Optional<CheckResult> unread(DeclaredAgent agent, CodeView view, World world) {
        if (world.declarations() == null
                || !(view.links().link(agent) instanceof DirectoryLink.WithoutCode(String rootPath))
                || !(view.registry().endpoint(agent) instanceof DeclaredEndpoint.At at)) {
            return Optional.empty();
        }
        if (view.links().launches(agent).stream().anyMatch(launch -> launch.serves(at.port()))) {
            return Optional.of(new CheckResult.Pass(agent.key()));
        }
        return UnreadLanguages.of(world.declarations(), rootPath)
                .map(language -> new CheckResult.Unknown(
                        agent.key(),
                        "What the code of " + rootPath + " binds is not known: " + language + " is not read"));
    }

    private static void judge(
            DeclaredAgent agent,
            DeclaredEndpoint.At declared,
            CodeDirectory directory,
            CodeView view,
            World world,
            List<CheckResult> results) {
        List<Launch> launches = view.links().launches(agent);
        if (isForwarded(declared, launches, world)) {
            results.add(new CheckResult.Unknown(
                    agent.key(),
                    "Another service publishes port " + declared.port() + ", so a proxy may stand before"));
            return;
        }
        boolean told = launches.stream()
                .anyMatch(launch -> !launch.onlyItsImageKnows()
                        && (launch.unknown() != null || !launch.claims().isEmpty()));
        if (told) {
            launched(world, agent, declared, launches, view, results);
            return;
        }
        Optional<CheckResult> shared = shared(agent, declared, directory, view, world);
        if (shared.isPresent()) {
            results.add(shared.get());
            return;
        }
        Optional<String> otherwise = startedOtherwise(agent, launches, directory, view, world);
        PortClaims claims = view.directories()
                .claims(programs(agent, directory, view), view.directories().dockerfiles(directory));
        DeploymentEnvironment deployed = DeploymentEnvironment.of(agent, directory, view.links(), view.directories());
        Set<Integer> ports = new HashSet<>(claims.ports());
        List<String> unknown = new ArrayList<>();
        for (PortClaims.Claim claim : claims.claims()) {
            ports.addAll(deployed.ports(claim.port().variable()));
            deployed.unclear(claim.port().variable()).ifPresent(unknown::add);
        }
        for (PortClaims.Unresolved claim : claims.unresolved()) {
            Set<Integer> set = deployed.ports(claim.port().variable());
            ports.addAll(set);
            if (set.isEmpty()) {
                unknown.add(claim.reason());
            }
        }
        int port = declared.port();
        if (ports.contains(port) || isPublished(agent, port, ports, view)) {
            results.add(new CheckResult.Pass(agent.key()));
        } else if (otherwise.isPresent()) {
            results.add(new CheckResult.Unknown(agent.key(), otherwise.get()));
        } else if (!unknown.isEmpty()) {
            results.add(new CheckResult.Unknown(agent.key(), unknown.getFirst()));
        } else if (directory.incomplete() != null) {
            results.add(new CheckResult.Unknown(agent.key(), directory.incomplete()));
        } else if (!claims.claims().isEmpty() && !CodeView.endsBefore(declared, agent)) {
            results.add(Gateways.before(world, agent, declared, claims.ports())
                    .orElseGet(() -> mismatch(agent, declared, claims, view)));
        } else if (claims.claims().isEmpty()
                && !CodeView.endsBefore(declared, agent)
                && launches.stream().noneMatch(launch -> launch.serves(port))) {
            results.add(new CheckResult.Unknown(
                    agent.key(), "No port is found that the code of " + directory.path() + " binds"));
        }
    }

    /**
     * Where something starts the code by a way that was not followed, or instances of a template do, the default of the code is
     * nobody's. Empty where nothing starts it.
     */
    private static Optional<String> startedOtherwise(
            DeclaredAgent agent, List<Launch> launches, CodeDirectory directory, CodeView view, World world) {
        Set<String> idle = new HashSet<>();
        view.links().units(agent).stream().filter(unit -> unit.start() == null).forEach(unit -> idle.add(unit.name()));
        return launches.stream()
                .filter(launch -> launch.kind() == Launch.Kind.PROCESS
                        || (launch.kind() == Launch.Kind.UNIT && !idle.contains(launch.id())))
                .filter(launch -> launch.claims().isEmpty()
                        && launch.unknown() == null
                        && (launch.program() == null || launch.program().matches(".*\\.(ba)?sh")))
                .findFirst()
                .map(launch -> launch.id() + " starts something in " + directory.path()
                        + " by a command that is not followed to a port")
                .or(() -> world.links()
                        .launches()
                        .template(directory)
                        .map(template -> "Which instances of " + template + " are started is not known"));
    }

    /**
     * An agent that is an instance of a template unit, or shares its code with other agents: the default of the code is
     * nobody's. Empty for others.
     */
    private static Optional<CheckResult> shared(
            DeclaredAgent agent, DeclaredEndpoint.At declared, CodeDirectory directory, CodeView view, World world) {
        String unit = agent.unit();
        int at = unit == null ? -1 : unit.indexOf('@');
        if (unit != null && at > 0 && world.declarations() != null) {
            String template = unit.substring(0, at + 1) + ".service";
            String instance = unit.substring(at + 1).replaceFirst("\\.service$", "");
            Optional<UnitFile> found = world.declarations().units().stream()
                    .filter(each -> each.name().equals(template))
                    .findFirst();
            if (found.isPresent()) {
                boolean passed = String.valueOf(found.get().start()).contains("%i");
                return Optional.of(
                        passed && instance.equals(Integer.toString(declared.port()))
                                ? new CheckResult.Pass(agent.key())
                                : new CheckResult.Unknown(
                                        agent.key(),
                                        unit + " is an instance of " + template + ", which decides what it binds"));
            }
        }
        boolean several = view.links().agentsOf(directory).stream()
                        .filter(DeclaredAgent::enabled)
                        .count()
                > 1;
        return several
                ? Optional.of(new CheckResult.Unknown(
                        agent.key(),
                        "Several agents run the code of " + directory.path()
                                + ", and nothing of the tree starts it for " + agent.key()))
                : Optional.empty();
    }

    /** A path in the URL, and a port of the host that another service of the tree publishes. */
    private static boolean isForwarded(DeclaredEndpoint.At declared, List<Launch> own, World world) {
        boolean served = own.stream().anyMatch(launch -> launch.serves(declared.port()));
        return !served
                && !declared.path().isEmpty()
                && world.links().launches().all().stream()
                        .anyMatch(launch -> launch.kind() == Launch.Kind.SERVICE
                                && !own.contains(launch)
                                && launch.hostPorts().contains(declared.port()));
    }

    /** What its launches bind and publish decides; the defaults of its code count no longer. */
    private static void launched(
            World world,
            DeclaredAgent agent,
            DeclaredEndpoint.At declared,
            List<Launch> launches,
            CodeView view,
            List<CheckResult> results) {
        if (launches.stream().anyMatch(launch -> launch.serves(declared.port()))) {
            results.add(new CheckResult.Pass(agent.key()));
            return;
        }
        Optional<String> unknown = launches.stream()
                .filter(launch -> launch.unknown() != null && !launch.onlyItsImageKnows())
                .findFirst()
                .map(launch -> "What " + launch.id() + " binds is not known: " + launch.unknown());
        boolean pods = launches.stream().anyMatch(launch -> launch.kind() == Launch.Kind.POD);
        if (unknown.isPresent()) {
            results.add(new CheckResult.Unknown(agent.key(), unknown.get()));
        } else if (pods) {
            results.add(new CheckResult.Unknown(
                    agent.key(), "An Ingress or another way into its cluster may lead from " + declared.port()));
        } else if (byCode(launches) && !CodeView.endsBefore(declared, agent)) {
            List<PortClaims.Claim> claims = new ArrayList<>();
            launches.forEach(launch -> launch.claims()
                    .forEach(claim -> claims.add(
                            new PortClaims.Claim(new PortValue.Known(claim.port(), null), claim.evidence()))));
            PortClaims bound = new PortClaims(claims, List.of());
            results.add(Gateways.before(world, agent, declared, bound.ports())
                    .orElseGet(() -> mismatch(agent, declared, bound, view)));
        }
    }

    /**
     * False where the command line of a unit, or of a service that publishes a port, says the port: that it is another than
     * declared is said of the unit or the service.
     */
    private static boolean byCode(List<Launch> launches) {
        return launches.stream()
                .anyMatch(launch -> launch.claims().stream()
                        .map(claim -> claim.evidence().source())
                        .anyMatch(source -> !source.equals("unit")
                                && (!source.equals("compose")
                                        || launch.published().isEmpty())));
    }

    private static List<Program> programs(DeclaredAgent agent, CodeDirectory directory, CodeView view) {
        Optional<Entry> entry = view.directories().entry(directory, agent);
        if (entry.isPresent() && entry.get().started()) {
            return List.of(entry.get().program());
        }
        List<Program> direct = directory.programs().stream()
                .filter(program -> program.direct()
                        && program.runnable()
                        && !program.binds().isEmpty())
                .toList();
        return direct.isEmpty()
                ? directory.programs().stream().filter(Program::runnable).toList()
                : direct;
    }

    /** Compose publishes the declared port and leads it to one that the code binds. */
    private static boolean isPublished(DeclaredAgent agent, int port, Set<Integer> ports, CodeView view) {
        return view.links().services(agent).stream()
                .map(ComposeFile.Service::ports)
                .flatMap(List::stream)
                .anyMatch(published -> published.host() instanceof PortValue.Known host
                        && host.port() == port
                        && published.container() instanceof PortValue.Known container
                        && ports.contains(container.port()));
    }

    private static CheckResult mismatch(
            DeclaredAgent agent, DeclaredEndpoint.At declared, PortClaims claims, CodeView view) {
        String binds = Words.list(claims.ports());
        List<Evidence> evidence = claims.claims().stream()
                .map(PortClaims.Claim::evidence)
                .distinct()
                .toList();
        boolean started = evidence.stream().allMatch(each -> each.source().equals("launch"));
        String what = started ? "what starts it binds " : "its code binds ";
        Failure.Builder failure = Failure.of(agent.key())
                .host(declared.host())
                .port(declared.port())
                .title(agent.key() + " is declared on " + declared.port() + ", " + what + binds)
                .description("The registry declares " + agent.key() + " on port " + declared.port() + ", but " + what
                        + binds + ": callers that trust the registry do not reach it.")
                .affected(agent.key())
                .evidence(view.url(agent))
                .evidence(evidence)
                .recommend("Declare the port that the agent binds, or let the code bind " + declared.port());
        evidence.forEach(each -> failure.affected(each.file() == null ? agent.key() : each.file()));
        return failure.fail();
    }
}
