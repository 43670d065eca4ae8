package dev.panoptes.integrity.checks;

import dev.panoptes.code.PortValue;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.integrity.checks.ObservedView.Claim;
import dev.panoptes.integrity.checks.ProbeView.Reply;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.observed.Snapshot.Owner;
import dev.panoptes.integrity.observed.Snapshot.Probe;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;

/** The health answer reports another port than the registry declares. Silent where the answer reports none. */
final class PortMismatchCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.original(
                "port-mismatch",
                "port_mismatch",
                Severity.HIGH,
                CheckGroup.PROBE,
                "the health answer reports another port than the registry declares");
    }

    @Override
    public List<CheckResult> run(World world) {
        ObservedView view = ObservedView.of(world);
        List<CheckResult> results = new ArrayList<>();
        if (view.applies()) {
            ProbeView probes = new ProbeView(view);
            for (Claim claim : view.copies()) {
                if (claim.at().isHttp()) {
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
                Integer reported = healthy.answer().port();
                if (reported == null) {
                    return;
                }
                if (reported == claim.port() || isPublished(claim, reported, world)) {
                    results.add(new CheckResult.Pass(key));
                } else if (isForwarded(claim, view)) {
                    results.add(new CheckResult.Unknown(
                            key, "it runs in a container or namespace, which has ports of its own"));
                } else if (isBehindProxy(claim)) {
                    results.add(new CheckResult.Unknown(key, "its URL writes no port, so a proxy may answer for it"));
                } else {
                    results.add(fail(claim, healthy.probe(), reported, view));
                }
            }
            case Reply.Unknown(String reason) -> results.add(new CheckResult.Unknown(key, reason));
            case Reply.Faulty ignored -> {}
            case Reply.Unresponsive ignored -> {}
            case Reply.Offline() -> {}
        }
    }

    /** Compose publishes the declared port and leads it to the one that the agent reports. */
    private static boolean isPublished(Claim claim, int reported, World world) {
        return world.links().services(claim.agent()).stream()
                .flatMap(service -> service.ports().stream())
                .anyMatch(port -> port.host() instanceof PortValue.Known host
                        && host.port() == claim.port()
                        && port.container() instanceof PortValue.Known container
                        && container.port() == reported);
    }

    private static boolean isForwarded(Claim claim, ObservedView view) {
        return view.answering(claim, ProbeView.host(claim)).stream()
                .flatMap(listener -> listener.owners().stream())
                .anyMatch(owner -> owner.apart() != null || isForwarder(owner));
    }

    private static boolean isForwarder(Owner owner) {
        return OwnerKinds.forwardsToContainer(owner);
    }

    /** {@code https://hermes} is answered on 443, and whatever does so leads it on. */
    private static boolean isBehindProxy(Claim claim) {
        DeclaredAgent agent = claim.agent();
        String url = agent.connection() == null || agent.connection().url() == null
                ? ""
                : agent.connection().url().value();
        return !url.contains(":" + claim.port());
    }

    private static CheckResult fail(Claim claim, Probe probe, int reported, ObservedView view) {
        String key = claim.agent().key();
        return Failure.of(key)
                .host(ProbeView.host(claim))
                .port(claim.port())
                .title(key + " is declared on port " + claim.port() + ", but reports port " + reported)
                .description("The registry declares " + key + " on port " + claim.port() + ", and " + probe.url()
                        + " answers that the agent's port is " + reported
                        + ": the agent was configured for another port than the one it answers on, or answers for"
                        + " another.")
                .affected(key)
                .evidence(view.url(claim.agent()))
                .evidence(Sockets.asked(claim, probe, "reports port " + reported))
                .evidence(Sockets.evidence(view.answering(claim, ProbeView.host(claim))))
                .recommend("Let the agent report the port that it listens on, or declare port " + reported)
                .fail();
    }
}
