package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.DeclaredEndpoint;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;

/** Fails when {@code connection.url} is there but nothing can be reached by it, whatever its port. */
final class InvalidUrlCheck implements Check {
    private static final CheckInfo INFO = CheckInfo.of(
            "invalid-url", Severity.MEDIUM, CheckGroup.REGISTRY, "an agent's connection.url cannot be used");

    @Override
    public CheckInfo info() {
        return INFO;
    }

    @Override
    public List<CheckResult> run(World world) {
        RegistryText text = new RegistryText(world.registry());
        List<CheckResult> results = new ArrayList<>();
        for (DeclaredAgent agent : world.registry().agents()) {
            switch (world.registry().endpoint(agent)) {
                case DeclaredEndpoint.Absent absent -> {}
                case DeclaredEndpoint.None none -> {}
                case DeclaredEndpoint.Invalid(String reason) -> results.add(failure(agent, reason, text));
                case DeclaredEndpoint.Unresolved(String reason) ->
                    results.add(new CheckResult.Unknown(agent.key(), reason));
                case DeclaredEndpoint.InvalidPort port -> results.add(new CheckResult.Pass(agent.key()));
                case DeclaredEndpoint.At at -> results.add(new CheckResult.Pass(agent.key()));
            }
        }
        return results;
    }

    private static CheckResult failure(DeclaredAgent agent, String reason, RegistryText text) {
        return Failure.of(agent.key())
                .title("The URL of agent '" + agent.key() + "' cannot be used")
                .description("Nothing can be reached by connection.url of '" + agent.key() + "': " + reason + ".")
                .affected(agent.key())
                .evidence(text.url(agent))
                .recommend("Write the URL as scheme://host:port, for example http://" + agent.key() + ":PORT")
                .fail();
    }
}
