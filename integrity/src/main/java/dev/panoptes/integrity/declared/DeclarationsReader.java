package dev.panoptes.integrity.declared;

import dev.panoptes.code.Code;
import dev.panoptes.code.CodeDirectory;
import dev.panoptes.code.CodeSource;
import dev.panoptes.code.Program;
import dev.panoptes.code.ScannedTree;
import dev.panoptes.core.Tasks;
import dev.panoptes.core.Tasks.Outcome;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.Registry;
import dev.panoptes.core.yaml.Location;
import dev.panoptes.core.yaml.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Reads everything that is declared below one root, concurrently and once. */
public final class DeclarationsReader {
    private final CodeSource codeSource;
    private final @Nullable Path cache;

    /** Keeps nothing of the declarations between scans. */
    public DeclarationsReader(CodeSource codeSource) {
        this(codeSource, null);
    }

    /** @param cache the folder in which what YAML files say is kept between scans; null: nowhere */
    public DeclarationsReader(CodeSource codeSource, @Nullable Path cache) {
        this.codeSource = codeSource;
        this.cache = cache;
    }

    /**
     * @param root absolute
     * @param agentsPath below the root, empty for the root itself; null where there is none
     * @param deployedAt the directory of the deployed machine that the root stands for; null to find it from the units
     * @param registry for the directories that it names by {@code path}
     * @param deadline for everything; what has not ended by then is told as a problem
     */
    public record Request(
            Path root,
            @Nullable String agentsPath,
            @Nullable String deployedAt,
            Registry registry,
            Duration deadline) {}

    /** What reading gave. */
    public sealed interface Result {
        record Read(Declarations declarations) implements Result {}

        /** @param reason one sentence for the user: the root is not there or no directory */
        record NoRoot(String reason) implements Result {}
    }

    public Result read(Request request) throws InterruptedException {
        ScannedTree tree;
        try {
            tree = ScannedTree.at(request.root());
        } catch (IOException e) {
            return new Result.NoRoot("The root " + request.root() + " is no directory that can be read");
        }
        return new Result.Read(new Reading(tree, request).read());
    }

    /** One run. Code and the other declarations know nothing of each other until both are there. */
    private final class Reading {
        private final ScannedTree plain;
        /** The same; its files are read by several readers each. */
        private final ScannedTree tree;

        private final Request request;

        private Reading(ScannedTree tree, Request request) {
            this.plain = tree;
            this.tree = tree.remembering();
            this.request = request;
        }

        private Declarations read() throws InterruptedException {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted before anything was read");
            }
            long end = System.nanoTime() + request.deadline().toNanos();
            List<String> relative = relativePaths();
            List<String> absolute = absolutePaths();
            // Absolute paths mean something only when it is known where the tree is deployed; usually there are none.
            boolean codeFirst = absolute.isEmpty();
            List<Callable<Part>> first = new ArrayList<>();
            first.add(this::files);
            if (codeFirst) {
                first.add(() -> code(relative));
            }
            List<Outcome<Part>> outcomes = Tasks.runAll(first, first.size(), request.deadline());
            Part.Files files = outcomes.getFirst() instanceof Outcome.Done<Part>(Part.Files done)
                    ? done
                    : noFiles(why(outcomes.getFirst()));
            Part.TheCode code;
            if (codeFirst) {
                code = codeOf(outcomes.getLast());
            } else {
                List<String> all = new ArrayList<>(relative);
                for (String path : absolute) {
                    if (files.paths.locate(path) instanceof DeployedPath.Below below) {
                        all.add(below.rootPath());
                    }
                }
                Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
                code = codeOf(Tasks.runAll(List.<Callable<Part>>of(() -> code(all)), 1, left)
                        .getFirst());
            }
            return new Declarations(
                    tree.root(),
                    request.agentsPath(),
                    code.code,
                    files.dockerfiles,
                    files.composeFiles,
                    files.units,
                    files.processes,
                    files.workloads.workloads(),
                    files.workloads.entries(),
                    files.manifests,
                    files.builds,
                    files.proxies,
                    inPrograms(files, code.code),
                    files.catalog,
                    files.paths,
                    files.problems);
        }

