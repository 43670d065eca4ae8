package dev.panoptes.integrity.checks;

import dev.panoptes.code.CodeDirectory;
import dev.panoptes.code.Language;
import dev.panoptes.code.Program;
import dev.panoptes.core.Interpreters;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.DeclaredEndpoint;
import dev.panoptes.core.registry.Keys;
import dev.panoptes.integrity.checks.CodePlaces.Place;
import dev.panoptes.integrity.observed.Snapshot.Owner;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a process is the agent that the registry declares. What a container does is judged by {@link ContainerJudge}. Evidence
 * in order of weight:
 *
 * <ol>
 *   <li>the code that runs, by its real path or its digest, against the places of the agent's code: what lies there is the
 *       agent, and what lies elsewhere is not, whatever unit or directory it hides in;
 *   <li>where the code tells nothing (installed software, or an agent whose code has no declared place), the unit in which the
 *       manager of the system runs it, and what that unit really starts; a unit of a user's manager is another one;
 *   <li>the executable that the registry declares.
 * </ol>
 *
 * The working directory and the first argument prove nothing: whoever starts a process chooses both. An interpreter whose code
 * cannot be seen is not judged. Only positive evidence makes a process another one: that nothing speaks for it is no evidence
 * against it.
 */
final class OwnerJudge {
    private final World world;
    private final OwnerPlaces places;
    private final ContainerJudge containers;

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
        this.places = new OwnerPlaces(world, view);
        this.containers = new ContainerJudge(world, new ContainerView(world, view));
    }

    /** The directory whose code this process runs; empty where that cannot be told, or it is nobody's. */
    Optional<Place> place(Owner owner) {
        return places.of(owner);
    }

    /** The agents that this systemd unit belongs to. */
    List<DeclaredAgent> agentsOf(@Nullable String unit) {
        return places.agentsOf(unit);
    }

    CodePlaces places() {
        return places.code();
    }

    /** @param host where the process runs */
    Verdict judge(Owner owner, DeclaredAgent agent, String host) {
        if (owner.container() != null || OwnerKinds.forwardsToContainer(owner)) {
            return containers.judge(owner, agent, host);
        }
        String unseen = unseen(owner);
        if (unseen != null) {
            return new Verdict.Unknown(unseen);
        }
        Set<Place> own = places.own(agent);
        List<Place> running = places.running(owner);
        if (running.stream().anyMatch(own::contains)) {
            return new Verdict.Itself();
        }
        if (isUnseenCode(owner)) {
            return new Verdict.Unknown("which code its interpreter runs cannot be seen");
        }
        if (!own.isEmpty() && !running.isEmpty()) {
            return otherPlace(owner, agent, running);
        }
        if (running.isEmpty() && isForeign(owner, agent, own, host)) {
            return new Verdict.Another(
                    "runs " + program(owner) + ", which is not the code in the directory of " + agent.key(), List.of());
        }
        return byUnit(owner, agent, host, own);
    }

    /** Why nothing can be said of the program behind the socket; null where something can. */
    private static @Nullable String unseen(Owner owner) {
        if (owner.apart() != null) {
            return owner.apart();
        }
        return OwnerKinds.activatesSockets(owner)
                ? "systemd holds the socket for a service (socket activation)"
                : owner.exe() == null && owner.script() == null ? "the executable of the process is hidden" : null;
    }

    /** Code from a command line or from standard input, a title that the program gave itself, a path that leads nowhere. */
    private static boolean isUnseenCode(Owner owner) {
        String script = owner.script();
        return script == null
                ? !Interpreters.family(OwnerKinds.program(owner)).isEmpty()
                : owner.realScript() == null && !script.startsWith("/");
    }

    /** Its code lies in a directory of the fleet that is not the agent's. */
    private Verdict otherPlace(Owner owner, DeclaredAgent agent, List<Place> running) {
        for (Place place : running) {
            if (isShared(owner, agent, place)) {
                return new Verdict.Unknown("its code lies in the directory of " + place.title() + ", where code of "
                        + agent.key() + " seems to lie too");
            }
        }
        Place place = running.stream()
                .filter(each -> !each.agents().isEmpty())
                .findFirst()
                .orElse(running.getFirst());
        if (place.agents().isEmpty() && !isAgent(place)) {
            return new Verdict.Unknown(
                    "its code lies in " + place.name() + ", which is no agent's and may be shared by several");
        }
        String other = place.agents().isEmpty()
                ? "the directory " + place.name()
                : place.agents().getFirst().key();
        return new Verdict.Another(
                "runs " + program(owner) + ", the code of " + other,
                List.of(
                        place.agents().isEmpty()
                                ? place.name()
                                : place.agents().getFirst().key()));
    }

    /** A directory that nobody declares holds an agent where a program of it says who it is. */
    private static boolean isAgent(Place place) {
        CodeDirectory directory = place.directory();
        return directory != null
                && directory.programs().stream()
                        .anyMatch(program -> !program.names().isEmpty());
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
        String folder = place.name().startsWith("/") ? place.name() + "/" : "/" + place.name() + "/";
        int at = path.indexOf(folder);
        String below = at < 0 ? path : path.substring(at + folder.length());
        return reports
                || Arrays.stream(below.split("/")).map(Keys::identity).anyMatch(component -> component.contains(key));
    }

    /**
     * Code from outside of every directory, where the agent's own program is known to bind this port and the fleet does run
     * from the scanned tree on this host, which otherwise may be a working copy of what is deployed elsewhere. A script counts
     * in whatever language, a native program where the agent is none. Installed software is not judged: it may run the
     * agent's code in a way that is not seen.
     */
    private boolean isForeign(Owner owner, DeclaredAgent agent, Set<Place> own, String host) {
        String real = owner.realScript() != null ? owner.realScript() : owner.script();
        String path = real != null ? real : owner.exe();
        if (path == null || own.isEmpty() || isInstalled(path) || !bindsByItself(agent, real)) {
            return false;
        }
        return places.isDeployed(host, agent)
                || places.isWithin(owner.cwd())
                || places.startsFrom(owner.unit(), own, host);
    }

    private boolean bindsByItself(DeclaredAgent agent, @Nullable String script) {
        Optional<CodeDirectory> directory = world.links().directory(agent);
        if (directory.isEmpty() || !(world.registry().endpoint(agent) instanceof DeclaredEndpoint.At at)) {
            return false;
        }
        List<Program> programs = directory.get().programs();
        boolean interpreted = programs.stream().noneMatch(program -> program.language() == Language.GO);
        return (script != null || interpreted)
                && programs.stream().map(Program::ports).anyMatch(ports -> ports.contains(at.port()));
    }

    /** True where the agent's own code is known to bind its port. */
    private boolean binds(DeclaredAgent agent) {
        return world.registry().endpoint(agent) instanceof DeclaredEndpoint.At at
                && world.links().directory(agent).stream()
                        .flatMap(directory -> directory.programs().stream())
                        .anyMatch(program -> program.ports().contains(at.port()));
    }

    /** The unit in which the system's manager runs the process, where the code does not tell who it is. */
    private Verdict byUnit(Owner owner, DeclaredAgent agent, String host, Set<Place> own) {
        List<DeclaredAgent> agents = places.agentsOf(owner.unit());
        if (!agents.isEmpty() && !agents.contains(agent) && places.hasUnit(agent)) {
            String other = agents.getFirst().key();
            return new Verdict.Another("runs in unit " + owner.unit() + ", which is that of " + other, List.of(other));
        }
        if (agents.contains(agent)) {
            if (places.startsAnother(owner, host)) {
                return new Verdict.Unknown("it runs in " + owner.unit()
                        + ", the unit of the agent, which starts another program than this one");
            }
            if (!own.isEmpty() && binds(agent)) {
                return new Verdict.Unknown("it runs " + program(owner) + " in " + owner.unit()
                        + ", not the code of the agent, which binds the port itself");
            }
            if (own.isEmpty() || agent.exe() == null) {
                return new Verdict.Itself();
            }
        }
        return byExecutable(owner, agent, own);
    }

    private Verdict byExecutable(Owner owner, DeclaredAgent agent, Set<Place> own) {
        String declared = agent.exe();
        if (declared == null) {
            return new Verdict.Unknown(
                    own.isEmpty() && !places.hasUnit(agent)
                            ? "nothing declares what should run there: no directory, unit or exe"
                            : "the process shows neither the unit nor the code of the agent, nor those of another");
        }
        List<String> seen = new ArrayList<>(OwnerPlaces.paths(owner));
        if (owner.exe() != null) {
            seen.add(owner.exe());
        }
        if (seen.stream().anyMatch(path -> isDeclared(declared, path))) {
            return new Verdict.Itself();
        }
        // What the declared path leads to on that host is not known here: a link may lead to a file of the same name.
        return seen.stream().anyMatch(path -> name(path).equals(name(declared)))
                ? new Verdict.Unknown("it runs " + program(owner) + ", and the declared " + declared
                        + " may or may not be a link to it")
                : new Verdict.Another("runs " + owner.exe() + " where the registry declares " + declared, List.of());
    }

    /** The declared file itself; of an interpreter another version beside it too. {@code /bin} is {@code /usr/bin}. */
    private static boolean isDeclared(String declared, String path) {
        String merged = path.replaceFirst("^/usr/(?=s?bin/|lib)", "/");
        String wanted = declared.replaceFirst("^/usr/(?=s?bin/|lib)", "/");
        if (merged.equals(wanted)) {
            return true;
        }
        return !Interpreters.family(name(wanted)).isEmpty()
                && directory(merged).equals(directory(wanted))
                && Interpreters.withoutVersion(name(merged)).equals(Interpreters.withoutVersion(name(wanted)));
    }

    private static boolean isInstalled(String path) {
        return path.matches("/(?:usr|bin|sbin|lib|lib64|snap|nix|gnu|var/lib|opt/[^/]+/(?:lib|share|bin))/.*")
                || path.matches(
                        ".*/(?:site-packages|dist-packages|node_modules|gems|\\.?v?env|\\.local|\\.cargo|\\.nvm|"
                                + "\\.pyenv|\\.rbenv|\\.asdf|conda|miniconda3|linuxbrew)/.*");
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static String directory(String path) {
        return path.substring(0, Math.max(path.lastIndexOf('/'), 0));
    }

    private static String program(Owner owner) {
        String real = owner.realScript();
        return real != null ? real : owner.script() != null ? owner.script() : String.valueOf(owner.exe());
    }
}
