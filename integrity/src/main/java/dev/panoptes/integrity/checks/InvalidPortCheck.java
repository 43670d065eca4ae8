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

/** Fails when an otherwise usable {@code connection.url} has no port that a program could listen on. */
final class InvalidPortCheck implements Check {
    private static final CheckInfo INFO = CheckInfo.of(
            "invalid-port", Severity.MEDIUM, CheckGroup.REGISTRY, "an agent's URL has no port within 1 to 65535");

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
                case DeclaredEndpoint.Invalid invalid -> {}
                case DeclaredEndpoint.Unresolved unresolved -> {}
                case DeclaredEndpoint.InvalidPort(String reason) -> results.add(failure(agent, reason, text));
                case DeclaredEndpoint.At at -> results.add(new CheckResult.Pass(agent.key()));
            }
        }
        return results;
    }

    private static CheckResult failure(DeclaredAgent agent, String reason, RegistryText text) {
        return Failure.of(agent.key())
                .title("Agent '" + agent.key() + "' is declared on no valid port")
                .description(
                        "No program can listen where connection.url of '" + agent.key() + "' points: " + reason + ".")
                .affected(agent.key())
                .evidence(text.url(agent))
                .recommend("Write the port that '" + agent.key() + "' listens on, from 1 to 65535")
                .fail();
    }
}