        /** Adds what the programs of the agents name, which are known when the code has been read. */
        private static PortMentions inPrograms(Part.Files files, Code code) throws InterruptedException {
            PortSearch search = files.search;
            if (search == null) {
                return files.mentions;
            }
            for (CodeDirectory directory : code.directories()) {
                for (Program program : directory.programs()) {
                    search.source(program.rootPath());
                }
            }
            return files.mentions.with(search.places());
        }

        private Part files() throws InterruptedException {
            DeclarationFiles walked = DeclarationFiles.in(tree);
            ComposeStarts starts = ComposeStarts.read(tree, walked.starters());
            DeclarationFiles found = walked.withComposeFiles(starts.others(walked));
            List<Problem> problems = new ArrayList<>(found.problems());
            UnitFileReader reader = new UnitFileReader(tree);
            List<ParsedUnit> written = reader.parse(found, problems);
            DeployedPaths paths = paths(written);
            List<ParsedUnit> parsed = reader.withInstances(found, written, paths, request.registry());
            DockerfileReader.Read dockerfiles = DockerfileReader.readAll(tree, found.dockerfiles());
            problems.addAll(dockerfiles.problems());
            YamlCache kept = YamlCache.of(cache, tree.root());
            ComposeReader.Read composeFiles = ComposeReader.readAll(
                    tree, found.composeFiles(), found.environments(), found.starters(), kept, starts.bases());
            ManifestFiles manifests = ManifestFiles.in(tree, found.manifests(), kept, problems);
            kept.flush();
            problems.addAll(composeFiles.problems());
            List<HostProcess> processes = new HostProcessReader(tree, paths, problems).read(found.starters());
            BuildFiles baked = BakeReader.read(tree, found.builds(), composeFiles.composeFiles());
            BuildFiles developed = DevcontainerReader.read(tree, found.builds());
            List<UnitFile> units = new UnitFileResolver(tree, paths).resolve(parsed);
            List<ComposeFile> asking = ComposeUpstreams.with(
                    starts.joined(ComposeProfiles.judged(tree, found.starters(), composeFiles.composeFiles())),
                    tree,
                    found.configurations());
            ContainerFiles inside = new ContainerFiles(tree, composeFiles.composeFiles(), dockerfiles.dockerfiles());
            WorkloadReader.Read workloads = new WorkloadReader(tree, paths, problems).read(found);
            Manifests declared = ManifestReader.read(manifests, composeFiles.composeFiles(), dockerfiles.dockerfiles());
            List<HostProxy> proxies = HostProxies.read(tree, found.configurations(), inside);
            List<PortMentions.LocalPort> local = LocalPorts.read(tree, found, inside, asking);
            JudgedPorts judged =
                    new JudgedPorts(asking, dockerfiles.dockerfiles(), proxies, local, workloads.workloads(), declared);
            PortSearch search = new PortSearch(
                    tree,
                    FleetNames.of(asking, workloads, declared, request.registry()),
                    GivenVariables.of(tree, found, asking, units, dockerfiles.dockerfiles(), declared),
                    judged,
                    inside);
            return new Part.Files(
                    units,
                    dockerfiles.dockerfiles(),
                    asking,
                    processes,
                    workloads,
                    declared,
                    baked.with(developed),
                    proxies,
                    new PortMentions(local, FlyFiles.read(tree, found.configurations()), named(found, search)),
                    search,
                    new UnitCatalogReader(tree, paths)
                            .read(found, units, composeFiles.composeFiles(), request.registry()),
                    paths,
                    problems);
        }

