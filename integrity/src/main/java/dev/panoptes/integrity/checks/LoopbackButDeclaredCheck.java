package dev.panoptes.integrity.checks;

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
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Who is to be reached by others is started so that it listens on loopback only: an agent of a host that others name, or of a
 * container that publishes nothing; and a compose service that a neighbour asks, whether a registry declares it or not.
 */
final class LoopbackButDeclaredCheck implements Check {
    /** An address or a name with a dot means the host to others; a bare name may be anything. */
    private static final Pattern REACHED = Pattern.compile("[0-9.]+|.*:.*|.+\\..+");

    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "loopback-but-declared",
                Severity.HIGH,
                CheckGroup.CODE,
                "an agent that is declared for others, or a service that a neighbour asks, listens on loopback only");
    }

    @Override
    public List<CheckResult> run(World world) throws InterruptedException {
        List<CheckResult> results = new ArrayList<>();
        for (DeclaredAgent agent : world.registry().agents()) {
            if (world.registry().endpoint(agent) instanceof DeclaredEndpoint.At at && !at.isLoopback()) {
                judge(world, agent, at, results);
            }
        }
        Set<String> told = results.stream()
                .filter(CheckResult.Fail.class::isInstance)
                .map(CheckResult.Fail.class::cast)
                .flatMap(fail -> fail.failure().affected().stream())
                .collect(Collectors.toSet());
        Optional<ComposeView> view = ComposeView.of(world);
        for (ComposeFile file : view.map(ComposeView::files).orElse(List.of())) {
            for (ComposeFile.Service service : file.services()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted between services");
                }
                if (!told.contains(service.id())) {
                    asked(view.get(), file, service, results);
                }
            }
        }
        return results;
    }

    /** A service whose every bind of a port that a neighbour asks is on its container's loopback. */
    private static void asked(
            ComposeView view, ComposeFile file, ComposeFile.Service service, List<CheckResult> results) {
        List<ComposeFile.Upstream> asking = file.project().upstreams().stream()
                .filter(each -> !each.service().equals(service.id()))
                .filter(each -> service.name().equals(each.host())
                        || service.details().names().contains(each.host()))
                .toList();
        if (asking.isEmpty()
                || service.hostNetwork()
                || ComposeView.sharing(file, service) != null
                || !(view.containers().of(service) instanceof Listening.On on)
                || on.doubt() != null) {
            return;
        }
        for (ComposeFile.Upstream upstream : asking) {
            // Whatever port is asked, nothing of it can be reached where all of it is on the loopback.
            List<Bound> bound = on.ports().stream()
                    .filter(each -> each.port() == upstream.port() || !on.includes(upstream.port()))
                    .toList();
            if (!bound.stream().allMatch(Bound::onLoopback)
                    || isPublished(service, upstream.port())
                    || bound.stream().anyMatch(each -> isPublished(service, each.port()))
                    || isAlsoCalled(file, service, upstream.host())) {
                continue;
            }
            results.add(Failure.of(service.id())
                    .port(upstream.port())
                    .title(service.id() + " is asked by " + upstream.service() + " on port " + upstream.port()
                            + ", but listens on " + bound.getFirst().address() + " of its container only")
                    .description(upstream.file() + " leads to port " + upstream.port() + " of the container of "
                            + service.name() + ". Its program listens on "
                            + bound.getFirst().address()
                            + " there, which no other container reaches: every call is refused.")
                    .affected(view.affected(service))
                    .affected(upstream.service())
                    .evidence(new Evidence("compose", upstream.file(), upstream.line(), upstream.text()))
                    .evidence(bound.stream().map(Bound::evidence).distinct().toList())
                    .recommend("Let the program listen on 0.0.0.0 inside the container (--host 0.0.0.0); what is not"
                            + " published stays within the network of the services")
                    .fail());
            return;
        }
        if (on.ports().stream().allMatch(each -> each.address() != null)) {
            results.add(new CheckResult.Pass(service.id()));
        }
    }

    /** What is published is told as that. */
    private static boolean isPublished(ComposeFile.Service service, int port) {
        return service.ports().stream().anyMatch(each -> each.container().is(port));
    }

    private static boolean isAlsoCalled(ComposeFile file, ComposeFile.Service service, String name) {
        return file.services().stream()
                .anyMatch(other -> !other.id().equals(service.id())
                        && (other.name().equals(name) || other.details().names().contains(name)));
    }

    private static void judge(World world, DeclaredAgent agent, DeclaredEndpoint.At at, List<CheckResult> results) {
        List<Launch> launches = world.links().launches(agent);
        List<Launch.Claim> claims = new ArrayList<>();
        for (Launch launch : launches) {
            if (launch.unknown() != null || !isMeant(world, launch, at)) {
                // A port that it publishes, or another program that shares its network, may lead to it.
                return;
            }
            launch.claims().stream().filter(claim -> claim.port() == at.port()).forEach(claims::add);
        }
        if (claims.isEmpty() || claims.stream().anyMatch(claim -> claim.address() == null)) {
            return;
        }
        if (!claims.stream().allMatch(Launch.Claim::onLoopback)) {
            results.add(new CheckResult.Pass(agent.key()));
            return;
        }
        String address = String.valueOf(claims.getFirst().address());
        Failure.Builder failure = Failure.of(agent.key())
                .host(at.host())
                .port(at.port())
                .title(agent.key() + " is declared at " + at.address() + ", but listens on " + address + " only")
                .description("The registry declares " + agent.key() + " at " + at.address() + ":" + at.port()
                        + " for others, but "
                        + launches.getFirst().id() + " starts it on " + address + ":" + at.port()
                        + ", where nobody but its own " + (launches.getFirst().onHost() ? "host" : "container")
                        + " reaches it.")
                .affected(agent.key())
                .evidence(new CodeView(
                                world.registry(), world.links(), world.links().code())
                        .url(agent))
                .recommend("Let " + agent.key()
                        + " listen on 0.0.0.0 or on the address that is declared, or declare it at " + address);
        claims.forEach(claim -> failure.evidence(claim.evidence()));
        launches.forEach(launch -> failure.affected(launch.id()));
        results.add(failure.fail());
    }

    /** True where a caller by the declared URL would have to reach this launch's own socket. */
    private static boolean isMeant(World world, Launch launch, DeclaredEndpoint.At at) {
        if (launch.onHost()) {
            return !at.host().equals(DeclaredHost.LOCAL)
                    || REACHED.matcher(at.address()).matches();
        }
        return launch.published().isEmpty()
                && launch.names().contains(at.address())
                && launch.space() instanceof Launch.Space.Container(String owner)
                && world.declarations() != null
                && world.declarations().composeFiles().stream()
                        .map(ComposeFile::services)
                        .flatMap(List::stream)
                        .noneMatch(service -> service.networkOf() != null && owner.endsWith("#" + service.networkOf()));
    }
}
