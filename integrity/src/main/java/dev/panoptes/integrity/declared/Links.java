package dev.panoptes.integrity.declared;

import dev.panoptes.code.CodeDirectory;
import dev.panoptes.code.library.Table;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.DeclaredEndpoint;
import dev.panoptes.core.registry.Keys;
import dev.panoptes.core.registry.Registry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which directory, units and compose services belong to which agent. By key only: {@code name} and port never link.
 * Everything is linked once, when this is built; a lookup then costs the same in a fleet of any size.
 */
public final class Links {
    /** What entry files are called whatever they run. */
    private static final Set<String> ENTRIES = Set.of("main", "app", "server", "__main__", "index");

    private final Registry registry;
    private final @Nullable Declarations declarations;
    private final @Nullable Images images;
    private final @Nullable LaunchPlaces places;
    private final @Nullable UnitPrograms programs;
    private @Nullable Launches launches;
    private @Nullable Directories code;
    private final Map<String, DirectoryLink> directories = new HashMap<>();
    private final Map<String, List<DeclaredAgent>> agentsByDirectory = new HashMap<>();
    private final Map<String, DeclaredAgent> agentsByUnit = new HashMap<>();
    private final Map<String, DeclaredAgent> agentsByWorkingDirectory = new HashMap<>();
    private final Map<String, DeclaredAgent> agentsByKey = new HashMap<>();
    private final Map<String, List<DeclaredAgent>> agentsByHost = new HashMap<>();
    private final Map<String, List<UnitFile>> units = new HashMap<>();
    private final Map<String, List<ComposeFile.Service>> services = new HashMap<>();
    private final Map<String, List<HostProcess>> processes = new HashMap<>();
    private final Map<String, List<ComposeFile.Service>> containers = new HashMap<>();
    private final Map<String, List<Manifests.PodContainer>> pods = new HashMap<>();

    public Links(Registry registry, @Nullable Declarations declarations) {
        this.registry = registry;
        this.declarations = declarations;
        Images image = declarations == null ? null : new Images(declarations);
        this.images = image;
        this.places = declarations == null || image == null ? null : new LaunchPlaces(declarations, image.modules());
        this.programs = declarations == null ? null : new UnitPrograms(declarations);
        for (DeclaredAgent agent : registry.declared()) {
            agentsByKey.putIfAbsent(Keys.link(agent.key()), agent);
            if (registry.endpoint(agent) instanceof DeclaredEndpoint.At at) {
                add(agentsByHost, at.address().toLowerCase(Locale.ROOT), agent);
            }
            if (agent.unit() == null) {
                agentsByWorkingDirectory.putIfAbsent(Keys.link(agent.key()), agent);
            } else {
                agentsByUnit.putIfAbsent(withSuffix(agent.unit()), agent);
            }
        }
        if (declarations != null) {
            linkDirectories(declarations);
            declarations.units().forEach(unit -> agentOf(unit).ifPresent(agent -> add(units, agent.key(), unit)));
            declarations
                    .composeFiles()
                    .forEach(file -> file.services()
                            .forEach(service ->
                                    agentOf(service).ifPresent(agent -> add(services, agent.key(), service))));
            for (Manifests.ManifestSet set : declarations.manifests().sets()) {
                for (Manifests.Workload workload : set.workloads()) {
                    workload.containers()
                            .forEach(container -> agentOf(set, workload, container)
                                    .ifPresent(agent -> add(pods, agent.key(), container)));
                }
            }
            HostPrograms hosted = new HostPrograms(declarations);
            declarations
                    .processes()
                    .forEach(process ->
                            agentOf(process, hosted).ifPresent(agent -> add(processes, agent.key(), process)));
            for (Workload workload : declarations.workloads()) {
                workload.containers()
                        .forEach(each -> agentOfContainer(each).ifPresent(agent -> add(containers, agent.key(), each)));
                workload.processes()
                        .forEach(each -> agentOf(each, hosted).ifPresent(agent -> add(processes, agent.key(), each)));
            }
        }
    }

