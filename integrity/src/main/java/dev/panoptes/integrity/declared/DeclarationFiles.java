package dev.panoptes.integrity.declared;

import dev.panoptes.code.ScannedTree;
import dev.panoptes.core.IoReason;
import dev.panoptes.core.yaml.Location;
import dev.panoptes.core.yaml.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The declaration files below a root, found by one walk that all readers share. Vendored and virtualenv directories, those of
 * tests' data and the hidden ones of tools are skipped, links to directories are not followed. A link to a file counts where its target is in the tree; a reader
 * decides what a second name for one file means.
 *
 * @param units {@code *.service}
 * @param dropIns {@code *.conf} in a {@code *.service.d} directory
 * @param triggers {@code *.timer}, {@code *.socket} and {@code *.path}: units that start services
 * @param otherUnits units of other kinds, and files of which an installer or podman makes units
 * @param composeFiles {@code *compose*.yml} and {@code *compose*.yaml}, and what a document or script gives compose by {@code -f}
 * @param dockerfiles {@code Dockerfile*} and {@code *.Dockerfile}, {@code Containerfile} as podman calls them
 * @param environments {@code .env}, which may name the files of a compose project
 * @param starters files that may start programs: Procfiles, of supervisord and PM2, package files, shell scripts, and
 *     documents that say how compose files are started
 * @param configurations {@code *.conf}, which may be of nginx or Apache, files of Caddy and HAProxy, and {@code fly.toml}
 * @param workloads files of Nomad and Consul, and drop-ins of quadlets
 * @param manifests other YAML, which may hold objects of Kubernetes
 * @param builds bake files, and devcontainer.json
 * @param settings other files of settings: environments, TOML, JSON, properties and the like, and configuration written as code
 * @param sources some source files, of whatever language, those nearest to the root first
 * @param problems what could not be looked at
 * @param complete false where something was left out, so that "there is none" is not known
 */
