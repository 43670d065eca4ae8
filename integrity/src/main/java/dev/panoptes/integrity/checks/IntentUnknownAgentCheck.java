package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.yaml.Located;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;

/** Fails when {@code intent_patterns.agents} leads to an agent that is not declared. */
final class IntentUnknownAgentCheck implements Check {
    private static final CheckInfo INFO = CheckInfo.of(
            "intent-unknown-agent",
            Severity.MEDIUM,
            CheckGroup.REGISTRY,
            "an intent pattern leads to an agent that is not declared");

    @Override
    public CheckInfo info() {
        return INFO;
    }

    @Override
    public List<CheckResult> run(World world) {
        RegistryText text = new RegistryText(world.registry());
        List<CheckResult> results = new ArrayList<>();
        for (Located<String> target : world.registry().intents().agents()) {
            results.add(
                    text.agent(target.value()) == null ? failure(target, text) : new CheckResult.Pass(target.value()));
        }
        return results;
    }

    private static CheckResult failure(Located<String> target, RegistryText text) {
        String key = target.value();
        return Failure.of(key)
                .title("Intents lead to the undeclared agent '" + key + "'")
                .description("intent_patterns.agents sends what people say to '" + key
                        + "', but no such agent is declared." + text.renamed(key))
                .affected(key)
                .evidence(text.line(target.location(), "intent_patterns.agents: " + key))
                .recommend("Name a declared agent, or declare '" + key + "'")
                .fail();
    }
}
