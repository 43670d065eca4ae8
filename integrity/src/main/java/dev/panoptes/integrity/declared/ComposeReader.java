package dev.panoptes.integrity.declared;

import dev.panoptes.code.ScannedTree;
import dev.panoptes.code.ScannedTree.Content;
import dev.panoptes.core.yaml.Location;
import dev.panoptes.core.yaml.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads compose files. Bounded in time and memory, whatever a file holds. A file that is only called like one (no
 * {@code services}) is passed over. An override file is read with the file it overrides, and a service of another file that
 * has neither image nor build with the one it completes.
 */
final class ComposeReader {
    static final int MOST_PROBLEMS = 1_000;

    private static final int LARGEST_BYTES = 2 << 20;
    private static final int MOST_SERVICES = 2_000;
    private static final int MOST_PORTS = 200_000;
    private static final int MOST_FILES = 2_000;
    private static final int MOST_CANDIDATES = 20;
    private static final int DEEPEST_EXTENDS = 10;
    private static final List<String> STANDARD_NAMES =
            List.of("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml");

    private final ScannedTree tree;
    private final List<Problem> problems = new ArrayList<>();
    private final Map<String, List<YamlNode.Fields>> parsed = new HashMap<>();
    private final Map<String, ComposeVariables> variables = new HashMap<>();

    private int portsLeft = MOST_PORTS;
    private int filesLeft = MOST_FILES;

    private ComposeReader(ScannedTree tree) {
        this.tree = tree;
    }

    /** @param problems files that could not be read whole, and what in them has the wrong type */
    record Read(List<ComposeFile> composeFiles, List<Problem> problems) {}

    static Read readAll(ScannedTree tree, List<DeclarationFiles.Found> files) throws InterruptedException {
        ComposeReader reader = new ComposeReader(tree);
        Set<String> paths = new HashSet<>();
        files.forEach(file -> paths.add(file.rootPath()));
        Map<String, List<String>> byFolder = new LinkedHashMap<>();
        for (DeclarationFiles.Found file : files) {
            // A link to a file that is read anyway is the same file.
            if (!file.link() || !paths.contains(file.targetPath())) {
                byFolder.computeIfAbsent(directory(file.rootPath()), folder -> new ArrayList<>())
                        .add(file.rootPath());
            }
        }
        List<ComposeFile> composeFiles = new ArrayList<>();
        for (List<String> folder : byFolder.values()) {
            reader.folder(folder, composeFiles);
            reader.parsed.clear();
        }
        return new Read(composeFiles, reader.problems);
    }

