package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.Keys;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.Enrolled.Instance;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An agent is enrolled that the registry does not declare. Silent while the registry declares nothing. */
final class RogueAgentCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "rogue-agent", Severity.HIGH, CheckGroup.ENROLLED, "an agent is enrolled that is not declared");
    }

    @Override
    public List<CheckResult> run(World world) {
        EnrolledView view = new EnrolledView(world);
        List<CheckResult> results = new ArrayList<>();
        if (!view.compares()) {
            return results;
        }
        Map<String, List<Instance>> undeclared = new LinkedHashMap<>();
        for (Instance instance : view.instances()) {
            Optional<DeclaredAgent> declared = view.declared(instance);
            if (declared.isPresent()) {
                results.add(new CheckResult.Pass(instance.id()));
            } else {
                undeclared
                        .computeIfAbsent(Keys.link(instance.name()), _ -> new ArrayList<>())
                        .add(instance);
            }
        }
        undeclared.forEach((key, instances) -> results.add(fail(key, instances)));
        return results;
    }

    private static CheckResult fail(String key, List<Instance> instances) {
        Instance first = instances.getFirst();
        Failure.Builder failure = Failure.of(key)
                .title(first.name() + " is enrolled, but not declared")
                .description("The registry declares no agent with the key or name " + first.name() + ", and "
                        + instances.size() + (instances.size() == 1 ? " instance is" : " instances are")
                        + " enrolled under it, one of them on " + EnrolledView.place(first) + ".")
                .affected(first.name())
                .recommend("Declare it in the registry, or find out who enrolled it and end it:"
                        + " panoptes agents decommission " + first.id());
        instances.stream()
                .limit(10)
                .forEach(instance -> failure.evidence(
                        EnrolledView.evidence(instance, "enrolled on " + EnrolledView.place(instance))));
        return failure.fail();
    }
}
