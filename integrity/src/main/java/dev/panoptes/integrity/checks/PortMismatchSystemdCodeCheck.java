package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.DeclaredEndpoint;
import dev.panoptes.integrity.checks.UnitView.Unit;
import dev.panoptes.integrity.declared.UnitFile;
import dev.panoptes.integrity.declared.UnitPrograms.Ports;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A unit sets a port that its program cannot take, or relies on a default of its program that is not the agent's declared port.
 * What a program would bind if it were started otherwise says nothing.
 */
final class PortMismatchSystemdCodeCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "port-mismatch-systemd-code",
                Severity.HIGH,
                CheckGroup.SYSTEMD,
                "a unit sets a port that its program cannot take, or relies on a default that is not the declared"
                        + " port");
    }

    @Override
    public List<CheckResult> run(World world) {
        List<CheckResult> results = new ArrayList<>();
        UnitView.of(world).ifPresent(view -> view.units().forEach(unit -> judge(unit, view, world, results)));
        return results;
    }

    /** @param wanted what the unit sets, or what is declared; @param from what says so */
    private record Mismatch(UnitFile file, int wanted, Evidence from, Ports binds, boolean set) {}

    private static void judge(Unit unit, UnitView view, World world, List<CheckResult> results) {
        List<Mismatch> mismatches = new ArrayList<>();
        String unknown = null;
        boolean agrees = false;
        for (UnitFile file : unit.copies()) {
            if (view.programs().program(file) == null || !file.serves()) {
                continue;
            }
            Ports passed = view.programs().passed(file);
            Ports binds = view.programs().bySelf(file);
            Integer variable = variable(file);
            if (!passed.isEmpty()) {
                if (passed.ports().isEmpty()) {
                    unknown = passed.unknown();
                } else if (view.programs().ignored(file, passed)) {
                    int port = passed.ports().firstEntry().getKey();
                    mismatches.add(new Mismatch(
                            file, port, passed.ports().firstEntry().getValue().getFirst(), binds, true));
                } else {
                    agrees = true;
                }
            } else if (binds.unknown() != null) {
                unknown = binds.unknown();
            } else if (binds.ports().isEmpty()
                    || (variable != null && binds.ports().containsKey(variable))) {
                agrees |= !binds.ports().isEmpty();
            } else if (variable != null) {
                mismatches.add(new Mismatch(
                        file,
                        variable,
                        new Evidence("unit", file.rootPath(), 0, "Environment sets PORT to " + variable),
                        binds,
                        true));
            } else {
                Mismatch byDefault = byDefault(unit, file, binds, view, world);
                if (byDefault == null) {
                    agrees = true;
                } else {
                    mismatches.add(byDefault);
                }
            }
        }
        if (!mismatches.isEmpty()) {
            results.add(mismatch(unit, mismatches, view));
        } else if (unknown != null) {
            results.add(new CheckResult.Unknown(view.subject(unit), UnitView.unknownPort(unit, unknown)));
        } else if (agrees) {
            results.add(new CheckResult.Pass(view.subject(unit)));
        }
    }

    /** The port that the unit sets by {@code PORT}; null where it sets none. */
    private static @Nullable Integer variable(UnitFile file) {
        String value = file.environment().get("PORT");
        return value != null && value.strip().matches("[1-9][0-9]{0,4}") ? Integer.valueOf(value.strip()) : null;
    }

    /** The unit sets nothing, so that the default counts: null where that is what is declared, or nothing is. */
    private static @Nullable Mismatch byDefault(Unit unit, UnitFile file, Ports binds, UnitView view, World world) {
        DeclaredAgent agent = view.agent(unit).orElse(null);
        boolean set = file.environment().values().stream().anyMatch(value -> isAmong(value, binds));
        if (agent == null
                || set
                || !(world.registry().endpoint(agent) instanceof DeclaredEndpoint.At at)
                || CodeView.endsBefore(at, agent)
                || world.links().launches(agent).stream()
                        .anyMatch(launch -> launch.unknown() != null || launch.serves(at.port()))) {
            return null;
        }
        return new Mismatch(file, at.port(), new RegistryText(world.registry()).url(agent), binds, false);
    }

    /** True for a port that a variable of the unit sets: no default then, and the registry's port is compared elsewhere. */
    private static boolean isAmong(String value, Ports binds) {
        String plain = value.strip();
        return plain.matches("[1-9][0-9]{0,4}") && binds.ports().containsKey(Integer.valueOf(plain));
    }

    private static CheckResult mismatch(Unit unit, List<Mismatch> mismatches, UnitView view) {
        Mismatch first = mismatches.getFirst();
        String binds = Words.list(first.binds.ports().keySet());
        Failure.Builder failure = Failure.of(view.subject(unit))
                .host(view.host(unit))
                .port(first.wanted)
                .title(
                        first.set
                                ? unit.name() + " sets port " + first.wanted + ", but its program binds " + binds
                                : unit.name() + " relies on the default of its program, " + binds
                                        + ", but the registry declares " + first.wanted)
                .description(
                        first.set
                                ? unit.name() + " sets port " + first.wanted
                                        + ", which its program does not read: it binds " + binds
                                        + " whatever it is passed."
                                : unit.name() + " sets no port, so its program binds its default " + binds
                                        + "; the registry declares port " + first.wanted + " for it.")
                .recommend(
                        first.set
                                ? "Let the program read the port that the unit sets, or remove it from the unit"
                                : "Set the declared port in the unit, or declare the default");
        view.owner(unit).ifPresent(failure::affected);
        Set<Evidence> evidence = new LinkedHashSet<>();
        for (Mismatch each : mismatches) {
            failure.affected(each.file.rootPath());
            evidence.add(each.from);
            each.binds.ports().values().forEach(evidence::addAll);
        }
        return failure.evidence(evidence).fail();
    }
}
