package dev.panoptes.integrity.declared;

import dev.panoptes.code.PortValue;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A compose file (Compose Specification) together with the override file beside it, which compose reads with it.
 *
 * @param rootPath below the scan's root
 * @param services in file order, those that only the override file has last, then those of included files
 * @param project what it is joined with
 */
public record ComposeFile(String rootPath, List<Service> services, Project project) {
    public ComposeFile {
        services = List.copyOf(services);
    }

    /** A file that nothing is joined with. */
    public ComposeFile(String rootPath, List<Service> services) {
        this(
                rootPath,
                services,
                new Project(
                        List.of(rootPath), Set.of(), Set.of(), Set.of(), Set.of(), List.of(), List.of(), List.of()));
    }

    /**
     * What compose makes of a file together with those that belong to it.
     *
     * @param files rootPaths of all files that are one project with it: overrides, those that it includes, those that
     *     {@code COMPOSE_FILE} names
     * @param activeProfiles those of {@code COMPOSE_PROFILES}; {@code *} for all
     * @param external names of networks and volumes that it takes from elsewhere ({@code external: true})
     * @param startedBy places of scripts and documents that start it, {@code file:line}; those of one place are run together
     * @param joinedBy command lines that start it, {@code file:line}: files with one in common are one project there
     * @param missing what it names and is not there
     * @param refusals what compose or Docker refuses of it
     * @param upstreams whom its services ask by name and port
     */
    public record Project(
            List<String> files,
            Set<String> activeProfiles,
            Set<String> external,
            Set<String> startedBy,
            Set<String> joinedBy,
            List<Missing> missing,
            List<Refusal> refusals,
            List<Upstream> upstreams) {
        public Project {
            files = List.copyOf(files);
            activeProfiles = Set.copyOf(activeProfiles);
            external = Set.copyOf(external);
            startedBy = Set.copyOf(startedBy);
            joinedBy = Set.copyOf(joinedBy);
            missing = List.copyOf(missing);
            refusals = List.copyOf(refusals);
            upstreams = List.copyOf(upstreams);
        }
    }

    /** The same with what is refused of it. */
    ComposeFile refusing(List<Refusal> refusals) {
        return with(refusals, project.upstreams());
    }

    /** The same with what its services ask. */
    ComposeFile asking(List<Upstream> upstreams) {
        return with(project.refusals(), upstreams);
    }

    private ComposeFile with(List<Refusal> refusals, List<Upstream> upstreams) {
        return new ComposeFile(
                rootPath,
                services,
                new Project(
                        project.files(),
                        project.activeProfiles(),
                        project.external(),
                        project.startedBy(),
                        project.joinedBy(),
                        project.missing(),
                        refusals,
                        upstreams));
    }

    /**
     * A neighbour that a service asks.
     *
     * @param service how reports name the service that asks
     * @param host as it is written: a service's name, where it is one
     * @param proxy true where nginx asks, which does not start where it does not find the name
     * @param file rootPath of the file that says so
     */
    public record Upstream(String service, String host, int port, boolean proxy, String file, int line, String text) {
        /** What a service asks by a file that it reads. */
        static Upstream in(String file, int line, Service service, String host, int port, String text) {
            return new Upstream(service.id(), host, port, false, file, line, text);
        }

        /** What a service asks by what its compose file gives it. */
        static Upstream of(Service service, String host, int port, String text) {
            return in(service.file(), service.line(), service, host, port, text);
        }
    }

    /** Why compose or Docker refuses what a service says. */
    public enum RefusalKind {
        NO_SERVICE,
        NO_VOLUME,
        NO_NETWORK,
        NO_SECRET,
        NO_CONFIG,
        /** A config whose file is not there. */
        NO_CONFIG_FILE,
        /** It depends on itself. */
        ITSELF,
        /** It is always started, and what it depends on only with a profile. */
        INACTIVE,
        /** Both have profiles and none in common; refused only where it is started with but one of them. */
        OTHER_PROFILE,
        /** It waits for the health of a service that declares no health check; its image may. */
        NO_HEALTH,
        /** Several containers, one name. */
        ONE_NAME,
        /** It publishes ports in the network of another service. */
        PORTS_OF_ANOTHER,
        /** Both a network mode and networks. */
        TWO_NETWORKS,
        /** The test of its health check begins with none of the words that it may begin with. */
        TEST,
        /** Its health check means a variable of the container, which compose replaces by nothing before. */
        REPLACED,
        /** It waits for the end of a service that publishes a port. */
        NEVER_ENDS,
        /** It waits for what compose does not know. */
        CONDITION,
        /** A file that is included has a service of the same name. */
        INCLUDED_TWICE
    }

    /**
     * Something that compose or Docker refuses.
     *
     * @param service how reports name the service that says it
     * @param name what is named, or what contradicts
     * @param file rootPath of the file where it stands
     */
    public record Refusal(RefusalKind kind, String service, String name, String file, int line, String text) {}

