package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.Connection;
import dev.panoptes.core.registry.Protocol;
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

/** Something answers on the agent's port, but not as a health endpoint. What never answers is agent-unresponsive. */
final class HealthCheckErrorCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.original(
                "health-check-error",
                "health_error",
                Severity.MEDIUM,
                CheckGroup.PROBE,
                "an agent answers, but not as its health endpoint should");
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
                        case Reply.Faulty faulty -> results.add(fail(claim, faulty, view));
                        case Reply.Unknown(String reason) -> results.add(new CheckResult.Unknown(key, reason));
                        case Reply.Unresponsive ignored -> {}
                        case Reply.Offline() -> {}
                    }
                }
            }
        }
        return results;
    }

    private static CheckResult fail(Claim claim, Reply.Faulty faulty, ObservedView view) {
        String key = claim.agent().key();
        String host = ProbeView.host(claim);
        return Failure.of(key)
                .host(host)
                .port(claim.port())
                .title("The health endpoint of " + key + " " + faulty.answer().reason())
                .description("Something listens on port " + claim.port() + ", but "
                        + faulty.probe().url() + " "
                        + faulty.answer().reason() + ". "
                        + expected(claim))
                .affected(key)
                .evidence(view.url(claim.agent()))
                .evidence(Sockets.asked(claim, faulty.probe(), faulty.answer().reason()))
                .evidence(Sockets.evidence(view.answering(claim, host)))
                .recommend("Look into the log of " + key
                        + (isGrpc(claim)
                                ? "; health_endpoint names the service that is asked for"
                                : "; if the endpoint has moved, correct health_endpoint; if it answers 2xx and no JSON on"
                                        + " purpose, declare health: {status_only: true}"))
                .fail();
    }

    private static String expected(Claim claim) {
        if (isGrpc(claim)) {
            return "A healthy server of gRPC answers Check of grpc.health.v1 with SERVING.";
        }
        return claim.agent().statusOnly()
                ? "It is declared to answer with a status of 2xx."
                : "A health endpoint answers with status 2xx and a JSON object of at most 64 KiB, without a redirect.";
    }

    private static boolean isGrpc(Claim claim) {
        Connection connection = claim.agent().connection();
        return connection != null && connection.protocol() == Protocol.GRPC;
    }
}
