package dev.panoptes.integrity.declared;

import dev.panoptes.code.PathNames;
import dev.panoptes.code.ScannedTree;
import dev.panoptes.code.ScannedTree.Content;
import dev.panoptes.core.yaml.Location;
import dev.panoptes.core.yaml.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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

    /** Jinja where no template of Docker (which begins with a dot) or of caddy-docker-proxy may stand. */
    private static final Pattern TEMPLATE = Pattern.compile(
            "(?m)^[ \\t]*+(-\\s|image:|container_name:|context:|build:)[^#\\n]*\\{\\{-?\\s*(?!upstreams|range|if|with|end|json)[A-Za-z_]|^[ \\t]*+\\{%");

    private final ScannedTree tree;
    private final List<Problem> problems = new ArrayList<>();
    private final Map<String, List<YamlNode.Fields>> parsed = new HashMap<>();
    private final Map<String, ComposeVariables> variables = new HashMap<>();
    /** The project directory of files that are not read relative to their own folder, by their rootPath. */
    private final Map<String, String> projects = new HashMap<>();

    private int portsLeft = MOST_PORTS;
    private int filesLeft = MOST_FILES;

    private final PlacedByHand ignored;

    private final YamlCache cache;

    private final ComposeBases bases;
    private final Map<String, String> base = new HashMap<>();

    private ComposeReader(ScannedTree tree, YamlCache cache) {
        this.tree = tree;
        this.bases = new ComposeBases(tree);
        this.cache = cache;
        this.ignored = PlacedByHand.in(tree);
    }

    /** @param problems files that could not be read whole, and what in them has the wrong type */
    record Read(List<ComposeFile> composeFiles, List<Problem> problems) {}

    /** @param environments {@code .env} files: one may name a project's files, whatever these are called */
    static Read readAll(ScannedTree tree, List<DeclarationFiles.Found> files, List<DeclarationFiles.Found> environments)
            throws InterruptedException {
        return readAll(tree, files, environments, List.of(), YamlCache.none(), Map.of());
    }

    /**
     * @param starters scripts, Makefiles and documents, which may say from which folder paths count
     * @param bases the folders from which the paths of files count that commands name
     */
    static Read readAll(
            ScannedTree tree,
            List<DeclarationFiles.Found> files,
            List<DeclarationFiles.Found> environments,
            List<DeclarationFiles.Found> starters,
            YamlCache cache,
            Map<String, String> bases)
            throws InterruptedException {
        ComposeReader reader = new ComposeReader(tree, cache);
        Set<String> paths = new HashSet<>();
        files.forEach(file -> paths.add(file.rootPath()));
        reader.bases.add(paths);
        reader.bases.starters(starters.stream()
                .limit(MOST_FILES)
                .map(DeclarationFiles.Found::rootPath)
                .toList());
        Map<String, List<String>> byFolder = new LinkedHashMap<>();
        for (DeclarationFiles.Found file : files) {
            // A link to a file that is read anyway is the same file.
            if (!file.link() || !paths.contains(file.targetPath())) {
                byFolder.computeIfAbsent(directory(file.rootPath()), folder -> new ArrayList<>())
                        .add(file.rootPath());
            }
        }
        for (DeclarationFiles.Found environment : environments) {
            String folder = directory(environment.rootPath());
            if (!byFolder.containsKey(folder)) {
                List<String> chosen = reader.chosen(folder);
                if (!chosen.isEmpty()) {
                    byFolder.put(folder, new ArrayList<>(chosen));
                }
            }
        }
        reader.problems.clear();
        List<ComposeFile> composeFiles = new ArrayList<>();
        Set<String> included = reader.included(byFolder);
        reader.projects.putAll(bases);
        // What COMPOSE_FILE of one folder joins from another is read there, with the paths of the first file.
        for (String folder : byFolder.keySet()) {
            List<String> chosen = reader.chosen(folder);
            for (String file : chosen) {
                String base = directory(chosen.getFirst());
                if (!directory(file).equals(base)) {
                    included.add(file);
                    reader.projects.put(file, base);
                }
            }
        }
        reader.problems.clear();
        for (Map.Entry<String, List<String>> folder : byFolder.entrySet()) {
            reader.folder(folder.getKey(), folder.getValue(), included, composeFiles);
            reader.parsed.clear();
        }
        // Files that include each other are nobody's part: each is read by itself.
        Set<String> read = new HashSet<>();
        composeFiles.forEach(file -> read.addAll(file.project().files()));
        for (Map.Entry<String, List<String>> folder : byFolder.entrySet()) {
            List<String> left = folder.getValue().stream()
                    .filter(file -> included.contains(file) && !read.contains(file))
                    .toList();
            if (!left.isEmpty()) {
                reader.folder(folder.getKey(), left, Set.of(), composeFiles);
                reader.parsed.clear();
            }
        }
        return new Read(composeFiles, reader.problems);
    }

    /** The project that these files make together, the first with those that are merged over it. */
    static ComposeFile project(ScannedTree tree, List<String> files) throws InterruptedException {
        ComposeReader reader = new ComposeReader(tree, YamlCache.none());
        return reader.read(
                files, files, new Start(directory(files.getFirst()), reader.variables(directory(files.getFirst()))));
    }

    /** The files that others include, which are read with those. */
    private Set<String> included(Map<String, List<String>> byFolder) throws InterruptedException {
        Set<String> included = new HashSet<>();
        for (List<String> folder : byFolder.values()) {
            for (String file : folder) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted while reading compose files");
                }
                boolean may = tree.read(file, LARGEST_BYTES) instanceof Content.Text(String text, String digest)
                        && text.contains("include");
                for (Include include : may ? includes(file, start(file)) : List.<Include>of()) {
                    include.files.stream().filter(path -> !path.equals(file)).forEach(included::add);
                }
            }
            parsed.clear();
        }
        filesLeft = MOST_FILES;
        problems.clear();
        return included;
    }

    private void folder(String folder, List<String> files, Set<String> included, List<ComposeFile> into)
            throws InterruptedException {
        List<String> chosen = chosen(folder);
        Map<String, String> overrides = new HashMap<>();
        for (String file : files) {
            String base = chosen.isEmpty() ? overridden(file, files) : null;
            if (base != null) {
                overrides.put(base, file);
            }
        }
        if (!chosen.isEmpty() && isCompose(chosen.getFirst())) {
            String directory = base(chosen.getFirst());
            // The .env file of the folder where compose is run comes before that of the project's own.
            into.add(read(chosen, files, new Start(directory, variables(folder).over(variables(directory)))));
        }
        for (String file : files) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while reading compose files");
            }
            if (overrides.containsValue(file) || chosen.contains(file) || included.contains(file)) {
                continue;
            }
            if (isCompose(file)) {
                String override = overrides.get(file);
                into.add(read(override == null ? List.of(file) : List.of(file, override), files, start(file)));
            } else {
                firstFormat(file);
            }
        }
    }

    /** The files that {@code COMPOSE_FILE} of the folder's {@code .env} makes one project; empty where it is not set. */
    private List<String> chosen(String folder) {
        String value = variables(folder).value("COMPOSE_FILE");
        if (value == null || value.isBlank()) {
            return List.of();
        }
        String separator = variables(folder).value("COMPOSE_PATH_SEPARATOR");
        List<String> chosen = new ArrayList<>();
        for (String name : value.split(Pattern.quote(separator == null || separator.isEmpty() ? ":" : separator))) {
            String path = name.isBlank() || name.startsWith("/") ? null : ContainerPath.belowRoot(folder, name.strip());
            if (path == null || !(tree.look(path) instanceof ScannedTree.Place.Here here) || !here.regular()) {
                problems.add(new Problem(
                        "compose-file",
                        PathNames.join(folder, ".env"),
                        Location.WHOLE_FILE,
                        "COMPOSE_FILE names " + name.strip() + ", which is not in the scanned tree"));
            } else {
                chosen.add(path);
            }
        }
        return chosen;
    }

    /** A file of the first format names services at the top; compose refuses it, and it is not read. */
    private void firstFormat(String file) {
        boolean first = documents(file).stream()
                .flatMap(document -> document.entries(MOST_CANDIDATES).values().stream())
                .anyMatch(field -> field.value() instanceof YamlNode.Fields service
                        && (service.get("image") != null || service.get("build") != null));
        if (first) {
            problems.add(new Problem(
                    "compose-first-format",
                    file,
                    Location.WHOLE_FILE,
                    "the file names services at its top, the first compose format, which docker compose refuses; it is"
                            + " not read"));
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

    /**
     * Where the relative paths of a project begin, and the variables that are replaced in its files (Compose Specification,
     * "Include"; Docker's "Specify a project directory").
     */
    private record Start(String directory, ComposeVariables variables) {}

    /** Of a file that nothing else names. */
    private Start start(String file) {
        return new Start(base(file), variables(base(file)));
    }

    /** @param files the file itself, then those that are merged over it, in order */
    private ComposeFile read(List<String> files, List<String> folder, Start start) throws InterruptedException {
        Joining joining = new Joining();
        read(files, folder, start, 0, joining);
        String file = files.getFirst();
        String profiles = start.variables.value("COMPOSE_PROFILES");
        Set<String> active = new HashSet<>();
        for (String profile : profiles == null ? new String[0] : profiles.split(",")) {
            active.add(profile.strip());
        }
        return new ComposeFile(
                file,
                joining.services,
                new ComposeFile.Project(
                        List.copyOf(joining.files),
                        active,
                        joining.external,
                        Set.of(),
                        Set.of(),
                        joining.missing,
                        refusals(folder, active, joining),
                        List.of()));
    }

    /** A file of a name that compose does not look for may be given to it with any other of its folder. */
    private List<ComposeFile.Refusal> refusals(List<String> folder, Set<String> activeProfiles, Joining joining) {
        boolean whole = joining.files.stream().anyMatch(each -> STANDARD_NAMES.contains(name(each)))
                || joining.files.containsAll(folder);
        if (!whole || joining.missing.stream().anyMatch(missing -> missing.service() == null)) {
            return List.of();
        }
        for (String other : folder) {
            if (!joining.files.contains(other)) {
                documents(other).forEach(joining.names::beside);
            }
        }
        String above = bases.above(joining.files.getFirst());
        if (above != null) {
            // It may only complete the project of the folder above.
            STANDARD_NAMES.stream()
                    .map(name -> PathNames.join(above, name))
                    .filter(name -> tree.look(name) instanceof ScannedTree.Place.Here)
                    .forEach(name -> documents(name).forEach(joining.names::beside));
        }
        return joining.names.refusals(
                joining.services,
                joining.missing.stream()
                        .map(missing -> String.valueOf(missing.service()))
                        .collect(Collectors.toUnmodifiableSet()),
                joining.files,
                activeProfiles,
                path -> absence(path) instanceof Absence.Gone);
    }

    /** What comes together in one project. */
    private static final class Joining {
        private final ComposeNames names = new ComposeNames();
        private final SequencedSet<String> files = new LinkedHashSet<>();
        private final List<ComposeFile.Service> services = new ArrayList<>();
        private final Set<String> external = new HashSet<>();
        private final List<ComposeFile.Missing> missing = new ArrayList<>();
        /** Where the relative paths of each file of the project begin. */
        private final Map<String, String> directories = new HashMap<>();
        /** What the files of the project declare under {@code configs}. */
        private final Map<String, YamlNode> configs = new HashMap<>();

        /** Those of a file that only lends a service begin beside it (Compose Specification, "extends"). */
        private String directoryOf(YamlNode written) {
            return directories.getOrDefault(written.file(), directory(written.file()));
        }
    }

    private void read(List<String> files, List<String> folder, Start start, int depth, Joining into)
            throws InterruptedException {
        String file = files.getFirst();
        if (!into.files.add(file) || into.services.size() > MOST_SERVICES) {
            return;
        }
        into.files.addAll(files);
        for (String each : files) {
            into.directories.put(each, start.directory);
            for (YamlNode.Fields document : documents(each)) {
                if (document.get("configs") instanceof YamlNode.Fields all) {
                    all.entries(MOST_SERVICES).forEach((name, field) -> into.configs.put(name, field.value()));
                }
            }
        }
        Map<String, List<Layer>> services = new LinkedHashMap<>();
        for (String each : files) {
            merge(services(each), services);
        }
        ComposeServiceReader reader =
                new ComposeServiceReader(tree, start.variables, into::directoryOf, into.configs, portsLeft, problems);
        for (Map.Entry<String, List<Layer>> service : services.entrySet()) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while reading compose files");
            }
            List<Layer> own = service.getValue();
            List<YamlNode.Fields> layers = new ArrayList<>();
            for (Layer layer : own) {
                extended(service.getKey(), layer.fields, start, new HashSet<>(), layers, into);
                layers.add(layer.fields);
            }
            if (!standsAlone(layers)) {
                layers.addAll(0, completed(file, service.getKey(), folder, start, into));
            }
            ServiceLayers joined = new ServiceLayers(layers);
            ComposeFile.Service read = reader.read(service.getKey(), own.getFirst().key, joined);
            if (depth > 0) {
                into.services.stream()
                        .filter(other -> other.name().equals(read.name()))
                        .findFirst()
                        .ifPresent(other -> into.names.twice(other, read));
            }
            into.services.add(read);
            into.names.add(service.getKey(), own.getFirst().key, joined, start.variables, into::directoryOf);
        }
        portsLeft = reader.portsLeft();
        for (String each : files) {
            external(each, into.external);
            documents(each).forEach(into.names::declare);
            for (Include include : includes(each, start)) {
                include(include, start, depth, into);
            }
        }
    }

    /**
     * An entry of {@code include} (Compose Specification, "Include").
     *
     * @param files rootPaths, the first with those that are merged over it
     * @param directory the {@code project_directory}; null where it is the folder of the first file
     * @param environment rootPaths of what {@code env_file} names; empty where it is the {@code .env} of the directory
     * @param unclear why it cannot be followed; null where it can
     */
    private record Include(
            YamlNode at,
            List<String> files,
            @Nullable String directory,
            List<String> environment,
            String written,
            @Nullable String unclear) {}

    private List<Include> includes(String file, Start start) {
        List<Include> includes = new ArrayList<>();
        for (YamlNode.Fields document : documents(file)) {
            if (document.get("include") instanceof YamlNode.Items items) {
                for (YamlNode item :
                        items.items().subList(0, Math.min(items.items().size(), MOST_CANDIDATES * 5))) {
                    includes.add(include(item, start));
                }
            }
        }
        return includes;
    }

    private Include include(YamlNode item, Start start) {
        YamlNode.Fields options = item instanceof YamlNode.Fields fields ? fields : null;
        List<YamlNode> paths = oneOrMore(options == null ? item : options.get("path"));
        List<String> files = new ArrayList<>();
        String written = "";
        String unclear = paths.isEmpty() ? "it names no path" : null;
        for (YamlNode each : paths) {
            ComposeVariables.Replaced name =
                    each instanceof YamlNode.Scalar scalar ? start.variables.replace(scalar.text()) : null;
            written = name == null ? written : written.isEmpty() ? name.readable() : written;
            String rootPath = placed(each, start);
            if (rootPath == null
                    || name == null
                    || BuildContext.REMOTE.matcher(name.value()).matches()
                    || name.value().startsWith("oci:")) {
                unclear = "it is not in the scanned tree";
            } else {
                files.add(rootPath);
            }
        }
        YamlNode directory = options == null ? null : options.get("project_directory");
        String placed = directory == null || directory.isNull() ? null : placed(directory, start);
        if (directory != null && !directory.isNull() && placed == null) {
            unclear = "its project_directory is not in the scanned tree";
        }
        List<String> environment = new ArrayList<>();
        for (YamlNode each : oneOrMore(options == null ? null : options.get("env_file"))) {
            String rootPath = placed(each, start);
            if (rootPath == null || !(absence(rootPath) instanceof Absence.There)) {
                problem("compose-include", each, "an env_file of what is included is not in the scanned tree");
            } else {
                environment.add(rootPath);
            }
        }
        return new Include(item, files, placed, environment, written, unclear);
    }

    private static List<YamlNode> oneOrMore(@Nullable YamlNode value) {
        List<YamlNode> nodes =
                value instanceof YamlNode.Items items ? items.items() : value == null ? List.of() : List.of(value);
        return nodes.subList(0, Math.min(nodes.size(), MOST_CANDIDATES));
    }

    /** The rootPath of what a project names by a relative path; null where that is not known, or not below the root. */
    private static @Nullable String placed(YamlNode written, Start start) {
        ComposeVariables.Replaced name =
                written instanceof YamlNode.Scalar scalar ? start.variables.replace(scalar.text()) : null;
        return name == null || !name.isKnown() || name.value().startsWith("/")
                ? null
                : ContainerPath.belowRoot(start.directory, name.value());
    }

    private void include(Include include, Start start, int depth, Joining into) throws InterruptedException {
        if (include.unclear != null || depth >= DEEPEST_EXTENDS) {
            into.names.leaveOpen();
            problem(
                    "compose-include",
                    include.at,
                    "what it includes, " + include.written + ", is not read: "
                            + (include.unclear == null ? "files include each other too deeply" : include.unclear));
            return;
        }
        List<String> there = new ArrayList<>();
        for (String file : include.files) {
            switch (absence(file)) {
                case Absence.There there1 -> there.add(file);
                case Absence.Gone gone ->
                    into.missing.add(new ComposeFile.Missing(
                            null, file, include.at.file(), include.at.line(), "include " + include.written));
                case Absence.Unclear(String reason) -> {
                    into.names.leaveOpen();
                    problem("compose-include", include.at, "what it includes is not read: " + reason);
                }
            }
        }
        if (!there.isEmpty()) {
            read(there, there, start(include, start), depth + 1, into);
        }
    }

    /** The variables of the including project come before those that the included one brings. */
    private Start start(Include include, Start including) {
        String directory = include.directory == null ? directory(include.files.getFirst()) : include.directory;
        ComposeVariables own = variables(directory);
        if (!include.environment.isEmpty()) {
            own = ComposeVariables.NONE;
            for (String file : include.environment) {
                own = environment(file).over(own);
            }
        }
        return new Start(directory, including.variables.over(own));
    }

    /** Whether a file that a compose file names is there. */
    private sealed interface Absence {
        record There() implements Absence {}

        record Gone() implements Absence {}

        record Unclear(String reason) implements Absence {}
    }

    private Absence absence(String file) {
        return switch (tree.look(file)) {
            case ScannedTree.Place.Here here -> here.regular() ? new Absence.There() : new Absence.Gone();
            case ScannedTree.Place.Unclear(String reason) -> new Absence.Unclear(file + " " + reason);
            case ScannedTree.Place.Absent absent -> {
                String hand = ignored.reason(file);
                yield hand == null ? new Absence.Gone() : new Absence.Unclear(file + " " + hand);
            }
        };
    }

    /** Networks and volumes that are made elsewhere (Compose Specification, "external"). */
    private void external(String file, Set<String> into) {
        for (YamlNode.Fields document : documents(file)) {
            for (String kind : List.of("networks", "volumes")) {
                if (!(document.get(kind) instanceof YamlNode.Fields all)) {
                    continue;
                }
                for (YamlNode.Field field : all.entries(MOST_CANDIDATES * 5).values()) {
                    if (field.value() instanceof YamlNode.Fields options
                            && options.get("external") instanceof YamlNode external
                            && !(external instanceof YamlNode.Scalar no
                                    && no.text().equals("false"))) {
                        YamlNode name = external instanceof YamlNode.Fields old ? old.get("name") : options.get("name");
                        into.add(
                                name instanceof YamlNode.Scalar scalar
                                        ? scalar.text()
                                        : field.key().text());
                    }
                }
            }
        }
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
        if (ServiceLayers.isReset(entry.value())) {
            into.put(entry.key().text(), new ArrayList<>());
        } else if (entry.value() instanceof YamlNode.Fields fields) {
            into.computeIfAbsent(entry.key().text(), name -> new ArrayList<>()).add(new Layer(entry.key(), fields));
        } else {
            problem("wrong-type", entry.key(), "a service is no map");
        }
    }

    /** Lays the services of a later file over those before it: a service that it resets is none. */
    private static void merge(Map<String, List<Layer>> later, Map<String, List<Layer>> into) {
        later.forEach((name, layers) -> {
            if (layers.isEmpty() || ServiceLayers.overrides(layers.getFirst().fields)) {
                into.remove(name);
            }
            if (!layers.isEmpty()) {
                into.computeIfAbsent(name, key -> new ArrayList<>()).addAll(layers);
            }
        });
    }

    private static boolean standsAlone(List<YamlNode.Fields> layers) {
        return layers.stream().anyMatch(layer -> layer.get("image") != null || layer.get("build") != null);
    }

    /** What another file of the folder says of a service that this file only completes. */
    private List<YamlNode.Fields> completed(String file, String name, List<String> folder, Start start, Joining into) {
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
                    Joining apart = new Joining();
                    apart.directories.putAll(into.directories);
                    extended(name, fields, start, new HashSet<>(), layers, apart);
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
    private void extended(
            String service,
            YamlNode.Fields fields,
            Start start,
            Set<String> seen,
            List<YamlNode.Fields> into,
            Joining joining) {
        YamlNode value = fields.get("extends");
        if (value == null || value.isNull()) {
            return;
        }
        YamlNode named = value instanceof YamlNode.Fields options ? options.get("service") : value;
        YamlNode from = value instanceof YamlNode.Fields options ? options.get("file") : null;
        ComposeVariables.Replaced path =
                from instanceof YamlNode.Scalar written ? start.variables.replace(written.text()) : null;
        String file = path == null
                ? value.file()
                : !path.isKnown() || path.value().startsWith("/")
                        ? null
                        : ContainerPath.belowRoot(joining.directoryOf(value), path.value());
        String beside = path == null || file == null || tree.look(file) instanceof ScannedTree.Place.Here
                ? null
                : ContainerPath.belowRoot(directory(value.file()), path.value());
        if (beside != null && tree.look(beside) instanceof ScannedTree.Place.Here) {
            // The folder where the project begins may only be taken for it.
            file = beside;
        }
        if (!(named instanceof YamlNode.Scalar scalar) || file == null) {
            problem("wrong-extends", value, "what is extended is not in the scanned tree");
            return;
        }
        ComposeVariables.Replaced name = start.variables.replace(scalar.text());
        if (!name.isKnown()) {
            problem("wrong-extends", value, "which service is extended is said by a variable without a value");
            return;
        }
        String wanted = file + "#" + name.value();
        if (seen.size() >= DEEPEST_EXTENDS || !seen.add(wanted)) {
            problem("wrong-extends", value, "a service extends itself");
            return;
        }
        switch (absence(file)) {
            case Absence.There there -> {
                for (YamlNode.Fields document : documents(file)) {
                    if (document.get("services") instanceof YamlNode.Fields services
                            && services.get(name.value()) instanceof YamlNode.Fields base) {
                        extended(service, base, start, seen, into, joining);
                        into.add(base);
                        return;
                    }
                }
                if (!documents(file).isEmpty()) {
                    joining.missing.add(
                            new ComposeFile.Missing(service, wanted, value.file(), value.line(), "extends " + wanted));
                }
            }
            case Absence.Gone gone ->
                joining.missing.add(
                        new ComposeFile.Missing(service, file, value.file(), value.line(), "extends " + wanted));
            case Absence.Unclear(String reason) ->
                problem("wrong-extends", value, "what is extended is not read: " + reason);
        }
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
            case Content.Text content
            when TEMPLATE.matcher(content.text()).find() ->
                problems.add(new Problem(
                        "compose-template",
                        file,
                        Location.WHOLE_FILE,
                        "the file is a template that a tool has to fill in"));
            case Content.Text content -> {
                for (YamlNode root : cache.parse(file, content.text(), content.digest(), problems)) {
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
        return environment(PathNames.join(folder, ".env"));
    }

    private ComposeVariables environment(String file) {
        return variables.computeIfAbsent(
                file,
                key -> new ComposeVariables(
                        tree.read(key, EnvironmentFile.LARGEST_BYTES)
                                        instanceof Content.Text(String text, String digest)
                                ? EnvironmentFile.parse(text)
                                : Map.of()));
    }

    private void problem(String code, YamlNode at, String message) {
        if (problems.size() < MOST_PROBLEMS) {
            problems.add(new Problem(code, at.file(), new Location(at.line(), at.column()), message));
        }
    }

    /** From where the relative paths of a file count. */
    private String base(String file) {
        String known = projects.getOrDefault(file, base.get(file));
        if (known == null) {
            known = bases.of(file, documents(file));
            base.put(file, known);
        }
        return known;
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
