package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.checks.ObservedView.Claim;
import dev.panoptes.integrity.checks.ObservedView.Look;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.observed.Snapshot;
import dev.panoptes.integrity.observed.Snapshot.Listener;
import dev.panoptes.integrity.observed.Snapshot.Owner;
import dev.panoptes.integrity.observed.Snapshot.Source;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** An agent is declared on loopback, but what listens on its port takes connections on every address. */
final class ListenerExposedCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "listener-exposed",
                Severity.HIGH,
                CheckGroup.HOST,
                "an agent declared on loopback listens on all addresses");
    }

    @Override
    public List<CheckResult> run(World world) {
        ObservedView view = ObservedView.of(world);
        List<CheckResult> results = new ArrayList<>();
        if (view.applies()) {
            for (Claim claim : view.claims()) {
                if (claim.at().isLoopback()) {
                    claim.hosts().forEach(host -> judge(claim, host, view, results));
                }
            }
        }
        return results;
    }

    private static void judge(Claim claim, String host, ObservedView view, List<CheckResult> results) {
        String key = claim.agent().key();
        switch (view.look(host, Source.SOCKETS)) {
            case Look.Unseen(String reason) -> results.add(new CheckResult.Unknown(key, reason));
            case Look.Seen(Snapshot ignored) -> {
                List<Listener> listeners = own(claim, host, view);
                List<Listener> exposed = listeners.stream()
                        .filter(each -> each.address().equals("0.0.0.0")
                                || each.address().equals("::"))
                        .toList();
                if (!exposed.isEmpty()) {
                    results.add(fail(claim, host, exposed, view));
                } else if (!listeners.isEmpty()) {
                    results.add(new CheckResult.Pass(key));
                }
            }
        }
    }

    /** What answers at the probed address, and the other sockets of the same processes on that port. */
    private static List<Listener> own(Claim claim, String host, ObservedView view) {
        List<Listener> answering = view.answering(claim, host);
        Set<Owner> owners =
                answering.stream().flatMap(each -> each.owners().stream()).collect(Collectors.toSet());
        return view.listeners(claim, host).stream()
                .filter(each ->
                        answering.contains(each) || each.owners().stream().anyMatch(owners::contains))
                .toList();
    }

    private static CheckResult fail(Claim claim, String host, List<Listener> exposed, ObservedView view) {
        String key = claim.agent().key();
        return Failure.of(key)
                .host(host)
                .port(claim.port())
                .title(key + " is declared on loopback, but listens on all addresses")
                .description(
                        "The registry declares " + key + " at " + claim.at().address() + ":" + claim.port()
                                + ", reachable from its own host only, but port " + claim.port()
                                + " is open on every address of " + ObservedView.name(host) + ".")
                .affected(key)
                .evidence(view.url(claim.agent()))
                .evidence(Sockets.evidence(exposed))
                .recommend("Let " + key + " bind " + claim.at().address()
                        + ", or declare the host name under which others are meant to reach it")
                .fail();
    }
}
