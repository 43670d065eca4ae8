package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.checks.UnitView.Unit;
import dev.panoptes.integrity.declared.UnitFile;
import dev.panoptes.integrity.declared.UnitPrograms.Module;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A unit that starts a script or module that is not there. */
final class SystemdMissingModuleCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "systemd-missing-module",
                Severity.HIGH,
                CheckGroup.SYSTEMD,
                "a unit starts a module that is not there");
    }

    @Override
    public List<CheckResult> run(World world) {
        List<CheckResult> results = new ArrayList<>();
        UnitView.of(world).ifPresent(view -> view.units().forEach(unit -> judge(unit, view, results)));
        return results;
    }

    private static void judge(Unit unit, UnitView view, List<CheckResult> results) {
        Map<UnitFile, Module.Missing> missing = new LinkedHashMap<>();
        String unknown = null;
        boolean there = false;
        for (UnitFile file : unit.copies()) {
            switch (view.programs().module(file)) {
                case Module.Exists unused -> there = true;
                case Module.Missing each -> missing.put(file, each);
                case Module.Unclear(String reason) -> unknown = file.template() ? unknown : reason;
                case Module.None unused -> {
                    // It starts no module, or one that is not judged offline.
                }
            }
        }
        String subject = view.subject(unit);
        if (!missing.isEmpty()) {
            results.add(missing(unit, missing, view));
        } else if (unknown != null) {
            results.add(new CheckResult.Unknown(
                    subject, "Whether what " + unit.name() + " starts is there cannot be told: " + unknown));
        } else if (there) {
            results.add(new CheckResult.Pass(subject));
        }
    }

    private static CheckResult missing(Unit unit, Map<UnitFile, Module.Missing> missing, UnitView view) {
        Module.Missing first = missing.values().iterator().next();
        Failure.Builder failure = Failure.of(view.subject(unit))
                .host(view.host(unit))
                .title(unit.name() + " starts " + first.module() + ", which does not exist")
                .description(unit.name() + " starts " + first.module() + ", but there is no " + first.lookedFor()
                        + ". The service ends as soon as it is started.")
                .recommend("Name the module that exists in ExecStart, or restore " + first.lookedFor());
        view.owner(unit).ifPresent(failure::affected);
        missing.keySet().forEach(file -> failure.affected(file.rootPath()).evidence(UnitView.lines(file)));
        return failure.fail();
    }
}
