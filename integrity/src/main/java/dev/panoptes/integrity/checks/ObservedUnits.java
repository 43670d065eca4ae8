package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.Keys;
import dev.panoptes.integrity.declared.UnitFile;
import dev.panoptes.integrity.fleet.UnitNames;
import dev.panoptes.integrity.observed.Snapshot;
import dev.panoptes.integrity.observed.Snapshot.Effective;
import dev.panoptes.integrity.observed.Snapshot.UnitState;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which of the units that an observer saw are an agent's: the one that the registry names, else the one of the profile's
 * pattern or called like the key, else those of the unit files linked to it, else those that work in a directory called like
 * the key.
 */
final class ObservedUnits {
    private static final String NOT_FOUND = "not-found";

    private final World world;
    // By identity: a snapshot of a large host has tens of thousands of parts to hash.
    private final Map<Snapshot, Map<String, UnitState>> byName = new IdentityHashMap<>();
    private final Map<Snapshot, Map<String, List<UnitState>>> byDirectory = new IdentityHashMap<>();

    ObservedUnits(World world) {
        this.world = world;
        for (Snapshot snapshot : world.snapshots()) {
            Map<String, UnitState> names = new HashMap<>();
            Map<String, List<UnitState>> directories = new HashMap<>();
            for (UnitState unit : snapshot.units()) {
                names.put(Keys.link(unit.name()), unit);
                unit.aliases().forEach(alias -> names.putIfAbsent(Keys.link(alias), unit));
                String directory = lastComponent(unit.workingDirectory());
                if (!directory.isEmpty()) {
                    directories
                            .computeIfAbsent(Keys.link(directory), key -> new ArrayList<>())
                            .add(unit);
                }
            }
            byName.put(snapshot, names);
            byDirectory.put(snapshot, directories);
        }
    }

    /** Sorted by name; empty where it has none there. With those that are declared but not installed. */
    List<UnitState> of(DeclaredAgent agent, Snapshot snapshot) {
        Map<String, UnitState> names = byName.getOrDefault(snapshot, Map.of());
        List<String> expected = UnitNames.expected(agent, world.profile());
        for (String name : expected) {
            UnitState unit = names.get(Keys.link(name));
            if (unit != null && (isInstalled(unit) || agent.unit() != null)) {
                return List.of(unit);
            }
        }
        if (agent.unit() != null) {
            return List.of();
        }
        Set<UnitState> found = new LinkedHashSet<>();
        for (UnitFile file : world.links().units(agent)) {
            UnitState unit = names.get(Keys.link(file.name()));
            if (unit != null) {
                found.add(unit);
            }
            if (file.template()) {
                found.addAll(instances(file.name(), snapshot));
            }
        }
        if (found.stream().noneMatch(ObservedUnits::isInstalled)) {
            found.addAll(byDirectory.getOrDefault(snapshot, Map.of()).getOrDefault(Keys.link(agent.key()), List.of()));
        }
        return found.stream().sorted(Comparator.comparing(UnitState::name)).toList();
    }

    /** The units that were made of this template ({@code name@.service}) there, sorted by name. */
    List<UnitState> instances(String template, Snapshot snapshot) {
        String prefix = template.substring(0, template.indexOf('@') + 1);
        return snapshot.units().stream()
                .filter(unit -> unit.name().startsWith(prefix) && !unit.name().equals(template))
                .sorted(Comparator.comparing(UnitState::name))
                .toList();
    }

    /** The unit of this name or alias, installed or not; null where the observer did not see it. */
    @Nullable
    UnitState named(String name, Snapshot snapshot) {
        return byName.getOrDefault(snapshot, Map.of()).get(Keys.link(name));
    }

    /** True where a unit of this agent is declared or expected, so that one that is not seen means something. */
    boolean isExpected(DeclaredAgent agent) {
        return agent.unit() != null || world.links().units(agent).stream().anyMatch(unit -> !unit.template());
    }

    /** True where compose runs the agent, so that a unit file of the repository need not be installed. */
    boolean isRunByCompose(DeclaredAgent agent) {
        return agent.unit() == null && !world.links().services(agent).isEmpty();
    }

    /** True where it was made by hand or by a program for as long as it runs: systemd-run(1). */
    static boolean isTransient(UnitState unit) {
        return unit.unitFileState().equals("transient") || unit.fragmentPath().startsWith("/run/systemd/transient/");
    }

    static boolean isMasked(UnitState unit) {
        return unit.loadState().equals("masked") || unit.unitFileState().startsWith("masked");
    }

    static boolean isInstalled(UnitState unit) {
        return !unit.loadState().equals(NOT_FOUND);
    }

    /** It runs to an end, or another unit starts it: then it is rightly inactive and not enabled. */
    static boolean isStartedAtTimes(UnitState unit) {
        return unit.type().equals("oneshot") || !unit.triggeredBy().isEmpty();
    }

    static Evidence evidence(UnitState unit) {
        StringBuilder text = new StringBuilder(unit.name())
                .append(": ")
                .append(unit.activeState())
                .append(" (")
                .append(unit.subState())
                .append("), load state ")
                .append(unit.loadState());
        if (!unit.unitFileState().isEmpty()) {
            text.append(", ").append(unit.unitFileState());
        }
        if (!unit.result().isEmpty() && !unit.result().equals("success")) {
            text.append(", result ").append(unit.result());
        }
        if (unit.restarts() > 0) {
            text.append(", ").append(Words.count(unit.restarts(), "restart"));
        }
        Effective effective = unit.effective();
        if (effective != null && !effective.dropIns().isEmpty()) {
            text.append(", drop-ins ").append(String.join(", ", effective.dropIns()));
        }
        if (effective != null && effective.needsReload()) {
            text.append(", changed since systemd read it");
        }
        return Evidence.of("systemd", text.toString());
    }

    private static String lastComponent(String path) {
        String trimmed = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return trimmed.substring(trimmed.lastIndexOf('/') + 1);
    }
}
