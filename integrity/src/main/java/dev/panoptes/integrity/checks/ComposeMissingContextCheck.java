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

/** A compose service whose build context does not exist. */
final class ComposeMissingContextCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "compose-missing-context",
                Severity.HIGH,
                CheckGroup.COMPOSE,
                "a compose service is built from a folder that does not exist");
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
        switch (BuildContext.of(view.declarations(), build)) {
            case BuildContext.Local context ->
                results.add(
                        context.directory()
                                ? new CheckResult.Pass(service.id())
                                : failed(view, service, build, context));
            case BuildContext.Unclear(String reason) ->
                results.add(new CheckResult.Unknown(
                        service.id(), "Where the build context of " + service.id() + " lies is not known: " + reason));
            case BuildContext.Remote unused -> {
                // It is fetched when it is built.
            }
            case BuildContext.Outside unused -> {
                // Not in the scanned tree.
            }
        }
    }

    private static CheckResult failed(
            ComposeView view, ComposeFile.Service service, ComposeFile.Build build, BuildContext.Local context) {
        String what = context.exists() ? " is no folder" : " does not exist";
        String path = context.rootPath().isEmpty() ? "." : context.rootPath();
        return Failure.of(service.id())
                .title("The build context " + build.context() + " of " + service.id() + what)
                .description(service.id() + " is built from " + path + ", which" + what
                        + ". Compose cannot build it, nor anything that is brought up with it.")
                .affected(view.affected(service))
                .recommend(
                        "Restore " + path + ", let the context name the folder it was moved to, or remove the service")
                .evidence(ComposeView.evidence(build))
                .fail();
    }
}
