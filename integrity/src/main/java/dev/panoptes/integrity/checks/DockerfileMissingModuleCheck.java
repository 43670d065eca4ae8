package dev.panoptes.integrity.checks;

import dev.panoptes.code.command.StartCommand;
import dev.panoptes.code.command.StartCommandParser;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.DirectoryNames;
import dev.panoptes.integrity.declared.Dockerfile;
import dev.panoptes.integrity.declared.DockerfileModules;
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
import org.jspecify.annotations.Nullable;

/** A Dockerfile whose CMD or ENTRYPOINT starts a module that nothing puts into the image. */
final class DockerfileMissingModuleCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "dockerfile-missing-module",
                Severity.HIGH,
                CheckGroup.DOCKERFILE,
                "a Dockerfile starts a module that is not there");
    }

    @Override
    public List<CheckResult> run(World world) throws InterruptedException {
        Declarations declarations = world.declarations();
        List<CheckResult> results = new ArrayList<>();
        if (declarations == null) {
            return results;
        }
        DockerfileModules modules = world.links().images().orElseThrow().modules();
        for (Dockerfile dockerfile : declarations.dockerfiles()) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted between Dockerfiles");
            }
            StartCommand start = dockerfile.start();
            if (start == null) {
                continue;
            }
            String subject = dockerfile.rootPath();
            StartCommand entry = entry(dockerfile.stages().getLast());
            if (entry != null
                    && modules.find(dockerfile, dockerfile.stages().getLast(), entry)
                            instanceof Module.Missing missing) {
                results.add(failed(declarations, dockerfile, entry, missing));
                continue;
            }
            switch (modules.find(dockerfile)) {
                case Module.None none -> {
                    // It starts no module, so the check does not apply.
                }
                case Module.Exists exists -> results.add(new CheckResult.Pass(subject));
                case Module.Unclear(String reason) ->
                    results.add(new CheckResult.Unknown(
                            subject, "Whether the started module is there cannot be told: " + reason));
                case Module.Missing missing -> results.add(failed(declarations, dockerfile, start, missing));
            }
        }
        return results;
    }

    /** The script that is the entry point of another command, which is started in its turn; null where there is none. */
    private static @Nullable StartCommand entry(Dockerfile.Stage stage) {
        Invocation entrypoint = stage.entrypoint();
        Invocation command = stage.command();
        return entrypoint == null
                        || entrypoint.shell()
                        || entrypoint.words().size() != 1
                        || entrypoint.words().getFirst().indexOf('/') < 0
                        || command == null
                        || command.words().isEmpty()
                ? null
                : StartCommandParser.ofArguments(entrypoint.words(), stage.environment(), entrypoint.line());
    }

    private static CheckResult failed(
            Declarations declarations, Dockerfile dockerfile, StartCommand start, Module.Missing missing) {
        Failure.Builder failure = Failure.of(dockerfile.rootPath())
                .title(dockerfile.rootPath() + " starts " + missing.module() + ", which does not exist")
                .description("The image would start " + missing.module() + ", but there is no " + missing.lookedFor()
                        + ", and nothing else in the Dockerfile puts it there. A container of it stops at once.")
                .recommend("Name the module that exists, or restore " + missing.lookedFor())
                .evidence(new Evidence("dockerfile", dockerfile.rootPath(), start.line(), start.text()));
        DirectoryNames.of(declarations, dockerfile.rootPath(), false).ifPresent(failure::affected);
        return failure.affected(dockerfile.rootPath()).fail();
    }
}