    /** Registry {@code path}, else the directory called like the key; empty where none holds code. */
    public Optional<CodeDirectory> directory(DeclaredAgent agent) {
        return link(agent) instanceof DirectoryLink.Linked(CodeDirectory directory)
                ? Optional.of(directory)
                : Optional.empty();
    }

    /** What is there of this agent's directory. */
    public DirectoryLink link(DeclaredAgent agent) {
        DirectoryLink link = directories.get(agent.key());
        return link == null ? new DirectoryLink.Unclear("No agents path was given, nor a root") : link;
    }

    /** The agent that this directory belongs to; the first in the registry where it is several agents' code. */
    public Optional<DeclaredAgent> agentOf(CodeDirectory directory) {
        return agentsOf(directory).stream().findFirst();
    }

    /** All agents that this directory belongs to, in the registry's order. */
    public List<DeclaredAgent> agentsOf(CodeDirectory directory) {
        return List.copyOf(agentsByDirectory.getOrDefault(directory.rootPath(), List.of()));
    }

    /** Every launch that is declared; they are told apart when somebody first asks. */
    public synchronized Launches launches() {
        Launches known = launches;
        if (known == null) {
            known = declarations == null || images == null ? Launches.NONE : new Launches(declarations, images);
            launches = known;
        }
        return known;
    }

    /** What is known of images and containers; empty where nothing is declared beside the registry. */
    public Optional<Images> images() {
        return Optional.ofNullable(images);
    }

    /** The directories of code with what belongs to each; found out when somebody first asks. */
    public synchronized Directories code() {
        Directories known = code;
        if (known == null) {
            known = new Directories(registry, declarations, this);
            code = known;
        }
        return known;
    }

    /** The launches of an agent: its units', its services', its pods' containers' and its other processes'. */
    public List<Launch> launches(DeclaredAgent agent) {
        List<Launch> own = new ArrayList<>();
        units(agent).forEach(unit -> launches().of(unit).ifPresent(own::add));
        services(agent).forEach(service -> launches().of(service).ifPresent(own::add));
        containers
                .getOrDefault(agent.key(), List.of())
                .forEach(container -> launches().of(container).ifPresent(own::add));
        pods.getOrDefault(agent.key(), List.of())
                .forEach(container -> launches().of(container).ifPresent(own::add));
        processes
                .getOrDefault(agent.key(), List.of())
                .forEach(process -> launches().of(process).ifPresent(own::add));
        return own.stream().distinct().toList();
    }

    /**
     * Registry {@code unit}; else the directory of the program that it starts; else the last component of its
     * WorkingDirectory, even where that does not exist; else, of a unit that starts nothing of the tree, its name.
     */
    public Optional<DeclaredAgent> agentOf(UnitFile unit) {
        DeclaredAgent named = agentsByUnit.get(unit.name());
        for (String alias : unit.details().aliases()) {
            named = named == null ? agentsByUnit.get(alias) : named;
        }
        String directory = unit.workingDirectory();
        if (named == null && directory != null) {
            named = agentsByWorkingDirectory.get(Keys.link(lastComponent(directory)));
        }
        if (named == null && places != null && programs != null) {
            String program = programs.module(unit) instanceof UnitPrograms.Module.Exists(String path) ? path : null;
            named = byModule(program)
                    .or(() -> places.directory(unit, program).flatMap(this::byDirectory))
                    .orElse(null);
            if (named == null && program != null) {
                named = byFileName(program, unit).orElse(null);
            }
            if (named == null && program == null && directory == null) {
                named = agentsByWorkingDirectory.get(Keys.link(unit.shortName()));
            }
        }
        return Optional.ofNullable(named);
    }

    /** The units of an agent, as {@link #agentOf(UnitFile)} says. */
    public List<UnitFile> units(DeclaredAgent agent) {
        return List.copyOf(units.getOrDefault(agent.key(), List.of()));
    }

    private Optional<DeclaredAgent> byDirectory(String rootPath) {
        List<DeclaredAgent> agents = agentsByDirectory.getOrDefault(rootPath, List.of());
        return agents.size() == 1 ? Optional.of(agents.getFirst()) : Optional.empty();
    }

