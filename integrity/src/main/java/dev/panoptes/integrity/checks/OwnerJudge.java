package dev.panoptes.integrity.checks;

import dev.panoptes.code.CodeDirectory;
import dev.panoptes.code.Language;
import dev.panoptes.code.Program;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.DeclaredEndpoint;
import dev.panoptes.core.registry.Keys;
import dev.panoptes.integrity.World;
import dev.panoptes.integrity.checks.CodePlaces.Place;
import dev.panoptes.integrity.declared.UnitFile;
import dev.panoptes.integrity.observed.Snapshot;
import dev.panoptes.integrity.observed.Snapshot.Listener;
import dev.panoptes.integrity.observed.Snapshot.Owner;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a process is the agent that the registry declares. Code decides before units, units before working directories;
 * what contradicts itself is not judged. Only positive evidence makes a process another one: that nothing speaks for it
 * is no evidence against it.
 */
final class OwnerJudge {
    private final World world;
    private final CodePlaces places;
    private final Map<String, List<DeclaredAgent>> agentsByUnit = new HashMap<>();
    private final Set<String> agentsWithUnit = new HashSet<>();
    private final Map<String, Set<Place>> livePlaces = new HashMap<>();
    private final Map<String, Set<Place>> ownPlaces = new HashMap<>();

    /** What a process is to a declared agent. */
    sealed interface Verdict {
        /** It is the agent, as far as the declarations tell. */
        record Itself() implements Verdict {}

        /**
         * It is another program.
         *
         * @param reason in words that follow "the process"
         * @param affected agents, directories and files that show it, besides the agent itself
         */
        record Another(String reason, List<String> affected) implements Verdict {
            public Another {
                affected = List.copyOf(affected);
            }
        }

        record Unknown(String reason) implements Verdict {}
    }

