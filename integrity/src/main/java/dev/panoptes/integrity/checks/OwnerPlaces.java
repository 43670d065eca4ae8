package dev.panoptes.integrity.checks;

import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.Keys;
import dev.panoptes.integrity.checks.CodePlaces.Place;
import dev.panoptes.integrity.declared.UnitFile;
import dev.panoptes.integrity.observed.Snapshot;
import dev.panoptes.integrity.observed.Snapshot.Effective;
import dev.panoptes.integrity.observed.Snapshot.Listener;
import dev.panoptes.integrity.observed.Snapshot.Owner;
import dev.panoptes.integrity.observed.Snapshot.UnitState;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which places and units are which agent's, and which of them a host really runs. */
final class OwnerPlaces {
    private final World world;
    private final CodePlaces code;
    private final Map<String, List<DeclaredAgent>> agentsByUnit = new HashMap<>();
    private final Set<String> agentsWithUnit = new HashSet<>();
    private final Map<String, Set<Place>> own = new HashMap<>();
    private final Map<String, Set<Place>> live = new HashMap<>();
    private final Map<String, Map<String, UnitState>> units = new HashMap<>();

    OwnerPlaces(World world, ObservedView view) {
        this.world = world;
        this.code = new CodePlaces(world);
        linkUnits();
        world.registry().declared().forEach(agent -> own.put(agent.key(), placesOf(agent)));
        for (String host : view.hosts()) {
            Set<Place> seen = new HashSet<>();
            Map<Owner, Boolean> known = new HashMap<>();
            for (Map.Entry<Integer, List<Listener>> port : view.listeners(host)) {
                for (Listener listener : port.getValue()) {
                    for (Owner owner : listener.owners()) {
                        if (owner.apart() == null && known.putIfAbsent(owner, true) == null) {
                            of(owner).ifPresent(seen::add);
                        }
                    }
                }
            }
            live.put(host, seen);
        }
        for (Snapshot snapshot : world.snapshots()) {
            Map<String, UnitState> byName = new LinkedHashMap<>();
            snapshot.units().forEach(unit -> byName.put(unit.name(), unit));
            snapshot.units().forEach(unit -> unit.aliases().forEach(alias -> byName.putIfAbsent(alias, unit)));
            units.putIfAbsent(snapshot.host().name(), byName);
        }
    }

    private void linkUnits() {
        String pattern = world.profile().unitPattern();
        for (DeclaredAgent agent : world.registry().declared()) {
            if (agent.unit() != null) {
                addUnit(agent.unit(), agent);
            } else if (pattern != null) {
                addUnit(pattern.replace("{key}", agent.key()), agent);
            }
        }
        ObservedUnits observed = new ObservedUnits(world);
        for (Snapshot snapshot : world.snapshots()) {
            if (!snapshot.units().isEmpty()) {
                for (DeclaredAgent agent : world.registry().declared()) {
                    observed.of(agent, snapshot).forEach(unit -> addUnit(unit.name(), agent));
                }
            }
        }
        if (world.declarations() != null) {
            for (UnitFile unit : world.declarations().units()) {
                world.links().agentOf(unit).ifPresent(agent -> addUnit(unit.name(), agent));
            }
        }
    }

    private void addUnit(String unit, DeclaredAgent agent) {
        List<DeclaredAgent> agents = agentsByUnit.computeIfAbsent(withSuffix(unit), unused -> new ArrayList<>());
        if (!agents.contains(agent)) {
            agents.add(agent);
        }
        agentsWithUnit.add(agent.key());
    }

    /** Where the declarations put this agent's code: its directory, and what its units start. */
    private Set<Place> placesOf(DeclaredAgent agent) {
        Set<Place> places = new LinkedHashSet<>(code.of(agent));
        for (UnitFile unit : world.links().units(agent)) {
            code.of(unit.workingDirectory()).ifPresent(places::add);
            String module = unit.start() == null ? null : unit.start().module();
            code.of(module).ifPresent(places::add);
        }
        return places;
    }

    CodePlaces code() {
        return code;
    }

    Set<Place> own(DeclaredAgent agent) {
        return own.getOrDefault(agent.key(), Set.of());
    }

