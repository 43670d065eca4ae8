package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
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
import java.util.List;

/** Two places beat in turn with the key of one instance: it was copied. A move, after which the old place is silent, is none. */
final class IdentityCloneCheck implements Check {
    /** So long after they beat in turn last. */
    private static final Duration OVER = Duration.ofMinutes(10);

    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "identity-clone",
                Severity.CRITICAL,
                CheckGroup.ENROLLED,
                "two places beat in turn with the key of one instance");
    }

    @Override
    public List<CheckResult> run(World world) {
        EnrolledView view = new EnrolledView(world);
        List<CheckResult> results = new ArrayList<>();
        for (Instance instance : view.instances()) {
            Instant cloned = instance.clonedAt();
            if (cloned != null && cloned.plus(OVER).isAfter(world.now())) {
                results.add(fail(instance, view));
            } else if (instance.lastHeartbeat() != null) {
                results.add(new CheckResult.Pass(instance.id()));
            }
        }
        return results;
    }

    private static CheckResult fail(Instance instance, EnrolledView view) {
        Failure.Builder failure = Failure.of(instance.id())
                .title("Two places beat with the key of " + instance.name())
                .description("The key of the instance " + instance.id() + " of " + instance.name()
                        + " is used at two places in turn, last at " + instance.clonedAt()
                        + ": it was copied. Which of them is the right one the heartbeats cannot tell.")
                .affected(view.affected(instance))
                .recommend("Look at both places, end the wrong one, and give the right one new credentials:"
                        + " panoptes agents revoke " + instance.id() + ", then enroll it again");
        instance.clonePlaces()
                .forEach(place -> failure.evidence(EnrolledView.evidence(instance, "beats from " + words(place))));
        return failure.fail();
    }

    /** Host and boot id. */
    private static String words(String place) {
        int space = place.lastIndexOf(' ');
        return space < 0 ? place : "host " + place.substring(0, space) + ", boot " + place.substring(space + 1);
    }
}