    OwnerJudge(World world, ObservedView view) {
        this.world = world;
        this.places = new CodePlaces(world);
        linkUnits();
        world.registry().declared().forEach(agent -> ownPlaces.put(agent.key(), ownPlaces(agent)));
        for (String host : view.hosts()) {
            Set<Place> live = new HashSet<>();
            for (Map.Entry<Integer, List<Listener>> port : view.listeners(host)) {
                for (Listener listener : port.getValue()) {
                    listener.owners().stream()
                            .filter(owner -> owner.apart() == null)
                            .forEach(owner -> place(owner).ifPresent(live::add));
                }
            }
            livePlaces.put(host, live);
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

    /** The directory whose code this process runs; empty where that cannot be told, or it is nobody's. */
    Optional<Place> place(Owner owner) {
        if (owner.apart() != null) {
            return Optional.empty();
        }
        for (String path : code(owner)) {
            Optional<Place> place = places.of(path);
            if (place.isPresent()) {
                return place;
            }
        }
        return Optional.empty();
    }

    /** The agents that this systemd unit belongs to. */
    List<DeclaredAgent> agentsOf(@Nullable String unit) {
        return unit == null ? List.of() : agentsByUnit.getOrDefault(unit, List.of());
    }

    CodePlaces places() {
        return places;
    }

    /** @param host where the process runs */
    Verdict judge(Owner owner, DeclaredAgent agent, String host) {
        if (owner.container() != null) {
            return new Verdict.Unknown("the process runs in a container");
        }
        if (owner.apart() != null) {
            return new Verdict.Unknown(owner.apart());
        }
        if (OwnerKinds.forwardsToContainer(owner)) {
            return new Verdict.Unknown("a container engine holds the port for a container");
        }
        if (OwnerKinds.activatesSockets(owner)) {
            return new Verdict.Unknown("systemd holds the socket for a service (socket activation)");
        }
        Set<Place> own = ownPlaces.getOrDefault(agent.key(), Set.of());
        List<Place> running = running(owner);
        if (running.stream().anyMatch(own::contains)) {
            return new Verdict.Itself();
        }
        boolean itsUnit = agentsOf(owner.unit()).contains(agent);
        boolean itsDirectory = places.of(owner.cwd()).filter(own::contains).isPresent();
        Optional<Place> others =
                running.stream().filter(place -> !place.agents().isEmpty()).findFirst();
        if (others.isPresent() && !own.isEmpty()) {
            return otherCode(owner, agent, others.get(), itsUnit);
        }
        List<DeclaredAgent> unitAgents = agentsOf(owner.unit());
        if (!itsUnit && !unitAgents.isEmpty() && agentsWithUnit.contains(agent.key())) {
            String other = unitAgents.getFirst().key();
            return itsDirectory
                    ? new Verdict.Unknown(
                            "its unit is that of " + other + ", its working directory that of " + agent.key())
                    : new Verdict.Another(
                            "runs in unit " + owner.unit() + ", which is that of " + other, List.of(other));
        }
        return itsUnit || (itsDirectory && others.isEmpty())
                ? new Verdict.Itself()
                : executable(owner, agent, host, running);
    }

    /** Where the declarations put this agent's code: its directory, and what its units start. */
    private Set<Place> ownPlaces(DeclaredAgent agent) {
        Set<Place> own = new HashSet<>(places.of(agent));
        for (UnitFile unit : world.links().units(agent)) {
            places.of(unit.workingDirectory()).ifPresent(own::add);
            String module = unit.start() == null ? null : unit.start().module();
            places.of(module).ifPresent(own::add);
        }
        return own;
    }

    /** Where its code lies, and the directories that hold a copy of exactly that code. */
    private List<Place> running(Owner owner) {
        List<Place> running = new ArrayList<>();
        code(owner).forEach(path -> places.of(path).ifPresent(running::add));
        if (running.isEmpty()) {
            running.addAll(places.holding(owner.codeDigest()));
        }
        return running;
    }

    private static List<String> code(Owner owner) {
        List<String> paths = new ArrayList<>();
        if (owner.script() != null) {
            paths.add(owner.script());
        }
        if (owner.realScript() != null) {
            paths.add(owner.realScript());
        }
        if (paths.isEmpty() && owner.exe() != null) {
            paths.add(owner.exe());
        }
        return paths;
    }

    private Verdict otherCode(Owner owner, DeclaredAgent agent, Place place, boolean itsUnit) {
        String other = place.agents().getFirst().key();
        if (itsUnit) {
            return new Verdict.Unknown("its unit is that of " + agent.key() + ", its code that of " + other);
        }
        return isShared(owner, agent, place)
                ? new Verdict.Unknown("its code lies in the directory of " + other + ", where code of " + agent.key()
                        + " seems to lie too")
                : new Verdict.Another("runs " + program(owner) + ", the code of " + other, List.of(other));
    }

    /** A program there reports the agent's name, or what runs is called like the agent: then two agents share the place. */
    private static boolean isShared(Owner owner, DeclaredAgent agent, Place place) {
        CodeDirectory directory = place.directory();
        boolean reports = directory != null
                && directory.programs().stream()
                        .flatMap(program -> program.names().stream())
                        .anyMatch(name -> agent.answersTo(name.value()));
        String key = Keys.identity(agent.key());
        String path = program(owner);
        int at = path.indexOf("/" + place.name() + "/");
        String below = at < 0 ? path : path.substring(at + place.name().length() + 2);
        return reports
                || Arrays.stream(below.split("/")).map(Keys::identity).anyMatch(component -> component.contains(key));
    }

    private Verdict executable(Owner owner, DeclaredAgent agent, String host, List<Place> running) {
        String declared = agent.exe();
        if (declared != null && owner.exe() != null) {
            return isDeclared(declared, owner)
                    ? new Verdict.Itself()
                    : new Verdict.Another("runs " + owner.exe() + ", but the registry declares " + declared, List.of());
        }
        if (declared != null) {
            return new Verdict.Unknown("the executable of the process is hidden");
        }
        return isForeignCode(owner, agent, host, running)
                ? new Verdict.Another(
                        "runs " + program(owner) + ", which is not the code in the directory of " + agent.key(),
                        List.of())
                : new Verdict.Unknown(nothingDeclared(agent));
    }

    private String nothingDeclared(DeclaredAgent agent) {
        return ownPlaces.getOrDefault(agent.key(), Set.of()).isEmpty() && !agentsWithUnit.contains(agent.key())
                ? "nothing declares what should run there: no directory, unit or exe"
                : "the process shows neither the unit nor the code of the agent, nor those of another";
    }

    /**
     * A script from outside every directory, where the agent's own program is known to bind this port, is written in the
     * same language, and agents of the same tree do run from it on this host. Software of the distribution is not judged.
     */
    private boolean isForeignCode(Owner owner, DeclaredAgent agent, String host, List<Place> running) {
        String script = owner.realScript();
        Optional<CodeDirectory> directory = world.links().directory(agent);
        if (script == null || !running.isEmpty() || directory.isEmpty() || isInstalled(script)) {
            return false;
        }
        if (!(world.registry().endpoint(agent) instanceof DeclaredEndpoint.At at)) {
            return false;
        }
        Set<Language> languages = languages(script);
        boolean binds = directory.get().programs().stream()
                .filter(program -> languages.contains(program.language()))
                .map(Program::ports)
                .anyMatch(ports -> ports.contains(at.port()));
        return binds
                && livePlaces.getOrDefault(host, Set.of()).stream()
                        .anyMatch(place -> place.agents().stream()
                                .anyMatch(other -> !other.key().equals(agent.key())));
    }

    private static boolean isInstalled(String path) {
        return path.matches("/(?:usr|bin|sbin|lib|lib64|snap|nix|var/lib|opt/[^/]+/(?:lib|share))/.*")
                || path.matches(".*/(?:site-packages|dist-packages|node_modules|\\.?v?env)/.*");
    }

    private static Set<Language> languages(String script) {
        String name = script.toLowerCase(Locale.ROOT);
        String suffix = name.substring(name.lastIndexOf('.') + 1);
        return switch (suffix) {
            case "py" -> Set.of(Language.PYTHON);
            case "js", "mjs", "cjs", "ts", "mts", "cts" -> Set.of(Language.JAVASCRIPT, Language.TYPESCRIPT);
            case "java", "jar", "class" -> Set.of(Language.JAVA);
            default -> Set.of();
        };
    }

    /** The declared file, a link to it, another version of the same interpreter, or a script that is started directly. */
    private static boolean isDeclared(String declared, Owner owner) {
        List<String> seen = new ArrayList<>(code(owner));
        if (owner.exe() != null) {
            seen.add(owner.exe());
        }
        if (!owner.command().isEmpty()) {
            seen.add(owner.command().getFirst());
        }
        return seen.stream()
                .anyMatch(path -> path.equals(declared) || plainName(path).equals(plainName(declared)));
    }

    private static String plainName(String path) {
        return path.substring(path.lastIndexOf('/') + 1).replaceFirst("[-.\\d]+$", "");
    }

    private static String program(Owner owner) {
        String real = owner.realScript();
        return real != null ? real : owner.script() != null ? owner.script() : String.valueOf(owner.exe());
    }

    private static String withSuffix(String unit) {
        return unit.matches(".*\\.(?:service|scope|socket)") ? unit : unit + ".service";
    }
}
