package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.integrity.checks.ObservedView.Claim;
import dev.panoptes.integrity.checks.ObservedView.Look;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.observed.Snapshot.Source;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;

/** An agent that must enroll never did, and nothing of it was seen. */
final class GhostAgentCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "ghost-agent",
                Severity.HIGH,
                CheckGroup.ENROLLED,
                "an agent that must enroll never did, and nothing of it was seen");
    }

    @Override
    public List<CheckResult> run(World world) {
        EnrolledView view = new EnrolledView(world);
        List<CheckResult> results = new ArrayList<>();
        if (!view.compares()) {
            return results;
        }
        ObservedView observed = ObservedView.of(world);
        for (DeclaredAgent agent : world.registry().agents()) {
            if (agent.enrollRequired() && agent.enabled()) {
                results.add(view.of(agent).isEmpty() ? judge(agent, observed) : new CheckResult.Pass(agent.key()));
            }
        }
        return results;
    }

    private static CheckResult judge(DeclaredAgent agent, ObservedView observed) {
        String unseen = null;
        if (observed.applies()) {
            for (Claim claim : observed.copies()) {
                if (claim.agent().key().equals(agent.key())) {
                    for (String host : claim.hosts()) {
                        switch (observed.look(host, Source.SOCKETS)) {
                            case Look.Unseen(String reason) -> unseen = reason;
                            case Look.Seen _ -> {
                                if (!observed.listeners(claim, host).isEmpty()) {
                                    // It is there, so it is no ghost; who listens listener-owner tells.
                                    return new CheckResult.Pass(agent.key());
                                }
                            }
                        }
                    }
                }
            }
        }
        return unseen != null ? new CheckResult.Unknown(agent.key(), unseen) : fail(agent, observed);
    }

    private static CheckResult fail(DeclaredAgent agent, ObservedView observed) {
        return Failure.of(agent.key())
                .title(agent.key() + " must enroll and never did, and nothing of it was seen")
                .description("The registry says `enroll: required` of " + agent.key()
                        + ", no instance ever enrolled under its key or name, and nothing listens on its port.")
                .affected(agent.key())
                .evidence(observed.declared(agent, "enroll: required"))
                .recommend("Start it and enroll it (panoptes enroll " + agent.key()
                        + "), or take it out of the registry if it is no more")
                .fail();
    }
}
