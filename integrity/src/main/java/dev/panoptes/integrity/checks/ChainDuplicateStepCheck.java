package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.Chain;
import dev.panoptes.core.registry.ChainStep;
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

/**
 * Fails when two steps side by side have one id, so that what refers to the id means either. Substeps are addressed through
 * the step that holds them: the same id in two groups is no fault.
 */
final class ChainDuplicateStepCheck implements Check {
    private static final CheckInfo INFO = CheckInfo.of(
            "chain-duplicate-step", Severity.MEDIUM, CheckGroup.REGISTRY, "two steps of a chain have one id");

    @Override
    public CheckInfo info() {
        return INFO;
    }

    @Override
    public List<CheckResult> run(World world) {
        RegistryText text = new RegistryText(world.registry());
        List<CheckResult> results = new ArrayList<>();
        for (Chain chain : world.registry().chains()) {
            judge(chain, chain.steps(), "", text, results);
        }
        return results;
    }

    private static void judge(
            Chain chain, List<ChainStep> siblings, String above, RegistryText text, List<CheckResult> results) {
        Map<String, List<ChainStep>> byId = new LinkedHashMap<>();
        for (ChainStep step : siblings) {
            String id = step.id();
            if (id != null) {
                byId.computeIfAbsent(id, key -> new ArrayList<>()).add(step);
            }
        }
        byId.forEach((id, steps) -> {
            String subject = chain.name() + "-" + above + id;
            results.add(
                    steps.size() == 1
                            ? new CheckResult.Pass(subject)
                            : failure(subject, chain, above + id, steps, text));
        });
        for (ChainStep step : siblings) {
            judge(chain, step.substeps(), above + (step.id() == null ? "?" : step.id()) + ".", text, results);
        }
    }

    private static CheckResult failure(
            String subject, Chain chain, String id, List<ChainStep> steps, RegistryText text) {
        List<Evidence> evidence = steps.stream()
                .map(step -> text.line(step.location(), "chain " + chain.name() + ": step " + id))
                .toList();
        return Failure.of(subject)
                .title("Chain '" + chain.name() + "' has " + steps.size() + " steps called '" + id + "'")
                .description("What refers to the step '" + id + "' of the chain '" + chain.name()
                        + "' may get the result of any of them; usually the last replaces the others.")
                .affected(chain.name())
                .evidence(evidence)
                .recommend("Give each step an id of its own, and correct what refers to it")
                .fail();
    }
}
