package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.declared.BaseImages;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.DirectoryNames;
import dev.panoptes.integrity.declared.Dockerfile;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A RUN of a package manager that the distribution of its image does not have: the build stops there. */
final class ForeignPackageManagerCheck implements Check {
    private static final Pattern MANAGER = Pattern.compile(
            "^(?:--\\S+\\s+)*(?:set -\\w+\\s*(?:&&|;)\\s*)?(apt-get|apt|apk|dnf|yum|microdnf|zypper|pacman)\\s");

    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "foreign-package-manager",
                Severity.HIGH,
                CheckGroup.DOCKERFILE,
                "a Dockerfile runs a package manager that its image does not have");
    }

    @Override
    public List<CheckResult> run(World world) {
        List<CheckResult> results = new ArrayList<>();
        Declarations declarations = world.declarations();
        if (declarations == null) {
            return results;
        }
        for (Dockerfile dockerfile : declarations.dockerfiles()) {
            boolean judged = false;
            CheckResult failed = null;
            for (Dockerfile.Stage stage : dockerfile.stages()) {
                String manager = stage.base() == null ? "" : BaseImages.packageManager(stage.base());
                for (Dockerfile.Run run : manager.isEmpty() ? List.<Dockerfile.Run>of() : stage.runs()) {
                    Matcher called = MANAGER.matcher(run.text().strip());
                    judged |= called.find();
                    if (failed == null && called.lookingAt() && !manager.equals(family(called.group(1)))) {
                        failed = failed(declarations, dockerfile, stage, run, called.group(1), manager);
                    }
                }
            }
            if (failed != null) {
                results.add(failed);
            } else if (judged) {
                results.add(new CheckResult.Pass(dockerfile.rootPath()));
            }
        }
        return results;
    }

    private static String family(String program) {
        return switch (program) {
            case "apt" -> "apt-get";
            case "yum", "microdnf" -> "dnf";
            default -> program;
        };
    }

    private static CheckResult failed(
            Declarations declarations,
            Dockerfile dockerfile,
            Dockerfile.Stage stage,
            Dockerfile.Run run,
            String program,
            String manager) {
        Failure.Builder failure = Failure.of(dockerfile.rootPath())
                .title(dockerfile.rootPath() + " runs " + program + ", which " + stage.base() + " does not have")
                .description("The image " + stage.base() + " installs packages by " + manager + " and comes without "
                        + program + ": the build stops at line " + run.line() + ".")
                .recommend("Install by " + manager + ", or begin with an image that has " + program)
                .evidence(new Evidence("dockerfile", dockerfile.rootPath(), run.line(), "RUN " + run.text()));
        DirectoryNames.of(declarations, dockerfile.rootPath(), false).ifPresent(failure::affected);
        return failure.affected(dockerfile.rootPath()).fail();
    }
}
