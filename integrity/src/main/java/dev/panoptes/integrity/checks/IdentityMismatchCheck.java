package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.Connection;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.Protocol;
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
import java.util.Optional;

/** What answers where an agent is declared says that it is another agent. */
final class IdentityMismatchCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.original(
                "identity-mismatch",
                "identity_mismatch",
                Severity.CRITICAL,
                CheckGroup.PROBE,
                "the health answer names another agent");
    }

    @Override
    public List<CheckResult> run(World world) {
        ObservedView view = ObservedView.of(world);
        List<CheckResult> results = new ArrayList<>();
        if (view.applies()) {
            ProbeView probes = new ProbeView(view);
            for (Claim claim : view.copies()) {
                if (claim.at().isHttp() && !claim.agent().statusOnly() && !isNameless(claim)) {
                    judge(claim, probes.reply(claim), world, view, results);
                }
            }
        }
        return results;
    }

    private static void judge(Claim claim, Reply reply, World world, ObservedView view, List<CheckResult> results) {
        String key = claim.agent().key();
        switch (reply) {
            case Reply.Healthy healthy -> {
                String identity = healthy.answer().identity();
                if (identity == null) {
                    results.add(new CheckResult.Unknown(key, "the health answer names no agent"));
                } else if (claim.agent().answersTo(identity)) {
                    results.add(new CheckResult.Pass(key));
                } else {
                    results.add(fail(claim, healthy.probe(), identity, world, view));
                }
            }
            case Reply.Faulty faulty ->
                results.add(new CheckResult.Unknown(
                        key, "the health endpoint " + faulty.answer().reason()));
            case Reply.Unresponsive silent ->
                results.add(new CheckResult.Unknown(
                        key, "the health endpoint " + silent.answer().reason()));
            case Reply.Unknown(String reason) -> results.add(new CheckResult.Unknown(key, reason));
            case Reply.Offline() -> {}
        }
    }

    /** gRPC has no name for a server. */
    private static boolean isNameless(Claim claim) {
        Connection connection = claim.agent().connection();
        return connection != null && connection.protocol() == Protocol.GRPC;
    }

    private static CheckResult fail(Claim claim, Probe probe, String identity, World world, ObservedView view) {
        DeclaredAgent agent = claim.agent();
        Optional<DeclaredAgent> named = world.registry().declared().stream()
                .filter(other -> other.answersTo(identity))
                .findFirst();
        Failure.Builder failure = Failure.of(agent.key())
                .host(ProbeView.host(claim))
                .port(claim.port())
                .title("What answers as " + agent.key() + " says that it is " + identity)
                .description("The registry declares " + agent.displayName() + " on port " + claim.port() + ", but "
                        + probe.url() + " answers as \"" + identity + "\""
                        + named.map(other -> ", which is declared as " + other.key())
                                .orElse("")
                        + ". Whoever asks for " + agent.displayName() + " there talks to another agent.")
                .affected(agent.key())
                .evidence(view.url(agent))
                .evidence(Sockets.asked(claim, probe, "names itself \"" + identity + "\""))
                .evidence(Sockets.evidence(view.answering(claim, ProbeView.host(claim))));
        named.ifPresent(other -> failure.affected(other.key()).evidence(view.url(other)));
        return failure.recommend(
                        named.isPresent()
                                ? "Start each agent on its own port, or correct the URLs in the registry"
                                : "Find out what runs there; if the agent was renamed, correct its name in the"
                                        + " registry")
                .fail();
    }
}