public record DeclarationFiles(
        List<Found> units,
        List<Found> dropIns,
        List<Found> triggers,
        List<Found> otherUnits,
        List<Found> composeFiles,
        List<Found> dockerfiles,
        List<Found> environments,
        List<Found> starters,
        List<Found> configurations,
        List<Found> workloads,
        List<Found> manifests,
        List<Found> builds,
        List<Found> settings,
        List<Found> sources,
        List<Problem> problems,
        boolean complete) {
    private static final int MOST_ENTRIES = 500_000;
    private static final int DEEPEST = 64;
    private static final int MOST_PROBLEMS = 100;
    private static final int MOST_SOURCES = 1_000;
    private static final int LONGEST_PATH = 400;
    private static final int MOST_PUT_AWAY = 2_000;
    private static final int MOST_PUT_AWAY_DEPTH = 4;
    private static final Pattern PUT_AWAY = Pattern.compile("\\.(old|bak|backups?|archived?|trash|attic|history)\\b.*");
    /** Hidden folders of tools, and of what only developers start. */
    private static final Set<String> TOOLS = Set.of(
            ".git",
            ".svn",
            ".hg",
            ".bzr",
            ".github",
            ".gitlab",
            ".gitea",
            ".circleci",
            ".azure",
            ".idea",
            ".vscode",
            ".vs",
            ".fleet",
            ".husky",
            ".venv",
            ".virtualenv",
            ".env",
            ".tox",
            ".nox",
            ".eggs",
            ".next",
            ".nuxt",
            ".svelte-kit",
            ".output",
            ".yarn",
            ".pnpm-store",
            ".npm",
            ".gradle",
            ".m2",
            ".mvn",
            ".cargo",
            ".rustup",
            ".terraform",
            ".serverless",
            ".aws-sam",
            ".local",
            ".parcel-cache",
            ".ipynb_checkpoints",
            ".panoptes");

    /** Units that are no services, templates of units, and quadlets (podman-systemd.unit(5)). */
    private static final Pattern OTHER_UNIT = Pattern.compile(
            "(?i)[\\w@.\\\\:-]+\\.(target|mount|automount|slice|container|pod|kube|volume|network|image|build)|[\\w@.\\\\:{}%"
                    + " -]+\\.(service|timer|socket|path|target|container|pod|kube|volume|network|image|build)\\.[\\w.]{1,20}");

    private static final Pattern CONFIGURATION = Pattern.compile(
            ".*\\.conf(\\.(template|tmpl|tpl))?|caddyfile(\\.[\\w-]+)?|.*\\.caddy(file)?|haproxy[\\w.-]*\\.cfg|fly(\\.[\\w-]+)?\\.toml");

    private static final Set<String> SKIPPED = Set.of(
            "node_modules",
            "bower_components",
            "vendor",
            "vendored",
            "third_party",
            "venv",
            "virtualenv",
            "site-packages",
            "testdata",
            "test-data",
            "test_data",
            "fixtures",
            "test-fixtures",
            "__fixtures__",
            "__pycache__");
    /** Below a folder of tests, folders of inputs that are often wrong on purpose. */
    private static final Pattern TEST_DATA = Pattern.compile(
            "(?i).*/(tests?|specs?|__tests__|e2e)/(.*/)?(data|inputs?|cases|invalid|bad|broken|expected|snapshots)"
                    + "|.*/test[-_]?cases?");

    private static final Set<String> NO_DOCKERFILE = Set.of(
            "dockerignore",
            "md",
            "txt",
            "rst",
            "py",
            "js",
            "ts",
            "go",
            "java",
            "sh",
            "json",
            "yml",
            "yaml",
            "j2",
            "jinja",
            "jinja2",
            "tmpl",
            "tpl",
            "template",
            "erb",
            "bak",
            "orig",
            "rej",
            "swp");

    public DeclarationFiles {
        units = List.copyOf(units);
        dropIns = List.copyOf(dropIns);
        triggers = List.copyOf(triggers);
        otherUnits = List.copyOf(otherUnits);
        composeFiles = List.copyOf(composeFiles);
        dockerfiles = List.copyOf(dockerfiles);
        environments = List.copyOf(environments);
        starters = List.copyOf(starters);
        configurations = List.copyOf(configurations);
        workloads = List.copyOf(workloads);
        manifests = List.copyOf(manifests);
        builds = List.copyOf(builds);
        settings = List.copyOf(settings);
        sources = List.copyOf(sources);
        problems = List.copyOf(problems);
    }

    /**
     * A file of the tree.
     *
     * @param rootPath where it was found
     * @param targetPath below the root, where its content is; equals {@code rootPath} unless it is a link
     */
    public record Found(String rootPath, String targetPath) {
        static final String NOTHING = "/dev/null";

        /** True where it is a link to nothing, which hides what others of its name say. */
        boolean masks() {
            return targetPath.equals(NOTHING);
        }

        public boolean link() {
            return !rootPath.equals(targetPath);
        }

        public String name() {
            return rootPath.substring(rootPath.lastIndexOf('/') + 1);
        }
    }

    /** The same with more files of compose, which only what starts them tells. */
    DeclarationFiles withComposeFiles(List<Found> more) {
        return more.isEmpty()
                ? this
                : new DeclarationFiles(
                        units,
                        dropIns,
                        triggers,
                        otherUnits,
                        Stream.concat(composeFiles.stream(), more.stream())
                                .sorted(Comparator.comparing(Found::rootPath))
                                .toList(),
                        dockerfiles,
                        environments,
                        starters,
                        configurations,
                        workloads,
                        manifests,
                        builds,
                        settings,
                        sources,
                        problems,
                        complete);
    }

    /** Walks the tree once. Lists are sorted by path. */
    public static DeclarationFiles in(ScannedTree tree) throws InterruptedException {
        return in(tree, MOST_ENTRIES);
    }

    static DeclarationFiles in(ScannedTree tree, int mostEntries) throws InterruptedException {
        return new Walk(tree, mostEntries).walk();
    }

    private static final class Walk {
        private final ScannedTree tree;
        private final int mostEntries;
        private final List<Found> units = new ArrayList<>();
        private final List<Found> dropIns = new ArrayList<>();
        private final List<Found> triggers = new ArrayList<>();
        private final List<Found> otherUnits = new ArrayList<>();
        private final List<Found> composeFiles = new ArrayList<>();
        private final List<Found> dockerfiles = new ArrayList<>();
        private final List<Found> environments = new ArrayList<>();
        private final List<Found> starters = new ArrayList<>();
        private final List<Found> configurations = new ArrayList<>();
        private final List<Found> workloads = new ArrayList<>();
        private final List<Found> manifests = new ArrayList<>();
        private final List<Found> builds = new ArrayList<>();
        private final List<Found> settings = new ArrayList<>();
        private final List<Found> sources = new ArrayList<>();
        private final List<Problem> problems = new ArrayList<>();
        private final Deque<Path> directories = new ArrayDeque<>();
        private boolean complete = true;
        private int entries;

        private Walk(ScannedTree tree, int mostEntries) {
            this.tree = tree;
            this.mostEntries = mostEntries;
        }

        private DeclarationFiles walk() throws InterruptedException {
            directories.add(tree.realRoot());
            while (!directories.isEmpty()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted while looking for declarations");
                }
                if (entries >= mostEntries) {
                    incomplete(
                            "too-many-files",
                            tree.realRoot(),
                            String.format(
                                    Locale.ROOT,
                                    "more than %,d files; the rest was not searched for units, compose files and"
                                            + " Dockerfiles",
                                    mostEntries));
                    break;
                }
                list(directories.remove());
            }
            for (List<Found> found : List.of(
                    units,
                    dropIns,
                    triggers,
                    otherUnits,
                    composeFiles,
                    dockerfiles,
                    environments,
                    starters,
                    configurations,
                    workloads,
                    manifests,
                    builds,
                    settings)) {
                found.sort(Comparator.comparing(Found::rootPath));
            }
            return new DeclarationFiles(
                    units,
                    dropIns,
                    triggers,
                    otherUnits,
                    composeFiles,
                    dockerfiles,
                    environments,
                    starters,
                    configurations,
                    workloads,
                    manifests,
                    builds,
                    settings,
                    sources,
                    problems,
                    complete);
        }

        private void list(Path directory) {
            try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
                for (Path child : children) {
                    if (++entries > mostEntries) {
                        // The queue is emptied by the caller, who also says so.
                        directories.addFirst(directory);
                        return;
                    }
                    visit(child);
                }
            } catch (DirectoryIteratorException e) {
                incomplete("unreadable-directory", directory, "the directory cannot be listed: " + IoReason.of(e));
            } catch (IOException e) {
                incomplete("unreadable-directory", directory, "the directory cannot be listed: " + IoReason.of(e));
            }
        }

        private void visit(Path child) {
            BasicFileAttributes attributes;
            try {
                attributes = Files.readAttributes(child, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            } catch (IOException e) {
                incomplete("unreadable-file", child, "the file cannot be looked at: " + IoReason.of(e));
                return;
            }
            String name = child.getFileName().toString();
            if (attributes.isDirectory()) {
                if (name.equals(DevcontainerReader.FOLDER)) {
                    devcontainers(child);
                } else if (isSearched(child, name)) {
                    directories.add(child);
                }
                return;
            }
            List<Found> kind = listFor(child, name);
            if (kind == null) {
                // Any YAML may be a manifest; it is not missed where it is no plain file.
                List<Found> other = attributes.isRegularFile() ? otherListFor(name) : null;
                if (other != null) {
                    other.add(new Found(tree.rootPath(child), tree.rootPath(child)));
                }
                return;
            }
            String rootPath = tree.rootPath(child);
            if (attributes.isRegularFile()) {
                kind.add(new Found(rootPath, rootPath));
            } else if (attributes.isSymbolicLink()) {
                link(kind, child, rootPath);
            } else {
                incomplete("not-a-file", child, "it is no regular file, so it was not opened");
            }
        }

        private @Nullable List<Found> otherListFor(String name) {
            if (ManifestFiles.isCalledSo(name)) {
                return manifests;
            }
            return SettingsFiles.isCalledSo(name)
                    ? settings
                    : sources.size() < MOST_SOURCES && SettingsFiles.isSource(name) ? sources : null;
        }

        private void link(List<Found> kind, Path child, String rootPath) {
            if (isMask(child)) {
                if (rootPath.endsWith(".service") || rootPath.matches(".*service\\.d/[^/]+\\.conf")) {
                    kind.add(new Found(rootPath, Found.NOTHING));
                }
                return;
            }
            switch (tree.look(rootPath)) {
                case ScannedTree.Place.Here(Path file, boolean directory, boolean regular, long size) -> {
                    if (regular) {
                        kind.add(new Found(rootPath, tree.rootPath(file)));
                    }
                }
                case ScannedTree.Place.Absent absent -> incomplete("dangling-link", child, "the link leads nowhere");
                case ScannedTree.Place.Unclear(String reason) ->
                    incomplete("link-not-followed", child, "the file " + reason);
            }
        }

        /** A link to {@code /dev/null}: what lies so in a lower folder counts no longer (systemd.unit(5)). */
        private static boolean isMask(Path link) {
            try {
                return Files.readSymbolicLink(link).toString().equals(Found.NOTHING);
            } catch (IOException e) {
                return false;
            }
        }

        private boolean isSearched(Path directory, String name) {
            if (isTool(name) || SKIPPED.contains(name) || Files.exists(directory.resolve("pyvenv.cfg"))) {
                return false;
            }
            if (PUT_AWAY.matcher(name).matches()) {
                putAway(directory, "it lies in a hidden folder of things put away, so it was not read");
                return false;
            }
            if (TEST_DATA.matcher("/" + tree.rootPath(directory)).matches()) {
                putAway(directory, "it lies in a folder of what tests are given, so it was not read");
                return false;
            }
            if (directory.getNameCount() - tree.realRoot().getNameCount() > DEEPEST) {
                incomplete("too-deep", directory, "the directory lies too deep and was not searched");
                return false;
            }
            return true;
        }

        /** A hidden folder that is no tool's own, such as {@code .deploy}, may hold what starts the fleet. */
        private static boolean isTool(String name) {
            return name.startsWith(".") && (TOOLS.contains(name) || name.endsWith("cache") || name.endsWith("_cache"));
        }

        /** Of what only developers start, what says so is read, and what it names is looked for. */
        private void devcontainers(Path folder) {
            try (Stream<Path> below = Files.walk(folder, 2)) {
                below.limit(MOST_PUT_AWAY)
                        .filter(file -> file.getFileName().toString().equals(DevcontainerReader.NAME))
                        .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                        .map(tree::rootPath)
                        .forEach(file -> builds.add(new Found(file, file)));
            } catch (IOException | UncheckedIOException e) {
                incomplete("unreadable-directory", folder, "the directory cannot be listed: " + e.getMessage());
            }
        }

        /** What somebody put away is not judged; that it holds declarations is told. */
        private void putAway(Path directory, String why) {
            try (Stream<Path> below = Files.walk(directory, MOST_PUT_AWAY_DEPTH)) {
                below.limit(MOST_PUT_AWAY)
                        .filter(file -> isDeclaration(file.getFileName().toString()))
                        .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                        .findFirst()
                        .ifPresent(file -> incomplete("put-away", file, why));
            } catch (IOException | UncheckedIOException e) {
                incomplete("unreadable-directory", directory, "the directory cannot be listed: " + e.getMessage());
            }
        }

        private static boolean isDeclaration(String name) {
            String lower = name.toLowerCase(Locale.ROOT);
            return name.endsWith(".service")
                    || isDockerfile(name)
                    || (lower.contains("compose") && (lower.endsWith(".yml") || lower.endsWith(".yaml")));
        }

        private @Nullable List<Found> listFor(Path file, String name) {
            if (name.endsWith(".service")) {
                return units;
            }
            if (name.endsWith(".timer") || name.endsWith(".socket") || name.endsWith(".path")) {
                return triggers;
            }
            if (name.equals(".env")) {
                return environments;
            }
            if (BakeReader.isCalledSo(name) || name.equals("." + DevcontainerReader.NAME)) {
                return builds;
            }
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.endsWith(".yml") || lower.endsWith(".yaml")) {
                return lower.contains("compose")
                        ? composeFiles
                        : HostProcessReader.isCalledSo(name, "") ? starters : null;
            }
            if (isDockerfile(name)) {
                return dockerfiles;
            }
            if (HostProcessReader.isCalledSo(name, HostProcessReader.folder(tree.rootPath(file)))) {
                return starters;
            }
            if (WorkloadReader.isCalledSo(tree.rootPath(file))) {
                return workloads;
            }
            Path parent = file.getParent();
            boolean dropIn = name.endsWith(".conf")
                    && parent != null
                    && parent.getFileName() != null
                    && (parent.getFileName().toString().endsWith(".service.d")
                            || parent.getFileName().toString().equals("service.d"));
            // Debian's folders of nginx hold sites by their bare names.
            boolean site = parent != null
                    && parent.getFileName() != null
                    && parent.getFileName().toString().matches("sites-(available|enabled)");
            return dropIn
                    ? dropIns
                    : site || CONFIGURATION.matcher(lower).matches()
                            ? configurations
                            : OTHER_UNIT.matcher(name).matches() ? otherUnits : null;
        }

        /**
         * {@code Dockerfile}, {@code Dockerfile.prod}, {@code api.Dockerfile}; not {@code dockerfile_parser.py}, nor a
         * template or an editor's backup.
         */
        private static boolean isDockerfile(String name) {
            String suffix = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
            boolean called = name.startsWith("Dockerfile")
                    || name.equals("dockerfile")
                    || name.equals("Containerfile")
                    || name.startsWith("Containerfile.");
            return suffix.equals("dockerfile")
                    || suffix.equals("containerfile")
                    || (called && !name.endsWith("~") && !NO_DOCKERFILE.contains(suffix));
        }

        private void incomplete(String code, Path at, String message) {
            complete = false;
            if (problems.size() < MOST_PROBLEMS) {
                problems.add(new Problem(code, shortened(tree.rootPath(at)), Location.WHOLE_FILE, message));
            }
        }

        /** A path may be as long as the file system likes; nobody reads more than its ends. */
        private static String shortened(String path) {
            return path.length() <= LONGEST_PATH
                    ? path
                    : path.substring(0, LONGEST_PATH / 2) + "..." + path.substring(path.length() - LONGEST_PATH / 4);
        }
    }
}
