package dev.panoptes.integrity.checks;

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

/** A unit whose WorkingDirectory is not there: systemd does not start it (status 200/CHDIR). */
final class SystemdMissingWorkdirCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "systemd-missing-workdir",
                Severity.HIGH,
                CheckGroup.SYSTEMD,
                "the working directory of a unit does not exist");
    }

    @Override
    public List<CheckResult> run(World world) {
        List<CheckResult> results = new ArrayList<>();
        UnitView.of(world).ifPresent(view -> view.units().forEach(unit -> judge(unit, view, results)));
        return results;
    }

    private static void judge(Unit unit, UnitView view, List<CheckResult> results) {
        List<UnitFile> missing = new ArrayList<>();
        String unknown = null;
        boolean there = false;
        for (UnitFile file : unit.copies()) {
            String directory = file.workingDirectory();
            if (directory == null || file.details().workingDirectoryOptional()) {
                continue;
            }
            switch (view.declarations().paths().locate(directory)) {
                case DeployedPath.Below(String unused, boolean exists, boolean folder) -> {
                    if (exists && folder) {
                        there = true;
                    } else {
                        missing.add(file);
                    }
                }
                case DeployedPath.Outside unused -> {
                    if (!view.declarations().paths().isOfSystem(directory)) {
                        unknown = "Whether the working directory of " + unit.name() + " exists cannot be told: "
                                + directory + " lies outside of where the tree is deployed";
                    }
                }
                case DeployedPath.BuildProduct(String component) ->
                    unknown = "The working directory of " + unit.name() + " goes through " + component
                            + ", which a build or installation makes";
                case DeployedPath.Unclear(String reason) ->
                    unknown = unit.first().template()
                            ? unknown
                            : "Whether the working directory of " + unit.name() + " exists cannot be told: " + reason;
            }
        }
        if (!missing.isEmpty()) {
            results.add(missing(unit, missing, view));
        } else if (unknown != null) {
            results.add(new CheckResult.Unknown(view.subject(unit), unknown));
        } else if (there) {
            results.add(new CheckResult.Pass(view.subject(unit)));
        }
    }

    private static CheckResult missing(Unit unit, List<UnitFile> missing, UnitView view) {
        String directory = String.valueOf(missing.getFirst().workingDirectory());
        Failure.Builder failure = Failure.of(view.subject(unit))
                .host(view.host(unit))
                .title(unit.name() + " works in " + directory + ", which does not exist")
                .description("systemd changes to the working directory before it starts a service, so " + unit.name()
                        + " does not start: there is no directory " + directory + ".")
                .recommend("Give the unit the directory that holds its program, or remove the unit");
        view.owner(unit).ifPresent(failure::affected);
        missing.forEach(file -> failure.affected(file.rootPath()).evidence(UnitView.workingDirectory(file)));
        return failure.fail();
    }
}
