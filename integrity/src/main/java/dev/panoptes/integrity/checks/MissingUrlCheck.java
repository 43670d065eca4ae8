package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.Connection;
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

/** Fails when an agent has no {@code connection.url}. */
final class MissingUrlCheck implements Check {
    private static final CheckInfo INFO = CheckInfo.original(
            "missing-url", "registry_incomplete", Severity.HIGH, CheckGroup.REGISTRY, "an agent has no connection.url");

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
                case DeclaredEndpoint.None none -> {}
                case DeclaredEndpoint.Absent absent -> results.add(failure(agent, text));
                case DeclaredEndpoint.Unresolved(String reason)
                when agent.connection() == null -> results.add(new CheckResult.Unknown(agent.key(), reason));
                case DeclaredEndpoint.Unresolved unresolved -> results.add(new CheckResult.Pass(agent.key()));
                case DeclaredEndpoint.Invalid invalid -> results.add(new CheckResult.Pass(agent.key()));
                case DeclaredEndpoint.InvalidPort port -> results.add(new CheckResult.Pass(agent.key()));
                case DeclaredEndpoint.At at -> results.add(new CheckResult.Pass(agent.key()));
            }
        }
        return results;
    }

    private static CheckResult failure(DeclaredAgent agent, RegistryText text) {
        Connection connection = agent.connection();
        return Failure.of(agent.key())
                .title("Agent '" + agent.key() + "' has no URL")
                .description("The registry does not say where '" + agent.key()
                        + "' listens, so nobody can reach it by the registry and its port cannot be judged.")
                .affected(agent.key())
                .evidence(
                        connection == null
                                ? text.line(agent.location(), agent.key() + ": no connection")
                                : text.line(connection.location(), agent.key() + ": connection without url"))
                .recommend("Add connection.url, for example http://" + agent.key()
                        + ":PORT, or connection: none where nothing connects to it")
                .fail();
    }
}