    /**
     * By the service's name; else by the directory that it is built from; else the agent whose URL's host is its alias,
     * hostname or container_name.
     */
    public Optional<DeclaredAgent> agentOf(ComposeFile.Service service) {
        DeclaredAgent named = agentsByKey.get(Keys.link(service.name()));
        if (named == null && places != null) {
            named = places.directory(
                            service,
                            images == null
                                    ? null
                                    : images.containers().program(service).orElse(null))
                    .flatMap(this::byDirectory)
                    .orElse(null);
        }
        if (named == null) {
            List<String> names = new ArrayList<>(service.details().names());
            names.add(service.name());
            List<DeclaredAgent> called = names.stream()
                    .flatMap(name -> agentsByHost.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream())
                    .distinct()
                    .toList();
            named = called.size() == 1 ? called.getFirst() : null;
        }
        return Optional.ofNullable(named);
    }

    /** A container of a quadlet or a Nomad job: as a compose service, else by the key that one of its other names is. */
    public Optional<DeclaredAgent> agentOfContainer(ComposeFile.Service container) {
        Optional<DeclaredAgent> agent = agentOf(container);
        if (agent.isPresent()) {
            return agent;
        }
        List<DeclaredAgent> called = container.details().names().stream()
                .flatMap(name -> Optional.ofNullable(agentsByKey.get(Keys.link(name))).stream())
                .distinct()
                .toList();
        return called.size() == 1 ? Optional.of(called.getFirst()) : Optional.empty();
    }

    /**
     * By the workload's name and the container's, where the pod has several; by the container's name; by the workload's, where the pod has one container; by the directory that its image is built from; else
     * the agent whose URL's host is a Service that leads to the pod, which has one container.
     */
    public Optional<DeclaredAgent> agentOf(
            Manifests.ManifestSet set, Manifests.Workload workload, Manifests.PodContainer container) {
        boolean alone = workload.containers().size() == 1;
        DeclaredAgent named =
                alone ? null : agentsByKey.get(Keys.link(workload.identity().name() + "-" + container.name()));
        named = named == null ? agentsByKey.get(Keys.link(container.name())) : named;
        if (named == null && alone) {
            named = agentsByKey.get(Keys.link(workload.identity().name()));
        }
        if (named == null && places != null) {
            named = places.directory(container.runs(), null)
                    .flatMap(this::byDirectory)
                    .orElse(null);
        }
        if (named == null && alone) {
            List<DeclaredAgent> called = set.services().stream()
                    .filter(workload::isSelectedBy)
                    .flatMap(service -> PodLaunches.names(service).stream())
                    .flatMap(name -> agentsByHost.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream())
                    .distinct()
                    .toList();
            named = called.size() == 1 ? called.getFirst() : null;
        }
        return Optional.ofNullable(named);
    }

    /** By the directory of the program that it starts; of one that starts nothing of the tree by its name. */
    private Optional<DeclaredAgent> agentOf(HostProcess process, HostPrograms programs) {
        Optional<String> program = programs.program(process);
        return program.isPresent() && places != null
                ? byModule(program.get())
                        .or(() -> program.flatMap(places::directoryOf).flatMap(this::byDirectory))
                : Optional.ofNullable(agentsByKey.get(Keys.link(process.name())));
    }

    /** The compose services of an agent, of all files. */
    public List<ComposeFile.Service> services(DeclaredAgent agent) {
        return List.copyOf(services.getOrDefault(agent.key(), List.of()));
    }

