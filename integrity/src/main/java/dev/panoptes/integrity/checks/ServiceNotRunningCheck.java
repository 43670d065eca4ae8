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
import dev.panoptes.integrity.observed.Snapshot.Effective;
import dev.panoptes.integrity.observed.Snapshot.Owner;
import dev.panoptes.integrity.observed.Snapshot.Source;
import dev.panoptes.integrity.observed.Snapshot.UnitState;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The unit of an agent is not active, or starts again and again. Of several units of one agent it is enough that one runs. On
 * several hosts as many must run as the placement asks for.
 */
final class ServiceNotRunningCheck implements Check {
    /** systemd itself gives up after five starts in ten seconds; waiting for a restart this often is no accident. */
    private static final int RESTARTS_WHILE_WAITING = 3;

    /** So many restarts since somebody last started it, and active for less than the time below: it will end again. */
    private static final int RESTARTS = 5;

    private static final long SETTLED_SECONDS = 300;

    @Override
    public CheckInfo info() {
        return CheckInfo.original(
                "service-not-running",
                "service_down",
                Severity.HIGH,
                CheckGroup.SYSTEMD,
                "an agent's unit is not active, or crash-loops");
    }

    @Override
    public List<CheckResult> run(World world) {
        ObservedView view = ObservedView.of(world);
        List<CheckResult> results = new ArrayList<>();
        if (view.applies()) {
            ObservedUnits units = new ObservedUnits(world);
            OtherwiseRun otherwise = new OtherwiseRun(world, view);
            for (DeclaredAgent agent : world.registry().agents()) {
                judge(agent, units, view, otherwise, world, results);
            }
        }
        return results;
    }

    /** What one unit does. */
    private sealed interface State {
        record Runs() implements State {}

        /** @param why a clause after the unit's name */
        record Down(UnitState unit, String why) implements State {}

        record Open(String reason) implements State {}
    }

    private static void judge(
            DeclaredAgent agent,
            ObservedUnits units,
            ObservedView view,
            OtherwiseRun otherwise,
            World world,
            List<CheckResult> results) {
        List<String> hosts = world.registry().hostsOf(agent);
        int wanted = Math.min(agent.placement().minReplicas(), hosts.size());
        int running = 0;
        String unknown = null;
        boolean applies = false;
        State.Down down = null;
        String downHost = null;
        for (String host : hosts) {
            switch (view.look(host, Source.UNITS)) {
                case Look.Unseen(String reason) -> {
                    applies |= units.isExpected(agent) && !units.isRunByCompose(agent);
                    unknown = reason;
                }
                case Look.Seen(Snapshot snapshot) -> {
                    State state = state(agent, units, snapshot);
                    applies |= state != null;
                    switch (state) {
                        case null -> {}
                        case State.Runs unused -> running++;
                        case State.Open(String reason) -> unknown = reason;
                        case State.Down each
                        when !ObservedUnits.isInstalled(each.unit()) && otherwise.userUnit(agent, host) != null ->
                            unknown = "it runs as " + otherwise.userUnit(agent, host)
                                    + ", and units of users were not asked";
                        case State.Down each -> {
                            down = down == null ? each : down;
                            downHost = downHost == null ? host : downHost;
                        }
                    }
                }
            }
        }
        if (!applies) {
            return;
        }
        if (running >= wanted) {
            results.add(new CheckResult.Pass(agent.key()));
        } else if (unknown != null || down == null || downHost == null) {
            results.add(new CheckResult.Unknown(agent.key(), unknown == null ? "its unit was not looked at" : unknown));
        } else {
            results.add(fail(agent, down, downHost, otherwise.owner(agent, downHost), world, view));
        }
    }

    /** Null where the agent has no unit there. */
    private static @Nullable State state(DeclaredAgent agent, ObservedUnits units, Snapshot snapshot) {
        List<UnitState> own = units.of(agent, snapshot);
        if (units.isRunByCompose(agent) && own.stream().noneMatch(ObservedUnits::isInstalled)) {
            return null;
        }
        if (own.isEmpty()) {
            return units.isExpected(agent)
                    ? new State.Open("the observer did not look at the unit of " + agent.key())
                    : null;
        }
        State worst = null;
        for (UnitState unit : own) {
            State state = state(unit);
            if (state instanceof State.Runs) {
                return state;
            }
            worst = worst instanceof State.Down ? worst : state;
        }
        return worst;
    }

