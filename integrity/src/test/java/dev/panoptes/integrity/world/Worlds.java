package dev.panoptes.integrity.world;

import dev.panoptes.code.Bind;
import dev.panoptes.code.CodeDirectory;
import dev.panoptes.code.CodeFile;
import dev.panoptes.code.Language;
import dev.panoptes.code.LineSketch;
import dev.panoptes.code.PortValue;
import dev.panoptes.code.Program;
import dev.panoptes.code.ReportedName;
import dev.panoptes.code.command.StartCommand;
import dev.panoptes.code.command.StartCommandParser;
import dev.panoptes.core.registry.Action;
import dev.panoptes.core.registry.Connection;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.KubernetesService;
import dev.panoptes.core.registry.Placement;
import dev.panoptes.core.registry.Protocol;
import dev.panoptes.core.yaml.Located;
import dev.panoptes.core.yaml.Location;
import dev.panoptes.integrity.declared.ComposeFile;
import dev.panoptes.integrity.declared.Dockerfile;
import dev.panoptes.integrity.declared.Invocation;
import dev.panoptes.integrity.declared.UnitFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The parts of a {@link WorldBuilder}, each with ordinary values for all that a test does not say. One file, so that a test
 * imports one name and finds every part behind it.
 */
public final class Worlds {
    /** The agents path below the root. */
    public static final String AGENTS = "agents";

    private Worlds() {}

    public static Agent agent(String key) {
        return new Agent(key);
    }

    /** A directory below the agents path, or {@link Directory#at elsewhere}. */
    public static Directory directory(String path) {
        return new Directory(path);
    }

    /** A runnable program of a directory. */
    public static Prog program(String path) {
        return new Prog(path);
    }

    public static Docker dockerfile(String rootPath) {
        return new Docker(rootPath);
    }

    public static Unit unit(String name) {
        return new Unit(name);
    }

    public static Service service(String name) {
        return new Service(name);
    }

    public static ComposeFile compose(String rootPath, Service... services) {
        return new ComposeFile(
                rootPath,
                Arrays.stream(services).map(service -> service.build(rootPath)).toList());
    }

    public static PortValue known(int port) {
        return new PortValue.Known(port, null);
    }

    /** The default of an environment variable. */
    public static PortValue byDefault(int port, String variable) {
        return new PortValue.Known(port, variable);
    }

    public static PortValue unresolved(String reason) {
        return new PortValue.Unresolved(reason, null);
    }

    /** A command line; runner, module and port are null where it names none. */
    public static StartCommand start(String text, String runner, String module, Integer port) {
        return new StartCommand(text, runner, module, port == null ? null : known(port), 3);
    }

    public static final class Agent {
        private final String key;
        private String name;
        private String url;
        private String health = Connection.DEFAULT_HEALTH_ENDPOINT;
        private String host;
        private String path;
        private String unit;
        private String exe;
        private String version = "1.0";
        private Boolean core;
        private boolean enrollRequired;
        private KubernetesService kubernetes;
        private Placement placement = Placement.SINGLE;
        private final List<Action> actions = new ArrayList<>();
        private boolean statusOnly;
        private boolean enabled = true;
        private Protocol protocol = Protocol.HTTP;

        private Agent(String key) {
            this.key = key;
        }

        public Agent name(String value) {
            name = value;
            return this;
        }

        public Agent port(int port) {
            return url("http://" + key + ":" + port);
        }

        public Agent url(String value) {
            url = value;
            return this;
        }

        public Agent health(String value) {
            health = value;
            return this;
        }

        public Agent host(String value) {
            host = value;
            return this;
        }

        public Agent path(String value) {
            path = value;
            return this;
        }

        public Agent unit(String value) {
            unit = value;
            return this;
        }

        public Agent exe(String value) {
            exe = value;
            return this;
        }

        public Agent version(String value) {
            version = value;
            return this;
        }

        public Agent core(Boolean value) {
            core = value;
            return this;
        }

        public Agent enrollRequired() {
            enrollRequired = true;
            return this;
        }

        public Agent statusOnly() {
            statusOnly = true;
            return this;
        }

        public Agent protocol(Protocol value) {
            protocol = value;
            return this;
        }

        public Agent off() {
            enabled = false;
            return this;
        }

        public Agent placement(Placement value) {
            placement = value;
            return this;
        }

        public Agent kubernetes(String namespace, String service, String image) {
            kubernetes = new KubernetesService(namespace, service, image);
            return this;
        }

        public Agent action(String actionName) {
            actions.add(new Action(actionName, "/" + actionName, "POST", new Location(1, 1)));
            return this;
        }

