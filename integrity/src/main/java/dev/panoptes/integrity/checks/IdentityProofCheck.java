package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.checks.IdentityProofs.Proved;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.Enrolled.Instance;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What answers at the agent's endpoint did not sign the nonce with the key that the instance enrolled with, or somebody else
 * speaks in its name.
 */
final class IdentityProofCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "identity-proof",
                Severity.CRITICAL,
                CheckGroup.ENROLLED,
                "what speaks for an enrolled agent does not have its key");
    }

    @Override
    public List<CheckResult> run(World world) {
        EnrolledView view = new EnrolledView(world);
        List<CheckResult> results = new ArrayList<>();
        Map<String, Proved> proofs = new HashMap<>();
        IdentityProofs.of(world).forEach(proved -> proofs.put(proved.instance(), proved));
        for (Instance instance : view.instances()) {
            String impostor = instance.impostor();
            if (impostor != null) {
                results.add(fail(instance, impostor, view));
                continue;
            }
            Proved proved = proofs.get(instance.id());
            if (proved != null) {
                results.add(
                        switch (proved.outcome()) {
                            case PROVED -> new CheckResult.Pass(instance.id());
                            case WRONG -> fail(instance, proved.detail(), view);
                            case UNANSWERED -> new CheckResult.Unknown(instance.id(), proved.detail());
                        });
            }
        }
        return results;
    }

    private static CheckResult fail(Instance instance, String detail, EnrolledView view) {
        return Failure.of(instance.id())
                .title("What speaks for " + instance.name() + " does not have its key")
                .description("Of the instance " + instance.id() + " of " + instance.name() + ": " + detail + ".")
                .affected(view.affected(instance))
                .evidence(EnrolledView.evidence(instance, detail))
                .recommend("Find out what answers there in its name. If the agent itself lost its key, enroll it again")
                .fail();
    }
}
