package dev.panoptes.integrity.declared;

import dev.panoptes.code.Code;
import dev.panoptes.code.PortValue;
import dev.panoptes.code.Program;
import dev.panoptes.code.command.StartCommand;
import dev.panoptes.code.command.StartCommandParser;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.integrity.declared.DockerfileModules.Module;
import dev.panoptes.integrity.declared.ServiceImages.Image;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells on which ports the container of a compose service listens: its command, else its Dockerfile's, else the code of its
 * build context. EXPOSE says nothing of it. Built once for all services of a tree.
 */
public final class ContainerPorts {
    /** They run a package's own start script, which runs the code of its folder. */
    private static final Set<String> PACKAGE_RUNNERS = Set.of("npm", "yarn", "pnpm");

    private final Declarations declarations;
    private final ImagePorts pulled = new ImagePorts();
    private final ContainerCommands commands;
    private final BoundByCode bound;
    private final Frameworks frameworks;
    private final ServiceImages images;

    private final Map<ComposeFile.Service, Listening> listening = Collections.synchronizedMap(new IdentityHashMap<>());
    private final Map<ComposeFile.Service, Optional<String>> programs =
            Collections.synchronizedMap(new IdentityHashMap<>());

    ContainerPorts(Declarations declarations, DockerfileModules modules) {
        this.declarations = declarations;
        this.commands = new ContainerCommands(declarations, modules);
        this.bound = new BoundByCode(declarations.code());
        this.frameworks = new Frameworks(declarations);
        this.images = new ServiceImages(declarations);
    }

    /** What is known of a container's ports. */
    public sealed interface Listening {
        /**
         * @param ports never empty
         * @param command the command line that starts the code; null where it says the port itself, or there is none
         * @param doubt why it may listen on others too, so that nobody is accused; null where these are all
         */
        record On(
                List<Bound> ports,
                @Nullable Evidence command,
                @Nullable String doubt) implements Listening {
            public On {
                ports = List.copyOf(ports);
            }

            public boolean includes(int port) {
                return ports.stream().anyMatch(bound -> bound.port() == port);
            }

            /** The command where it decides, and what binds. */
            public List<Evidence> evidence() {
                List<Evidence> evidence = new ArrayList<>();
                if (command != null) {
                    evidence.add(command);
                }
                ports.forEach(bound -> evidence.add(bound.evidence()));
                return evidence.stream().distinct().toList();
            }
        }

        /** @param reason one sentence without a full stop */
        record Unknown(String reason) implements Listening {}

        /**
         * It runs an image that is not in the tree, or one that cannot start: nobody is accused.
         *
         * @param reason one sentence without a full stop, the same for all of one kind, so that a report tells it once
         */
        record NotJudged(String reason) implements Listening {
            /** Of an image that is only pulled and that no table knows. */
            static final NotJudged PULLED = new NotJudged(
                    "no code of its image is in the tree, and the table of images does not say on what port it"
                            + " listens");
        }
    }

    /** @param evidence what says so: the command line or the code; @param address what it listens on; null where not known */
    public record Bound(
            int port, Evidence evidence, @Nullable String address) {
        /** True where only the container itself can reach it. */
        public boolean onLoopback() {
            return ListenAddress.isLoopback(address);
        }
    }

    /** The port that this value means in the container of this service. */
    public PortValue inContainer(ComposeFile.Service service, PortValue port) {
        Image image = images.of(service);
        return environment(service, image).resolve(port);
    }

    /** The rootPath of the program that the container of this service starts; empty where it is not known. */
    public Optional<String> program(ComposeFile.Service service) {
        Optional<String> known = programs.get(service);
        if (known == null) {
            known = started(service);
            programs.put(service, known);
        }
        return known;
    }

    private Optional<String> started(ComposeFile.Service service) {
        Image image = images.of(service);
        StartCommand start = image.unclear() == null || service.command() != null || service.entrypoint() != null
                ? commands.start(service, image, environment(service, image))
                : null;
        if (start == null) {
            return Optional.empty();
        }
        return commands.module(service, image, start) instanceof Module.Exists(String rootPath)
                ? Optional.of(rootPath)
                : Optional.ofNullable(commands.jar(image, start));
    }