    /**
     * An {@code include} or {@code extends} that leads nowhere.
     *
     * @param service the service that extends; null for an include
     * @param wanted what is not there, as reports name it
     * @param file rootPath of the file that names it
     */
    public record Missing(@Nullable String service, String wanted, String file, int line, String text) {}

    /** True where this file is part of the project. */
    public boolean holds(String file) {
        return rootPath.equals(file) || project.files().contains(file);
    }

    /** True where no one command starts both: they have profiles and none in common, or one of them is never started. */
    public boolean neverTogether(Service a, Service b) {
        if (a.details().replicas() == 0 || b.details().replicas() == 0) {
            return true;
        }
        boolean bothActive = isActive(a) && isActive(b);
        return !bothActive
                && !a.profiles().isEmpty()
                && !b.profiles().isEmpty()
                && Collections.disjoint(a.profiles(), b.profiles());
    }

    /** True where it is started without being asked for: it has no profile, or an active one. */
    public boolean isActive(Service service) {
        return service.profiles().isEmpty()
                || project.activeProfiles().contains("*")
                || !Collections.disjoint(service.profiles(), project.activeProfiles());
    }

    /** The rootPath of its folder; empty for the root itself. */
    public String directory() {
        return rootPath.substring(0, Math.max(0, rootPath.lastIndexOf('/')));
    }

    /**
     * A service with all that {@code extends}, anchors and override files give it.
     *
     * @param file rootPath of the file that defines it: the compose file's or its override's
     * @param hostNetwork true for {@code network_mode: host}: what the container listens on is on the host
     * @param networkOf the service whose network it shares ({@code network_mode: service:x}); null where it has its own
     * @param image null where absent or not known
     * @param build null where the service has no build section
     * @param entrypoint null where the image's applies
     * @param command null where the image's applies
     * @param workingDirectory null where the image's applies
     * @param healthcheck the port that its {@code test} asks on the container itself; null where there is none
     * @param environment of {@code environment} and {@code env_file}
     * @param mounts folders and files of the host that it sees, in order
     * @param details what fewer checks ask for
     */
    public record Service(
            String name,
            String file,
            int line,
            List<Published> ports,
            List<String> profiles,
            boolean hostNetwork,
            @Nullable String networkOf,
            @Nullable String image,
            @Nullable Build build,
            @Nullable Invocation entrypoint,
            @Nullable Invocation command,
            @Nullable String workingDirectory,
            @Nullable HealthcheckPort healthcheck,
            Environment environment,
            List<Mount> mounts,
            Details details) {
        public Service {
            ports = List.copyOf(ports);
            profiles = List.copyOf(profiles);
            mounts = List.copyOf(mounts);
        }

        /** A service of one container that is called nothing but its name. */
        public Service(
                String name,
                String file,
                int line,
                List<Published> ports,
                List<String> profiles,
                boolean hostNetwork,
                @Nullable String networkOf,
                @Nullable String image,
                @Nullable Build build,
                @Nullable Invocation entrypoint,
                @Nullable Invocation command,
                @Nullable String workingDirectory,
                @Nullable HealthcheckPort healthcheck,
                Environment environment,
                List<Mount> mounts) {
            this(
                    name,
                    file,
                    line,
                    ports,
                    profiles,
                    hostNetwork,
                    networkOf,
                    image,
                    build,
                    entrypoint,
                    command,
                    workingDirectory,
                    healthcheck,
                    environment,
                    mounts,
                    Details.PLAIN);
        }

        /** The same in another working directory. */
        Service in(String directory) {
            return new Service(
                    name,
                    file,
                    line,
                    ports,
                    profiles,
                    hostNetwork,
                    networkOf,
                    image,
                    build,
                    entrypoint,
                    command,
                    directory,
                    healthcheck,
                    environment,
                    mounts,
                    details);
        }

        /** How reports name it. */
        public String id() {
            return file + "#" + name;
        }
    }

    /**
     * What fewer checks ask for.
     *
     * @param replicas containers of it that run at once; 0 where it is switched off
     * @param names what other containers know it by besides its name: container_name, hostname, aliases
     * @param healthcheckOff true where {@code disable: true} or {@code NONE} switches an image's health check off
     * @param healthcheckTest the words of its health check's {@code test}, with {@code CMD} or {@code CMD-SHELL}; empty where
     *     it has none
     * @param healthcheckLine 0 where it has none
     * @param healthcheckFile where that stands; null where it has none
     * @param environmentFiles what {@code env_file} names, in order
     * @param swarm true where it says what only a Swarm heeds, which leads a published port to every container
     * @param led ports of its container to which its labels lead a proxy
     * @param networks the networks of the project that it joins; empty where that is not known, or it has a network mode
     */
    public record Details(
            int replicas,
            List<String> names,
            boolean healthcheckOff,
            List<String> healthcheckTest,
            @Nullable String healthcheckFile,
            int healthcheckLine,
            List<EnvironmentFile> environmentFiles,
            boolean swarm,
            List<LedPort> led,
            Set<String> networks) {
        public static final Details PLAIN =
                new Details(1, List.of(), false, List.of(), null, 0, List.of(), false, List.of(), Set.of());

        public Details {
            names = List.copyOf(names);
            healthcheckTest = List.copyOf(healthcheckTest);
            environmentFiles = List.copyOf(environmentFiles);
            led = List.copyOf(led);
            networks = Set.copyOf(networks);
        }
    }

