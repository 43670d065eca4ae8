package dev.panoptes.integrity.declared;

import dev.panoptes.code.Bind;
import dev.panoptes.code.Code.ProgramLookup;
import dev.panoptes.code.PortValue;
import dev.panoptes.code.Program;
import dev.panoptes.code.Start;
import dev.panoptes.code.command.ModuleName;
import dev.panoptes.code.command.PortArgument;
import dev.panoptes.code.command.StartCommand;
import dev.panoptes.core.issue.Evidence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What units start and bind. A port on the command line is what a unit binds, else what its module binds when it is run, the
 * unit's environment overruling the variables that its code reads.
 */
public final class UnitPrograms {
    private final Declarations declarations;
    private final UnitModules modules;
    private final Frameworks frameworks;
    private final BoundByCode code;

    public UnitPrograms(Declarations declarations) {
        this.declarations = declarations;
        this.modules = new UnitModules(declarations);
        this.frameworks = new Frameworks(declarations);
        this.code = new BoundByCode(declarations.code());
    }

    /** What became of the module that a unit starts. */
    public sealed interface Module {
        /** @param rootPath of its file */
        record Exists(String rootPath) implements Module {}

        /** @param module as the command names it; @param lookedFor rootPath of the file that it most likely is */
        record Missing(String module, String lookedFor) implements Module {}

        /** @param reason a clause */
        record Unclear(String reason) implements Module {}

        /** The unit starts none, or one outside the deployed tree, which is not judged. */
        record None() implements Module {}
    }

    /**
     * Ports and where each is said.
     *
     * @param ports by number; empty where none is known
     * @param addresses what each is bound on; empty or with an empty one where not known
     * @param unknown why there may be others, a clause; null where there are none
     */
    public record Ports(
            SequencedMap<Integer, List<Evidence>> ports,
            Map<Integer, Set<String>> addresses,
            @Nullable String unknown) {
        static final Ports NONE = new Ports(new TreeMap<>(), null);

        Ports(SequencedMap<Integer, List<Evidence>> ports, @Nullable String unknown) {
            this(ports, Map.of(), unknown);
        }

        /** The one address that this port is bound on; null where it is not known or not one. */
        @Nullable
        String address(int port) {
            Set<String> bound = addresses.getOrDefault(port, Set.of());
            String one = bound.size() == 1 ? bound.iterator().next() : "";
            return one.isEmpty() ? null : one;
        }

        public Ports {
            addresses = Map.copyOf(addresses);
            ports = Collections.unmodifiableSequencedMap(new TreeMap<>(ports));
        }

        public boolean isEmpty() {
            return ports.isEmpty() && unknown == null;
        }
    }

    public Module module(UnitFile unit) {
        return modules.find(unit);
    }

    /** Where compilers put native programs. */
    private static final Set<String> COMPILED = Set.of("target", "build", "dist");

    /** The facts of the module's file; null where there is no program or it could not be read. */
    public @Nullable Program program(UnitFile unit) {
        return modules.find(unit) instanceof Module.Exists(String rootPath)
                        && declarations.code().program(rootPath) instanceof ProgramLookup.Found(Program program)
                ? program
                : null;
    }

    /**
     * What the unit binds, and what systemd listens on for it. Nothing for a template, whose instances decide, and for what runs to
     * an end.
     */
    public Ports bound(UnitFile unit) {
        return unit.serves() ? withSockets(unit, own(unit)) : Ports.NONE;
    }

    /** A service takes the sockets over that a socket unit hands to it (systemd.socket(5)). */
    private Ports withSockets(UnitFile unit, Ports own) {
        TreeMap<Integer, List<Evidence>> ports = new TreeMap<>(own.ports());
        Map<Integer, Set<String>> addresses = new HashMap<>(own.addresses());
        for (UnitCatalog.Trigger trigger : declarations.catalog().triggers()) {
            if (trigger.service().equals(unit.name())) {
                for (UnitCatalog.Listen listen : trigger.listens()) {
                    List<Evidence> evidence = new ArrayList<>(ports.getOrDefault(listen.port(), List.of()));
                    evidence.add(new Evidence("unit", trigger.rootPath(), listen.line(), listen.text()));
                    ports.put(listen.port(), evidence);
                    Set<String> known = new HashSet<>(addresses.getOrDefault(listen.port(), Set.of()));
                    known.add(listen.address());
                    addresses.put(listen.port(), known);
                }
            }
        }
        boolean handed = ports.size() > own.ports().size();
        StartCommand start = unit.start();
        // gunicorn binds nothing else then.
        boolean takesThem = start != null
                && ((start.port() instanceof PortValue.Unresolved open
                                && open.reason().contains("socket"))
                        || "gunicorn".equals(start.runner()));
        String unknown = own.isEmpty() && !(modules.find(unit) instanceof Module.Exists)
                ? "what its program binds beside its socket is not known"
                : own.unknown();
        return handed ? new Ports(ports, addresses, takesThem ? null : unknown) : own;
    }

