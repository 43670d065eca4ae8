package dev.panoptes.integrity.checks;

import dev.panoptes.code.command.StartCommand;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.Check;
import dev.panoptes.integrity.CheckGroup;
import dev.panoptes.integrity.CheckInfo;
import dev.panoptes.integrity.CheckResult;
import dev.panoptes.integrity.Failure;
import dev.panoptes.integrity.World;
import dev.panoptes.integrity.checks.UnitView.Unit;
import dev.panoptes.integrity.declared.UnitFile;
import dev.panoptes.integrity.declared.UnitPrograms.Ports;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A unit's command line passes another port than its module binds when it is run by itself. */
final class PortMismatchSystemdCodeCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "port-mismatch-systemd-code",
                Severity.HIGH,
                CheckGroup.SYSTEMD,
                "a unit passes another port than its module binds by itself");
    }

    @Override
    public List<CheckResult> run(World world) {
        List<CheckResult> results = new ArrayList<>();
        UnitView.of(world).ifPresent(view -> view.units().forEach(unit -> judge(unit, view, results)));
        return results;
    }

    private static void judge(Unit unit, UnitView view, List<CheckResult> results) {
        List<UnitFile> mismatching = new ArrayList<>();
        String unknown = null;
        boolean agrees = false;
        for (UnitFile file : unit.copies()) {
            Ports passed = view.programs().passed(file);
            if (passed.isEmpty()) {
                continue;
            }
            Ports bySelf = view.programs().bySelf(file);
            if (bySelf.isEmpty()) {
                continue;
            }
            if (passed.ports().isEmpty()) {
                unknown = passed.unknown();
            } else if (bySelf.ports().keySet().containsAll(passed.ports().keySet())) {
                agrees = true;
            } else if (bySelf.unknown() != null) {
                unknown = bySelf.unknown();
            } else {
                mismatching.add(file);
            }
        }
        if (!mismatching.isEmpty()) {
            results.add(mismatch(unit, mismatching, view));
        } else if (unknown != null) {
            results.add(new CheckResult.Unknown(view.subject(unit), UnitView.unknownPort(unit, unknown)));
        } else if (agrees) {
            results.add(new CheckResult.Pass(view.subject(unit)));
        }
    }

    private static CheckResult mismatch(Unit unit, List<UnitFile> mismatching, UnitView view) {
        Ports passed = view.programs().passed(mismatching.getFirst());
        Ports bySelf = view.programs().bySelf(mismatching.getFirst());
        int port = passed.ports().firstEntry().getKey();
        String binds = Words.list(bySelf.ports().keySet());
        Failure.Builder failure = Failure.of(view.subject(unit))
                .host(view.host(unit))
                .port(port)
                .title(unit.name() + " serves on " + port + ", its module binds " + binds + " by itself")
                .description(
                        "Started by " + unit.name() + " the program listens on " + port + standard(mismatching, port)
                                + "; run by itself, the same module binds " + binds
                                + ". Whoever starts it by hand, or reads its code, gets another port.")
                .recommend("Let unit and code say one port, best from one variable that both read");
        view.owner(unit).ifPresent(failure::affected);
        Set<Evidence> evidence = new LinkedHashSet<>();
        for (UnitFile file : mismatching) {
            failure.affected(file.rootPath());
            view.programs().passed(file).ports().values().forEach(evidence::addAll);
            view.programs().bySelf(file).ports().values().forEach(evidence::addAll);
        }
        return failure.evidence(evidence).fail();
    }

    private static String standard(List<UnitFile> files, int port) {
        StartCommand start = files.getFirst().start();
        return start == null || start.text().contains(String.valueOf(port))
                ? ""
                : ", the default of " + start.runner() + ", which is passed no port";
    }
}
