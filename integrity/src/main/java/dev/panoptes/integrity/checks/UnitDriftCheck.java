package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.Check;
import dev.panoptes.integrity.CheckGroup;
import dev.panoptes.integrity.CheckInfo;
import dev.panoptes.integrity.CheckResult;
import dev.panoptes.integrity.Failure;
import dev.panoptes.integrity.World;
import dev.panoptes.integrity.checks.ObservedView.Look;
import dev.panoptes.integrity.checks.UnitView.Unit;
import dev.panoptes.integrity.declared.UnitFile;
import dev.panoptes.integrity.observed.Snapshot;
import dev.panoptes.integrity.observed.Snapshot.Coverage;
import dev.panoptes.integrity.observed.Snapshot.Source;
import dev.panoptes.integrity.observed.Snapshot.UnitState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The unit file that is installed on a host is none of the declared files of that name. */
final class UnitDriftCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "unit-drift", Severity.MEDIUM, CheckGroup.SYSTEMD, "an installed unit differs from the declared file");
    }

    @Override
    public List<CheckResult> run(World world) {
        ObservedView view = ObservedView.of(world);
        List<CheckResult> results = new ArrayList<>();
        if (view.applies()) {
            ObservedUnits observed = new ObservedUnits(world);
            UnitView.of(world).ifPresent(declared -> {
                for (Unit unit : declared.units()) {
                    for (String host : declared.hosts(unit)) {
                        judge(unit, host, declared, observed, view, world, results);
                    }
                }
            });
        }
        return results;
    }

    private static void judge(
            Unit unit,
            String host,
            UnitView declared,
            ObservedUnits observed,
            ObservedView view,
            World world,
            List<CheckResult> results) {
        String subject = declared.subject(unit);
        switch (view.look(host, Source.UNITS)) {
            case Look.Seen(Snapshot snapshot) -> {
                UnitState installed = observed.named(unit.name(), snapshot);
                if (installed == null || installed.fragmentPath().isEmpty()) {
                    return; // not installed here, or made by a generator: there is no file to compare
                }
                String digest = installed.fragmentDigest();
                if (digest == null) {
                    results.add(new CheckResult.Unknown(
                            subject, "the installed file " + installed.fragmentPath() + " could not be read"));
                } else if (unit.copies().stream().anyMatch(file -> file.digest().equals(digest))) {
                    results.add(new CheckResult.Pass(subject));
                } else if (!installed.loadState().equals("masked")) {
                    results.add(fail(unit, host, installed, declared));
                }
            }
            case Look.Unseen(String reason) -> {
                boolean withoutSystemd = world.snapshot(host)
                        .filter(snapshot -> snapshot.coverage(Source.UNITS) instanceof Coverage.Absent)
                        .isPresent();
                if (!withoutSystemd) {
                    results.add(new CheckResult.Unknown(subject, reason));
                }
            }
        }
    }

    private static CheckResult fail(Unit unit, String host, UnitState installed, UnitView declared) {
        Failure.Builder failure = Failure.of(declared.subject(unit))
                .host(host)
                .title(unit.name() + " is installed with other content than declared")
                .description("On " + ObservedView.name(host) + " " + installed.fragmentPath() + " differs from "
                        + Words.list(unit.files()) + ": what runs is not what the repository says.")
                .affected(declared.affected(unit))
                .evidence(Evidence.of(
                        "systemd", installed.fragmentPath() + " has SHA-256 " + shortened(installed.fragmentDigest())))
                .recommend("Install the declared file and run systemctl daemon-reload, or declare what is installed");
        for (UnitFile file : unit.copies()) {
            failure.evidence(
                    new Evidence("unit", file.rootPath(), 0, file.name() + " has SHA-256 " + shortened(file.digest())));
        }
        return failure.fail();
    }

    private static String shortened(@Nullable String digest) {
        return digest == null ? "" : digest.substring(0, Math.min(16, digest.length()));
    }
}
