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

/**
 * Processes that one file of PM2 or supervisord starts together bind one port. A Procfile's runner gives each process a port of
 * its own, and a script may start one or the other: they are not judged.
 */
final class ProcessPortConflictCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "process-port-conflict",
                Severity.HIGH,
                CheckGroup.CODE,
                "processes that PM2 or supervisord start together bind one port");
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
            if (launch.isEmpty()
                    || (process.kind() != HostProcess.Kind.PM2 && process.kind() != HostProcess.Kind.SUPERVISORD)) {
                continue;
            }
            if (launch.get().claims().isEmpty()
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
        byFile.forEach((file, ports) -> ports.forEach((port, claims) -> results.add(judge(file, port, claims))));
        return results;
    }

    private static CheckResult judge(String file, int port, Map<String, Claim> claims) {
        List<Claim> clashing = claims.values().stream()
                .filter(claim -> claims.values().stream()
                        .anyMatch(other ->
                                !other.equals(claim) && HostAddresses.overlap(claim.address(), other.address())))
                .toList();
        if (clashing.isEmpty()) {
            return new CheckResult.Pass(file + ":" + port);
        }
        List<String> names =
                clashing.stream().map(claim -> claim.process().name()).toList();
        return Failure.of(file + ":" + port)
                .port(port)
                .title(Words.list(names) + " of " + file + " bind port " + port)
                .description(file + " starts " + Words.list(names) + " together, and each binds port " + port
                        + ": all but the first end with an error, and are restarted for ever.")
                .affected(clashing.stream().map(claim -> claim.process().id()).toList())
                .recommend("Give each a port of its own")
                .evidence(clashing.stream()
                        .map(claim -> claim.process().evidence())
                        .distinct()
                        .toList())
                .evidence(clashing.stream()
                        .map(claim -> claim.claim().evidence())
                        .distinct()
                        .toList())
                .fail();
    }
}
