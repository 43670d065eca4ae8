package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.DeclaredHost;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.DeployedPath;
import dev.panoptes.integrity.declared.DirectoryNames;
import dev.panoptes.integrity.declared.UnitFile;
import dev.panoptes.integrity.declared.UnitPrograms;
import dev.panoptes.integrity.declared.UnitPrograms.Module;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The declared units as the checks on them see it. Files of one name are copies of one unit. */
final class UnitView {
    private final World world;
    private final Declarations declarations;
    private final UnitPrograms programs;
    private final List<Unit> units;
    private final Map<String, Set<String>> unitsOfAgents = new TreeMap<>();

    private UnitView(World world, Declarations declarations) {
        this.world = world;
        this.declarations = declarations;
        this.programs = new UnitPrograms(declarations);
        Map<String, List<UnitFile>> byName = new TreeMap<>();
        for (UnitFile file : declarations.units()) {
            byName.computeIfAbsent(file.name(), name -> new ArrayList<>()).add(file);
        }
        this.units = byName.values().stream().map(Unit::new).toList();
        for (Unit unit : units) {
            agent(unit)
                    .ifPresent(agent -> unitsOfAgents
                            .computeIfAbsent(agent.key(), key -> new TreeSet<>())
                            .add(unit.name()));
        }
    }

    /** Empty where no declarations were read. */
    static Optional<UnitView> of(World world) {
        Declarations declarations = world.declarations();
        return declarations == null ? Optional.empty() : Optional.of(new UnitView(world, declarations));
    }

    /** @param copies the files of this name, sorted by path; usually one */
    record Unit(List<UnitFile> copies) {
        Unit {
            copies = copies.stream()
                    .sorted(Comparator.comparing(UnitFile::rootPath))
                    .toList();
        }

        String name() {
            return first().name();
        }

        UnitFile first() {
            return copies.getFirst();
        }

        List<String> files() {
            return copies.stream().map(UnitFile::rootPath).toList();
        }
    }

    /**
     * The ports of a unit.
     *
     * @param certain those that every copy binds
     * @param possible those that only some copies bind: it is not known which copy is installed
     * @param unknown why it may bind others; null where it may not
     */
    record Claims(
            Map<Integer, List<Evidence>> certain,
            Map<Integer, List<Evidence>> possible,
            @Nullable String unknown) {}

    /** Sorted by name. */
    List<Unit> units() {
        return units;
    }

    Declarations declarations() {
        return declarations;
    }

    UnitPrograms programs() {
        return programs;
    }

    Optional<DeclaredAgent> agent(Unit unit) {
        return unit.copies().stream()
                .flatMap(file -> world.links().agentOf(file).stream())
                .findFirst();
    }

    /** The hosts that its agent runs on; the scanned one where it has none. */
    List<String> hosts(Unit unit) {
        return agent(unit).map(agent -> world.registry().hostsOf(agent)).orElse(List.of(DeclaredHost.LOCAL));
    }

    String host(Unit unit) {
        return agent(unit).map(agent -> world.registry().hostOf(agent)).orElse(DeclaredHost.LOCAL);
    }

    /** Its agent's key; the unit's own name where it has none, or where the agent has several units. */
    String subject(Unit unit) {
        return agent(unit)
                .filter(agent ->
                        unitsOfAgents.getOrDefault(agent.key(), Set.of()).size() == 1)
                .map(DeclaredAgent::key)
                .orElse(unit.first().shortName());
    }

    /** Its agent's key, else its directory; then its files. */
    SequencedSet<String> affected(Unit unit) {
        SequencedSet<String> affected = new LinkedHashSet<>();
        owner(unit).ifPresent(affected::add);
        affected.addAll(unit.files());
        return affected;
    }

    /** Its agent's key, else its directory's name; empty where it has neither. */
    Optional<String> owner(Unit unit) {
        return agent(unit).map(DeclaredAgent::key).or(() -> directory(unit.first()));
    }

    /**
     * The directory that it works in, as reports name it; where that is none, or the root, the one of the module that it
     * starts; empty where neither is below the root.
     */
    Optional<String> directory(UnitFile file) {
        String path = file.workingDirectory();
        DeployedPath place =
                path == null ? new DeployedPath.Outside() : declarations.paths().locate(path);
        Optional<String> worksIn = place instanceof DeployedPath.Below below
                ? DirectoryNames.of(declarations, below.rootPath(), true)
                : Optional.empty();
        return worksIn.or(() -> switch (programs.module(file)) {
            case Module.Exists(String rootPath) -> DirectoryNames.of(declarations, rootPath, false);
            case Module.Missing(String unused, String lookedFor) -> DirectoryNames.of(declarations, lookedFor, false);
            case Module.Unclear unused -> Optional.empty();
            case Module.None unused -> Optional.empty();
        });
    }

    Claims claims(Unit unit) {
        Map<Integer, List<Evidence>> certain = new TreeMap<>();
        Map<Integer, List<Evidence>> possible = new TreeMap<>();
        String unknown = null;
        List<UnitPrograms.Ports> all =
                unit.copies().stream().map(programs::bound).toList();
        for (UnitPrograms.Ports ports : all) {
            unknown = unknown == null ? ports.unknown() : unknown;
            for (Map.Entry<Integer, List<Evidence>> port : ports.ports().entrySet()) {
                boolean everywhere =
                        all.stream().allMatch(other -> other.ports().containsKey(port.getKey()));
                (everywhere ? certain : possible)
                        .computeIfAbsent(port.getKey(), key -> new ArrayList<>())
                        .addAll(port.getValue());
            }
        }
        return new Claims(certain, possible, unknown);
    }

    /** {@code WorkingDirectory=} of this file. */
    static Evidence workingDirectory(UnitFile file) {
        return new Evidence(
                "unit",
                file.workingDirectoryPath(),
                file.workingDirectoryLine(),
                "WorkingDirectory=" + file.workingDirectory());
    }

    /** Its ExecStart and WorkingDirectory lines, as far as it has them. */
    static List<Evidence> lines(UnitFile file) {
        List<Evidence> lines = new ArrayList<>();
        if (file.start() != null) {
            lines.add(UnitPrograms.execStart(file, file.start()));
        }
        if (file.workingDirectory() != null) {
            lines.add(workingDirectory(file));
        }
        return lines;
    }

    /** The reasons of unknown ports are clauses; this makes a sentence of one. */
    static String unknownPort(Unit unit, String reason) {
        return "The port of " + unit.name() + " is not known: " + reason;
    }
}
