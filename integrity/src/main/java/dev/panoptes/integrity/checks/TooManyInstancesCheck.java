package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.Enrolled.Instance;
import dev.panoptes.integrity.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/** More instances of an agent beat than its placement allows, for longer than a deployment takes. */
final class TooManyInstancesCheck implements Check {
    private static final Duration DEPLOYMENT = Duration.ofMinutes(10);

    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "too-many-instances",
                Severity.MEDIUM,
                CheckGroup.ENROLLED,
                "more instances of an agent beat than its placement allows");
    }

    @Override
    public List<CheckResult> run(World world) {
        EnrolledView view = new EnrolledView(world);
        List<CheckResult> results = new ArrayList<>();
        if (!view.compares()) {
            return results;
        }
        Instant settled = world.now().minus(DEPLOYMENT);
        for (DeclaredAgent agent : world.registry().agents()) {
            List<Instance> alive = EnrolledView.alive(view.of(agent));
            if (alive.isEmpty()) {
                continue;
            }
            int most = agent.placement().maxReplicas();
            List<Instance> old = alive.stream()
                    .filter(instance -> instance.firstHeartbeat() != null)
                    .filter(instance ->
                            Objects.requireNonNull(instance.firstHeartbeat()).isBefore(settled))
                    .sorted(Comparator.comparing(
                                    (Instance instance) -> Objects.requireNonNull(instance.firstHeartbeat()))
                            .thenComparing(Instance::id))
                    .toList();
            results.add(old.size() > most ? fail(agent, old, most) : new CheckResult.Pass(agent.key()));
        }
        return results;
    }

    private static CheckResult fail(DeclaredAgent agent, List<Instance> alive, int most) {
        Failure.Builder failure = Failure.of(agent.key())
                .title(alive.size() + " instances of " + agent.key() + " beat, and " + most
                        + (most == 1 ? " is" : " are") + " allowed")
                .description("For more than ten minutes " + alive.size() + " instances of " + agent.key()
                        + " have beaten; its placement allows " + most + ".")
                .affected(agent.key())
                .recommend("Stop those that are not wanted, or raise placement.replicas.max");
        alive.stream()
                .limit(20)
                .forEach(instance -> failure.evidence(EnrolledView.evidence(
                        instance, "beats since " + instance.firstHeartbeat() + " on " + EnrolledView.place(instance))));
        return failure.fail();
    }
}
