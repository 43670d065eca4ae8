package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.HostAddresses;
import dev.panoptes.integrity.declared.HostProcess;
import dev.panoptes.integrity.declared.Launch;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Processes that one file of PM2, supervisord or a Procfile starts together bind one port. A platform may run each process of a
 * Procfile on a machine of its own: they are judged where something says that one runner starts them all. A script may start
 * one or the other: it is not judged.
 */
final class ProcessPortConflictCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "process-port-conflict",
                Severity.HIGH,
                CheckGroup.CODE,
                "processes that PM2, supervisord or a Procfile start together bind one port");
    }

    /** Programs that start all processes of a Procfile on one machine, and files that would name them. */
    private static final Pattern RUNNER =
            Pattern.compile("\\b(foreman|honcho|overmind|hivemind|goreman|forego|nf) (start|run|s)\\b");

    private static final List<String> TELLING = List.of(
            "README.md",
            "README.rst",
            "README",
            "Makefile",
            "justfile",
            "package.json",
            "bin/dev",
            "start.sh",
            "run.sh");

    private static boolean isRunHere(Declarations declarations, String folder) {
        return TELLING.stream()
                .map(name -> declarations.code().text(folder + name))
                .anyMatch(text -> text != null && RUNNER.matcher(text).find());
    }

    /** @param address empty where it is every one, or not known */
    private record Claim(HostProcess process, String address, Launch.Claim claim) {}

    @Override
    public List<CheckResult> run(World world) {
        List<CheckResult> results = new ArrayList<>();
        Declarations declarations = world.declarations();
        if (declarations == null) {
            return results;
        }
        Map<String, Map<Integer, Map<String, Claim>>> byFile = new TreeMap<>();
        for (HostProcess process : declarations.processes()) {
            Optional<Launch> launch = world.links().launches().of(process);
            if (launch.isEmpty() || process.kind() == HostProcess.Kind.SCRIPT) {
                continue;
            }
            boolean procfile = process.kind() == HostProcess.Kind.PROCFILE;
            if (!procfile
                    && launch.get().claims().isEmpty()
                    && launch.get().unknown() != null
                    && world.links().launches().missing(process).isEmpty()) {
                results.add(new CheckResult.Unknown(
                        process.id(),
                        "What " + process.id() + " binds is not known: "
                                + launch.get().unknown()));
            }
            for (Launch.Claim claim : launch.get().claims()) {
                byFile.computeIfAbsent(process.file(), file -> new TreeMap<>())
                        .computeIfAbsent(claim.port(), port -> new LinkedHashMap<>())
                        .putIfAbsent(
                                process.id(),
                                new Claim(process, claim.address() == null ? "" : claim.address(), claim));
            }
        }
        byFile.forEach(
                (file, ports) -> ports.forEach((port, claims) -> results.add(judge(declarations, file, port, claims))));
        return results;
    }

    private static CheckResult judge(Declarations declarations, String file, int port, Map<String, Claim> claims) {
        List<Claim> clashing = claims.values().stream()
                .filter(claim -> claims.values().stream()
                        .anyMatch(other ->
                                !other.equals(claim) && HostAddresses.overlap(claim.address(), other.address())))
                .toList();
        if (clashing.isEmpty()) {
            return new CheckResult.Pass(file + ":" + port);
        }
        String name = file.substring(file.lastIndexOf('/') + 1);
        if (claims.values().iterator().next().process().kind() == HostProcess.Kind.PROCFILE
                && name.equals("Procfile")
                && !isRunHere(declarations, file.substring(0, file.length() - name.length()))) {
            return new CheckResult.Unknown(
                    file + ":" + port,
                    "Whether what binds port " + port + " runs on one machine is not known: a platform may start the"
                            + " processes of " + file + " apart");
        }
        List<String> names =
                clashing.stream().map(claim -> claim.process().name()).toList();
        return Failure.of(file + ":" + port)
                .port(port)
                .title(Words.list(names) + " of " + file + " bind port " + port)
                .description(file + " starts " + Words.list(names) + " together, and each binds port " + port
                        + (claims.values().iterator().next().process().kind() == HostProcess.Kind.PROCFILE
                                ? ": all but the first end with an error, and the runner then stops the rest."
                                : ": all but the first end with an error, and are restarted for ever."))
                .affected(clashing.stream().map(claim -> claim.process().id()).toList())
                .recommend("Give each a port of its own")
                .evidence(clashing.stream()
                        .flatMap(claim -> Stream.of(
                                claim.process().evidence(), claim.claim().evidence()))
                        .distinct()
                        .toList())
                .fail();
    }
}