    private void folder(List<String> files, List<ComposeFile> into) throws InterruptedException {
        Map<String, String> overrides = new HashMap<>();
        for (String file : files) {
            String base = overridden(file, files);
            if (base != null) {
                overrides.put(base, file);
            }
        }
        for (String file : files) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while reading compose files");
            }
            if (!overrides.containsValue(file) && isCompose(file)) {
                into.add(read(file, overrides.get(file), files));
            }
        }
    }

    /** The file that this one overrides when compose is run without options; null where it is no override file. */
    private static @Nullable String overridden(String file, List<String> files) {
        String stem = stem(file);
        if (!stem.endsWith(".override")) {
            return null;
        }
        String base = stem.substring(0, stem.length() - ".override".length());
        for (String extension : List.of(".yml", ".yaml")) {
            if (files.contains(base + extension)) {
                return base + extension;
            }
        }
        return STANDARD_NAMES.contains(name(base + ".yml")) ? standard(file, files) : null;
    }

    /** The file of the same folder that compose takes when it is run without options; null where there is none. */
    private static @Nullable String standard(String file, List<String> files) {
        String folder = file.substring(0, file.lastIndexOf('/') + 1);
        for (String name : STANDARD_NAMES) {
            if (files.contains(folder + name)) {
                return folder + name;
            }
        }
        return null;
    }

    private boolean isCompose(String file) {
        return documents(file).stream()
                .anyMatch(document -> document.get("services") != null || document.get("include") != null);
    }

    private ComposeFile read(String file, @Nullable String override, List<String> folder) throws InterruptedException {
        Map<String, List<Layer>> services = services(file);
        if (override != null) {
            services(override)
                    .forEach((name, layers) -> services.computeIfAbsent(name, key -> new ArrayList<>())
                            .addAll(layers));
        }
        List<ComposeFile.Service> read = new ArrayList<>();
        ComposeServiceReader reader = new ComposeServiceReader(tree, variables(directory(file)), portsLeft, problems);
        for (Map.Entry<String, List<Layer>> service : services.entrySet()) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while reading compose files");
            }
            List<Layer> own = service.getValue();
            List<YamlNode.Fields> layers = new ArrayList<>();
            for (Layer layer : own) {
                extended(layer.fields, 0, new HashSet<>(), layers);
                layers.add(layer.fields);
            }
            if (!standsAlone(layers)) {
                layers.addAll(0, completed(file, service.getKey(), folder));
            }
            read.add(reader.read(service.getKey(), own.getFirst().key, new ServiceLayers(layers)));
        }
        portsLeft = reader.portsLeft();
        return new ComposeFile(file, read);
    }

    /** @param key where the service's name stands */
    private record Layer(YamlNode.Scalar key, YamlNode.Fields fields) {}

    private Map<String, List<Layer>> services(String file) {
        Map<String, List<Layer>> services = new LinkedHashMap<>();
        for (YamlNode.Fields document : documents(file)) {
            YamlNode value = document.get("services");
            if (value instanceof YamlNode.Fields all) {
                Map<String, YamlNode.Field> entries = all.entries(MOST_SERVICES + 1);
                if (entries.size() > MOST_SERVICES) {
                    problem("too-many-services", all, "the file has more services than are read");
                }
                for (YamlNode.Field entry :
                        entries.values().stream().limit(MOST_SERVICES).toList()) {
                    service(entry, services);
                }
            } else if (value != null && !value.isNull()) {
                problem("wrong-type", value, "services is no map");
            }
        }
        return services;
    }

    private void service(YamlNode.Field entry, Map<String, List<Layer>> into) {
        if (entry.value() instanceof YamlNode.Fields fields) {
            into.computeIfAbsent(entry.key().text(), name -> new ArrayList<>()).add(new Layer(entry.key(), fields));
        } else if (!"!reset".equals(entry.value().tag())) {
            problem("wrong-type", entry.key(), "a service is no map");
        }
    }

    private static boolean standsAlone(List<YamlNode.Fields> layers) {
        return layers.stream().anyMatch(layer -> layer.get("image") != null || layer.get("build") != null);
    }

    /** What another file of the folder says of a service that this file only completes. */
    private List<YamlNode.Fields> completed(String file, String name, List<String> folder) {
        List<String> candidates = new ArrayList<>();
        String standard = standard(file, folder);
        if (standard != null && !standard.equals(file)) {
            candidates.add(standard);
        } else {
            folder.stream()
                    .filter(other -> !other.equals(file))
                    .limit(MOST_CANDIDATES)
                    .forEach(candidates::add);
        }
        List<List<YamlNode.Fields>> found = new ArrayList<>();
        for (String candidate : candidates) {
            for (YamlNode.Fields document : documents(candidate)) {
                if (document.get("services") instanceof YamlNode.Fields all
                        && all.get(name) instanceof YamlNode.Fields fields) {
                    List<YamlNode.Fields> layers = new ArrayList<>();
                    extended(fields, 0, new HashSet<>(), layers);
                    layers.add(fields);
                    if (standsAlone(layers)) {
                        found.add(layers);
                    }
                }
            }
        }
        return found.size() == 1 ? found.getFirst() : List.of();
    }

    /** Adds what a service extends, the furthest first. */
    private void extended(YamlNode.Fields service, int depth, Set<String> seen, List<YamlNode.Fields> into) {
        YamlNode value = service.get("extends");
        if (value == null || value.isNull()) {
            return;
        }
        YamlNode named = value instanceof YamlNode.Fields fields ? fields.get("service") : value;
        YamlNode from = value instanceof YamlNode.Fields fields ? fields.get("file") : null;
        String file = from instanceof YamlNode.Scalar path
                ? ContainerPath.belowRoot(directory(value.file()), path.text())
                : value.file();
        if (!(named instanceof YamlNode.Scalar name) || file == null) {
            problem("wrong-extends", value, "what is extended is not in the scanned tree");
            return;
        }
        if (depth >= DEEPEST_EXTENDS || !seen.add(file + "#" + name.text())) {
            problem("wrong-extends", value, "a service extends itself");
            return;
        }
        for (YamlNode.Fields document : documents(file)) {
            if (document.get("services") instanceof YamlNode.Fields services
                    && services.get(name.text()) instanceof YamlNode.Fields base) {
                extended(base, depth + 1, seen, into);
                into.add(base);
                return;
            }
        }
        problem("wrong-extends", value, "the service that is extended is not there");
    }

    /** The documents of a file that are maps; empty where it cannot be read, which is a problem of its own. */
    private List<YamlNode.Fields> documents(String file) {
        List<YamlNode.Fields> known = parsed.get(file);
        if (known != null) {
            return known;
        }
        List<YamlNode.Fields> documents = new ArrayList<>();
        parsed.put(file, documents);
        if (filesLeft-- <= 0) {
            if (filesLeft == -1) {
                problems.add(new Problem(
                        "too-many-files", file, Location.WHOLE_FILE, "there are more compose files than are read"));
            }
            return documents;
        }
        switch (tree.read(file, LARGEST_BYTES)) {
            case Content.Text content -> {
                for (YamlNode root : YamlDocuments.parse(file, content.text(), problems)) {
                    if (root instanceof YamlNode.Fields fields) {
                        documents.add(fields);
                    }
                }
                if (!documents.isEmpty() && content.damagedLine() > 0) {
                    problems.add(new Problem(
                            "encoding",
                            file,
                            new Location(content.damagedLine(), 1),
                            "the file is not valid UTF-8; unreadable characters were replaced"));
                }
            }
            case Content.Unreadable(String reason) ->
                problems.add(new Problem("unreadable-file", file, Location.WHOLE_FILE, "the file " + reason));
            case Content.Absent absent ->
                problems.add(new Problem("unreadable-file", file, Location.WHOLE_FILE, "the file is not there"));
        }
        return documents;
    }

    /** Of the {@code .env} file of a folder; none where there is no such file. */
    private ComposeVariables variables(String folder) {
        return variables.computeIfAbsent(folder, key -> {
            String file = key.isEmpty() ? ".env" : key + "/.env";
            return new ComposeVariables(
                    tree.read(file, EnvironmentFile.LARGEST_BYTES) instanceof Content.Text(String text, String digest)
                            ? EnvironmentFile.parse(text)
                            : Map.of());
        });
    }

    private void problem(String code, YamlNode at, String message) {
        if (problems.size() < MOST_PROBLEMS) {
            problems.add(new Problem(code, at.file(), new Location(at.line(), at.column()), message));
        }
    }

    private static String directory(String file) {
        return file.substring(0, Math.max(0, file.lastIndexOf('/')));
    }

    private static String name(String file) {
        return file.substring(file.lastIndexOf('/') + 1);
    }

    private static String stem(String file) {
        int dot = file.lastIndexOf('.');
        return dot < 0 ? file : file.substring(0, dot);
    }
}