    /** What the command of a compose file starts in the image of the service; None where it has none, or nothing is built. */
    public Module startedByCompose(ComposeFile.Service service) {
        Image image = images.of(service);
        StartCommand start = (service.command() == null && service.entrypoint() == null) || image.stage() == null
                ? null
                : commands.start(service, image, environment(service, image));
        if (start == null) {
            return new Module.None();
        }
        Module module = commands.module(service, image, start);
        String named = module instanceof Module.None ? NamedConfiguration.named(start.text()) : null;
        StartCommand reader =
                named == null ? null : StartCommandParser.ofArguments(List.of("python", named), Map.of(), start.line());
        return reader != null && commands.module(service, image, reader) instanceof Module.Missing missing
                ? missing
                : module;
    }

    /** The file of the tree that the container of this service holds at a path, because it is copied or mounted there. */
    public HealthQuestion.Script file(ComposeFile.Service service, String path) {
        StartCommand reader = StartCommandParser.ofArguments(List.of("python", path), Map.of(), 1);
        String rootPath = reader != null
                        && commands.module(service, images.of(service), reader) instanceof Module.Exists(String exists)
                ? exists
                : null;
        return new HealthQuestion.Script(
                rootPath, rootPath == null ? null : declarations.code().text(rootPath));
    }

    /** The stage that this service is built from; empty where nothing of the tree is built. */
    public Optional<Dockerfile.Stage> stage(ComposeFile.Service service) {
        return Optional.ofNullable(images.of(service).stage());
    }

    /** The Dockerfile that this service is built by; empty where nothing of the tree is built. */
    public Optional<Dockerfile> dockerfile(ComposeFile.Service service) {
        return Optional.ofNullable(images.of(service).dockerfile());
    }

    /** What is known of the variables in the container of this service. */
    public Map<String, String> variables(ComposeFile.Service service) {
        return environment(service, images.of(service)).known();
    }

    /** A container that nothing but the image's own instructions start, for an image that no service is built from. */
    public static ComposeFile.Service alone(Dockerfile dockerfile) {
        return alone(dockerfile, Map.of());
    }

    /** The same where whoever runs it sets variables. */
    public static ComposeFile.Service alone(Dockerfile dockerfile, Map<String, String> environment) {
        String name = dockerfile.rootPath().substring(dockerfile.rootPath().lastIndexOf('/') + 1);
        return new ComposeFile.Service(
                name,
                dockerfile.rootPath(),
                1,
                List.of(),
                List.of(),
                false,
                null,
                null,
                ComposeFile.Build.of(dockerfile.rootPath(), 1, ".", name),
                null,
                null,
                null,
                null,
                new ComposeFile.Environment(environment, Set.of(), null),
                List.of());
    }

    public Listening of(ComposeFile.Service service) {
        Listening known = listening.get(service);
        if (known == null) {
            known = find(service);
            known = known instanceof Listening.NotJudged && service.build() == null
                    ? pulled.of(service, declarations.code()::text)
                    : known;
            listening.put(service, known);
        }
        return known;
    }

    private Listening find(ComposeFile.Service service) {
        Image image = images.of(service);
        if (image.unclear() != null && service.command() == null && service.entrypoint() == null) {
            return new Listening.Unknown(image.unclear());
        }
        ContainerEnvironment environment = environment(service, image);
        StartCommand start = commands.start(service, image, environment);
        String started = start == null ? null : start.text();
        Optional<Listening> served = NginxPorts.of(service, image, started, environment, declarations.code()::text)
                .or(() -> CaddyPorts.of(service, image, started, environment, declarations.code()::text))
                .or(() -> PhpPorts.of(service, image, started, environment));
        if (served.isPresent()) {
            return served.get();
        }
        if (start == null) {
            return withoutCommand(image, environment);
        }
        ContainerCommands.Invoked invoked = commands.invoked(service, image);
        Invocation decisive = invoked.decisive();
        String file = decisive == null ? service.file() : decisive.file();
        boolean own = service.command() != null || service.entrypoint() != null;
        StartCommand written = invoked.written();
        Evidence evidence = new Evidence(
                !own ? "dockerfile" : Workload.isWorkloadFile(file) ? "launch" : "compose",
                file,
                start.line(),
                written == null ? start.text() : written.text());
        return started(service, image, start, evidence, environment.with(start.environment()));
    }

    private static ContainerEnvironment environment(ComposeFile.Service service, Image image) {
        return ContainerEnvironment.of(image.stage(), service.build(), service.environment());
    }

