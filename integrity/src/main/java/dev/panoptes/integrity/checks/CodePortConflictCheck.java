package dev.panoptes.integrity.checks;

import dev.panoptes.code.CodeDirectory;
import dev.panoptes.code.PortValue;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.DeclaredHost;
import dev.panoptes.integrity.declared.Alternatives;
import dev.panoptes.integrity.declared.Launch;
import dev.panoptes.integrity.declared.Launches;
import dev.panoptes.integrity.declared.PortClaims;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * One port of the host that the code of several directories claims: by the launches of each, or, of a directory of which nothing
 * is started, by default.
 */
final class CodePortConflictCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.original(
                "code-port-conflict",
                "code_conflict",
                Severity.HIGH,
                CheckGroup.CODE,
                "one port is bound by the code of several directories");
    }

    @Override
    public List<CheckResult> run(World world) {
        CodeView view = CodeView.of(world);
        Launches launches = world.links().launches();
        Map<String, Map<Integer, Map<CodeDirectory, PortClaims>>> claimed = new TreeMap<>();
        List<CheckResult> results = new ArrayList<>();
        for (CodeDirectory directory : view.directories().all()) {
            if (isSwitchedOff(directory, world, launches)) {
                continue;
            }
            PortClaims claims = claims(directory, view, launches);
            for (int port : claims.ports()) {
                claimed.computeIfAbsent(view.host(directory), host -> new TreeMap<>())
                        .computeIfAbsent(port, any -> new LinkedHashMap<>())
                        .put(directory, claims);
            }
            if (directory.incomplete() != null) {
                results.add(new CheckResult.Unknown(directory.path(), directory.incomplete()));
            } else {
                claims.firstUnresolved()
                        .ifPresent(first -> results.add(new CheckResult.Unknown(directory.path(), first.reason())));
                unknown(directory, claims, launches)
                        .ifPresent(reason -> results.add(new CheckResult.Unknown(directory.path(), reason)));
            }
        }
        claimed.values()
                .forEach(ports -> ports.forEach((port, directories) -> {
                    if (areAlternatives(port, directories.keySet(), launches)) {
                        directories
                                .keySet()
                                .removeIf(directory ->
                                        view.links().agentOf(directory).isEmpty());
                    }
                }));
        if (world.declarations() != null) {
            Alternatives alternatives = new Alternatives(world.declarations());
            claimed.values()
                    .forEach(ports -> ports.forEach((port, directories) -> {
                        if (excludeEachOther(port, directories.keySet(), launches, alternatives)) {
                            directories
                                    .keySet()
                                    .retainAll(List.of(
                                            directories.keySet().iterator().next()));
                        }
                    }));
        }
        // Samples that nobody declares or starts are no fleet.
        claimed.values()
                .forEach(ports -> ports.values().forEach(directories -> {
                    if (directories.keySet().stream().noneMatch(directory -> isOfFleet(directory, view, launches))) {
                        directories.clear();
                    }
                }));
        claimed.values().forEach(ports -> ports.values().removeIf(Map::isEmpty));
        claimed.forEach(
                (host, ports) -> ports.forEach((port, directories) -> results.add(result(host, port, directories))));
        return results;
    }

    /** Why a process of this directory may bind a port of the host that is not among its claims. */
    private static Optional<String> unknown(CodeDirectory directory, PortClaims claims, Launches launches) {
        Optional<String> template = launches.template(directory);
        if (template.isPresent()) {
            return Optional.of("Which instances of " + template.get() + " are started is not known");
        }
        return launches.all().stream()
                .filter(launch -> launch.kind() == Launch.Kind.PROCESS
                        && launch.unknown() != null
                        && claims.ports().isEmpty()
                        && directory.rootPath().equals(launch.directory()))
                .findFirst()
                .map(launch -> "What " + launch.id() + " binds is not known: " + launch.unknown());
    }

    /** True for the code of agents that are not to run, and of which nothing is started. */
    private static boolean isSwitchedOff(CodeDirectory directory, World world, Launches launches) {
        List<DeclaredAgent> agents = world.links().agentsOf(directory);
        return !agents.isEmpty() && agents.stream().noneMatch(DeclaredAgent::enabled) && !launches.starts(directory);
    }

    private static boolean isOfFleet(CodeDirectory directory, CodeView view, Launches launches) {
        return view.links().agentOf(directory).isPresent()
                || launches.all().stream()
                        .anyMatch(launch ->
                                launch.onHost() && directory.rootPath().equals(launch.directory()));
    }

    /**
     * True where each directory is started by a Procfile, script or the like of its own and nothing else: nobody says that two
     * of them are run on one host, unless the registry declares them.
     */
    private static boolean areAlternatives(int port, Set<CodeDirectory> directories, Launches launches) {
        Set<String> common = null;
        for (CodeDirectory directory : directories) {
            Set<String> files = new HashSet<>();
            for (Launch launch : launches.all()) {
                if (launch.onHost()
                        && directory.rootPath().equals(launch.directory())
                        && launch.bound().contains(port)) {
                    files.add(
                            launch.kind() == Launch.Kind.PROCESS
                                    ? launch.id().substring(0, launch.id().indexOf('#'))
                                    : "");
                }
            }
            if (files.isEmpty() || files.contains("")) {
                return false;
            }
            if (common == null) {
                common = files;
            } else {
                common.retainAll(files);
            }
        }
        return directories.size() > 1 && common != null && common.isEmpty();
    }

    /** True where units bind it that never run at the same time ({@code Conflicts=}), and nothing else does. */
    private static boolean excludeEachOther(
            int port, Set<CodeDirectory> directories, Launches launches, Alternatives alternatives) {
        if (directories.size() < 2) {
            return false;
        }
        List<Launch> units = new ArrayList<>();
        for (CodeDirectory directory : directories) {
            List<Launch> binding = launches.all().stream()
                    .filter(launch -> launch.onHost()
                            && directory.rootPath().equals(launch.directory())
                            && launch.bound().contains(port))
                    .toList();
            if (binding.isEmpty() || binding.stream().anyMatch(launch -> launch.kind() != Launch.Kind.UNIT)) {
                return false;
            }
            units.addAll(binding);
        }
        return units.stream()
                .allMatch(a -> units.stream().allMatch(b -> a.id().equals(b.id()) || alternatives.neverTogether(a, b)));
    }

    /** What its launches bind on the host; of a directory of which nothing is started, what its code binds by default. */
    private static PortClaims claims(CodeDirectory directory, CodeView view, Launches launches) {
        if (!launches.starts(directory)) {
            return launches.template(directory).isPresent()
                    ? new PortClaims(List.of(), List.of())
                    : view.directories().claims(directory);
        }
        List<PortClaims.Claim> claims = new ArrayList<>();
        for (Launch launch : launches.all()) {
            if (launch.onHost() && directory.rootPath().equals(launch.directory())) {
                launch.claims()
                        .forEach(claim -> claims.add(
                                new PortClaims.Claim(new PortValue.Known(claim.port(), null), claim.evidence())));
            }
        }
        return new PortClaims(claims, List.of());
    }

    private static CheckResult result(String host, int port, Map<CodeDirectory, PortClaims> directories) {
        if (directories.size() < 2) {
            return new CheckResult.Pass(host.equals(DeclaredHost.LOCAL) ? Integer.toString(port) : port + "@" + host);
        }
        List<String> paths =
                directories.keySet().stream().map(CodeDirectory::path).toList();
        Failure.Builder failure = Failure.of(Integer.toString(port))
                .host(host)
                .port(port)
                .title("Port " + port + " is bound by the code of " + paths.size() + " directories")
                .description("The code of " + Words.list(paths) + " binds port " + port
                        + ". Of programs on one host only one can have it.")
                .affected(paths)
                .recommend("Give each its own port in its code, and declare that port in the registry");
        directories.values().forEach(claims -> failure.evidence(claims.evidence(port)));
        return failure.fail();
    }
}
