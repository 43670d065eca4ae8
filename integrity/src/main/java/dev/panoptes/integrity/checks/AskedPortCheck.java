package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.Launch;
import dev.panoptes.integrity.declared.PortMentions.LocalPort;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A script or a configuration asks a port of its own machine that only exists inside a container. */
final class AskedPortCheck implements Check {
    private static final String NOBODY =
            "Nothing of the tree is known to listen on the port of its own machine that is asked; something else may";
    private static final Pattern BUNDLER = Pattern.compile("(.*/)?vite\\.config\\.\\w+");
    private static final Pattern SCRIPT = Pattern.compile("(?i).*(\\.sh|\\.bash|makefile|justfile)");

    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "asked-port",
                Severity.LOW,
                CheckGroup.CODE,
                "a script asks a port of the machine that is only open inside a container");
    }

    @Override
    public List<CheckResult> run(World world) throws InterruptedException {
        List<CheckResult> results = new ArrayList<>();
        Declarations declarations = world.declarations();
        if (declarations == null || declarations.mentions().local().isEmpty()) {
            return results;
        }
        List<Launch> launches = world.links().launches().all();
        for (LocalPort asked : declarations.mentions().local()) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted between ports that are asked");
            }
            results.add(
                    BUNDLER.matcher(asked.file()).matches() && isBoundByDefault(declarations, asked.port())
                            ? new CheckResult.Pass(asked.file() + "#" + asked.port())
                            : judge(launches, asked));
        }
        return results;
    }

    /** A development server asks what is started beside it by hand, as its code says. */
    private static boolean isBoundByDefault(Declarations declarations, int port) {
        return declarations.code().directories().stream()
                .flatMap(directory -> directory.programs().stream())
                .flatMap(program -> program.binds().stream())
                .anyMatch(bind -> bind.port().is(port));
    }

    private static CheckResult judge(List<Launch> launches, LocalPort asked) {
        String subject = asked.file() + "#" + asked.port();
        if (launches.stream()
                .anyMatch(launch -> launch.hostPorts().contains(asked.port())
                        || (asked.inContainer() && launch.bound().contains(asked.port())))) {
            return new CheckResult.Pass(subject);
        }
        List<Launch> inside = launches.stream()
                .filter(launch -> !launch.onHost() && launch.bound().contains(asked.port()))
                .toList();
        boolean known = launches.stream().allMatch(launch -> launch.unknown() == null);
        if (asked.inContainer()
                || !known
                || inside.size() != 1
                || inside.getFirst().published().size() != 1
                || !SCRIPT.matcher(asked.file()).matches()) {
            return new CheckResult.Unknown(subject, NOBODY);
        }
        Launch meant = inside.getFirst();
        return Failure.of(subject)
                .port(asked.port())
                .title(asked.file() + " asks port " + asked.port() + " of the machine, which is published as "
                        + Words.list(meant.hostPorts()))
                .description("Port " + asked.port() + " is open inside the container of " + meant.id()
                        + ". From outside of it the published port counts.")
                .affected(asked.file(), meant.id())
                .recommend("Ask port " + Words.list(meant.hostPorts()))
                .evidence(new Evidence("script", asked.file(), asked.line(), asked.text()))
                .evidence(meant.published().getFirst().evidence())
                .fail();
    }
}
