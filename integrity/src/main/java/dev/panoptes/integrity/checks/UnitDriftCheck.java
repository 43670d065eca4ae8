package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.checks.ObservedView.Look;
import dev.panoptes.integrity.checks.UnitView.Unit;
import dev.panoptes.integrity.declared.UnitFile;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.observed.Snapshot;
import dev.panoptes.integrity.observed.Snapshot.Coverage;
import dev.panoptes.integrity.observed.Snapshot.Effective;
import dev.panoptes.integrity.observed.Snapshot.Source;
import dev.panoptes.integrity.observed.Snapshot.UnitState;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What systemd runs as a unit is not what is declared: another file is installed, a drop-in that nobody declares changes it,
 * or systemd has not read it since it was changed. A template is judged by its instances.
 */
final class UnitDriftCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "unit-drift",
                Severity.MEDIUM,
                CheckGroup.SYSTEMD,
                "a unit as systemd runs it differs from the declared file");
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
                UnitState named = observed.named(unit.name(), snapshot);
                List<UnitState> installed = unit.first().template()
                        ? observed.instances(unit.name(), snapshot).stream()
                                .filter(each -> declared.units().stream()
                                        .noneMatch(other -> other.name().equals(each.name())))
                                .toList()
                        : named == null ? List.of() : List.of(named);
                // Without a path it is not installed here, or made by a generator: there is no file to compare.
                installed.stream()
                        .filter(each -> !each.fragmentPath().isEmpty()
                                && !each.loadState().equals("masked"))
                        .map(each -> judge(unit, host, each, subject, declared))
                        .reduce(UnitDriftCheck::worse)
                        .ifPresent(results::add);
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

    /** Of several instances one that differs decides, then one that could not be judged. */
    private static CheckResult worse(CheckResult a, CheckResult b) {
        return a instanceof CheckResult.Fail || (a instanceof CheckResult.Unknown && b instanceof CheckResult.Pass)
                ? a
                : b;
    }

    private static CheckResult judge(Unit unit, String host, UnitState installed, String subject, UnitView declared) {
        String digest = installed.fragmentDigest();
        Effective effective = installed.effective();
        if (effective != null && effective.needsReload()) {
            return unread(unit, host, installed, declared);
        }
        if (digest == null) {
            return new CheckResult.Unknown(
                    subject, "the installed file " + installed.fragmentPath() + " could not be read");
        }
        if (unit.copies().stream().noneMatch(file -> file.digest().equals(digest))) {
            return fail(unit, host, installed, declared);
        }
        List<String> foreign = effective == null ? List.of() : foreign(effective.dropIns(), unit);
        return foreign.isEmpty() ? new CheckResult.Pass(subject) : changed(unit, host, installed, foreign, declared);
    }

    /**
     * Drop-ins that the administrator's directories hold and the tree does not. Those for every service and those that
     * {@code systemctl set-property} writes change no program.
     */
    private static List<String> foreign(List<String> dropIns, Unit unit) {
        Set<String> declared = new HashSet<>();
        unit.copies().forEach(file -> file.details().dropIns().forEach(path -> declared.add(lastTwo(path))));
        return dropIns.stream()
                .filter(path -> path.startsWith("/etc/systemd/system/")
                        || path.startsWith("/run/systemd/system/")
                        || path.startsWith("/usr/local/lib/systemd/system/"))
                .filter(path -> !path.contains("/service.d/") && !declared.contains(lastTwo(path)))
                .toList();
    }

    private static String lastTwo(String path) {
        int slash = path.lastIndexOf('/');
        return path.substring(path.lastIndexOf('/', Math.max(slash - 1, 0)) + 1);
    }

    private static CheckResult unread(Unit unit, String host, UnitState installed, UnitView declared) {
        return Failure.of(declared.subject(unit))
                .host(host)
                .title(installed.name() + " was changed since systemd read it")
                .description("On " + ObservedView.name(host) + " a file of " + installed.name()
                        + " has changed, but systemd still runs it as it was before.")
                .affected(declared.affected(unit))
                .evidence(ObservedUnits.evidence(installed))
                .evidence(Evidence.of("systemd", installed.fragmentPath() + ": NeedDaemonReload=yes"))
                .recommend("Run systemctl daemon-reload, then systemctl restart " + installed.name())
                .fail();
    }

    private static CheckResult changed(
            Unit unit, String host, UnitState installed, List<String> foreign, UnitView declared) {
        Effective effective = installed.effective();
        Failure.Builder failure = Failure.of(declared.subject(unit))
                .host(host)
                .title("A drop-in that is not declared changes " + installed.name())
                .description("On " + ObservedView.name(host) + " " + Words.list(foreign) + " applies to "
                        + installed.name() + ", but " + Words.list(unit.files())
                        + " has no such drop-in beside it: what runs is not what the repository says.")
                .affected(declared.affected(unit));
        foreign.forEach(path -> failure.evidence(Evidence.of("systemd", path + " applies to " + installed.name())));
        if (effective != null) {
            effective.execStart().forEach(line -> failure.evidence(Evidence.of("systemd", "ExecStart is now " + line)));
        }
        return failure.recommend("Look at it: systemctl cat " + installed.name()
                        + ". Then declare the drop-in beside the" + " unit file, or remove it (systemctl revert "
                        + installed.name() + ") and restart the unit")
                .fail();
    }

    private static CheckResult fail(Unit unit, String host, UnitState installed, UnitView declared) {
        boolean passing = ObservedUnits.isTransient(installed);
        Failure.Builder failure = Failure.of(declared.subject(unit))
                .host(host)
                .title(
                        passing
                                ? installed.name() + " runs as a transient unit instead of the declared one"
                                : installed.name() + " is installed with other content than declared")
                .description("On " + ObservedView.name(host) + " " + installed.fragmentPath() + " differs from "
                        + Words.list(unit.files()) + ": what runs is not what the repository says.")
                .affected(declared.affected(unit))
                .evidence(Evidence.of(
                        "systemd", installed.fragmentPath() + " has SHA-256 " + shortened(installed.fragmentDigest())))
                .recommend(
                        passing
                                ? "Stop it (systemctl stop " + installed.name()
                                        + "), install the declared file, run systemctl daemon-reload and start it"
                                : "Install the declared file and run systemctl daemon-reload, or declare what is"
                                        + " installed");
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