        DeclaredAgent build(int line) {
            Location at = new Location(line, 3);
            return new DeclaredAgent(
                    key,
                    name == null ? null : new Located<>(name, new Location(line + 1, 5)),
                    version,
                    null,
                    host,
                    path,
                    unit,
                    exe,
                    core,
                    null,
                    enrollRequired,
                    enabled,
                    false,
                    statusOnly,
                    null,
                    placement,
                    kubernetes,
                    url == null
                            ? null
                            : new Connection(
                                    new Located<>(url, new Location(line + 2, 5)),
                                    protocol,
                                    health,
                                    null,
                                    new Location(line + 2, 5)),
                    List.of(),
                    actions,
                    at);
        }
    }

    public static final class Directory {
        private final String path;
        private String rootPath;
        private final List<Prog> programs = new ArrayList<>();
        private final List<CodeFile> files = new ArrayList<>();
        private String incomplete;

        private Directory(String path) {
            this.path = path;
            this.rootPath = AGENTS + "/" + path;
        }

        /** Not below the agents path: its path below the root. */
        public Directory at(String value) {
            rootPath = value;
            return this;
        }

        public Directory program(Prog program) {
            programs.add(program);
            return this;
        }

        public Directory file(String file, int codeLines) {
            return file(file, codeLines, Integer.toHexString((path + file).hashCode()), LineSketch.EMPTY);
        }

        public Directory file(String file, int codeLines, String digest, LineSketch lines) {
            files.add(new CodeFile(file, rootPath + "/" + file, Language.PYTHON, digest, codeLines, lines));
            return this;
        }

        public Directory incomplete(String reason) {
            incomplete = reason;
            return this;
        }

        CodeDirectory build() {
            List<CodeFile> all = new ArrayList<>(files);
            for (Prog program : programs) {
                if (files.stream().noneMatch(file -> file.path().equals(program.path))) {
                    String digest = Integer.toHexString((path + program.path).hashCode());
                    all.add(new CodeFile(
                            program.path,
                            rootPath + "/" + program.path,
                            program.language,
                            digest,
                            program.codeLines,
                            program.lines));
                }
            }
            return new CodeDirectory(
                    path,
                    rootPath,
                    all,
                    programs.stream()
                            .map(program -> program.at(rootPath + "/" + program.path))
                            .toList(),
                    all.stream().mapToInt(CodeFile::codeLines).sum(),
                    incomplete);
        }
    }

    public static final class Prog {
        private final String path;
        private boolean runnable = true;
        private boolean definesApp;
        private int codeLines = 50;
        private final List<PortValue> ports = new ArrayList<>();
        private final List<String[]> names = new ArrayList<>();
        private boolean onImport;
        private String nameUnknown;
        private LineSketch lines = LineSketch.EMPTY;
        private Language language = Language.PYTHON;
        private final List<String> bindFiles = new ArrayList<>();

        private Prog(String path) {
            this.path = path;
        }

        public Prog binds(int... values) {
            Arrays.stream(values).forEach(port -> ports.add(known(port)));
            return this;
        }

        public Prog binds(PortValue port) {
            ports.add(port);
            return this;
        }

        /** It binds by a call in another file of the directory, such as a main that it imports. */
        public Prog bindsIn(String rootPath, PortValue port) {
            while (bindFiles.size() < ports.size()) {
                bindFiles.add(null);
            }
            bindFiles.add(rootPath);
            return binds(port);
        }

        public Prog language(Language value) {
            language = value;
            return this;
        }

        public Prog reports(String name) {
            return reports(name, "agent");
        }

        public Prog reports(String name, String field) {
            names.add(new String[] {name, field});
            return this;
        }

        public Prog nameUnknown(String reason) {
            nameUnknown = reason;
            return this;
        }

        /** What its lines look like, for the likeness of directories; empty by default. */
        public Prog lines(LineSketch value) {
            lines = value;
            return this;
        }

        public Prog codeLines(int value) {
            codeLines = value;
            return this;
        }

        public Prog notRunnable() {
            runnable = false;
            return this;
        }

        /** It creates an application that a server such as uvicorn can load. */
        public Prog definesApp() {
            definesApp = true;
            return this;
        }

        public Prog bindsOnImport() {
            onImport = true;
            return this;
        }

        Program at(String rootPath) {
            List<Bind> binds = new ArrayList<>();
            for (PortValue port : ports) {
                String file = binds.size() < bindFiles.size() ? bindFiles.get(binds.size()) : null;
                binds.add(new Bind(
                        port,
                        file == null ? rootPath : file,
                        40 + binds.size(),
                        "run(app, port=...)",
                        "0.0.0.0",
                        onImport));
            }
            List<ReportedName> reported = new ArrayList<>();
            for (String[] name : names) {
                reported.add(new ReportedName(
                        name[0], name[1], rootPath, 20 + reported.size(), "\"" + name[1] + "\": \"" + name[0] + "\""));
            }
            return new Program(path, rootPath, language, runnable, definesApp, binds, reported, nameUnknown);
        }
    }