    private void linkDirectories(Declarations declared) {
        Map<String, CodeDirectory> byRootPath = new HashMap<>();
        Map<String, CodeDirectory> byName = new HashMap<>();
        Map<String, List<CodeDirectory>> byKey = new TreeMap<>();
        for (CodeDirectory directory : declared.code().directories()) {
            byRootPath.put(directory.rootPath(), directory);
            if (directory.rootPath().equals(child(declared, directory.path()))) {
                byName.put(directory.name(), directory);
                add(byKey, Keys.link(directory.name()), directory);
            }
        }
        declared.code().linkedChildren().forEach((name, target) -> {
            CodeDirectory directory = byRootPath.get(child(declared, target));
            if (directory != null) {
                byRootPath.put(child(declared, name), directory);
                byName.put(name, directory);
                add(byKey, Keys.link(name), directory);
            }
        });
        Map<String, String> children = new HashMap<>();
        declared.code().children().forEach(name -> children.putIfAbsent(Keys.link(name), name));
        for (DeclaredAgent agent : registry.declared()) {
            String path = agent.path();
            DirectoryLink found =
                    path == null ? byKey(agent, declared, byName, byKey, children) : byPath(path, declared, byRootPath);
            String module = path == null && found instanceof DirectoryLink.Missing ? module(agent, declared) : null;
            DirectoryLink link = module == null ? found : new DirectoryLink.WithoutCode(module);
            directories.put(agent.key(), link);
            if (link instanceof DirectoryLink.Linked(CodeDirectory directory)) {
                add(agentsByDirectory, directory.rootPath(), agent);
            }
            if (path == null) {
                // a directory whose name differs from the linked one's in case or separator only has the same key
                byKey.getOrDefault(Keys.link(agent.key()), List.of()).stream()
                        .filter(twin -> !link.equals(new DirectoryLink.Linked(twin)))
                        .forEach(twin -> add(agentsByDirectory, twin.rootPath(), agent));
            }
        }
    }

    /** The one file that is the agent's code, where several agents lie in one folder; null where there is none. */
    private static @Nullable String module(DeclaredAgent agent, Declarations declared) {
        for (String name : List.of(agent.key(), agent.key().replace('-', '_'))) {
            for (String suffix : Table.files().pairs("suffixes").keySet()) {
                if (declared.paths().below(child(declared, name + "." + suffix))
                                instanceof DeployedPath.Below(String rootPath, boolean exists, boolean folder)
                        && exists
                        && !folder) {
                    return rootPath;
                }
            }
        }
        return null;
    }

    /** The agent whose code is this one file. */
    private Optional<DeclaredAgent> byModule(@Nullable String program) {
        return program == null
                ? Optional.empty()
                : registry.declared().stream()
                        .filter(agent ->
                                directories.get(agent.key()) instanceof DirectoryLink.WithoutCode(String rootPath)
                                        && rootPath.equals(program))
                        .findFirst();
    }

    /**
     * The agent whose key is the name of the file that the unit starts, or of its folder where the file is called as all are, where nothing else of the tree belongs to the agent and no
     * other unit starts a file of that name: agents that are modules of one package. One that a socket starts is given its port.
     */
    private Optional<DeclaredAgent> byFileName(String program, UnitFile unit) {
        DeclaredAgent agent = agentsByKey.get(Keys.link(called(program)));
        if (agent == null
                || agent.path() != null
                || agent.unit() != null
                || unit.details().trigger() != null
                || directories.get(agent.key()) instanceof DirectoryLink.Linked
                || directories.get(agent.key()) instanceof DirectoryLink.WithoutCode
                || declarations == null
                || programs == null) {
            return Optional.empty();
        }
        boolean alone = declarations.units().stream()
                .filter(other -> !other.equals(unit))
                .noneMatch(other -> programs.module(other) instanceof UnitPrograms.Module.Exists(String path)
                        && !path.equals(program)
                        && Keys.link(called(path)).equals(Keys.link(agent.key())));
        return alone ? Optional.of(agent) : Optional.empty();
    }

    /** The name of a file, or of its folder where the file's name says nothing. */
    private static String called(String path) {
        String stem = stem(path);
        int slash = path.lastIndexOf('/');
        return slash > 0 && ENTRIES.contains(stem) ? lastComponent(path.substring(0, slash)) : stem;
    }

    private static String stem(String path) {
        String name = lastComponent(path);
        int dot = name.indexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }

