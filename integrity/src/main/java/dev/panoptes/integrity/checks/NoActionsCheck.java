package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;

/** Fails when an agent declares nothing that it can be asked to do. */
final class NoActionsCheck implements Check {
    private static final CheckInfo INFO = CheckInfo.original(
            "no-actions", "registry_incomplete", Severity.LOW, CheckGroup.REGISTRY, "an agent has no actions");

    @Override
    public CheckInfo info() {
        return INFO;
    }

    @Override
    public List<CheckResult> run(World world) {
        RegistryText text = new RegistryText(world.registry());
        List<CheckResult> results = new ArrayList<>();
        for (DeclaredAgent agent : world.registry().agents()) {
            if (agent.actions().isEmpty() && agent.unread() != null) {
                results.add(new CheckResult.Unknown(
                        agent.key(), "its entry stands behind " + agent.unread() + ", which is not followed"));
            } else {
                results.add(agent.actions().isEmpty() ? failure(agent, text) : new CheckResult.Pass(agent.key()));
            }
        }
        return results;
    }

    private static CheckResult failure(DeclaredAgent agent, RegistryText text) {
        return Failure.of(agent.key())
                .title("Agent '" + agent.key() + "' declares no actions")
                .description("The registry names nothing that '" + agent.key()
                        + "' can be asked to do, so no chain can use it.")
                .affected(agent.key())
                .evidence(text.line(agent.location(), agent.key() + ": no actions"))
                .recommend("Declare its actions with endpoint and method, or remove the agent if nothing calls it")
                .fail();
    }
}
