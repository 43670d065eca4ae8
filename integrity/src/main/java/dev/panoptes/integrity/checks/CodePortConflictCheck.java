package dev.panoptes.integrity.checks;

import dev.panoptes.code.CodeDirectory;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.DeclaredHost;
import dev.panoptes.integrity.Check;
import dev.panoptes.integrity.CheckGroup;
import dev.panoptes.integrity.CheckInfo;
import dev.panoptes.integrity.CheckResult;
import dev.panoptes.integrity.Failure;
import dev.panoptes.integrity.World;
import dev.panoptes.integrity.declared.PortClaims;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One port claimed by the code of several directories that belong to one host. */
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
        Map<String, Map<Integer, Map<CodeDirectory, PortClaims>>> claimed = new TreeMap<>();
        List<CheckResult> results = new ArrayList<>();
        for (CodeDirectory directory : view.directories().all()) {
            PortClaims claims = view.directories().claims(directory);
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
            }
        }
        claimed.forEach(
                (host, ports) -> ports.forEach((port, directories) -> results.add(result(host, port, directories))));
        return results;
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
