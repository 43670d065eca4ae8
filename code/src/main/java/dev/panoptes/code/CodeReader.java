package dev.panoptes.code;

import dev.panoptes.code.CodeView.Children;
import dev.panoptes.code.ScannedTree.Place;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads the code of a fleet. Nothing in it is executed, links do not lead out of the root, files over 1 MiB and binary files
 * are not read. What is followed and what is not: docs/code-reading.md.
 */
public final class CodeReader implements CodeSource {
    /** Paths that count as health endpoints where the registry names no others. */
    public static final Set<String> HEALTH_ENDPOINTS = Set.of("/health", "/healthz");

    private static final int MOST_DIRECTORIES = 20_000;

    private final FactCache cache;
    private final Set<String> endpoints;
    private final @Nullable InstantSource clock;

    /** @param endpoints paths of health endpoints, each with a leading slash */
    public CodeReader(FactCache cache, Set<String> endpoints) {
        this(cache, endpoints, null);
    }

    /**
     * @param clock that of the files' dates, to keep what was read and followed of a whole tree until it changes; null to keep
     *     no more than what was read of each file
     */
    public CodeReader(FactCache cache, Set<String> endpoints, @Nullable InstantSource clock) {
        this.cache = cache;
        this.endpoints = Set.copyOf(endpoints);
        this.clock = clock;
    }

    public CodeReader(FactCache cache) {
        this(cache, HEALTH_ENDPOINTS);
    }

    @Override
    public Code read(ScannedTree whole, @Nullable String agentsPath, List<String> others) throws InterruptedException {
        FactStore facts = cache.open(whole.realRoot());
        KeptCode kept = clock == null
                ? KeptCode.none()
                : KeptCode.open(cache.file("read", whole.realRoot()), wanted(agentsPath, others), whole, clock);
        ScannedTree scanned = kept.noting(whole);
        SourceTree tree = new SourceTree(scanned, facts);
        KeptForm.Content known = kept.content();
        if (known != null) {
            return new CodeView(tree, whole, endpoints, known.directories(), known.children(), kept);
        }
        Map<String, String> folders = new TreeMap<>();
        Children children = new Children(List.of(), Map.of(), null);
        String agents = agentsPath == null ? null : PathNames.normal(agentsPath);
        if (agents != null) {
            children = children(scanned, agents);
            for (String name : children.names()) {
                if (!children.links().containsKey(name)) {
                    folders.put(PathNames.join(agents, name), name);
                }
            }
        }
        Set<String> linked = new HashSet<>();
        if (agents != null) {
            children.links().keySet().forEach(name -> linked.add(PathNames.join(agents, name)));
        }
        for (String other : others) {
            String path = PathNames.normal(other);
            if (path != null && !linked.contains(path) && !path.equals(agents) && tree.folder(path)) {
                folders.putIfAbsent(path, path);
            }
        }
        List<CodeDirectory> directories = new DirectoryReader(tree, endpoints).read(folders);
        tree.keep();
        return new CodeView(tree, whole, endpoints, directories, children, kept);
    }

    private List<String> wanted(@Nullable String agentsPath, List<String> others) {
        List<String> wanted = new ArrayList<>(new TreeSet<>(endpoints));
        wanted.add(agentsPath == null ? "-" : "/" + agentsPath);
        wanted.addAll(others);
        return wanted;
    }

    private static Children children(ScannedTree tree, String agents) {
        if (!(tree.look(agents) instanceof Place.Here here) || !here.directory()) {
            return new Children(List.of(), Map.of(), "The agents path " + agents + " is no folder that can be read");
        }
        List<String> names = new ArrayList<>();
        Map<String, String> links = new TreeMap<>();
        String incomplete = null;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(here.file())) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                if (Languages.skippedFolder(name)) {
                    continue;
                }
                switch (tree.look(PathNames.join(agents, name))) {
                    case Place.Here folder -> {
                        if (folder.directory() && !FolderWalk.isVirtualEnvironment(folder.file())) {
                            names.add(name);
                            String target = String.valueOf(folder.file().getFileName());
                            if (here.file().equals(folder.file().getParent())
                                    && !target.equals(name)
                                    && !Languages.skippedFolder(target)) {
                                links.put(name, target);
                            }
                        }
                    }
                    case Place.Unclear unclear -> incomplete = PathNames.join(agents, name) + " " + unclear.reason();
                    case Place.Absent _ -> {}
                }
                if (names.size() > MOST_DIRECTORIES) {
                    incomplete = "The agents path holds more than " + MOST_DIRECTORIES + " folders";
                    break;
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            tree.doubt();
            incomplete = "The agents path " + agents + " cannot be listed";
        }
        names.sort(Comparator.naturalOrder());
        return new Children(names, links, incomplete);
    }
}