    public static final class Docker {
        private final String rootPath;
        private final List<Dockerfile.Exposed> exposed = new ArrayList<>();
        private StartCommand start;
        private final Map<String, String> environment = new LinkedHashMap<>();

        private Docker(String rootPath) {
            this.rootPath = rootPath;
        }

        public Docker exposes(int... ports) {
            for (int port : ports) {
                exposed.add(new Dockerfile.Exposed(known(port), "tcp", 2));
            }
            return this;
        }

        public Docker starts(StartCommand value) {
            start = value;
            return this;
        }

        public Docker environment(String variable, String value) {
            environment.put(variable, value);
            return this;
        }

        /** One stage that copies its folder to {@code /app} and works there. */
        Dockerfile build() {
            int slash = rootPath.lastIndexOf('/');
            Invocation command = start == null ? null : new Invocation(List.of(start.text()), true, rootPath, 3);
            return new Dockerfile(
                    rootPath,
                    slash < 0 ? "" : rootPath.substring(0, slash),
                    List.of(new Dockerfile.Stage(
                            null,
                            "python:3.12-slim",
                            "/app",
                            environment,
                            Set.of(),
                            Map.of(),
                            null,
                            command,
                            start,
                            exposed,
                            List.of(new Dockerfile.Copy(List.of("."), "/app", true, null, false, 2)),
                            List.of())));
        }
    }

    public static final class Unit {
        private final String name;
        private String rootPath;
        private String workingDirectory;
        private StartCommand start;
        private final Map<String, String> environment = new LinkedHashMap<>();
        private UnitFile.Details details = UnitFile.Details.ORDINARY;

        private Unit(String name) {
            this.name = name;
            this.rootPath = "units/" + name;
        }

        public Unit at(String value) {
            rootPath = value;
            return this;
        }

        /** As written; {@link WorldBuilder#DEPLOYED_AT} stands for the root. */
        public Unit workingDirectory(String value) {
            workingDirectory = value;
            return this;
        }

        public Unit starts(StartCommand value) {
            start = value;
            return this;
        }

        public Unit environment(String variable, String value) {
            environment.put(variable, value);
            return this;
        }

        /** The start that a real command line makes, variables from the environment set before. */
        public Unit exec(String command) {
            start = StartCommandParser.ofArguments(List.of(command.split(" ")), environment, 7);
            return this;
        }

        public Unit details(UnitFile.Details value) {
            details = value;
            return this;
        }

        UnitFile build() {
            return new UnitFile(
                    rootPath,
                    name,
                    workingDirectory,
                    workingDirectory == null ? 0 : 6,
                    start,
                    environment,
                    Integer.toHexString(rootPath.hashCode()),
                    details);
        }
    }

    public static final class Service {
        private final String name;
        private final List<Function<String, ComposeFile.Published>> ports = new ArrayList<>();
        private final List<String> profiles = new ArrayList<>();
        private boolean hostNetwork;
        private Function<String, ComposeFile.Build> build = file -> null;
        private String image;
        private String command;
        private Integer healthcheck;
        private final Map<String, String> environment = new LinkedHashMap<>();

        private Service(String name) {
            this.name = name;
        }

        public Service publishes(int host, int container) {
            return publishes("", host, container, "tcp");
        }

        public Service publishes(String address, int host, int container, String protocol) {
            ports.add(file -> new ComposeFile.Published(
                    address, known(host), known(container), protocol, file, 5, host + ":" + container));
            return this;
        }

        public Service profile(String value) {
            profiles.add(value);
            return this;
        }

        public Service hostNetwork() {
            hostNetwork = true;
            return this;
        }

        /** A build context as written, and a Dockerfile as written or null. */
        public Service builds(String context, String dockerfile) {
            build = file -> ComposeFile.Build.of(file, 4, context, dockerfile);
            return this;
        }

        public Service image(String value) {
            image = value;
            return this;
        }

        /** A command line in shell form. */
        public Service command(String value) {
            command = value;
            return this;
        }

        public Service healthcheck(int port) {
            healthcheck = port;
            return this;
        }

        public Service environment(String variable, String value) {
            environment.put(variable, value);
            return this;
        }

        ComposeFile.Service build(String file) {
            return new ComposeFile.Service(
                    name,
                    file,
                    3,
                    ports.stream().map(port -> port.apply(file)).toList(),
                    profiles,
                    hostNetwork,
                    null,
                    image,
                    build.apply(file),
                    null,
                    command == null ? null : new Invocation(List.of(command), true, file, 6),
                    null,
                    healthcheck == null
                            ? null
                            : new ComposeFile.HealthcheckPort(
                                    known(healthcheck), file, 9, "curl -f http://localhost:" + healthcheck),
                    new ComposeFile.Environment(environment, Set.of(), null),
                    List.of());
        }
    }
}
