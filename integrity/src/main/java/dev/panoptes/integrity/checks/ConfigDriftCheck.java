package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.Enrolled.Configuration;
import dev.panoptes.integrity.world.Enrolled.Instance;
import dev.panoptes.integrity.world.Enrolled.Life;
import dev.panoptes.integrity.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An instance that beats runs another configuration than it should, or could not apply the one it should. */
final class ConfigDriftCheck implements Check {
    /** So many intervals an agent has to fetch, apply and report a new configuration. */
    private static final int INTERVALS = 3;

    private static final Duration SHORTEST = Duration.ofMinutes(2);

    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "config-drift",
                Severity.MEDIUM,
                CheckGroup.ENROLLED,
                "an agent runs another configuration than it should");
    }

    @Override
    public List<CheckResult> run(World world) {
        EnrolledView view = new EnrolledView(world);
        List<CheckResult> results = new ArrayList<>();
        for (Instance instance : view.instances()) {
            Configuration configuration = instance.configuration();
            boolean says = configuration.state() != null
                    || configuration.running() != null
                    || configuration.runningHash() != null;
            if (configuration.wanted() > 0 && says && instance.life() == Life.ALIVE) {
                String drift = drift(instance, configuration, world.now());
                results.add(drift == null ? new CheckResult.Pass(instance.id()) : fail(instance, drift, view));
            }
        }
        return results;
    }

    /** Null where there is none, or it may still be applying. */
    private static @Nullable String drift(Instance instance, Configuration configuration, Instant now) {
        Integer running = configuration.running();
        boolean same = configuration.runningHash() != null
                ? configuration.runningHash().equals(configuration.wantedHash())
                : running != null && running == configuration.wanted();
        if ("FAILED".equals(configuration.state())) {
            return "it could not apply version " + configuration.wanted()
                    + (configuration.error() == null ? "" : ": " + configuration.error());
        }
        Duration patience = instance.interval().multipliedBy(INTERVALS);
        Duration wait = patience.compareTo(SHORTEST) < 0 ? SHORTEST : patience;
        Instant since = configuration.wantedSince();
        if (same || since == null || since.plus(wait).isAfter(now)) {
            return null;
        }
        return running == null
                ? "what it runs is not version " + configuration.wanted()
                : "it runs version " + running
                        + (running == configuration.wanted()
                                ? " with other content"
                                : ", not " + configuration.wanted());
    }

    private static CheckResult fail(Instance instance, String drift, EnrolledView view) {
        return Failure.of(instance.id())
                .title(instance.name() + " does not run the configuration that it should")
                .description("Of the instance " + instance.id() + " of " + instance.name() + " on "
                        + EnrolledView.place(instance) + ": " + drift + ".")
                .affected(view.affected(instance))
                .evidence(EnrolledView.evidence(instance, drift))
                .recommend("Look at the agent's log. Back to the version before: panoptes agents config rollback "
                        + instance.id())
                .fail();
    }
}
