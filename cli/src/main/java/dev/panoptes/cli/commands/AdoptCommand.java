package dev.panoptes.cli.commands;

import dev.panoptes.cli.shell.ExitCode;
import dev.panoptes.cli.shell.Shell;
import dev.panoptes.cli.shell.UsageException;
import dev.panoptes.code.CodeReader;
import dev.panoptes.code.FactCache;
import dev.panoptes.core.ContentDigest;
import dev.panoptes.core.host.Host;
import dev.panoptes.core.host.OtherListeners;
import dev.panoptes.core.registry.DeclaredHost;
import dev.panoptes.core.registry.Intents;
import dev.panoptes.core.registry.Registry;
import dev.panoptes.core.registry.RegistryLoader;
import dev.panoptes.core.registry.RegistryResult;
import dev.panoptes.core.yaml.Problem;
import dev.panoptes.core.yaml.YamlNode;
import dev.panoptes.core.yaml.YamlReader;
import dev.panoptes.core.yaml.YamlResult;
import dev.panoptes.integrity.adopt.AdoptedAgent;
import dev.panoptes.integrity.adopt.AdoptedRegistry;
import dev.panoptes.integrity.adopt.Adoption;
import dev.panoptes.integrity.adopt.ListAdoption;
import dev.panoptes.integrity.adopt.TreeAdoption;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.DeclarationsReader;
import dev.panoptes.integrity.declared.Links;
import dev.panoptes.integrity.declared.ScanRoot;
import dev.panoptes.integrity.observed.LocalObserver;
import dev.panoptes.integrity.observed.ObserveRequest;
import dev.panoptes.integrity.observed.Snapshot;
import dev.panoptes.integrity.observed.Snapshot.Coverage;
import dev.panoptes.integrity.observed.Snapshot.Source;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Writes a first registry from what listens on this host, or from what a tree declares; adds what one lacks. */
final class AdoptCommand implements Command {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final int MOST_NAMED = 10;
    /** What folders of agents are usually called. */
    private static final List<String> FOLDERS = List.of("agents", "services", "apps");

    @Override
    public String name() {
        return "adopt";
    }

    @Override
    public String summary() {
        return "Write a first registry from what listens on this host";
    }

    @Override
    public Action prepare(CommandSpec spec) {
        Options options = new Options(spec);
        OptionSpec output = options.file(
                "--output",
                "FILE",
                "Write the registry there instead of standard output; never over one that is there.");
        OptionSpec merge = options.file(
                "--merge",
                "FILE",
                "Add to this registry what it lacks, and change nothing of it; --output may be the same.");
        OptionSpec silent =
                options.flag("--no-probe", "Ask no port for its health; every agent is then declared as plain TCP.");
        OptionSpec from = options.file(
                "--from",
                "FILE",
                "From a list of another program: MCP servers, an A2A agent card, Consul services; as JSON or YAML.");
        OptionSpec fromTree =
                options.flag("--from-tree", "From the units and compose files of a tree, not from what listens here.");
        OptionSpec root = options.file("--root", "DIR", "With --from-tree: the tree. Else the Git top level, or here.");
        OptionSpec agentsPath = options.file(
                "--agents-path",
                "DIR",
                "With --from-tree: each child directory is one agent's code. Else agents, services or apps in the"
                        + " tree.");
        return shell -> {
            Path wanted = Options.file(output);
            Path existing = Options.file(merge);
            if (wanted != null
                    && Files.exists(shell.resolve(wanted), LinkOption.NOFOLLOW_LINKS)
                    && (existing == null || !shell.resolve(existing).equals(shell.resolve(wanted)))) {
                throw new UsageException(
                        wanted + " is there already, and nothing is written over it",
                        "Add to it: panoptes adopt --merge " + wanted + " --output " + wanted);
            }
            Path list = Options.file(from);
            if (list != null && Options.given(fromTree)) {
                throw new UsageException("--from and --from-tree name two origins", "Take one, and --merge the other");
            }
            Adopted adopted = list != null
                    ? listed(shell, list)
                    : Options.given(fromTree)
                            ? tree(shell, Options.file(root), Options.file(agentsPath))
                            : listening(shell, !Options.given(silent));
            String text = AdoptedRegistry.whole(adopted.origin(), adopted.agents());
            String done = "explains " + adopted.explained();
            if (existing != null) {
                AdoptedRegistry.Result.Written merged = merged(shell.resolve(existing), existing, adopted.agents());
                text = merged.yaml();
                done = "adds " + merged.added() + (merged.added() == 1 ? " agent" : " agents") + "; " + done;
            }
            if (wanted == null) {
                shell.print(text);
            } else {
                new AtomicFile(shell.resolve(wanted)).write(text.getBytes(StandardCharsets.UTF_8));
            }
            shell.err().println(done);
            return ExitCode.OK;
        };
    }

