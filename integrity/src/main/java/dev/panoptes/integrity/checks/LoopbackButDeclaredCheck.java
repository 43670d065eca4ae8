package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.DeclaredEndpoint;
import dev.panoptes.core.registry.DeclaredHost;
import dev.panoptes.integrity.declared.ComposeFile;
import dev.panoptes.integrity.declared.Launch;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * An agent that others are to reach is started so that it listens on loopback only: of a host that others name, or of a
 * container that publishes nothing.
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
                "an agent that is declared for others listens on loopback only");
    }

    @Override
    public List<CheckResult> run(World world) {
        List<CheckResult> results = new ArrayList<>();
        for (DeclaredAgent agent : world.registry().agents()) {
            if (world.registry().endpoint(agent) instanceof DeclaredEndpoint.At at && !at.isLoopback()) {
                judge(world, agent, at, results);
            }
        }
        return results;
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