    private Ports own(UnitFile unit) {
        Ports framework = framework(unit);
        if (framework != null) {
            return framework;
        }
        Ports passed = passed(unit);
        if (passed.isEmpty()) {
            return bySelf(unit);
        }
        return ignored(unit, passed) ? bySelf(unit) : passed;
    }

    /** What a framework binds whose code is not followed; null where it is none. */
    private @Nullable Ports framework(UnitFile unit) {
        StartCommand start = unit.start();
        if (start == null) {
            return null;
        }
        String working = unit.workingDirectory();
        String folder = working != null
                        && declarations.paths().locate(working)
                                instanceof DeployedPath.Below(String rootPath, boolean exists, boolean directory)
                        && exists
                ? rootPath
                : "";
        return frameworks.onHost(
                new Frameworks.Started(
                        start,
                        folder,
                        null,
                        null,
                        null,
                        execStart(unit, start),
                        new ContainerEnvironment(
                                environment(unit), Set.of(), unit.details().environmentUnknown())),
                code);
    }

    /**
     * True where the unit passes a port that its program cannot take: it is a script of the tree that was read, and no option
     * or variable changes what it binds.
     */
    public boolean ignored(UnitFile unit, Ports passed) {
        StartCommand start = unit.start();
        if (start == null
                || passed.ports().isEmpty()
                || ModuleName.APPLICATION_SERVERS.contains(String.valueOf(start.runner()))
                || !(modules.find(unit) instanceof Module.Exists(String rootPath))
                || !(started(rootPath, unit) instanceof ProgramLookup.Found(Program program))
                || !program.runnable()) {
            return false;
        }
        return takesNone(program, passed.ports().keySet());
    }

    /** True where a program binds other ports than these, whatever options and variables it is given. */
    static boolean takesNone(Program program, Set<Integer> ports) {
        return !program.binds().isEmpty()
                && program.binds().stream()
                        .allMatch(bind -> !bind.open()
                                && bind.port() instanceof PortValue.Known(int port, String variable)
                                && variable == null
                                && !ports.contains(port));
    }

    private ProgramLookup started(String rootPath, UnitFile unit) {
        StartCommand start = unit.start();
        return declarations
                .code()
                .started(rootPath, new Start(start == null ? List.of() : start.arguments(), environment(unit)));
    }

    /** What its command line says; nothing where it passes no port. */
    public Ports passed(UnitFile unit) {
        StartCommand start = configured(unit);
        if (start == null || start.port() == null || !unit.serves()) {
            return Ports.NONE;
        }
        return switch (start.port()) {
            case PortValue.Known(int port, String variable) -> {
                String unknown = unit.details().environmentUnknown();
                boolean open = variable != null
                        && unknown != null
                        && !environment(unit).containsKey(variable);
                yield open
                        ? new Ports(new TreeMap<>(), unknown)
                        : new Ports(
                                new TreeMap<>(Map.of(port, List.of(execStart(unit, start)))),
                                addresses(port, address(start, unit)),
                                null);
            }
            case PortValue.Unresolved(String reason, String unused) -> new Ports(new TreeMap<>(), reason);
        };
    }

    /** Its command, with the port that a configuration file of the server says; null where it has none. */
    private @Nullable StartCommand configured(UnitFile unit) {
        StartCommand start = unit.start();
        return start == null
                ? null
                : ServerConfiguration.read(
                        start,
                        environment(unit),
                        declarations.code(),
                        named -> modules.file(unit, named) instanceof Module.Exists(String rootPath) ? rootPath : null);
    }

    /** The address of the one port, as {@link Ports} has it. */
    static Map<Integer, Set<String>> addresses(int port, @Nullable String address) {
        return address == null ? Map.of() : Map.of(port, Set.of(address));
    }

    /** What its module binds when run by itself in the unit's environment. */
    public Ports bySelf(UnitFile unit) {
        return switch (modules.find(unit)) {
            case Module.Exists(String rootPath) -> bySelf(rootPath, unit);
            case Module.Unclear(String reason) -> new Ports(new TreeMap<>(), reason);
            case Module.Missing unused -> Ports.NONE;
            case Module.None unused -> compiled(unit);
        };
    }