    /**
     * What was found.
     *
     * @param origin where, as the first line of a new registry says it
     * @param explained how much of it has an entry
     */
    private record Adopted(String origin, List<AdoptedAgent> agents, String explained) {}

    private static AdoptedRegistry.Result.Written merged(Path file, Path given, List<AdoptedAgent> agents)
            throws UsageException, IOException {
        RegistryLoader loader = new RegistryLoader();
        RegistryResult result = loader.load(file);
        if (result instanceof RegistryResult.Absent) {
            throw new UsageException("there is no registry at " + given, "");
        }
        String text;
        try {
            text = Files.readString(file, StandardCharsets.UTF_8);
        } catch (CharacterCodingException e) {
            throw new UsageException(given + " is not UTF-8, and nothing is added to it", "Save it as UTF-8 first");
        }
        if (result instanceof RegistryResult.Broken) {
            text = AdoptedRegistry.begun(text);
            result = loader.parse(text.getBytes(StandardCharsets.UTF_8), given.toString());
        }
        return switch (result) {
            case RegistryResult.Absent _ -> throw new UsageException("there is no registry at " + given, "");
            case RegistryResult.Broken(String _, List<Problem> problems) ->
                throw new UsageException(
                        given + " is no registry that can be added to:\n  "
                                + problems.stream().map(Problem::text).collect(Collectors.joining("\n  ")),
                        "");
            case RegistryResult.Loaded(Registry registry, var _) ->
                switch (AdoptedRegistry.merged(text, registry, agents)) {
                    case AdoptedRegistry.Result.Written written -> written;
                    case AdoptedRegistry.Result.Refused(String reason) ->
                        throw new UsageException(
                                "nothing can be added to " + given + ": " + reason,
                                "Print what it lacks and add it by hand: panoptes adopt");
                };
        };
    }

    private static Path folder(String option, Path given, Shell shell) throws UsageException, IOException {
        Path folder = shell.resolve(given);
        if (!Files.isDirectory(folder)) {
            throw new UsageException(option + ": there is no directory " + given, "");
        }
        return folder.toRealPath();
    }

    private static Adopted tree(Shell shell, @Nullable Path root, @Nullable Path agentsPath)
            throws UsageException, IOException, InterruptedException {
        Path top = root == null ? gitTop(shell.directory()).toRealPath() : folder("--root", root, shell);
        String below = null;
        if (agentsPath != null) {
            Path absolute = folder("--agents-path", agentsPath, shell);
            if (!absolute.startsWith(top)) {
                throw new UsageException("--agents-path: " + agentsPath + " does not lie below " + top, "");
            }
            below = top.relativize(absolute).toString();
        } else {
            for (String folder : FOLDERS) {
                if (below == null && Files.isDirectory(top.resolve(folder), LinkOption.NOFOLLOW_LINKS)) {
                    below = folder;
                }
            }
        }
        Registry nobody = new Registry("", null, null, Map.of(), List.of(), List.of(), Intents.NONE);
        DeclarationsReader.Request request =
                new DeclarationsReader.Request(top, below, null, nobody, DEADLINE.multipliedBy(4));
        return switch (new DeclarationsReader(new CodeReader(FactCache.none(), CodeReader.HEALTH_ENDPOINTS))
                .read(request)) {
            case DeclarationsReader.Result.NoRoot(String reason) -> throw new UsageException(reason, "");
            case DeclarationsReader.Result.Read(Declarations declarations) -> adopted(top, nobody, declarations);
        };
    }

