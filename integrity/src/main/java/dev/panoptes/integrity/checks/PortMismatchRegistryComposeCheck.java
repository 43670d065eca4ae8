package dev.panoptes.integrity.checks;

import dev.panoptes.code.PortValue;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.DeclaredEndpoint;
import dev.panoptes.core.registry.DeclaredHost;
import dev.panoptes.integrity.declared.ComposeFile;
import dev.panoptes.integrity.declared.ContainerPorts.Bound;
import dev.panoptes.integrity.declared.ContainerPorts.Listening;
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
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The registry declares another port than the compose service of the agent publishes on the host. */
final class PortMismatchRegistryComposeCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "port-mismatch-registry-compose",
                Severity.HIGH,
                CheckGroup.COMPOSE,
                "the registry declares another port than the agent's compose service publishes");
    }

    @Override
    public List<CheckResult> run(World world) throws InterruptedException {
        List<CheckResult> results = new ArrayList<>();
        Optional<ComposeView> view = ComposeView.of(world);
        if (view.isEmpty()) {
            return results;
        }
        for (DeclaredAgent agent : world.registry().agents()) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted between agents");
            }
            List<Published> published = published(view.get(), world.links().services(agent));
            if (published.isEmpty()) {
                elsewhere(world, view.get(), agent).ifPresent(results::add);
                continue;
            }
            switch (world.registry().endpoint(agent)) {
                case DeclaredEndpoint.At at -> judge(world, view.get(), agent, at, published, results);
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

    /**
     * An agent that nothing of the tree is linked to, on a port of the host that nothing of the tree has: unknown where one service
     * that belongs to nobody has that port inside, and publishes it as another.
     */
    private static Optional<CheckResult> elsewhere(World world, ComposeView view, DeclaredAgent agent) {
        if (!(world.registry().endpoint(agent) instanceof DeclaredEndpoint.At at)
                || !at.host().equals(DeclaredHost.LOCAL)
                || !world.links().launches(agent).isEmpty()
                || world.links().launches().all().stream()
                        .anyMatch(launch ->
                                launch.serves(at.port()) && launch.hostPorts().contains(at.port()))) {
            return Optional.empty();
        }
        List<ComposeFile.Published> meant = view.files().stream()
                .flatMap(file -> file.services().stream())
                .filter(service -> world.links().agentOf(service).isEmpty())
                .flatMap(service -> service.ports().stream())
                .filter(port -> port.container().is(at.port())
                        && port.host() instanceof PortValue.Known known
                        && known.port() != at.port())
                .toList();
        return meant.size() != 1
                ? Optional.empty()
                : Optional.of(new CheckResult.Unknown(
                        agent.key(),
                        "Nothing of the tree is known to be " + agent.key() + ", nor has port " + at.port()
                                + " of the host; "
                                + ComposeView.evidence(meant.getFirst()).file()
                                + " publishes such a port of a container as another"));
    }

    /**
     * What one service publishes.
     *
     * @param open why it may publish others; null where these are all
     */
    private record Published(
            ComposeFile.Service service,
            SequencedSet<Integer> ports,
            List<Evidence> evidence,
            @Nullable String open) {}

    private static List<Published> published(ComposeView view, List<ComposeFile.Service> services) {
        List<Published> published = new ArrayList<>();
        for (ComposeFile.Service service : services) {
            Published each = service.hostNetwork() ? onHost(view, service) : published(service);
            if (!each.ports.isEmpty() || each.open != null) {
                published.add(each);
            }
        }
        return published;
    }

    private static Published published(ComposeFile.Service service) {
        SequencedSet<Integer> ports = new LinkedHashSet<>();
        List<Evidence> evidence = new ArrayList<>();
        String open = null;
        for (ComposeFile.Published published : service.ports()) {
            if (!published.protocol().equals("tcp")) {
                continue;
            }
            switch (published.host()) {
                case PortValue.Known(int port, String variable) -> {
                    ports.add(port);
                    evidence.add(ComposeView.evidence(published));
                }
                case PortValue.Unresolved(String reason, String variable) -> open = reason;
                case null -> open = "Docker picks the host port when the container starts";
            }
        }
        return new Published(service, ports, evidence, open);
    }

    private static Published onHost(ComposeView view, ComposeFile.Service service) {
        SequencedSet<Integer> ports = new LinkedHashSet<>();
        return switch (view.containers().of(service)) {
            case Listening.On on -> {
                on.ports().stream().map(Bound::port).forEach(ports::add);
                yield new Published(service, ports, on.evidence(), on.doubt());
            }
            case Listening.Unknown(String reason) -> new Published(service, ports, List.of(), reason);
            case Listening.NotJudged unused -> new Published(service, ports, List.of(), null);
        };
    }

    private static void judge(
            World world,
            ComposeView view,
            DeclaredAgent agent,
            DeclaredEndpoint.At declared,
            List<Published> published,
            List<CheckResult> results) {
        List<Published> others = published.stream()
                .filter(each -> !each.ports.contains(declared.port()))
                .toList();
        List<Published> wrong =
                others.stream().filter(each -> each.open == null).toList();
        // A container may be called by its name and its own port; another launch may serve the URL.
        boolean served = view.links().launches(agent).stream().anyMatch(launch -> launch.serves(declared.port()));
        Published inside = wrong.stream()
                .filter(each -> each.service.name().equalsIgnoreCase(declared.address())
                        || each.service.details().names().contains(declared.address()))
                .filter(each -> leads(each, declared.port()))
                .filter(each -> isOpen(view.containers().of(each.service)))
                .findFirst()
                .orElse(null);
        if (others.isEmpty() || served) {
            results.add(new CheckResult.Pass(agent.key()));
        } else if (inside != null) {
            results.add(new CheckResult.Unknown(
                    agent.key(),
                    "The URL names " + inside.service.id() + " by its name in its network, and whether its container"
                            + " listens on " + declared.port() + " is not known"));
        } else if (!wrong.isEmpty() && open(view, agent) != null) {
            results.add(new CheckResult.Unknown(
                    agent.key(), "What starts it on the host besides may have that port: " + open(view, agent)));
        } else if (!wrong.isEmpty() && isBehindProxy(declared)) {
            results.add(new CheckResult.Unknown(
                    agent.key(), "The URL names no port of its own, so a proxy may stand before the published one"));
        } else if (!wrong.isEmpty()) {
            Set<Integer> ports =
                    wrong.stream().flatMap(each -> each.ports.stream()).collect(Collectors.toSet());
            results.add(Gateways.before(world, agent, declared, ports)
                    .orElseGet(() -> failed(world, view, agent, declared, wrong)));
        } else {
            Published first = others.getFirst();
            results.add(new CheckResult.Unknown(
                    agent.key(), "What " + first.service.id() + " publishes is not known: " + first.open));
        }
    }

    /** Why it is not known what a launch of it on the host binds; null where there is none, or all is known. */
    private static @Nullable String open(ComposeView view, DeclaredAgent agent) {
        return view.links().launches(agent).stream()
                .filter(launch -> launch.onHost() && launch.kind() != Launch.Kind.SERVICE)
                .map(Launch::unknown)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** True where a published port leads to this one of the container. */
    private static boolean leads(Published published, int port) {
        return published.service.ports().stream()
                .anyMatch(each -> each.container().is(port));
    }

    private static boolean isOpen(Listening listening) {
        return listening instanceof Listening.Unknown || (listening instanceof Listening.On on && on.doubt() != null);
    }

    /** On another host, the port that its scheme stands for is mostly a proxy's. */
    private static boolean isBehindProxy(DeclaredEndpoint.At declared) {
        boolean standard = declared.port() == (declared.scheme().equals("https") ? 443 : 80);
        return standard
                && (declared.scheme().equals("https") || !declared.host().equals(DeclaredHost.LOCAL));
    }

    private static CheckResult failed(
            World world, ComposeView view, DeclaredAgent agent, DeclaredEndpoint.At declared, List<Published> wrong) {
        SequencedSet<Integer> ports = new LinkedHashSet<>();
        wrong.forEach(each -> ports.addAll(each.ports));
        List<String> ids = wrong.stream().map(each -> each.service.id()).toList();
        boolean onHost = wrong.stream().allMatch(each -> each.service.hostNetwork());
        String does = onHost ? "bind" : "publish";
        String one = does + (onHost ? "s " : "es ");
        Failure.Builder failure = Failure.of(agent.key())
                .host(world.registry().hostOf(agent))
                .port(declared.port())
                .title(agent.key() + " is declared on " + declared.port() + ", "
                        + (onHost ? "on the host's network it binds " : "compose publishes it on ")
                        + Words.list(ports))
                .description("The registry declares " + agent.key() + " on port " + declared.port() + ", but "
                        + Words.list(ids) + " " + (ids.size() == 1 ? one : does + " ") + Words.list(ports)
                        + " on the host: callers that trust the registry do not reach it.")
                .affected(agent.key())
                .recommend(
                        onHost
                                ? "Let " + agent.key() + " bind " + declared.port()
                                        + ", or declare the port that it binds"
                                : "Publish " + agent.key() + " on " + declared.port()
                                        + ", or declare the published port")
                .evidence(CodeView.of(world).url(agent));
        for (Published each : wrong) {
            failure.affected(view.affected(each.service)).evidence(each.evidence);
        }
        return failure.fail();
    }
}
