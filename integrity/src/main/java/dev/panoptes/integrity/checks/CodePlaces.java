package dev.panoptes.integrity.checks;

import dev.panoptes.code.CodeDirectory;
import dev.panoptes.code.CodeFile;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.DeployedPath;
import dev.panoptes.integrity.declared.DirectoryLink;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Whose code an absolute path of an observed host is: the innermost agent's directory that it lies in. */
final class CodePlaces {
    /** What environments and builds bring along belongs to no agent, wherever it lies. */
    private static final Set<String> ENVIRONMENTS = Set.of(
            "venv",
            ".venv",
            "env",
            ".env",
            "virtualenv",
            "node_modules",
            "site-packages",
            "dist-packages",
            ".tox",
            "conda",
            "envs",
            ".pyenv",
            ".nvm");

    private final @Nullable Declarations declarations;
    private final Map<String, Place> byRootPath = new HashMap<>();
    private final Map<String, Place> byAbsolute = new HashMap<>();
    private final Map<String, Set<Place>> byDigest = new HashMap<>();

    private final Map<String, List<Place>> byAgent = new HashMap<>();

    /** A directory of code; each is one object, and equal to no other. */
    static final class Place {
        private final String name;
        private final List<DeclaredAgent> agents;
        private final @Nullable CodeDirectory directory;

        Place(String name, List<DeclaredAgent> agents, @Nullable CodeDirectory directory) {
            this.name = name;
            this.agents = List.copyOf(agents);
            this.directory = directory;
        }

        /** As reports name it. */
        String name() {
            return name;
        }

        /** As a sentence calls it: by its agent, else by its path. */
        String title() {
            return agents.isEmpty() ? name : agents.getFirst().key();
        }

        /** The agents that it belongs to; empty where no agent links to it. */
        List<DeclaredAgent> agents() {
            return agents;
        }

        /** Its code; null where it holds none that can be read. */
        @Nullable
        CodeDirectory directory() {
            return directory;
        }

        boolean isOf(DeclaredAgent agent) {
            return agents.stream().anyMatch(each -> each.key().equals(agent.key()));
        }
    }

    CodePlaces(World world) {
        declarations = world.declarations();
        for (DeclaredAgent agent : world.registry().declared()) {
            String path = agent.path();
            if (path != null && path.startsWith("/")) {
                add(byAbsolute, trimmed(path), agent);
            }
            if (world.links().link(agent) instanceof DirectoryLink.WithoutCode(String rootPath)) {
                add(byRootPath, rootPath, agent);
            }
        }
        if (declarations != null) {
            for (CodeDirectory directory : declarations.code().directories()) {
                List<DeclaredAgent> agents = world.links().agentsOf(directory);
                Place place = new Place(directory.path(), agents, directory);
                byRootPath.put(directory.rootPath(), place);
                for (CodeFile file : directory.files()) {
                    byDigest.computeIfAbsent(file.digest(), unused -> new LinkedHashSet<>())
                            .add(place);
                }
            }
        }
        Stream.concat(byRootPath.values().stream(), byAbsolute.values().stream())
                .forEach(place -> place.agents()
                        .forEach(agent -> byAgent.computeIfAbsent(agent.key(), unused -> new ArrayList<>())
                                .add(place)));
    }

    private static void add(Map<String, Place> places, String path, DeclaredAgent agent) {
        List<DeclaredAgent> agents = new ArrayList<>();
        Place before = places.get(path);
        if (before != null) {
            agents.addAll(before.agents());
        }
        agents.add(agent);
        places.put(path, new Place(path, agents, null));
    }

    /** The directories that belong to this agent. */
    List<Place> of(DeclaredAgent agent) {
        return byAgent.getOrDefault(agent.key(), List.of());
    }

    /** The directory that this path lies in; empty for one elsewhere, or within an environment or build product. */
    Optional<Place> of(@Nullable String absolute) {
        if (absolute == null || !absolute.startsWith("/")) {
            return Optional.empty();
        }
        Optional<Place> direct = innermost(byAbsolute, absolute);
        if (direct.isPresent()) {
            return direct;
        }
        for (String rootPath : rootPaths(absolute)) {
            Optional<Place> found = innermost(byRootPath, rootPath);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** The directories that hold a file of exactly this content. */
    Set<Place> holding(@Nullable String digest) {
        return digest == null ? Set.of() : byDigest.getOrDefault(digest, Set.of());
    }

    /** The path below the scan's root; null where it lies elsewhere. */
    @Nullable
    String rootPath(@Nullable String absolute) {
        return absolute == null || !absolute.startsWith("/")
                ? null
                : rootPaths(absolute).stream().findFirst().orElse(null);
    }

    /** The tree may be scanned where it is deployed, or stand for another machine's. */
    private List<String> rootPaths(String absolute) {
        List<String> paths = new ArrayList<>();
        if (declarations != null) {
            String root = trimmed(declarations.rootText());
            if (root.equals("/") || absolute.startsWith(root + "/")) {
                paths.add(absolute.substring(root.equals("/") ? 1 : root.length() + 1));
            }
            if (declarations.paths().locate(absolute) instanceof DeployedPath.Below below) {
                paths.add(below.rootPath());
            }
        }
        return paths;
    }

    private static Optional<Place> innermost(Map<String, Place> places, String path) {
        String at = path;
        while (true) {
            Place place = places.get(at);
            if (place != null) {
                return throughEnvironment(path.substring(at.length())) ? Optional.empty() : Optional.of(place);
            }
            if (at.isEmpty()) {
                return Optional.empty();
            }
            at = at.substring(0, Math.max(at.lastIndexOf('/'), 0));
        }
    }

    private static boolean throughEnvironment(String below) {
        for (String component : below.split("/")) {
            if (ENVIRONMENTS.contains(component)) {
                return true;
            }
        }
        return false;
    }

    private static String trimmed(String path) {
        return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }
}
