package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.checks.ObservedView.Claim;
import dev.panoptes.integrity.checks.ObservedView.Look;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.observed.ProbeAnswer;
import dev.panoptes.integrity.observed.Snapshot;
import dev.panoptes.integrity.observed.Snapshot.Probe;
import dev.panoptes.integrity.observed.Snapshot.Source;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Nothing listens on a port that one agent declares. A port that several declare is left to port-conflict. */
final class PortNotListeningCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.original(
                "port-not-listening",
                "agent_offline",
                Severity.HIGH,
                CheckGroup.HOST,
                "nothing listens on a port declared by one agent");
    }

    @Override
    public List<CheckResult> run(World world) {
        ObservedView view = ObservedView.of(world);
        List<CheckResult> results = new ArrayList<>();
        if (view.applies()) {
            for (Claim claim : view.claims()) {
                List<String> hosts = claim.hosts().stream()
                        .filter(host -> view.rivals(claim, host).isEmpty())
                        .toList();
                if (!hosts.isEmpty()) {
                    results.add(judge(claim, hosts, view));
                }
            }
        }
        return results;
    }

    /** On several hosts as many copies must listen as the placement asks for, wherever they are. */
    private static CheckResult judge(Claim claim, List<String> hosts, ObservedView view) {
        int wanted = Math.min(claim.agent().placement().minReplicas(), hosts.size());
        int listening = 0;
        @Nullable String unseen = null;
        List<String> silent = new ArrayList<>();
        for (String host : hosts) {
            // Forwarding by the kernel, as to a container, needs no socket on the host.
            boolean answered = isAnswered(view.probe(claim, host));
            switch (view.look(host, Source.SOCKETS)) {
                case Look.Seen(Snapshot ignored) -> {
                    if (answered || !view.listeners(claim, host).isEmpty()) {
                        listening++;
                    } else {
                        silent.add(host);
                    }
                }
                case Look.Unseen(String reason) -> {
                    listening += answered ? 1 : 0;
                    unseen = reason;
                }
            }
        }
        String port = Integer.toString(claim.port());
        if (listening >= wanted) {
            return new CheckResult.Pass(port);
        }
        return unseen == null ? fail(claim, silent, listening, wanted, view) : new CheckResult.Unknown(port, unseen);
    }

    private static boolean isAnswered(@Nullable Probe probe) {
        return switch (probe == null ? null : probe.answer()) {
            case null -> false;
            case ProbeAnswer.Healthy ignored -> true;
            case ProbeAnswer.Faulty faulty -> faulty.connected();
            case ProbeAnswer.Refused() -> false;
            case ProbeAnswer.NotAsked ignored -> false;
        };
    }

    private static CheckResult fail(Claim claim, List<String> silent, int listening, int wanted, ObservedView view) {
        String key = claim.agent().key();
        String host = silent.getFirst();
        String unit = claim.agent().unit();
        List<Evidence> evidence = new ArrayList<>();
        for (String each : silent) {
            evidence.add(Evidence.of(
                    "socket", "no TCP socket of " + ObservedView.name(each) + " listens on port " + claim.port()));
            Probe probe = view.probe(claim, each);
            if (probe != null && probe.answer() instanceof ProbeAnswer.Refused) {
                evidence.add(Sockets.asked(claim, probe, "connection refused"));
            }
        }
        return Failure.of(Integer.toString(claim.port()))
                .host(host)
                .port(claim.port())
                .title(key + " is declared on port " + claim.port() + ", but nothing listens there")
                .description(
                        wanted == 1
                                ? "The registry declares " + key + " on port " + claim.port() + ", but no process of "
                                        + ObservedView.name(host) + " listens on it: the agent is down, or elsewhere."
                                : "The registry asks for at least " + wanted + " copies of " + key + " on port "
                                        + claim.port() + ", and " + listening + " listen.")
                .affected(key)
                .evidence(view.url(claim.agent()))
                .evidence(evidence)
                .recommend(
                        unit == null
                                ? "Start " + key + ", or correct its URL in the registry"
                                : "Start it (systemctl start " + unit + "), or correct its URL in the registry")
                .fail();
    }
}