        private NamedPlaces named(DeclarationFiles found, PortSearch search) throws InterruptedException {
            search.search(found.composeFiles(), NamedPlaces.Kind.COMPOSE);
            search.search(found.units(), NamedPlaces.Kind.HOST);
            search.search(found.dropIns(), NamedPlaces.Kind.HOST);
            search.search(found.dockerfiles(), NamedPlaces.Kind.IMAGE);
            for (DeclarationFiles.Found starter : found.starters()) {
                String lower = starter.name().toLowerCase(Locale.ROOT);
                if (!lower.endsWith(".md") && !lower.startsWith("readme")) {
                    search.search(starter.rootPath(), starter.targetPath(), NamedPlaces.Kind.HOST);
                }
            }
            search.search(found.environments(), NamedPlaces.Kind.SETTING);
            search.search(found.configurations(), NamedPlaces.Kind.SETTING);
            search.search(found.workloads(), NamedPlaces.Kind.SETTING);
            search.search(found.manifests(), NamedPlaces.Kind.SETTING);
            search.search(found.settings(), NamedPlaces.Kind.SETTING);
            search.sources(found.sources(), request.agentsPath());
            return search.places();
        }

        private DeployedPaths paths(List<ParsedUnit> units) {
            String given = request.deployedAt();
            if (given != null) {
                return new TreePaths(tree, List.of(TreePaths.normalized(given)), "");
            }
            return switch (DeployedPrefix.of(tree, units)) {
                case DeployedPrefix.Answer.Known(List<String> prefixes) -> new TreePaths(tree, prefixes, "");
                case DeployedPrefix.Answer.Unclear(String reason) -> new TreePaths(tree, List.of(), reason);
            };
        }

        private Part code(List<String> others) throws InterruptedException {
            return new Part.TheCode(codeSource.read(plain, request.agentsPath(), others));
        }

        private List<String> relativePaths() {
            List<String> paths = new ArrayList<>();
            for (DeclaredAgent agent : request.registry().declared()) {
                String path = agent.path();
                if (path != null && !path.startsWith("/")) {
                    String plain = TreePaths.normalized("/" + path).substring(1);
                    paths.add(plain);
                    String agentsPath = request.agentsPath();
                    if (agentsPath != null && !agentsPath.isEmpty()) {
                        paths.add(agentsPath + "/" + plain);
                    }
                }
            }
            return paths.stream().distinct().toList();
        }

        private List<String> absolutePaths() {
            List<String> paths = new ArrayList<>();
            for (DeclaredAgent agent : request.registry().declared()) {
                String path = agent.path();
                if (path != null && path.startsWith("/")) {
                    paths.add(path);
                }
            }
            return paths;
        }

        private Part.Files noFiles(String why) {
            String reason = "units, compose files, Dockerfiles and manifests were not read: " + why;
            return new Part.Files(
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    new WorkloadReader.Read(List.of(), List.of()),
                    Manifests.NONE,
                    BuildFiles.NONE,
                    List.of(),
                    PortMentions.NONE,
                    null,
                    UnitCatalog.EMPTY,
                    new TreePaths(tree, List.of(), reason),
                    List.of(new Problem(Declarations.NOT_READ, "", Location.WHOLE_FILE, reason)));
        }

        private static Part.TheCode codeOf(Outcome<Part> outcome) {
            return outcome instanceof Outcome.Done<Part>(Part.TheCode code)
                    ? code
                    : new Part.TheCode(new UnreadCode("The code was not read: " + why(outcome)));
        }

        private static String why(Outcome<Part> outcome) {
            return switch (outcome) {
                case Outcome.Done<Part> unused -> "it was not asked for";
                case Outcome.Failed<Part>(Throwable cause) -> "the reader failed with " + cause;
                case Outcome.TimedOut<Part> unused -> "it took longer than the deadline";
            };
        }
    }

    /** What one of the concurrent readers gave. */
    private sealed interface Part {
        record Files(
                List<UnitFile> units,
                List<Dockerfile> dockerfiles,
                List<ComposeFile> composeFiles,
                List<HostProcess> processes,
                WorkloadReader.Read workloads,
                Manifests manifests,
                BuildFiles builds,
                List<HostProxy> proxies,
                PortMentions mentions,
                @Nullable PortSearch search,
                UnitCatalog catalog,
                DeployedPaths paths,
                List<Problem> problems)
                implements Part {}

        record TheCode(Code code) implements Part {}
    }
}
