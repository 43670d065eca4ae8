package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.DeclaredEndpoint;
import dev.panoptes.integrity.checks.UnitView.Claims;
import dev.panoptes.integrity.checks.UnitView.Unit;
import dev.panoptes.integrity.declared.Launch;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The registry declares another port than the agent's unit binds. Of several units of one agent it is enough that one binds
 * the declared port: the others are its workers.
 */
final class PortMismatchSystemdRegistryCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "port-mismatch-systemd-registry",
                Severity.HIGH,
                CheckGroup.SYSTEMD,
                "the registry declares another port than the agent's unit binds");
    }

    @Override
    public List<CheckResult> run(World world) {
        List<CheckResult> results = new ArrayList<>();
        UnitView.of(world).ifPresent(view -> {
            Map<String, List<Unit>> unitsOfAgents = new TreeMap<>();
            for (Unit unit : view.units()) {
                view.agent(unit)
                        .ifPresent(agent -> unitsOfAgents
                                .computeIfAbsent(agent.key(), key -> new ArrayList<>())
                                .add(unit));
            }
            RegistryText text = new RegistryText(world.registry());
            for (DeclaredAgent agent : world.registry().agents()) {
                List<Unit> units = unitsOfAgents.getOrDefault(agent.key(), List.of());
                if (units.isEmpty()) {
                    continue;
                }
                switch (world.registry().endpoint(agent)) {
                    case DeclaredEndpoint.At at -> judge(world, agent, at, units, view, text, results);
                    case DeclaredEndpoint.Unresolved(String reason) ->
                        results.add(new CheckResult.Unknown(agent.key(), reason));
                    case DeclaredEndpoint.Absent unused -> {}
                    case DeclaredEndpoint.None none -> {}
                    case DeclaredEndpoint.Invalid unused -> {}
                    case DeclaredEndpoint.InvalidPort unused -> {}
                }
            }
        });
        return results;
    }

    private static void judge(
            World world,
            DeclaredAgent agent,
            DeclaredEndpoint.At declared,
            List<Unit> units,
            UnitView view,
            RegistryText text,
            List<CheckResult> results) {
        Set<Integer> binds = new LinkedHashSet<>();
        Set<Evidence> evidence = new LinkedHashSet<>();
        List<String> files = new ArrayList<>();
        String unknown = null;
        boolean agrees = false;
        for (Unit unit : units) {
            Claims claims = view.claims(unit);
            agrees |= claims.certain().containsKey(declared.port());
            if (claims.possible().containsKey(declared.port())) {
                unknown = "The copies of " + unit.name() + " bind different ports";
            } else if (claims.unknown() != null) {
                unknown = UnitView.unknownPort(unit, claims.unknown());
            }
            for (Map<Integer, List<Evidence>> ports : List.of(claims.certain(), claims.possible())) {
                binds.addAll(ports.keySet());
                ports.values().forEach(evidence::addAll);
                files.addAll(ports.isEmpty() ? List.of() : unit.files());
            }
        }
        agrees |= world.links().launches(agent).stream()
                .anyMatch(launch -> launch.kind() == Launch.Kind.SERVICE && launch.serves(declared.port()));
        if (agrees) {
            results.add(new CheckResult.Pass(agent.key()));
        } else if (unknown != null) {
            results.add(new CheckResult.Unknown(agent.key(), unknown));
        } else if (!binds.isEmpty() && !CodeView.endsBefore(declared, agent)) {
            Optional<CheckResult> behind = Gateways.before(world, agent, declared, binds);
            if (behind.isPresent()) {
                results.add(behind.get());
                return;
            }
            results.add(Failure.of(agent.key())
                    .host(declared.host())
                    .port(declared.port())
                    .title(agent.key() + " is declared on " + declared.port() + ", its unit binds " + Words.list(binds))
                    .description("The registry declares " + agent.key() + " on port " + declared.port() + ", but "
                            + Words.list(units.stream().map(Unit::name).toList()) + " binds " + Words.list(binds)
                            + ": callers that trust the registry do not reach it.")
                    .affected(agent.key())
                    .affected(files)
                    .evidence(text.url(agent))
                    .evidence(evidence)
                    .recommend("Declare the port that the unit binds, or let the unit bind " + declared.port())
                    .fail());
        }
    }
}
