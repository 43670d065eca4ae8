package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.Chain;
import dev.panoptes.core.registry.ChainStep;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.Keys;
import dev.panoptes.core.yaml.Located;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Fails when a step asks a declared agent for an action that the agent does not declare, also where it declares none: the
 * chain cannot know how to call it. A step without action, or of an undeclared agent, is not judged here.
 */
final class ChainUnknownActionCheck implements Check {
    private static final CheckInfo INFO = CheckInfo.of(
            "chain-unknown-action",
            Severity.HIGH,
            CheckGroup.REGISTRY,
            "a step of a chain asks an agent for an action that it does not declare");

    /** The steps of one chain that ask one agent for one action. */
    private record Call(String agent, String action) {}

    @Override
    public CheckInfo info() {
        return INFO;
    }

    @Override
    public List<CheckResult> run(World world) {
        RegistryText text = new RegistryText(world.registry());
        Map<String, Set<String>> declared = new HashMap<>();
        List<CheckResult> results = new ArrayList<>();
        for (Chain chain : world.registry().chains()) {
            Map<Call, List<Located<String>>> calls = new LinkedHashMap<>();
            chain.steps().stream().flatMap(ChainStep::flatten).forEach(step -> {
                Located<String> agent = step.agent();
                Located<String> action = step.action();
                if (agent != null && action != null) {
                    calls.computeIfAbsent(new Call(agent.value(), action.value()), call -> new ArrayList<>())
                            .add(action);
                }
            });
            calls.forEach((call, places) -> {
                String subject = chain.name() + "-" + call.agent() + "-" + call.action();
                DeclaredAgent agent = text.agent(call.agent());
                if (RegistryText.isTemplate(call.agent())
                        || (agent != null && RegistryText.isTemplate(call.action()))) {
                    results.add(new CheckResult.Unknown(
                            subject, "agent or action of the step is chosen when the chain runs"));
                } else if (agent != null) {
                    Set<String> actions = declared.computeIfAbsent(agent.key(), key -> names(agent));
                    results.add(
                            actions.contains(Keys.link(call.action()))
                                    ? new CheckResult.Pass(subject)
                                    : failure(subject, chain, agent, places, text));
                }
            });
        }
        return results;
    }

    private static Set<String> names(DeclaredAgent agent) {
        Set<String> names = new HashSet<>();
        agent.actions().forEach(action -> names.add(Keys.link(action.name())));
        return names;
    }

    private static CheckResult failure(
            String subject, Chain chain, DeclaredAgent agent, List<Located<String>> places, RegistryText text) {
        String action = places.getFirst().value();
        String key = agent.key();
        List<String> names =
                agent.actions().stream().map(declared -> declared.name()).toList();
        String has = names.isEmpty() ? "It declares no action at all" : "It declares " + RegistryText.names(names);
        return Failure.of(subject)
                .title("Chain '" + chain.name() + "' asks '" + key + "' for the undeclared action '" + action + "'")
                .description("The agent '" + key + "' declares no action '" + action + "', so the chain '"
                        + chain.name() + "' cannot call it. " + has + ".")
                .affected(key, chain.name())
                .evidence(places.stream()
                        .map(place -> text.line(
                                place.location(), "chain " + chain.name() + ": agent " + key + ", action " + action))
                        .toList())
                .evidence(text.line(agent.location(), key + ": " + names.size() + " actions declared"))
                .recommend("Name a declared action in the step, or declare '" + action + "' for '" + key + "'")
                .fail();
    }
}
