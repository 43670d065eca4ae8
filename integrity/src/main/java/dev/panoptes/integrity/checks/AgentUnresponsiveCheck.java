package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.checks.ObservedView.Claim;
import dev.panoptes.integrity.checks.ProbeView.Reply;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;

/** Something listens on the agent's port and never answers: it hangs, breaks the connection off, or does not speak HTTP. */
final class AgentUnresponsiveCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "agent-unresponsive", Severity.HIGH, CheckGroup.PROBE, "an agent listens, but never answers");
    }

    @Override
    public List<CheckResult> run(World world) {
        ObservedView view = ObservedView.of(world);
        List<CheckResult> results = new ArrayList<>();
        if (view.applies()) {
            ProbeView probes = new ProbeView(view);
            for (Claim claim : view.copies()) {
                if (claim.at().isHttp()) {
                    String key = claim.agent().key();
                    switch (probes.reply(claim)) {
                        case Reply.Healthy ignored -> results.add(new CheckResult.Pass(key));
                        case Reply.Faulty ignored -> results.add(new CheckResult.Pass(key));
                        case Reply.Unresponsive silent -> results.add(fail(claim, silent, view));
                        case Reply.Unknown(String reason) -> results.add(new CheckResult.Unknown(key, reason));
                        case Reply.Offline() -> {}
                    }
                }
            }
        }
        return results;
    }

    private static CheckResult fail(Claim claim, Reply.Unresponsive silent, ObservedView view) {
        String key = claim.agent().key();
        String host = ProbeView.host(claim);
        String reason = silent.answer().reason();
        return Failure.of(key)
                .host(host)
                .port(claim.port())
                .title(key + " " + reason)
                .description("Something listens on port " + claim.port() + ", but "
                        + silent.probe().url() + " " + reason + ": whoever asks " + key + " gets no answer.")
                .affected(key)
                .evidence(view.url(claim.agent()))
                .evidence(Sockets.asked(claim, silent.probe(), reason))
                .evidence(Sockets.evidence(view.answering(claim, host)))
                .recommend(
                        reason.contains("its URL should")
                                ? "Correct connection.url of " + key + " in the registry"
                                : "See what the process does (its log, a stack dump) and restart it; if the agent"
                                        + " speaks no HTTP, declare the scheme that it speaks, such as tcp://")
                .fail();
    }
}