    /** The agents that this unit of the system's manager belongs to. */
    List<DeclaredAgent> agentsOf(@Nullable String unit) {
        return unit == null ? List.of() : agentsByUnit.getOrDefault(unit, List.of());
    }

    boolean hasUnit(DeclaredAgent agent) {
        return agentsWithUnit.contains(agent.key());
    }

    /** The directory whose code this process runs; empty where that cannot be told, or it is nobody's. */
    Optional<Place> of(Owner owner) {
        if (owner.apart() != null) {
            return Optional.empty();
        }
        for (String path : paths(owner)) {
            Optional<Place> place = code.of(path);
            if (place.isPresent()) {
                return place;
            }
        }
        return Optional.empty();
    }

    /** Where its code really lies, else the directories that hold a copy of exactly that code. */
    List<Place> running(Owner owner) {
        List<Place> running = new ArrayList<>();
        paths(owner).forEach(path -> code.of(path).ifPresent(running::add));
        if (running.isEmpty()) {
            running.addAll(code.holding(owner.codeDigest()));
        }
        return running;
    }

    /** The code that runs: links resolved where they could be, for a link in a directory says nothing of what it leads to. */
    static List<String> paths(Owner owner) {
        if (owner.realScript() != null) {
            return List.of(owner.realScript());
        }
        if (owner.script() != null) {
            return List.of(owner.script());
        }
        return owner.exe() == null ? List.of() : List.of(owner.exe());
    }

    /** True where code of another agent of the scanned tree runs on this host: then the tree is deployed there. */
    boolean isDeployed(String host, DeclaredAgent agent) {
        return live.getOrDefault(host, Set.of()).stream()
                .anyMatch(place ->
                        place.agents().stream().anyMatch(other -> !other.key().equals(agent.key())));
    }

    boolean isWithin(@Nullable String directory) {
        return code.of(directory).isPresent();
    }

    /** True where this unit of the host works in, or starts, one of these places. */
    boolean startsFrom(@Nullable String unit, Set<Place> places, String host) {
        UnitState state =
                unit == null ? null : units.getOrDefault(host, Map.of()).get(unit);
        if (state == null) {
            return false;
        }
        boolean works =
                code.of(state.workingDirectory()).filter(places::contains).isPresent();
        return works
                || words(state).stream()
                        .anyMatch(word -> code.of(word).filter(places::contains).isPresent());
    }

    /** True where the unit in which it runs is seen to start another program or script than this process's. */
    boolean startsAnother(Owner owner, String host) {
        String unit = owner.unit();
        UnitState state =
                unit == null ? null : units.getOrDefault(host, Map.of()).get(unit);
        Effective effective = state == null ? null : state.effective();
        if (state == null || effective == null || effective.execStart().isEmpty()) {
            return false;
        }
        List<String> words = words(state);
        String shell = words.getFirst();
        if (shell.matches(".*/(?:sh|bash|dash|env)") || paths(owner).isEmpty()) {
            // What a script starts in turn is not told here.
            return false;
        }
        List<String> names = new ArrayList<>();
        paths(owner).forEach(path -> names.add(name(path)));
        if (owner.exe() != null) {
            names.add(name(owner.exe()));
        }
        return words.stream()
                .map(OwnerPlaces::name)
                .noneMatch(word -> names.stream().anyMatch(name -> isSame(word, name)));
    }

    private static boolean isSame(String word, String name) {
        return word.equals(name)
                || word.equals(name.replaceFirst("\\.\\w+$", ""))
                || Keys.identity(word.replaceFirst("[\\d.]+$", ""))
                        .equals(Keys.identity(name.replaceFirst("[\\d.]+$", "")));
    }

    private static List<String> words(UnitState state) {
        Effective effective = state.effective();
        List<String> words = new ArrayList<>();
        if (effective != null) {
            effective
                    .execStart()
                    .forEach(line -> words.addAll(List.of(line.strip().split("\\s+"))));
        }
        return words;
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static String withSuffix(String unit) {
        return unit.matches(".*\\.(?:service|scope|socket)") ? unit : unit + ".service";
    }
}
