package dev.panoptes.integrity.adopt;

import dev.panoptes.code.CodeDirectory;
import dev.panoptes.code.PortValue;
import dev.panoptes.code.Program;
import dev.panoptes.code.ReportedName;
import dev.panoptes.core.registry.Keys;
import dev.panoptes.integrity.declared.Alternatives;
import dev.panoptes.integrity.declared.BuildContext;
import dev.panoptes.integrity.declared.ComposeFile;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.Launch;
import dev.panoptes.integrity.declared.LiteralRoutes;
import dev.panoptes.integrity.declared.Manifests;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Agents out of what a tree declares: one per launch. */
public final class TreeAdoption {
    /** Usual paths of health checks, the likeliest first. */
    private static final List<String> HEALTH = List.of(
            "/health", "/healthz", "/livez", "/readyz", "/live", "/ready", "/status", "/ping", "/up", "/api/health");

    private static final Set<String> SAMPLES = Set.of(
            "example",
            "examples",
            "sample",
            "samples",
            "demo",
            "demos",
            "test",
            "tests",
            "e2e",
            "integration-tests",
            "benchmark",
            "benchmarks",
            "docs",
            "doc");

    private TreeAdoption() {}

    /**
     * What the tree declares.
     *
     * @param agents in the order of the launches
     * @param unexplained launches without an entry, with the reason: their port is not known, or they are run instead of others
     */
    public record Found(List<AdoptedAgent> agents, List<String> unexplained) {
        public Found {
            agents = List.copyOf(agents);
            unexplained = List.copyOf(unexplained);
        }
    }

    public static Found of(Declarations declarations, List<Launch> launches) {
        List<AdoptedAgent> agents = new ArrayList<>();
        List<String> unexplained = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        List<Launch> adopted = new ArrayList<>();
        Alternatives alternatives = new Alternatives(declarations);
        boolean more = launches.stream().anyMatch(launch -> launch.kind() != Launch.Kind.IMAGE && !isSample(launch));
        for (Launch launch : launches) {
            if (launch.kind() == Launch.Kind.IMAGE) {
                continue;
            }
            if (more && isSample(launch)) {
                unexplained.add(launch.id() + ": it lies in a folder of examples or tests");
                continue;
            }
            String called = launch.kind() == Launch.Kind.UNIT
                    ? launch.id().replaceFirst("\\.service$", "")
                    : launch.id().substring(launch.id().indexOf('#') + 1).replaceFirst("(\\.\\w+)?:\\d+$", "");
            CodeDirectory directory = directory(launch, declarations);
            boolean ofScript =
                    launch.kind() == Launch.Kind.PROCESS && launch.id().matches(".*:\\d+");
            String key = AdoptedAgent.key(
                    ofScript && directory != null && !directory.path().isEmpty() ? directory.name() : called);
            ComposeFile.Service service = service(launch, declarations);
            Integer port = port(launch, service, declarations);
            if (port == null) {
                unexplained.add(
                        launch.id() + (launch.unknown() == null ? ": binds no TCP port" : ": " + launch.unknown()));
                continue;
            }
            String instead = instead(launch, adopted, alternatives);
            if (instead != null) {
                unexplained.add(launch.id() + ": " + instead);
                continue;
            }
            if (!keys.add(Keys.link(key))) {
                // A unit and a service of one name are two ways to start one agent; the first has its entry.
                continue;
            }
            adopted.add(launch);
            Program program = program(launch, directory);
            String health = directory == null ? null : health(launch, declarations);
            String name = program == null || program.names().isEmpty() ? null : reported(program, key);
            agents.add(new AdoptedAgent(
                    key,
                    name,
                    null,
                    port,
                    health == null ? "tcp" : "http",
                    launch.kind() == Launch.Kind.SERVICE && !launch.onHost() ? called : key,
                    health,
                    false,
                    null,
                    launch.kind() == Launch.Kind.UNIT ? launch.id() : null,
                    directory == null
                            ? folder(service, declarations, key)
                            : Keys.same(directory.name(), key) ? null : directory.rootPath(),
                    null));
        }
        return new Found(agents, unexplained);
    }

    /** True for what lies below a folder that shows how something is used, or tries it. */
    private static boolean isSample(Launch launch) {
        if (launch.kind() != Launch.Kind.SERVICE
                && launch.kind() != Launch.Kind.PROCESS
                && launch.kind() != Launch.Kind.WORKLOAD
                && launch.kind() != Launch.Kind.POD) {
            return false;
        }
        String file = launch.id().substring(0, Math.max(0, launch.id().lastIndexOf('/')));
        return Stream.of(file.split("/")).anyMatch(SAMPLES::contains);
    }

