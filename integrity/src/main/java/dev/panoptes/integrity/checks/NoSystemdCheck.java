package dev.panoptes.integrity.checks;

import dev.panoptes.code.CodeDirectory;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.Keys;
import dev.panoptes.core.yaml.Problem;
import dev.panoptes.integrity.checks.ObservedView.Look;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.UnitFile;
import dev.panoptes.integrity.declared.UnitPrograms;
import dev.panoptes.integrity.declared.UnitPrograms.Module;
import dev.panoptes.integrity.fleet.UnitNames;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.observed.Snapshot;
import dev.panoptes.integrity.observed.Snapshot.Source;
import dev.panoptes.integrity.observed.Snapshot.UnitState;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A core agent has no unit: neither a file below the root nor one on a host that it runs on. Core is what the registry says
 * ({@code core: true}), and where it says nothing, the profile.
 */
final class NoSystemdCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.original(
                "no-systemd", "missing_service", Severity.MEDIUM, CheckGroup.SYSTEMD, "a core agent has no unit");
    }

    @Override
    public List<CheckResult> run(World world) {
        List<CheckResult> results = new ArrayList<>();
        ObservedView view = ObservedView.of(world);
        ObservedUnits observed = new ObservedUnits(world);
        for (DeclaredAgent agent : world.registry().agents()) {
            if (isCore(agent, world)) {
                results.add(judge(agent, view, observed, world));
            }
        }
        return results;
    }

    private static boolean isCore(DeclaredAgent agent, World world) {
        Boolean core = agent.core();
        return core == null ? world.profile().coreAgents().stream().anyMatch(key -> Keys.same(key, agent.key())) : core;
    }

    private static CheckResult judge(DeclaredAgent agent, ObservedView view, ObservedUnits observed, World world) {
        Declarations declarations = world.declarations();
        if (declarations != null && isDeclared(agent, declarations, world)) {
            return new CheckResult.Pass(agent.key());
        }
        String unseen = null;
        List<String> looked = new ArrayList<>();
        for (String host : view.applies() ? world.registry().hostsOf(agent) : List.<String>of()) {
            switch (view.look(host, Source.UNITS)) {
                case Look.Seen(Snapshot snapshot) -> {
                    if (isInstalled(agent, snapshot, observed, world)) {
                        return new CheckResult.Pass(agent.key());
                    }
                    looked.add(host);
                }
                case Look.Unseen(String reason) -> unseen = reason;
            }
        }
        String unknown = unknown(agent, declarations, world, looked, unseen);
        return unknown == null
                ? fail(agent, world.registry().hostOf(agent), declarations, looked, view)
                : new CheckResult.Unknown(agent.key(), unknown);
    }

    private static boolean isDeclared(DeclaredAgent agent, Declarations declarations, World world) {
        if (!world.links().units(agent).isEmpty()) {
            return true;
        }
        UnitPrograms programs = new UnitPrograms(declarations);
        Optional<CodeDirectory> directory = world.links().directory(agent);
        return declarations.units().stream()
                .anyMatch(unit -> isCalled(unit, agent, world)
                        || (agent.unit() == null
                                && directory.isPresent()
                                && programs.module(unit) instanceof Module.Exists(String rootPath)
                                && rootPath.startsWith(directory.get().rootPath() + "/")));
    }

    private static boolean isCalled(UnitFile unit, DeclaredAgent agent, World world) {
        List<String> names = new ArrayList<>(unit.details().aliases());
        names.add(unit.name());
        return names.stream()
                .anyMatch(name -> UnitNames.expected(agent, world.profile()).stream()
                                .anyMatch(expected -> UnitNames.same(expected, name))
                        || (agent.unit() == null && UnitNames.isCalledLike(shortName(name), agent.key())));
    }

    private static boolean isInstalled(DeclaredAgent agent, Snapshot snapshot, ObservedUnits observed, World world) {
        return observed.of(agent, snapshot).stream().anyMatch(ObservedUnits::isInstalled)
                || (agent.unit() == null
                        && snapshot.units().stream()
                                .filter(ObservedUnits::isInstalled)
                                .map(UnitState::name)
                                .anyMatch(name -> UnitNames.isCalledLike(shortName(name), agent.key())))
                || UnitNames.expected(agent, world.profile()).stream()
                        .map(name -> observed.named(name, snapshot))
                        .anyMatch(unit -> unit != null && ObservedUnits.isInstalled(unit));
    }

    /** Why it may have a unit after all; null where all places were looked at. */
    private static @Nullable String unknown(
            DeclaredAgent agent,
            @Nullable Declarations declarations,
            World world,
            List<String> looked,
            @Nullable String unseen) {
        if (declarations == null) {
            return looked.isEmpty()
                    ? "no root was given, and " + (unseen == null ? "no host was observed" : unseen)
                    : null;
        }
        for (Problem problem : declarations.problems()) {
            String name = problem.file().substring(problem.file().lastIndexOf('/') + 1);
            if (name.endsWith(".service")
                    && (UnitNames.isCalledLike(shortName(name), agent.key())
                            || UnitNames.expected(agent, world.profile()).contains(name))) {
                return problem.text();
            }
        }
        Optional<String> unsearched = declarations.unsearched();
        if (unsearched.isPresent()) {
            return unsearched.get();
        }
        // A repository without any unit keeps them elsewhere; then only the host can tell.
        return declarations.units().isEmpty() && looked.isEmpty()
                ? "no unit file is below the root, and " + (unseen == null ? "no host was observed" : unseen)
                : null;
    }

    private static CheckResult fail(
            DeclaredAgent agent,
            String host,
            @Nullable Declarations declarations,
            List<String> looked,
            ObservedView view) {
        List<Evidence> evidence = new ArrayList<>();
        evidence.add(view.declared(agent, Boolean.TRUE.equals(agent.core()) ? "core" : "a core agent of the profile"));
        if (declarations != null) {
            evidence.add(Evidence.of(
                    "unit",
                    "none of the " + Words.count(declarations.units().size(), "unit file")
                            + " below the root is its own"));
        }
        looked.forEach(
                each -> evidence.add(Evidence.of("systemd", "no unit on " + ObservedView.name(each) + " is its own")));
        String unit = agent.unit() == null ? agent.key() + ".service" : agent.unit();
        return Failure.of(agent.key())
                .host(host)
                .title("The core agent " + agent.key() + " has no unit")
                .description(agent.key() + " is a core agent, but no systemd unit starts it: after a crash or a boot it"
                        + " stays down until somebody notices.")
                .affected(agent.key())
                .evidence(evidence)
                .recommend("Write " + unit + " (panoptes plan drafts one) and enable it")
                .fail();
    }

    private static String shortName(String name) {
        return name.endsWith(".service") ? name.substring(0, name.length() - ".service".length()) : name;
    }
}
