package dev.panoptes.integrity.world;

import dev.panoptes.code.Code;
import dev.panoptes.code.CodeDirectory;
import dev.panoptes.code.Program;
import dev.panoptes.core.ContentDigest;
import dev.panoptes.core.registry.Chain;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.DeclaredHost;
import dev.panoptes.core.registry.Intents;
import dev.panoptes.core.registry.Registry;
import dev.panoptes.core.yaml.Location;
import dev.panoptes.core.yaml.Problem;
import dev.panoptes.integrity.declared.BuildFiles;
import dev.panoptes.integrity.declared.ComposeFile;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.DeclarationsReader;
import dev.panoptes.integrity.declared.DeployedPath;
import dev.panoptes.integrity.declared.DeployedPaths;
import dev.panoptes.integrity.declared.Dockerfile;
import dev.panoptes.integrity.declared.Links;
import dev.panoptes.integrity.declared.Manifests;
import dev.panoptes.integrity.declared.PortMentions;
import dev.panoptes.integrity.declared.UnitCatalog;
import dev.panoptes.integrity.declared.UnitFile;
import dev.panoptes.integrity.fleet.Profile;
import dev.panoptes.integrity.kubernetes.ClusterView;
import dev.panoptes.integrity.observed.RunningCode;
import dev.panoptes.integrity.observed.Snapshot;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Builds a {@link World} of records for the test of a check. The root is {@code /srv/fleet}, the agents path
 * {@code agents} below it, the deployed prefix {@code /opt/fleet}, the time {@link #NOW}. What is declared exists; say
 * {@link #exists} for further paths. The parts come from {@link Worlds}.
 */
public final class WorldBuilder {
    public static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    public static final String DEPLOYED_AT = "/opt/fleet";

    private final List<DeclaredAgent> agents = new ArrayList<>();
    private final Map<String, DeclaredHost> hosts = new LinkedHashMap<>();
    private final List<Chain> chains = new ArrayList<>();
    private Intents intents = Intents.NONE;
    private boolean broken;
    private boolean declarations = true;
    private final List<CodeDirectory> directories = new ArrayList<>();
    private final Map<String, Program> otherPrograms = new TreeMap<>();
    private final Map<String, String> unreadable = new TreeMap<>();
    private final List<Dockerfile> dockerfiles = new ArrayList<>();
    private final List<ComposeFile> composeFiles = new ArrayList<>();
    private final List<UnitFile> units = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private final Map<String, Boolean> existing = new TreeMap<>();
    private final List<Snapshot> snapshots = new ArrayList<>();
    private final List<RunningCode> recordedCode = new ArrayList<>();
    private Profile profile = Profile.NONE;
    private Enrolled enrolled;
    private Long serverPid;
    private ClusterView cluster;
    private Path tree;
    private String childrenIncomplete;

    public WorldBuilder agent(Worlds.Agent agent) {
        agents.add(agent.build(agents.size() * 10 + 2));
        return this;
    }

    /** An agent with a name and a port, the URL's host being its key. */
    public WorldBuilder agent(String key, String name, int port) {
        return agent(Worlds.agent(key).name(name).port(port));
    }

    public WorldBuilder host(String name, String address) {
        hosts.put(name, new DeclaredHost(name, address, Map.of(), new Location(1, 1)));
        return this;
    }

    public WorldBuilder chain(Chain chain) {
        chains.add(chain);
        return this;
    }

    public WorldBuilder intents(Intents value) {
        intents = value;
        return this;
    }

    /** The scan is that of a server, which is this process of the host it looks at. */
    public WorldBuilder server(long pid) {
        serverPid = pid;
        return this;
    }

    /** The registry is there but cannot be read. */
    public WorldBuilder brokenRegistry() {
        broken = true;
        return this;
    }

    /** No root and no agents path were given. */
    public WorldBuilder withoutDeclarations() {
        declarations = false;
        return this;
    }

    public WorldBuilder directory(Worlds.Directory directory) {
        CodeDirectory built = directory.build();
        directories.add(built);
        exists(built.rootPath(), true);
        built.files().forEach(file -> exists(file.rootPath(), false));
        built.programs().forEach(program -> exists(program.rootPath(), false));
        return this;
    }

    /** Not every child of the agents path could be listed. */
    public WorldBuilder childrenIncomplete(String reason) {
        childrenIncomplete = reason;
        return this;
    }

    /** A program below the root but outside the agents path. */
    public WorldBuilder program(String rootPath, Worlds.Prog program) {
        otherPrograms.put(rootPath, program.at(rootPath));
        return exists(rootPath, false);
    }

    /** A file that is there but cannot be read. */
    public WorldBuilder unreadable(String rootPath, String reason) {
        unreadable.put(rootPath, reason);
        return exists(rootPath, false);
    }

    public WorldBuilder dockerfile(Worlds.Docker dockerfile) {
        return dockerfile(dockerfile.build());
    }

    public WorldBuilder dockerfile(Dockerfile dockerfile) {
        dockerfiles.add(dockerfile);
        return exists(dockerfile.rootPath(), false);
    }

    public WorldBuilder compose(ComposeFile file) {
        composeFiles.add(file);
        return exists(file.rootPath(), false);
    }

    public WorldBuilder unit(Worlds.Unit unit) {
        UnitFile built = unit.build();
        units.add(built);
        return exists(built.rootPath(), false);
    }

    public WorldBuilder problem(Problem problem) {
        problems.add(problem);
        return this;
    }

    /** This path below the root exists, and every folder above it. */
    public WorldBuilder exists(String rootPath, boolean directory) {
        existing.put(rootPath, directory);
        for (int slash = rootPath.lastIndexOf('/'); slash > 0; slash = rootPath.lastIndexOf('/', slash - 1)) {
            existing.put(rootPath.substring(0, slash), true);
        }
        return this;
    }

    public WorldBuilder snapshot(Snapshot snapshot) {
        snapshots.add(snapshot);
        return this;
    }

    /** What runs in Kubernetes; without it no cluster was asked. */
    public WorldBuilder cluster(ClusterView value) {
        cluster = value;
        return this;
    }

    /** What the baseline recorded of an agent on the scanned host. */
    public WorldBuilder recorded(String agent, String... digests) {
        recordedCode.add(new RunningCode(DeclaredHost.LOCAL, agent, List.of(digests)));
        return this;
    }

    public WorldBuilder profile(Profile value) {
        profile = value;
        return this;
    }

    /**
     * Reads compose files, Dockerfiles and units of a real tree; its code is what {@link #directory} and {@link #program} say.
     */
    public WorldBuilder in(Path value) {
        tree = value;
        return this;
    }

    /** What the control plane knows; without it no control plane was asked. */
    public WorldBuilder enrolled(Enrolled.Instance... instances) {
        enrolled = new Enrolled(List.of(instances));
        return this;
    }

    public World build() {
        Registry registry = new Registry(
                "agent-registry.yaml", ContentDigest.known("0".repeat(64)), "1.0", hosts, agents, chains, intents);
        RegistryView view = broken
                ? RegistryView.broken(
                        "agent-registry.yaml",
                        List.of(new Problem("yaml-syntax", "agent-registry.yaml", new Location(1, 1), "Broken")))
                : new RegistryView(registry, false, List.of());
        Declarations declared = declarations ? declarations(registry) : null;
        return new World(
                view,
                declared,
                snapshots,
                profile,
                new Links(view.registry(), declared),
                Duration.ofMinutes(3),
                enrolled,
                NOW,
                recordedCode,
                cluster,
                serverPid,
                new Derived());
    }

    private Declarations declarations(Registry registry) {
        return tree == null ? declarations() : read(tree, registry);
    }

    private Declarations read(Path root, Registry registry) {
        Declarations built = declarations();
        try {
            var result = new DeclarationsReader((scanned, agentsPath, others) -> built.code())
                    .read(new DeclarationsReader.Request(
                            root, Worlds.AGENTS, DEPLOYED_AT, registry, Duration.ofSeconds(20)));
            return ((DeclarationsReader.Result.Read) result).declarations();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private Declarations declarations() {
        List<CodeDirectory> sorted = directories.stream()
                .sorted(Comparator.comparing(CodeDirectory::path))
                .toList();
        Paths paths = new Paths(Map.copyOf(existing));
        return new Declarations(
                Path.of("/srv/fleet"),
                Worlds.AGENTS,
                new Facts(
                        sorted,
                        children(),
                        childrenIncomplete,
                        Map.copyOf(otherPrograms),
                        Map.copyOf(unreadable),
                        paths),
                dockerfiles,
                composeFiles,
                units,
                List.of(),
                List.of(),
                List.of(),
                Manifests.NONE,
                BuildFiles.NONE,
                List.of(),
                PortMentions.NONE,
                UnitCatalog.EMPTY,
                paths,
                problems);
    }

    private List<String> children() {
        return existing.entrySet().stream()
                .filter(Map.Entry::getValue)
                .map(Map.Entry::getKey)
                .filter(path -> path.startsWith(Worlds.AGENTS + "/") && path.indexOf('/', 7) < 0)
                .map(path -> path.substring(Worlds.AGENTS.length() + 1))
                .toList();
    }

    private record Facts(
            List<CodeDirectory> directories,
            List<String> children,
            String childrenIncomplete,
            Map<String, Program> others,
            Map<String, String> unreadable,
            DeployedPaths paths)
            implements Code {
        @Override
        public ProgramLookup program(String rootPath) {
            Program other = others.get(rootPath);
            if (other != null) {
                return new ProgramLookup.Found(other);
            }
            String reason = unreadable.get(rootPath);
            if (reason != null) {
                return new ProgramLookup.Unreadable(reason);
            }
            for (CodeDirectory directory : directories) {
                for (Program program : directory.programs()) {
                    if (program.rootPath().equals(rootPath)) {
                        return new ProgramLookup.Found(program);
                    }
                }
            }
            return paths.below(rootPath) instanceof DeployedPath.Below(String path, boolean exists, boolean folder)
                            && exists
                            && !folder
                    ? new ProgramLookup.NoProgram(path + " starts nothing")
                    : new ProgramLookup.Absent();
        }
    }

    private record Paths(Map<String, Boolean> existing) implements DeployedPaths {
        private static final java.util.Set<String> BUILD_PRODUCTS =
                java.util.Set.of("venv", ".venv", "node_modules", "dist", "build", "target", ".next");

        @Override
        public DeployedPath locate(String absolute) {
            if (absolute.indexOf('%') >= 0 || absolute.indexOf('$') >= 0) {
                return new DeployedPath.Unclear(absolute + " holds a placeholder");
            }
            if (absolute.equals(DEPLOYED_AT)) {
                return below("");
            }
            return absolute.startsWith(DEPLOYED_AT + "/")
                    ? below(absolute.substring(DEPLOYED_AT.length() + 1))
                    : new DeployedPath.Outside();
        }

        @Override
        public DeployedPath below(String rootPath) {
            for (String component : rootPath.split("/")) {
                if (BUILD_PRODUCTS.contains(component)) {
                    return new DeployedPath.BuildProduct(component);
                }
            }
            String trimmed = rootPath.endsWith("/") ? rootPath.substring(0, rootPath.length() - 1) : rootPath;
            Boolean directory = trimmed.isEmpty() ? Boolean.TRUE : existing.get(trimmed);
            return new DeployedPath.Below(trimmed, directory != null, Boolean.TRUE.equals(directory));
        }
    }
}
