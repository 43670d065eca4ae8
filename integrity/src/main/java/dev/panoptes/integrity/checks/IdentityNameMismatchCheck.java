package dev.panoptes.integrity.checks;

import dev.panoptes.code.CodeDirectory;
import dev.panoptes.code.ReportedName;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.integrity.declared.Identity;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The name that an agent's code reports is neither its declared name nor its key. */
final class IdentityNameMismatchCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "identity-name-mismatch",
                Severity.MEDIUM,
                CheckGroup.CODE,
                "the code of an agent reports another name than the registry declares");
    }

    @Override
    public List<CheckResult> run(World world) {
        CodeView view = CodeView.of(world);
        List<CheckResult> results = new ArrayList<>();
        for (DeclaredAgent agent : view.registry().agents()) {
            Optional<CodeDirectory> directory = view.links().directory(agent);
            if (directory.isEmpty()) {
                continue;
            }
            switch (view.directories().identity(directory.get(), agent)) {
                case Identity.Known(ReportedName name, var program) ->
                    results.add(
                            agent.answersTo(name.value())
                                    ? new CheckResult.Pass(agent.key())
                                    : mismatch(agent, name, view));
                case Identity.None unused -> {
                    String incomplete = directory.get().incomplete();
                    if (incomplete != null) {
                        results.add(new CheckResult.Unknown(agent.key(), incomplete));
                    }
                }
                case Identity.Unclear(String reason) -> results.add(new CheckResult.Unknown(agent.key(), reason));
            }
        }
        return results;
    }

    private static CheckResult mismatch(DeclaredAgent agent, ReportedName name, CodeView view) {
        String declared = agent.name() == null
                ? "The registry gives " + agent.key() + " no other name than its key"
                : "The registry calls " + agent.key() + " " + agent.name().value();
        return Failure.of(agent.key())
                .host(view.registry().hostOf(agent))
                .title(agent.key() + " reports the name " + name.value())
                .description(declared + ", but its health endpoint reports " + name.value() + " as " + name.field()
                        + ". Case and separators do not matter, words and versions do.")
                .affected(agent.key(), name.file())
                .evidence(CodeView.reported(name))
                .evidence(view.name(agent))
                .recommend("Let the health endpoint report " + agent.displayName()
                        + ", or change the agent's name in the registry")
                .fail();
    }
}