    private static DirectoryLink byKey(
            DeclaredAgent agent,
            Declarations declared,
            Map<String, CodeDirectory> byName,
            Map<String, List<CodeDirectory>> byKey,
            Map<String, String> children) {
        if (declared.agentsPath() == null) {
            return new DirectoryLink.Unclear("No agents path was given");
        }
        CodeDirectory exact = byName.get(agent.key());
        List<CodeDirectory> same = byKey.getOrDefault(Keys.link(agent.key()), List.of());
        if (exact != null || !same.isEmpty()) {
            return new DirectoryLink.Linked(exact == null ? same.getFirst() : exact);
        }
        String child = children.get(Keys.link(agent.key()));
        if (child != null) {
            return new DirectoryLink.WithoutCode(child(declared, child));
        }
        String incomplete = declared.code().childrenIncomplete();
        if (incomplete != null) {
            return new DirectoryLink.Unclear(incomplete);
        }
        // a name that is skipped as no agent's, such as tests, may still be one
        return switch (declared.paths().below(child(declared, agent.key()))) {
            case DeployedPath.Below(String rootPath, boolean exists, boolean folder) ->
                exists && folder ? new DirectoryLink.WithoutCode(rootPath) : new DirectoryLink.Missing(rootPath);
            case DeployedPath.BuildProduct(String component) ->
                new DirectoryLink.Unclear("Directories called " + component + " are skipped as build products");
            case DeployedPath.Outside() -> new DirectoryLink.Missing(child(declared, agent.key()));
            case DeployedPath.Unclear(String reason) -> new DirectoryLink.Unclear(reason);
        };
    }

    private static DirectoryLink byPath(String path, Declarations declared, Map<String, CodeDirectory> byRootPath) {
        String wanted = trimmed(path);
        if (wanted.startsWith("/")) {
            return at(declared.paths().locate(wanted), path, byRootPath);
        }
        DirectoryLink belowRoot = at(declared.paths().below(wanted), path, byRootPath);
        if (belowRoot instanceof DirectoryLink.Missing && declared.agentsPath() != null) {
            DirectoryLink belowAgents = at(declared.paths().below(child(declared, wanted)), path, byRootPath);
            return belowAgents instanceof DirectoryLink.Missing ? belowRoot : belowAgents;
        }
        return belowRoot;
    }

    private static DirectoryLink at(DeployedPath place, String path, Map<String, CodeDirectory> byRootPath) {
        return switch (place) {
            case DeployedPath.Below(String rootPath, boolean exists, boolean folder) -> {
                CodeDirectory directory = byRootPath.get(rootPath);
                yield directory != null
                        ? new DirectoryLink.Linked(directory)
                        : exists && folder
                                ? new DirectoryLink.WithoutCode(rootPath)
                                : new DirectoryLink.Missing(rootPath);
            }
            case DeployedPath.Outside() ->
                new DirectoryLink.Unclear("The registry's path " + path + " lies outside the scanned tree");
            case DeployedPath.BuildProduct(String component) ->
                new DirectoryLink.Unclear("The registry's path " + path + " goes through " + component
                        + ", which a build or installation makes");
            case DeployedPath.Unclear(String reason) -> new DirectoryLink.Unclear(reason);
        };
    }

    private static String child(Declarations declared, String name) {
        String agentsPath = declared.agentsPath();
        return agentsPath == null || agentsPath.isEmpty() ? name : agentsPath + "/" + name;
    }

    private static <T> void add(Map<String, List<T>> lists, String key, T value) {
        lists.computeIfAbsent(key, unused -> new ArrayList<>()).add(value);
    }

    private static String trimmed(String path) {
        String withoutDot = path.startsWith("./") ? path.substring(2) : path;
        return withoutDot.endsWith("/") ? withoutDot.substring(0, withoutDot.length() - 1) : withoutDot;
    }

    private static String withSuffix(String unit) {
        return unit.endsWith(".service") ? unit : unit + ".service";
    }

    private static String lastComponent(String path) {
        String trimmed = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return trimmed.substring(trimmed.lastIndexOf('/') + 1);
    }
}
