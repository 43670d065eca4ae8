package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.checks.ObservedView.Claim;
import dev.panoptes.integrity.checks.ProbeView.Reply;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.observed.Snapshot.Probe;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;

/** The health answer reports another version than the registry declares. Silent where either gives none. */
final class VersionMismatchCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "version-mismatch",
                Severity.MEDIUM,
                CheckGroup.PROBE,
                "the health answer reports another version than the registry declares");
    }

    @Override
    public List<CheckResult> run(World world) {
        ObservedView view = ObservedView.of(world);
        List<CheckResult> results = new ArrayList<>();
        if (view.applies()) {
            ProbeView probes = new ProbeView(view);
            for (Claim claim : view.copies()) {
                String declared = claim.agent().version();
                if (claim.at().isHttp() && declared != null && VersionText.isVersion(declared)) {
                    judge(claim, declared, probes.reply(claim), view, results);
                }
            }
        }
        return results;
    }

    private static void judge(Claim claim, String declared, Reply reply, ObservedView view, List<CheckResult> results) {
        String key = claim.agent().key();
        switch (reply) {
            case Reply.Healthy healthy -> {
                String reported = healthy.answer().version();
                if (reported != null && VersionText.isVersion(reported)) {
                    results.add(
                            VersionText.covers(declared, reported)
                                    ? new CheckResult.Pass(key)
                                    : fail(claim, declared, reported, healthy.probe(), view));
                }
            }
            case Reply.Unknown(String reason) -> results.add(new CheckResult.Unknown(key, reason));
            case Reply.Faulty ignored -> {}
            case Reply.Unresponsive ignored -> {}
            case Reply.Offline() -> {}
        }
    }

    private static CheckResult fail(Claim claim, String declared, String reported, Probe probe, ObservedView view) {
        String key = claim.agent().key();
        return Failure.of(key)
                .host(ProbeView.host(claim))
                .port(claim.port())
                .title(key + " is declared as version " + declared + ", but reports " + reported)
                .description("The registry declares version " + declared + " of " + key + ", and " + probe.url()
                        + " answers with version " + reported + ".")
                .affected(key)
                .evidence(view.declared(claim.agent(), "version " + declared))
                .evidence(Sockets.asked(claim, probe, "reports version " + reported))
                .recommend("Deploy the declared version, or declare the one that runs")
                .fail();
    }
}
