package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.declared.BuildContext;
import dev.panoptes.integrity.declared.ComposeFile;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A compose service whose Dockerfile does not exist. */
final class ComposeMissingDockerfileCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "compose-missing-dockerfile",
                Severity.HIGH,
                CheckGroup.COMPOSE,
                "a compose service is built by a Dockerfile that does not exist");
    }

    @Override
    public List<CheckResult> run(World world) throws InterruptedException {
        List<CheckResult> results = new ArrayList<>();
        Optional<ComposeView> view = ComposeView.of(world);
        if (view.isPresent()) {
            for (ComposeView.Built built : view.get().built()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted between services");
                }
                judge(view.get(), built.service(), built.build(), results);
            }
        }
        return results;
    }

    private static void judge(
            ComposeView view, ComposeFile.Service service, ComposeFile.Build build, List<CheckResult> results) {
        BuildContext context = BuildContext.of(view.declarations(), build);
        BuildContext dockerfile = context instanceof BuildContext.Local local
                ? BuildContext.dockerfile(view.declarations(), build, local)
                : context;
        switch (dockerfile) {
            case BuildContext.Local file ->
                results.add(
                        file.exists() && !file.directory()
                                ? new CheckResult.Pass(service.id())
                                : failed(view, service, build, file));
            case BuildContext.Unclear(String reason) ->
                results.add(new CheckResult.Unknown(
                        service.id(), "Where the Dockerfile of " + service.id() + " lies is not known: " + reason));
            case BuildContext.Remote unused -> {
                // It is fetched with its context, or stands in the compose file.
            }
            case BuildContext.Outside unused -> {
                // Not in the scanned tree.
            }
        }
    }

    private static CheckResult failed(
            ComposeView view, ComposeFile.Service service, ComposeFile.Build build, BuildContext.Local file) {
        String what = file.exists() ? " is no file" : " does not exist";
        return Failure.of(service.id())
                .title("The Dockerfile of " + service.id() + what)
                .description(service.id() + " is built by " + file.rootPath() + ", which" + what
                        + ". Compose cannot build it, nor anything that is brought up with it.")
                .affected(view.affected(service))
                .recommend(
                        "Restore " + file.rootPath() + ", or let the build section name the Dockerfile that is there")
                .evidence(ComposeView.evidence(build))
                .fail();
    }
}
