package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.checks.UnitView.Unit;
import dev.panoptes.integrity.declared.DeployedPath;
import dev.panoptes.integrity.declared.UnitFile;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A unit requires an environment file that does not exist: systemd does not start it (systemd.exec(5), EnvironmentFile=). */
final class UnitMissingEnvFileCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "unit-missing-env-file",
                Severity.MEDIUM,
                CheckGroup.SYSTEMD,
                "a unit reads an EnvironmentFile= that does not exist");
    }

    @Override
    public List<CheckResult> run(World world) {
        List<CheckResult> results = new ArrayList<>();
        UnitView.of(world)
                .ifPresent(
                        view -> view.units().forEach(unit -> judge(unit, view).ifPresent(results::add)));
        return results;
    }

    private static Optional<CheckResult> judge(Unit unit, UnitView view) {
        List<UnitFile.EnvironmentFile> gone = new ArrayList<>();
        String unclear = null;
        boolean there = false;
        for (UnitFile copy : unit.copies()) {
            for (UnitFile.EnvironmentFile file : copy.details().references().environmentFiles()) {
                if (file.optional()) {
                    continue;
                }
                switch (view.declarations().paths().locate(file.path())) {
                    case DeployedPath.Below(String rootPath, boolean exists, boolean directory) -> {
                        String doubt = exists ? null : EnvironmentFileAbsence.doubt(view.declarations(), rootPath);
                        if (exists) {
                            there = true;
                        } else if (doubt != null) {
                            unclear = unknown(file, doubt);
                        } else {
                            gone.add(file);
                        }
                    }
                    case DeployedPath.Unclear(String reason) ->
                        unclear = copy.template() ? unclear : unknown(file, reason);
                    case DeployedPath.BuildProduct product -> {
                        // A build makes it.
                    }
                    case DeployedPath.Outside outside -> {
                        // Not of the tree, such as /etc/default.
                    }
                }
            }
        }
        if (!gone.isEmpty()) {
            return Optional.of(failed(unit, view, gone));
        }
        return unclear != null
                ? Optional.of(new CheckResult.Unknown(view.subject(unit), unclear))
                : there ? Optional.of(new CheckResult.Pass(view.subject(unit))) : Optional.empty();
    }

    private static String unknown(UnitFile.EnvironmentFile file, String reason) {
        return "Whether the environment file " + file.path() + " is there is not known: " + reason;
    }

    private static CheckResult failed(Unit unit, UnitView view, List<UnitFile.EnvironmentFile> gone) {
        List<String> paths =
                gone.stream().map(UnitFile.EnvironmentFile::path).distinct().toList();
        return Failure.of(view.subject(unit))
                .host(view.host(unit))
                .title(unit.name() + " reads the environment file " + Words.list(paths) + ", which does not exist")
                .description(
                        "There is no " + Words.list(paths) + ", no example of it, and .gitignore does not exclude it."
                                + " systemd does not start a unit whose EnvironmentFile= is missing, unless the path begins with"
                                + " a dash.")
                .affected(view.affected(unit))
                .recommend("Restore the file, correct the path, or write EnvironmentFile=-" + paths.getFirst()
                        + " where the unit can do without it")
                .evidence(gone.stream()
                        .map(UnitFile.EnvironmentFile::line)
                        .distinct()
                        .map(line -> new Evidence("unit", line.file(), line.line(), line.text()))
                        .toList())
                .fail();
    }
}