    /** A port of a service's container that a label of it names to a proxy. */
    public record LedPort(int port, String file, int line, String text) {}

    /**
     * An entry of {@code env_file} (Compose Specification, "env_file").
     *
     * @param path as written, variables replaced
     * @param rootPath null where it is not known, or not below the root
     * @param required false where {@code required: false} lets it be absent
     */
    public record EnvironmentFile(String path, @Nullable String rootPath, boolean required, String file, int line) {}

    /**
     * One published port; a range gives one each.
     *
     * @param address the host address, {@code ""} for every address
     * @param host null where Docker picks one
     * @param file rootPath of the file that publishes it, which may be an override or an extended one
     */
    public record Published(
            String address,
            @Nullable PortValue host,
            PortValue container,
            String protocol,
            String file,
            int line,
            String text) {}

    /**
     * @param context as written, variables replaced where they are known; relative to {@code directory}
     * @param contextUnclear why the context cannot be told; null where it can
     * @param dockerfile as written, relative to the context; null where absent
     * @param dockerfileUnclear why the Dockerfile's path cannot be told; null where it can
     * @param inline what {@code dockerfile_inline} holds; null where absent
     * @param target the stage that is built; null for the last
     * @param arguments build arguments with known values
     * @param unclearArguments build arguments whose value cannot be told
     * @param directory rootPath of the folder of the file that writes the build section; empty for the root itself
     * @param file rootPath of that file
     */
    public record Build(
            String context,
            @Nullable String contextUnclear,
            @Nullable String dockerfile,
            @Nullable String dockerfileUnclear,
            @Nullable Dockerfile inline,
            @Nullable String target,
            Map<String, String> arguments,
            Set<String> unclearArguments,
            String directory,
            String file,
            int line) {
        public Build {
            arguments = Map.copyOf(arguments);
            unclearArguments = Set.copyOf(unclearArguments);
        }

        /** A build section that says no more than its context and its Dockerfile. */
        public static Build of(String file, int line, String context, @Nullable String dockerfile) {
            String directory = file.substring(0, Math.max(0, file.lastIndexOf('/')));
            return new Build(context, null, dockerfile, null, null, null, Map.of(), Set.of(), directory, file, line);
        }

        /** rootPath of its context, empty for the root; null where it cannot be told, and where it leads out. */
        @Nullable
        String contextInTree() {
            return contextUnclear == null ? ContainerPath.belowRoot(directory, context) : null;
        }
    }

    public record HealthcheckPort(PortValue port, String file, int line, String text) {}

    /**
     * What the container's environment holds.
     *
     * @param known variables with their values, which are never printed
     * @param unclear names of variables that are set, to a value that cannot be told
     * @param incomplete why more may be set, such as an {@code env_file} that is not in the tree; null where not
     */
    public record Environment(
            Map<String, String> known,
            Set<String> unclear,
            @Nullable String incomplete) {
        public static final Environment EMPTY = new Environment(Map.of(), Set.of(), null);

        public Environment {
            known = Map.copyOf(known);
            unclear = Set.copyOf(unclear);
        }
    }

    /**
     * A bind mount.
     *
     * @param source as written: relative to {@code directory}, or absolute on the deployed machine; null where it cannot be
     *     told
     * @param target absolute path in the container
     * @param directory rootPath of the folder of the file that writes it
     * @param file rootPath of that file
     * @param made true where Docker makes a folder of a source that is not there; the long form refuses to start
     * @param readOnly true where the container cannot fill it ({@code :ro})
     */
    public record Mount(
            @Nullable String source,
            String target,
            String directory,
            String file,
            int line,
            boolean made,
            boolean readOnly) {
        /** One of which only its paths matter. */
        public Mount(@Nullable String source, String target, String directory) {
            this(source, target, directory, "", 0, true, false);
        }

        /** rootPath of what a relative source names, empty for the root; null for any other source, and where it leads out. */
        public @Nullable String sourceInTree() {
            return source == null || !source.startsWith(".") ? null : ContainerPath.belowRoot(directory, source);
        }
    }
}