    /** Why a launch has no entry beside those that have one: it takes a port in the place of one of them; null where it has. */
    private static @Nullable String instead(Launch launch, List<Launch> adopted, Alternatives alternatives) {
        for (Launch other : adopted) {
            for (int port : launch.hostPorts()) {
                if (other.hostPorts().contains(port)) {
                    boolean byHand = launch.kind() == Launch.Kind.PROCESS && other.kind() != Launch.Kind.PROCESS;
                    if (byHand
                            || alternatives.neverTogether(launch, other)
                            || alternatives.ofDifferentProjects(launch, other)) {
                        return "it is run instead of " + other.id() + ", which has port " + port;
                    }
                }
            }
        }
        return null;
    }

    /** Where it answers health requests; null where it is known to serve nothing of the kind. */
    private static @Nullable String health(Launch launch, Declarations declarations) {
        String program = launch.program();
        SequencedSet<String> routes =
                program == null ? null : LiteralRoutes.of(declarations.code().text(program));
        return routes == null
                ? HEALTH.getFirst()
                : HEALTH.stream()
                        .filter(path -> LiteralRoutes.serve(routes, path))
                        .findFirst()
                        .orElse(null);
    }

    /** The ports of its container that a compose file publishes or exposes, or that a pod's container names. */
    private static List<Integer> named(
            Launch launch, ComposeFile.@Nullable Service service, Declarations declarations) {
        Stream<PortValue> ports = launch.kind() == Launch.Kind.POD
                ? declarations.manifests().sets().stream()
                        .flatMap(set -> set.workloads().stream())
                        .flatMap(workload -> workload.containers().stream())
                        .filter(container -> container.id().equals(launch.id()))
                        .limit(1)
                        .flatMap(container -> container.ports().stream())
                        .filter(port -> port.protocol().equals("TCP"))
                        .map(Manifests.ContainerPort::number)
                : service == null
                        ? Stream.of()
                        : service.ports().stream()
                                .filter(port -> port.protocol().equals("tcp"))
                                .map(ComposeFile.Published::container);
        return ports.flatMap(
                        port -> port instanceof PortValue.Known(int number, String _) ? Stream.of(number) : Stream.of())
                .distinct()
                .toList();
    }

    /** The port that its container binds, which is what its name in the network leads to; else the one on the host. */
    private static @Nullable Integer port(
            Launch launch, ComposeFile.@Nullable Service service, Declarations declarations) {
        if (launch.kind() == Launch.Kind.WORKLOAD && !launch.hostPorts().isEmpty()) {
            // Names of its network are known in that network only.
            return launch.hostPorts().getFirst();
        }
        List<Integer> named = named(launch, service, declarations);
        if (!launch.bound().isEmpty()) {
            // Of the many ports of an image the one that somebody opens; where only its image tells, what is opened.
            return named.stream()
                    .filter(launch.bound()::contains)
                    .findFirst()
                    .orElse(
                            launch.unknown() == null || named.isEmpty()
                                    ? launch.bound().getFirst()
                                    : named.getFirst());
        }
        if (service != null && !service.hostNetwork()) {
            return service.ports().stream()
                    .filter(port -> port.protocol().equals("tcp") && port.host() instanceof PortValue.Known)
                    .map(port -> ((PortValue.Known) port.host()).port())
                    .findFirst()
                    .orElse(null);
        }
        return launch.hostPorts().isEmpty() ? null : launch.hostPorts().getFirst();
    }

    private static ComposeFile.@Nullable Service service(Launch launch, Declarations declarations) {
        return launch.kind() != Launch.Kind.SERVICE
                ? null
                : declarations.composeFiles().stream()
                        .flatMap(file -> file.services().stream())
                        .filter(service -> service.id().equals(launch.id()))
                        .findFirst()
                        .orElse(null);
    }

    /** The folder that a service is built from, where its agent would be looked for elsewhere: below the agents path. */
    private static @Nullable String folder(
            ComposeFile.@Nullable Service service, Declarations declarations, String key) {
        String agents = declarations.agentsPath();
        ComposeFile.Build build = service == null ? null : service.build();
        return agents != null
                        && build != null
                        && BuildContext.of(declarations, build)
                                instanceof BuildContext.Local(String rootPath, boolean exists, boolean directory)
                        && directory
                        && !rootPath.isEmpty()
                        && !rootPath.equals(agents)
                        && !rootPath.equals(agents + "/" + key)
                ? rootPath
                : null;
    }

    private static @Nullable CodeDirectory directory(Launch launch, Declarations declarations) {
        return declarations.code().directories().stream()
                .filter(directory -> directory.rootPath().equals(launch.directory()))
                .findFirst()
                .orElse(null);
    }

    /** What it starts; where that is not known, as behind a wrapper, the one program of its directory. */
    private static @Nullable Program program(Launch launch, @Nullable CodeDirectory directory) {
        List<Program> programs = directory == null ? List.of() : directory.programs();
        List<Program> runnable = programs.stream().filter(Program::runnable).toList();
        return programs.stream()
                .filter(program -> program.rootPath().equals(launch.program()))
                .findFirst()
                .orElse(runnable.size() == 1 ? runnable.getFirst() : null);
    }

    private static @Nullable String reported(Program program, String key) {
        ReportedName name = program.names().getFirst();
        return Keys.same(name.value(), key) ? null : name.value();
    }
}