    /** No command anywhere: the base image's own, of which only those are known that are of no use to a fleet. */
    private Listening withoutCommand(Image image, ContainerEnvironment environment) {
        Dockerfile.Stage stage = image.stage();
        if (!image.isBuilt() || stage == null) {
            return Listening.NotJudged.PULLED;
        }
        String base = stage.base();
        return base == null || !BaseImages.isPlain(base)
                ? pulled.ofBase(
                        base,
                        image.dockerfile(),
                        environment,
                        image.dockerfile() == null
                                ? ""
                                : String.valueOf(declarations
                                        .code()
                                        .text(image.dockerfile().rootPath())))
                : bound.codeOf(image.context(), environment, null, null);
    }

    private Listening started(
            ComposeFile.Service service,
            Image image,
            StartCommand written,
            Evidence evidence,
            ContainerEnvironment environment) {
        StartCommand start = ServerConfiguration.read(
                ServerConfiguration.byItself(
                        written,
                        environment,
                        named -> commands.module(service, image, named) instanceof Module.Missing),
                environment.known(),
                declarations.code(),
                named -> commands.module(service, image, named) instanceof Module.Exists(String rootPath)
                        ? rootPath
                        : null);
        Optional<Listening> framework = framework(service, image, start, evidence, environment);
        if (framework.isPresent()) {
            return framework.get();
        }
        Module module = commands.module(service, image, start);
        if (evidence.source().equals("dockerfile") && module instanceof Module.Missing) {
            // Such a Dockerfile claims no port; a check of its own says so.
            return new Listening.NotJudged("what its Dockerfile starts does not exist");
        }
        switch (start.port()) {
            case PortValue.Known known -> {
                return switch (environment.resolve(known)) {
                    case PortValue.Known(int port, String variable) -> {
                        String rootPath = module instanceof Module.Exists exists ? exists.rootPath() : null;
                        if (rootPath != null && bound.ignores(rootPath, start, environment, port)) {
                            yield bound.programAt(rootPath, start, image.context(), evidence, environment);
                        }
                        List<Bound> ports = new ArrayList<>(
                                List.of(new Bound(port, evidence, ListenAddress.of(start, environment.known()))));
                        ports.addAll(rootPath == null ? List.of() : bound.besides(rootPath, start, environment, port));
                        ports.addAll(image.isBuilt() ? List.of() : ImagePorts.others(start, evidence, port));
                        yield new Listening.On(ports, null, variable == null ? null : environment.incomplete());
                    }
                    case PortValue.Unresolved(String reason, String variable) -> new Listening.Unknown(reason);
                };
            }
            case PortValue.Unresolved(String reason, String variable) -> {
                return new Listening.Unknown(reason);
            }
            case null -> {
                // The module decides.
            }
        }
        return switch (module) {
            case Module.Exists(String rootPath) ->
                bound.programAt(rootPath, start, image.context(), evidence, environment);
            case Module.Missing missing ->
                new Listening.Unknown("the module " + missing.module() + " that it starts does not exist");
            case Module.Unclear(String reason) -> {
                String compiled = commands.jar(image, start);
                if (compiled != null) {
                    yield bound.programAt(compiled, start, image.context(), evidence, environment);
                }
                yield image.isBuilt()
                        ? bound.codeOf(image.context(), environment, evidence, reason)
                        : Listening.NotJudged.PULLED;
            }
            case Module.None none -> withoutModule(service, image, start, evidence, environment);
        };
    }

    private Optional<Listening> framework(
            ComposeFile.Service service,
            Image image,
            StartCommand start,
            Evidence evidence,
            ContainerEnvironment environment) {
        Dockerfile.Stage stage = image.stage();
        Dockerfile dockerfile = image.dockerfile();
        return frameworks.of(
                new Frameworks.Started(
                        start,
                        image.context() == null ? mounted(service) : image.context(),
                        stage == null ? service.image() : stage.base(),
                        dockerfile == null ? null : dockerfile.rootPath(),
                        stage == null ? null : stage.copies(),
                        evidence,
                        environment),
                bound);
    }

