package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.Chain;
import dev.panoptes.core.registry.ChainStep;
import dev.panoptes.core.registry.Keys;
import dev.panoptes.core.yaml.Located;
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
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Fails when a step of a chain, at any depth, names an agent or a chain that is not declared. A step without either calls
 * nothing.
 */
final class InvalidChainRefCheck implements Check {
    private static final CheckInfo INFO = CheckInfo.original(
            "invalid-chain-ref",
            "invalid_reference",
            Severity.HIGH,
            CheckGroup.REGISTRY,
            "a step of a chain names an agent or a chain that is not declared");

    @Override
    public CheckInfo info() {
        return INFO;
    }

    @Override
    public List<CheckResult> run(World world) {
        RegistryText text = new RegistryText(world.registry());
        List<CheckResult> results = new ArrayList<>();
        Set<String> chains = world.registry().chains().stream()
                .map(chain -> Keys.link(chain.name()))
                .collect(Collectors.toSet());
        for (Chain chain : world.registry().chains()) {
            Map<String, List<Located<String>>> references = new LinkedHashMap<>();
            chain.steps().stream().flatMap(ChainStep::flatten).forEach(step -> {
                Located<String> agent = step.agent();
                if (agent != null) {
                    references
                            .computeIfAbsent(agent.value(), key -> new ArrayList<>())
                            .add(agent);
                }
            });
            references.forEach((key, places) -> results.add(judge(chain, key, places, text)));
            results.addAll(called(chain, chains, text));
        }
        return results;
    }

    /** The chains that the steps of this chain call. */
    private static List<CheckResult> called(Chain chain, Set<String> chains, RegistryText text) {
        Map<String, List<Located<String>>> calls = new LinkedHashMap<>();
        chain.steps().stream().flatMap(ChainStep::flatten).forEach(step -> {
            Located<String> other = step.chain();
            if (other != null) {
                calls.computeIfAbsent(other.value(), key -> new ArrayList<>()).add(other);
            }
        });
        List<CheckResult> results = new ArrayList<>();
        calls.forEach((name, places) -> {
            String subject = chain.name() + "-chain-" + name;
            if (RegistryText.isTemplate(name)) {
                results.add(new CheckResult.Unknown(subject, "the chain of the step is chosen when the chain runs"));
            } else if (chains.contains(Keys.link(name))) {
                results.add(new CheckResult.Pass(subject));
            } else {
                results.add(Failure.of(subject)
                        .title("Chain '" + chain.name() + "' calls the undeclared chain '" + name + "'")
                        .description("No chain '" + name + "' is declared, so the chain '" + chain.name()
                                + "' stops at this step.")
                        .affected(name, chain.name())
                        .evidence(places.stream()
                                .map(place -> text.line(place.location(), "chain " + chain.name() + ": chain " + name))
                                .toList())
                        .recommend("Name a declared chain in the step, or declare '" + name + "'")
                        .fail());
            }
        });
        return results;
    }

    private static CheckResult judge(Chain chain, String key, List<Located<String>> places, RegistryText text) {
        String subject = chain.name() + "-" + key;
        if (RegistryText.isTemplate(key)) {
            return new CheckResult.Unknown(subject, "the agent of the step is chosen when the chain runs");
        }
        if (text.agent(key) != null) {
            return new CheckResult.Pass(subject);
        }
        List<Evidence> evidence = places.stream()
                .map(place -> text.line(place.location(), "chain " + chain.name() + ": agent " + key))
                .toList();
        return Failure.of(subject)
                .title("Chain '" + chain.name() + "' calls the undeclared agent '" + key + "'")
                .description("No agent '" + key + "' is declared, so the chain '" + chain.name()
                        + "' stops at this step." + text.renamed(key))
                .affected(key, chain.name())
                .evidence(evidence)
                .recommend("Name a declared agent in the step, or declare '" + key + "'")
                .fail();
    }
}
