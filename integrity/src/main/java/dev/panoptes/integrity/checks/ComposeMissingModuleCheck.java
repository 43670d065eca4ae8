package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.declared.ComposeFile;
import dev.panoptes.integrity.declared.DockerfileModules.Module;
import dev.panoptes.integrity.declared.Invocation;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A compose service whose own command starts a module that nothing puts into the image it is built as. */
final class ComposeMissingModuleCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "compose-missing-module",
                Severity.HIGH,
                CheckGroup.COMPOSE,
                "the command of a compose service starts a module that is not there");
    }

    @Override
    public List<CheckResult> run(World world) throws InterruptedException {
        List<CheckResult> results = new ArrayList<>();
        Optional<ComposeView> view = ComposeView.of(world);
        for (ComposeFile file : view.map(ComposeView::files).orElse(List.of())) {
            for (ComposeFile.Service service : file.services()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted between services");
                }
                Invocation command = service.command() == null ? service.entrypoint() : service.command();
                if (command == null || !view.get().isOwn(file, command.file())) {
                    continue;
                }
                switch (view.get().containers().startedByCompose(service)) {
                    case Module.None none -> {
                        // It starts no module, so the check does not apply.
                    }
                    case Module.Exists exists -> results.add(new CheckResult.Pass(service.id()));
                    case Module.Unclear(String reason) ->
                        results.add(new CheckResult.Unknown(
                                service.id(), "Whether the started module is there cannot be told: " + reason));
                    case Module.Missing missing -> results.add(failed(view.get(), service, command, missing));
                }
            }
        }
        return results;
    }

    private static CheckResult failed(
            ComposeView view, ComposeFile.Service service, Invocation command, Module.Missing missing) {
        return Failure.of(service.id())
                .title(service.id() + " starts " + missing.module() + ", which does not exist")
                .description("The command of " + service.name() + " starts " + missing.module() + ", but there is no "
                        + missing.lookedFor()
                        + " in its image, and no mount puts it there: the container stops at once.")
                .affected(view.affected(service))
                .recommend("Name the module that exists, or restore " + missing.lookedFor())
                .evidence(new Evidence("compose", command.file(), command.line(), String.join(" ", command.written())))
                .fail();
    }
}
