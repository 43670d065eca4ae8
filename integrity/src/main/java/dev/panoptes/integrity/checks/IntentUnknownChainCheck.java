package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
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

/** Fails when an entry of {@code intent_patterns.chains} leads to a chain that is not declared. */
final class IntentUnknownChainCheck implements Check {
    private static final CheckInfo INFO = CheckInfo.of(
            "intent-unknown-chain",
            Severity.MEDIUM,
            CheckGroup.REGISTRY,
            "an intent pattern leads to a chain that is not declared");

    @Override
    public CheckInfo info() {
        return INFO;
    }

    @Override
    public List<CheckResult> run(World world) {
        RegistryText text = new RegistryText(world.registry());
        Set<String> chains = world.registry().chains().stream()
                .map(chain -> Keys.link(chain.name()))
                .collect(Collectors.toSet());
        Map<String, List<Located<String>>> targets = new LinkedHashMap<>();
        for (Located<String> target : world.registry().intents().chains()) {
            targets.computeIfAbsent(target.value(), chain -> new ArrayList<>()).add(target);
        }
        List<CheckResult> results = new ArrayList<>();
        targets.forEach((chain, places) -> results.add(
                chains.contains(Keys.link(chain)) ? new CheckResult.Pass(chain) : judge(chain, places, text)));
        return results;
    }

    private static CheckResult judge(String chain, List<Located<String>> places, RegistryText text) {
        if (RegistryText.isTemplate(chain)) {
            return new CheckResult.Unknown(chain, "the chain of the pattern is chosen when it is matched");
        }
        return Failure.of(chain)
                .title("Intents lead to the undeclared chain '" + chain + "'")
                .description("intent_patterns.chains sends what people say to the chain '" + chain
                        + "', but no such chain is declared.")
                .affected(chain)
                .evidence(places.stream()
                        .map(place -> text.line(place.location(), "intent_patterns.chains: chain " + chain))
                        .toList())
                .recommend("Name a declared chain, or declare '" + chain + "'")
                .fail();
    }
}