    private static State state(UnitState unit) {
        if (!ObservedUnits.isInstalled(unit)) {
            return new State.Down(unit, "is not installed");
        }
        if (unit.loadState().equals("bad-setting") || unit.loadState().equals("error")) {
            return new State.Down(unit, "cannot be read by systemd (" + unit.loadState() + ")");
        }
        return switch (unit.activeState()) {
            case "active", "reloading", "refreshing" -> active(unit);
            case "activating" ->
                unit.restarts() >= RESTARTS_WHILE_WAITING
                        ? new State.Down(unit, "starts again and again")
                        : new State.Open(unit.name() + " was just starting");
            case "deactivating" -> new State.Open(unit.name() + " was just stopping");
            case "inactive" ->
                ObservedUnits.isStartedAtTimes(unit)
                        ? new State.Runs()
                        : new State.Down(unit, unit.loadState().equals("masked") ? "is masked" : "is not active");
            default -> new State.Down(unit, "is " + unit.activeState());
        };
    }

    private static State active(UnitState unit) {
        if (unit.restarts() < RESTARTS || ObservedUnits.isStartedAtTimes(unit)) {
            return new State.Runs();
        }
        Long seconds = unit.activeSeconds();
        if (seconds == null) {
            return new State.Open(unit.name() + " was restarted " + unit.restarts()
                    + " times, and for how long it has been active is not known");
        }
        return seconds < SETTLED_SECONDS ? new State.Down(unit, "starts again and again") : new State.Runs();
    }

    private static CheckResult fail(
            DeclaredAgent agent, State.Down down, String host, @Nullable Owner owner, World world, ObservedView view) {
        String unit = down.unit().name();
        Failure.Builder failure = Failure.of(agent.key())
                .host(host)
                .title(unit + ", the unit of " + agent.key() + ", " + down.why())
                .affected(agent.key())
                .evidence(ObservedUnits.evidence(down.unit()))
                .evidence(view.declared(agent, agent.unit() == null ? "agent" : "unit " + agent.unit()));
        String state = "On " + ObservedView.name(host) + " " + unit + " " + down.why();
        if (owner == null) {
            failure.description(state + ", so " + agent.key() + " does not run, or not for long.")
                    .recommend(advice(agent, down.unit(), world));
        } else {
            String where = owner.unit() == null ? "outside of every unit" : "in " + owner.unit();
            failure.evidence(Sockets.evidence(owner))
                    .description(state + ", but its code holds the port in another way: pid " + owner.pid() + " "
                            + where + ". Nobody restarts that process when it ends.")
                    .recommend(
                            "Stop that process (kill " + owner.pid() + "), then: " + advice(agent, down.unit(), world));
        }
        return failure.fail();
    }

    /** What helps in the state that the unit is in. */
    private static String advice(DeclaredAgent agent, UnitState unit, World world) {
        String name = unit.name();
        if (!ObservedUnits.isInstalled(unit)) {
            return world.links().units(agent).stream()
                    .filter(file -> file.name().equals(name))
                    .findFirst()
                    .map(file -> "Install the declared file: cp " + file.rootPath()
                            + " /etc/systemd/system/ && systemctl daemon-reload && systemctl enable --now " + name)
                    .orElse("Install a unit file " + name
                            + ", run systemctl daemon-reload and systemctl enable --now " + name
                            + "; or correct unit in the registry");
        }
        if (ObservedUnits.isMasked(unit)) {
            return "Unmask it (systemctl unmask " + name + ") and start it (systemctl start " + name
                    + "), or retire the agent in the registry";
        }
        Effective effective = unit.effective();
        if (effective != null && effective.needsReload()) {
            return "Run systemctl daemon-reload, for the unit was changed since systemd read it, and start it"
                    + " (systemctl start " + name + ")";
        }
        if (unit.loadState().equals("bad-setting") || unit.loadState().equals("error")) {
            return "See what systemd refuses (systemd-analyze verify " + unit.fragmentPath()
                    + "), correct it, and run systemctl daemon-reload";
        }
        // systemd.unit(5): the limit holds for starts by hand too, until its interval has passed or it is reset.
        String reset = unit.result().equals("start-limit-hit") ? "systemctl reset-failed " + name + " && " : "";
        return "Look at its journal (journalctl -u " + name + "), correct the cause, and start it (" + reset
                + "systemctl start " + name + ")";
    }
}
