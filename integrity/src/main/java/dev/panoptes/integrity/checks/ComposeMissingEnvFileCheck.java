package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.declared.ComposeFile;
import dev.panoptes.integrity.declared.DeployedPath;
import dev.panoptes.integrity.declared.MadeFiles;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A compose service names an environment file that does not exist: compose refuses to start it. */
final class ComposeMissingEnvFileCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "compose-missing-env-file",
                Severity.MEDIUM,
                CheckGroup.COMPOSE,
                "a compose service reads an env_file that does not exist");
    }

    @Override
    public List<CheckResult> run(World world) {
        List<CheckResult> results = new ArrayList<>();
        Optional<ComposeView> view = ComposeView.of(world);
        if (view.isEmpty()) {
            return results;
        }
        MadeFiles made = world.derived(
                MadeFiles.class, unused -> new MadeFiles(view.get().declarations()));
        for (ComposeFile file : view.get().files()) {
            for (ComposeFile.Service service : file.services()) {
                judge(view.get(), made, file, service).ifPresent(results::add);
            }
        }
        return results;
    }

    private static Optional<CheckResult> judge(
            ComposeView view, MadeFiles made, ComposeFile file, ComposeFile.Service service) {
        List<ComposeFile.EnvironmentFile> gone = new ArrayList<>();
        String unclear = null;
        boolean there = false;
        for (ComposeFile.EnvironmentFile each : service.details().environmentFiles()) {
            String rootPath = each.rootPath();
            if (rootPath == null || !each.required() || !view.isOwn(file, each.file())) {
                continue;
            }
            switch (view.declarations().paths().below(rootPath)) {
                case DeployedPath.Below(String unused, boolean exists, boolean directory) -> {
                    String named = exists ? null : EnvironmentFileAbsence.doubt(view.declarations(), rootPath);
                    String doubt = exists || named != null ? named : made.doubt(rootPath);
                    if (exists) {
                        there = true;
                    } else if (doubt != null) {
                        unclear = unknown(each, doubt);
                    } else {
                        gone.add(each);
                    }
                }
                case DeployedPath.Unclear(String reason) -> unclear = unknown(each, reason);
                case DeployedPath.BuildProduct product -> {
                    // A build makes it.
                }
                case DeployedPath.Outside outside -> {
                    // Not in the scanned tree.
                }
            }
        }
        if (!gone.isEmpty()) {
            return Optional.of(failed(view, service, gone));
        }
        return unclear != null
                ? Optional.of(new CheckResult.Unknown(service.id(), unclear))
                : there ? Optional.of(new CheckResult.Pass(service.id())) : Optional.empty();
    }

    private static String unknown(ComposeFile.EnvironmentFile file, String reason) {
        return "Whether the env_file " + file.path() + " is there is not known: " + reason;
    }

    private static CheckResult failed(
            ComposeView view, ComposeFile.Service service, List<ComposeFile.EnvironmentFile> gone) {
        List<String> paths =
                gone.stream().map(ComposeFile.EnvironmentFile::path).distinct().toList();
        return Failure.of(service.id())
                .title(service.id() + " reads the env_file " + Words.list(paths) + ", which does not exist")
                .description(
                        "There is no " + Words.list(paths) + ", no example of it, and .gitignore does not exclude it."
                                + " Compose refuses to start a service whose env_file is missing.")
                .affected(view.affected(service))
                .recommend("Restore the file, correct the path, which is relative to the compose file, or say required:"
                        + " false")
                .evidence(gone.stream()
                        .map(each -> new Evidence("compose", each.file(), each.line(), "env_file " + each.path()))
                        .toList())
                .fail();
    }
}
