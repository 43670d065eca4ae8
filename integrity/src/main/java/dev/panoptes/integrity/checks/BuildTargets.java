package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.integrity.declared.BuildContext;
import dev.panoptes.integrity.declared.BuildFiles.Reference;
import dev.panoptes.integrity.declared.BuildFiles.Target;
import dev.panoptes.integrity.declared.ComposeFile;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.Dockerfile;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether what files of builds name is there. */
final class BuildTargets {
    private final Declarations declarations;

    private BuildTargets(Declarations declarations) {
        this.declarations = declarations;
    }

    /** @param developers true for what devcontainers name, else for what bake builds */
    static List<CheckResult> judge(World world, boolean developers) throws InterruptedException {
        List<CheckResult> results = new ArrayList<>();
        Declarations declarations = world.declarations();
        if (declarations == null) {
            return results;
        }
        BuildTargets judge = new BuildTargets(declarations);
        for (Reference reference : declarations.builds().references()) {
            if (reference.developers() == developers) {
                results.add(named(reference));
            }
        }
        for (Target target : declarations.builds().targets()) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted between targets of builds");
            }
            CheckResult result = target.developers() == developers ? judge.built(target) : null;
            if (result != null) {
                results.add(result);
            }
        }
        return results;
    }

    private static CheckResult named(Reference reference) {
        String subject = reference.file() + "#" + reference.what() + "-" + reference.name();
        if (reference.unclear() != null) {
            return new CheckResult.Unknown(
                    subject,
                    "Whether the " + reference.what() + " " + reference.name() + " that " + reference.file()
                            + " names is there is not known: " + reference.unclear());
        }
        return reference.found()
                ? new CheckResult.Pass(subject)
                : Failure.of(subject)
                        .title(reference.file() + " names the " + reference.what() + " " + reference.name()
                                + ", which does not exist")
                        .description("Line " + reference.line()
                                + " names it, and nothing is called so: the command that reads " + reference.file()
                                + " stops there.")
                        .affected(reference.file())
                        .recommend("Name what is there, or restore " + reference.name())
                        .evidence(new Evidence(
                                "build", reference.file(), reference.line(), reference.what() + " " + reference.name()))
                        .fail();
    }

    /** Null where it lies outside the tree. */
    private @Nullable CheckResult built(Target target) {
        CheckResult unknown = null;
        CheckResult missing = null;
        boolean outside = false;
        for (ComposeFile.Build build : target.builds()) {
            BuildContext context = BuildContext.of(declarations, build);
            BuildContext place = context instanceof BuildContext.Local local && local.exists()
                    ? BuildContext.dockerfile(declarations, build, local)
                    : context;
            switch (place) {
                case BuildContext.Local file -> {
                    if (file.exists() && !file.directory()) {
                        return staged(target, build, file.rootPath());
                    }
                    missing = missing == null
                            ? failed(target, build, file.rootPath().isEmpty() ? "." : file.rootPath())
                            : missing;
                }
                case BuildContext.Unclear(String reason) ->
                    unknown = new CheckResult.Unknown(
                            target.id(), "What " + target.id() + " is built from is not known: " + reason);
                case BuildContext.Remote unused -> outside = true;
                case BuildContext.Outside unused -> outside = true;
            }
        }
        return outside ? null : unknown != null ? unknown : missing;
    }

    private CheckResult staged(Target target, ComposeFile.Build build, String file) {
        String stage = build.target();
        for (Dockerfile dockerfile : declarations.dockerfiles()) {
            if (stage != null
                    && dockerfile.rootPath().equals(file)
                    && !stage.matches("[0-9]+")
                    && dockerfile.stages().stream().noneMatch(each -> stage.equalsIgnoreCase(each.name()))) {
                return Failure.of(target.id())
                        .title(target.id() + " builds the stage " + stage + ", which " + file + " does not have")
                        .description("No FROM of " + file + " begins a stage called " + stage + ": the build stops.")
                        .affected(target.id())
                        .recommend("Name a stage of " + file)
                        .evidence(new Evidence("build", build.file(), build.line(), "target " + stage))
                        .fail();
            }
        }
        return new CheckResult.Pass(target.id());
    }

    private static CheckResult failed(Target target, ComposeFile.Build build, String missing) {
        return Failure.of(target.id())
                .title(target.id() + " is built from " + missing + ", which does not exist")
                .description(build.file() + " says that " + target.id() + " is built from " + missing
                        + ", and it is not there: the build stops.")
                .affected(target.id())
                .recommend("Restore " + missing + ", or name what is there")
                .evidence(new Evidence("build", build.file(), build.line(), missing))
                .fail();
    }
}