    private static Adopted adopted(Path top, Registry nobody, Declarations declarations) throws UsageException {
        TreeAdoption.Found found = TreeAdoption.of(
                declarations, new Links(nobody, declarations).launches().all());
        int launches = found.agents().size() + found.unexplained().size();
        if (launches == 0) {
            throw new UsageException(
                    "no unit and no compose service was found below " + top,
                    "From what listens on this host: panoptes adopt");
        }
        StringBuilder explained = new StringBuilder(found.agents().size() + " of " + launches + " units and services");
        reasons(explained, found.unexplained());
        return new Adopted(
                "What the units and compose files of " + top.getFileName() + " start",
                found.agents(),
                explained.toString());
    }

    private static Adopted listed(Shell shell, Path file) throws UsageException {
        YamlNode root = switch (new YamlReader().read(shell.resolve(file), file.toString())) {
            case YamlResult.Parsed(ContentDigest _, YamlNode node, List<Problem> _) -> node;
            case YamlResult.Absent() -> throw new UsageException("there is no file " + file, "");
            case YamlResult.Broken(List<Problem> problems) ->
                throw new UsageException(problems.getFirst().text(), "");
        };
        ListAdoption.Found found =
                root instanceof YamlNode.Mapping top ? ListAdoption.of(top).orElse(null) : null;
        if (found == null) {
            throw new UsageException(
                    file + " is none of the lists that are known: MCP servers, an A2A agent card, Consul services",
                    "From units and compose files: panoptes adopt --from-tree");
        }
        StringBuilder explained = new StringBuilder(found.agents().size() + " of "
                + (found.agents().size() + found.unexplained().size()) + " entries");
        reasons(explained, found.unexplained());
        return new Adopted(
                "What " + file.getFileName() + ", " + found.kind() + ", names", found.agents(), explained.toString());
    }

    private static void reasons(StringBuilder explained, List<String> unexplained) {
        unexplained.stream()
                .limit(MOST_NAMED)
                .forEach(reason -> explained.append("\n  not ").append(reason.replaceAll("\\p{Cntrl}", " ")));
        if (unexplained.size() > MOST_NAMED) {
            explained.append("\n  and ").append(unexplained.size() - MOST_NAMED).append(" more");
        }
    }

    private static Path gitTop(Path directory) {
        Path top = ScanRoot.repository(directory);
        return top == null ? directory : top;
    }

    private static Adopted listening(Shell shell, boolean probing) throws UsageException, InterruptedException {
        Host host = new Host(Path.of("/"));
        LocalObserver observer = new LocalObserver(host, shell.clock(), "panoptes adopt");
        Snapshot sockets = observer.observe(ObserveRequest.withoutProbes(DeclaredHost.LOCAL, DEADLINE));
        if (sockets.coverage(Source.SOCKETS) instanceof Coverage.Denied(String reason)) {
            throw new UsageException("the listening sockets cannot be seen: " + reason, "");
        }
        Map<Integer, Adoption.Answered> answers =
                probing ? new AskedPorts(observer, sockets.listeners()).answers() : Map.of();
        OtherListeners others = host.otherListeners();
        long tcp = sockets.listeners().stream()
                .filter(listener -> listener.protocol().equals("tcp"))
                .count();
        long all = tcp + others.udp() + others.unix();
        String explained =
                tcp + " of " + all + " listeners: every TCP one; " + others.udp() + " UDP and " + others.unix()
                        + " Unix sockets cannot be declared"
                        + (sockets.coverage(Source.OWNERS) instanceof Coverage.Denied(String reason)
                                ? "; not all owners could be seen: " + reason
                                : "");
        return new Adopted(
                "What listens on " + sockets.host().id() + ", one agent per TCP port",
                Adoption.of(sockets.listeners(), answers),
                explained);
    }
}
