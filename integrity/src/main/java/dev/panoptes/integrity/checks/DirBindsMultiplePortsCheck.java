package dev.panoptes.integrity.checks;

import dev.panoptes.code.CodeDirectory;
import dev.panoptes.code.Program;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.declared.PortClaims;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The programs directly in one directory bind more than one port. */
final class DirBindsMultiplePortsCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "dir-binds-multiple-ports",
                Severity.LOW,
                CheckGroup.CODE,
                "the programs of one directory bind more than one port");
    }

    @Override
    public List<CheckResult> run(World world) {
        CodeView view = CodeView.of(world);
        List<CheckResult> results = new ArrayList<>();
        for (CodeDirectory directory : view.directories().all()) {
            List<Program> direct = directory.programs().stream()
                    .filter(program -> program.direct() && program.runnable())
                    .toList();
            PortClaims claims = view.directories().claims(direct, List.of());
            if (!claims.claims().isEmpty() || !claims.unresolved().isEmpty()) {
                results.add(judge(directory, direct, claims));
            }
        }
        return results;
    }

    private static CheckResult judge(CodeDirectory directory, List<Program> direct, PortClaims claims) {
        Set<Integer> ports = claims.ports();
        if (ports.size() < 2) {
            if (directory.incomplete() != null) {
                return new CheckResult.Unknown(directory.path(), directory.incomplete());
            }
            // one place that binds one port, whichever it is, is no second port
            boolean single = ports.isEmpty()
                    && claims.unresolved().stream()
                                    .map(PortClaims.Unresolved::evidence)
                                    .distinct()
                                    .count()
                            == 1;
            return claims.unresolved().isEmpty() || single
                    ? new CheckResult.Pass(directory.path())
                    : new CheckResult.Unknown(
                            directory.path(), claims.unresolved().getFirst().reason());
        }
        List<String> files = direct.stream()
                .filter(program -> !program.ports().isEmpty())
                .map(Program::rootPath)
                .toList();
        Failure.Builder failure = Failure.of(directory.path())
                .title(directory.path() + " binds " + ports.size() + " ports")
                .description("The programs of " + directory.path() + " bind ports " + Words.list(ports)
                        + ": one directory is one agent, and one agent declares one port.")
                .affected(directory.path())
                .affected(files)
                .recommend("Retire the program that does not run, or move each to a directory of its own");
        ports.forEach(port -> failure.evidence(claims.evidence(port)));
        return failure.fail();
    }
}