    /** A native program that a build of the tree makes binds what its source says, which was not followed. */
    private Ports compiled(UnitFile unit) {
        StartCommand start = unit.start();
        String program =
                start == null || start.runner() != null ? "" : start.text().split(" ", 2)[0];
        return program.startsWith("/")
                        && declarations.paths().locate(program) instanceof DeployedPath.BuildProduct(String component)
                        && COMPILED.contains(component)
                ? new Ports(
                        new TreeMap<>(),
                        program + " lies in " + component + ", where a build puts it from code that is not read")
                : Ports.NONE;
    }

    private Ports bySelf(String rootPath, UnitFile unit) {
        return switch (started(rootPath, unit)) {
            case ProgramLookup.Found(Program program) ->
                bySelf(program, environment(unit), unit.details().environmentUnknown(), "the unit");
            case ProgramLookup.Unreadable(String reason) ->
                new Ports(new TreeMap<>(), rootPath + " could not be read: " + reason);
            case ProgramLookup.Absent unused -> Ports.NONE;
            case ProgramLookup.NoProgram unused -> Ports.NONE;
        };
    }

    /**
     * What a program binds in this environment.
     *
     * @param open why more variables may be set, a clause; null where not
     * @param who sets the environment, for the reason
     */
    static Ports bySelf(Program program, Map<String, String> environment, @Nullable String open, String who) {
        TreeMap<Integer, List<Evidence>> ports = new TreeMap<>();
        Map<Integer, Set<String>> addresses = new HashMap<>();
        String unknown = null;
        for (Bind bind : program.binds()) {
            Evidence evidence = new Evidence("code", bind.file(), bind.line(), bind.text());
            String variable = variable(bind.port());
            String value = variable == null ? null : environment.get(variable);
            if (value != null) {
                int port = PortArgument.number(value.strip());
                if (port > 0) {
                    add(ports, port, evidence);
                    addresses.computeIfAbsent(port, unused -> new HashSet<>()).add(address(bind));
                } else {
                    unknown = who + " sets " + variable + " to no port";
                }
            } else if (variable != null && open != null) {
                unknown = open;
            } else {
                switch (bind.port()) {
                    case PortValue.Known(int port, String unused) -> {
                        add(ports, port, evidence);
                        addresses.computeIfAbsent(port, any -> new HashSet<>()).add(address(bind));
                    }
                    case PortValue.Unresolved(String reason, String unused) -> unknown = reason;
                }
            }
        }
        return new Ports(ports, addresses, unknown);
    }

    /** What is not known of the environment may name another host than the default. */
    private static @Nullable String address(StartCommand start, UnitFile unit) {
        boolean said = start.arguments().stream().anyMatch(word -> word.matches("(--host|--bind|-b|-h)(=.*)?"));
        return said || unit.details().environmentUnknown() == null ? ListenAddress.of(start, environment(unit)) : null;
    }

    private static String address(Bind bind) {
        String address = ListenAddress.of(bind);
        return address == null ? "" : address;
    }

    /** The variable that decides a port; null where there is none. */
    static @Nullable String variable(PortValue port) {
        return switch (port) {
            case PortValue.Known(int unused, String name) -> name;
            case PortValue.Unresolved(String unused, String name) -> name;
        };
    }

    private static void add(Map<Integer, List<Evidence>> ports, int port, Evidence evidence) {
        ports.computeIfAbsent(port, unused -> new ArrayList<>()).add(evidence);
    }

    private static Map<String, String> environment(UnitFile unit) {
        Map<String, String> environment = new HashMap<>(unit.environment());
        StartCommand start = unit.start();
        if (start != null) {
            environment.putAll(start.environment());
            if ("sh".equals(start.runner()) && start.module() != null) {
                arguments(start.text(), start.module(), environment);
            }
        }
        return environment;
    }

    /** A shell script's arguments; the variable that the readers of code know {@code $1} by is {@code ARGUMENT_1}. */
    private static void arguments(String command, String script, Map<String, String> environment) {
        int at = command.indexOf(script);
        int number = 0;
        for (String word :
                at < 0 ? new String[0] : command.substring(at + script.length()).split(" ")) {
            if (!word.isEmpty()) {
                number++;
                environment.put("ARGUMENT_" + number, word);
            }
        }
    }

    /** The ExecStart line. */
    public static Evidence execStart(UnitFile unit, StartCommand start) {
        return new Evidence("unit", unit.startPath(), start.line(), "ExecStart=" + start.text());
    }
}