    /** The folder of the tree in which a pulled image runs its command, because it is mounted there; null for others. */
    private static @Nullable String mounted(ComposeFile.Service service) {
        return service.mounts().stream()
                .filter(mount -> mount.target().equals(service.workingDirectory()))
                .map(ComposeFile.Mount::sourceInTree)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** Whatever the programs of supervisord bind. */
    private Listening supervised(
            ComposeFile.Service service,
            Image image,
            StartCommand start,
            Evidence evidence,
            ContainerEnvironment environment) {
        Dockerfile.Stage stage = image.stage();
        List<HostProcess> programs = stage == null
                ? List.of()
                : new SupervisedImage(
                                stage,
                                command -> commands.module(service, image, command)
                                                instanceof Module.Exists(String rootPath)
                                        ? rootPath
                                        : null,
                                path -> declarations.code().text(path))
                        .programs(start);
        if (programs.isEmpty()) {
            return new Listening.Unknown("what supervisord starts is not in the scanned tree");
        }
        List<Bound> ports = new ArrayList<>();
        String doubt = null;
        for (HostProcess program : programs) {
            StartCommand command = program.start();
            if (command != null && commands.module(service, image, command) instanceof Module.Missing) {
                continue; // it ends, which is told by itself
            }
            if (command != null && (JobRunners.isOne(command.text()) || isHousekeeping(service, image, command))) {
                continue;
            }
            Listening one = supervised(service, image, program, environment);
            switch (one) {
                case Listening.On on -> {
                    ports.addAll(on.ports());
                    doubt = doubt == null ? on.doubt() : doubt;
                }
                case Listening.Unknown(String reason) ->
                    doubt = doubt == null ? "of " + program.id() + " " + reason : doubt;
                case Listening.NotJudged unused ->
                    doubt = doubt == null ? "what " + program.id() + " binds cannot be told" : doubt;
            }
        }
        return ports.isEmpty()
                ? new Listening.Unknown(doubt == null ? "its programs bind no port that can be seen" : doubt)
                : new Listening.On(ports, evidence, doubt);
    }

    private boolean isHousekeeping(ComposeFile.Service service, Image image, StartCommand command) {
        String script = commands.module(service, image, command) instanceof Module.Exists(String rootPath)
                        && rootPath.endsWith(".sh")
                ? declarations.code().text(rootPath)
                : null;
        return script != null && JobRunners.isHousekeeping(script);
    }

    private Listening supervised(
            ComposeFile.Service service, Image image, HostProcess program, ContainerEnvironment environment) {
        StartCommand start = program.start();
        if (start == null) {
            return new Listening.Unknown(program.unknown() == null ? "its command is not known" : program.unknown());
        }
        String directory = program.directory();
        Optional<Listening> server = NginxPorts.installed(service, image, start.text(), declarations.code()::text)
                .or(() -> PhpPorts.of(service, image, start.text(), environment));
        return server.isPresent()
                ? server.get()
                : started(
                        directory == null ? service : service.in("/" + directory),
                        image,
                        start,
                        program.evidence(),
                        environment.with(program.environment()).with(start.environment()));
    }

    private Listening withoutModule(
            ComposeFile.Service service,
            Image image,
            StartCommand start,
            Evidence evidence,
            ContainerEnvironment environment) {
        if (!image.isBuilt()) {
            return notBuilt(image);
        }
        if (SupervisedImage.isStartedBy(start)) {
            return supervised(service, image, start, evidence, environment);
        }
        String runner = start.runner();
        if (runner != null && PACKAGE_RUNNERS.contains(runner)) {
            return bound.codeOf(image.context(), environment, evidence, null);
        }
        Dockerfile dockerfile = image.dockerfile();
        Dockerfile.Stage stage = image.stage();
        if (runner == null && dockerfile != null && GoBuild.isTagged(dockerfile)) {
            return new Listening.Unknown("its program is built with tags, which choose among the files of its code");
        }
        String source = runner != null || dockerfile == null || stage == null || image.context() == null
                ? null
                : GoBuild.program(dockerfile, stage, image.context(), start, given(service));
        if (source != null
                && declarations.code().program(source) instanceof Code.ProgramLookup.Found(Program program)
                && program.runnable()) {
            return bound.programAt(source, start, image.context(), evidence, environment);
        }
        String doubt = bound.isCompiled(image.context(), start)
                ? null
                : "what " + shortened(start.text()) + " binds cannot be told";
        return bound.codeOf(image.context(), environment, evidence, doubt);
    }

    private static Map<String, String> given(ComposeFile.Service service) {
        ComposeFile.Build build = service.build();
        return build == null ? Map.of() : build.arguments();
    }

    private static String shortened(String text) {
        return text.length() > 60 ? text.substring(0, 60) + " ..." : text;
    }

    /** Nothing is judged of an image that is only pulled; one whose build cannot be followed is not known. */
    private static Listening notBuilt(Image image) {
        String unclear = image.unclear();
        return unclear == null ? Listening.NotJudged.PULLED : new Listening.Unknown(unclear);
    }
}
