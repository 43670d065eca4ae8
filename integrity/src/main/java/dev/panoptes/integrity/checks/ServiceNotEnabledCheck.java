package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.integrity.checks.ObservedView.Look;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.observed.Snapshot;
import dev.panoptes.integrity.observed.Snapshot.Coverage;
import dev.panoptes.integrity.observed.Snapshot.Source;
import dev.panoptes.integrity.observed.Snapshot.UnitState;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The installed unit of an agent is not enabled and nothing else wants it: after the next boot the agent does not run. */
final class ServiceNotEnabledCheck implements Check {
    /** As systemctl(1) calls it under is-enabled. */
    private static final String THIS_BOOT = "enabled-runtime";

    private static final Set<String> OFF =
            Set.of("disabled", "transient", "masked", "masked-runtime", "linked", "linked-runtime", "enabled-runtime");

    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "service-not-enabled",
                Severity.MEDIUM,
                CheckGroup.SYSTEMD,
                "an agent's unit does not start with the host");
    }

    @Override
    public List<CheckResult> run(World world) {
        ObservedView view = ObservedView.of(world);
        List<CheckResult> results = new ArrayList<>();
        if (view.applies()) {
            ObservedUnits units = new ObservedUnits(world);
            for (DeclaredAgent agent : world.registry().agents()) {
                for (String host : world.registry().hostsOf(agent)) {
                    judge(agent, host, units, view, world, results);
                }
            }
        }
        return results;
    }

    private static void judge(
            DeclaredAgent agent,
            String host,
            ObservedUnits units,
            ObservedView view,
            World world,
            List<CheckResult> results) {
        switch (view.look(host, Source.UNITS)) {
            case Look.Seen(Snapshot snapshot) -> {
                List<UnitState> installed = units.of(agent, snapshot).stream()
                        .filter(ObservedUnits::isInstalled)
                        .filter(unit -> !unit.unitFileState().isEmpty())
                        .toList();
                if (installed.isEmpty()) {
                    return;
                }
                boolean one = installed.stream().anyMatch(ServiceNotEnabledCheck::starts);
                results.add(one ? new CheckResult.Pass(agent.key()) : fail(agent, host, installed.getFirst(), view));
            }
            case Look.Unseen(String reason) -> {
                boolean withoutSystemd = world.snapshot(host)
                        .filter(snapshot -> snapshot.coverage(Source.UNITS) instanceof Coverage.Absent)
                        .isPresent();
                if (units.isExpected(agent) && !withoutSystemd) {
                    results.add(new CheckResult.Unknown(agent.key(), reason));
                }
            }
        }
    }

    private static boolean starts(UnitState unit) {
        // Enabled for this boot only, it is wanted by way of a link below /run, which the next boot empties.
        boolean lasts = !unit.unitFileState().equals(THIS_BOOT);
        return !OFF.contains(unit.unitFileState())
                || (lasts && !unit.wantedBy().isEmpty())
                || !unit.triggeredBy().isEmpty();
    }

    private static String advice(UnitState unit) {
        if (ObservedUnits.isTransient(unit)) {
            return "Install a unit file for it, for a transient unit is gone when it ends; then systemctl enable "
                    + unit.name();
        }
        return ObservedUnits.isMasked(unit)
                ? "Unmask and enable it: systemctl unmask " + unit.name() + " && systemctl enable " + unit.name()
                : "Enable it: systemctl enable " + unit.name();
    }

    private static CheckResult fail(DeclaredAgent agent, String host, UnitState unit, ObservedView view) {
        return Failure.of(agent.key())
                .host(host)
                .title(unit.name() + ", the unit of " + agent.key() + ", is " + unit.unitFileState())
                .description("On " + ObservedView.name(host) + " " + unit.name() + " is " + unit.unitFileState()
                        + " and no other unit wants it: after the next boot " + agent.key() + " does not run.")
                .affected(agent.key())
                .evidence(ObservedUnits.evidence(unit))
                .evidence(view.declared(agent, agent.unit() == null ? "agent" : "unit " + agent.unit()))
                .recommend(advice(unit))
                .fail();
    }
}
