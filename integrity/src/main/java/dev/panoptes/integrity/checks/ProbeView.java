package dev.panoptes.integrity.checks;

import dev.panoptes.core.registry.DeclaredHost;
import dev.panoptes.integrity.checks.ObservedView.Claim;
import dev.panoptes.integrity.checks.ObservedView.Look;
import dev.panoptes.integrity.observed.ProbeAnswer;
import dev.panoptes.integrity.observed.Snapshot.Listener;
import dev.panoptes.integrity.observed.Snapshot.Probe;
import dev.panoptes.integrity.observed.Snapshot.Source;
import java.util.List;

/** What the health endpoints of the declared agents answered, together with what listens. */
final class ProbeView {
    private final ObservedView view;

    ProbeView(ObservedView view) {
        this.view = view;
    }

    /** What can be judged of one agent's health endpoint. */
    sealed interface Reply {
        record Healthy(Probe probe, ProbeAnswer.Healthy answer) implements Reply {}

        /** Something listens and answers, but not as a health endpoint. */
        record Faulty(Probe probe, ProbeAnswer.Faulty answer) implements Reply {}

        /** Something listens and never answers: it hangs, breaks off, or does not speak HTTP. */
        record Unresponsive(Probe probe, ProbeAnswer.Faulty answer) implements Reply {}

        record Unknown(String reason) implements Reply {}

        /** Nothing listens: port-not-listening speaks of that. */
        record Offline() implements Reply {}
    }

    /** The host that issues about this agent's answer name: its only host, or that of its URL. */
    static String host(Claim claim) {
        return claim.hosts().size() == 1 ? claim.hosts().getFirst() : claim.at().host();
    }

    Reply reply(Claim claim) {
        String host = host(claim);
        Probe probe = view.probe(claim, host);
        if (probe == null) {
            return new Reply.Unknown(
                    view.look(host, Source.PROBES) instanceof Look.Unseen(String reason)
                            ? reason
                            : "the health endpoint was not asked");
        }
        return switch (probe.answer()) {
            case ProbeAnswer.Healthy healthy ->
                new Reply.Healthy(probe, claim.agent().statusOnly() ? withoutWords(healthy) : healthy);
            case ProbeAnswer.Faulty faulty ->
                faulty.connected() ? answered(claim, probe, faulty) : silent(claim, probe);
            case ProbeAnswer.Refused() -> silent(claim, probe);
            case ProbeAnswer.NotAsked(String reason) -> new Reply.Unknown(reason);
        };
    }

    /** Of an endpoint that is declared to answer 2xx and no more, what it says is not read. */
    private static ProbeAnswer.Healthy withoutWords(ProbeAnswer.Healthy answer) {
        return new ProbeAnswer.Healthy(answer.status(), null, null, null, null, answer.millis());
    }

    /** An answer has a status. Of an endpoint that is declared to answer 2xx and no more, that is enough. */
    private static Reply answered(Claim claim, Probe probe, ProbeAnswer.Faulty faulty) {
        Integer status = faulty.status();
        if (status == null) {
            return new Reply.Unresponsive(probe, faulty);
        }
        return claim.agent().statusOnly() && status / 100 == 2
                ? new Reply.Healthy(probe, new ProbeAnswer.Healthy(status, null, null, null, null, faulty.millis()))
                : new Reply.Faulty(probe, faulty);
    }

    /** The connection was refused or timed out. */
    private Reply silent(Claim claim, Probe probe) {
        String host = host(claim);
        if (view.look(host, Source.SOCKETS) instanceof Look.Unseen(String reason)) {
            return new Reply.Unknown(host.equals(DeclaredHost.LOCAL) ? reason : "no connection, and " + reason);
        }
        List<Listener> all = view.listeners(claim, host);
        if (all.isEmpty()) {
            return new Reply.Offline();
        }
        String address = probe.address();
        if (address != null && all.stream().noneMatch(each -> ObservedView.takes(each, address))) {
            return new Reply.Unknown("it listens on another address than the one that was asked");
        }
        return probe.answer() instanceof ProbeAnswer.Faulty faulty
                ? new Reply.Unresponsive(probe, faulty)
                : new Reply.Unknown("it began or ceased to listen while it was asked");
    }
}
