package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.integrity.Check;
import dev.panoptes.integrity.CheckGroup;
import dev.panoptes.integrity.CheckInfo;
import dev.panoptes.integrity.CheckResult;
import dev.panoptes.integrity.Failure;
import dev.panoptes.integrity.World;
import dev.panoptes.integrity.checks.ObservedView.Claim;
import dev.panoptes.integrity.checks.ObservedView.Look;
import dev.panoptes.integrity.checks.OwnerJudge.Verdict;
import dev.panoptes.integrity.observed.Snapshot;
import dev.panoptes.integrity.observed.Snapshot.Listener;
import dev.panoptes.integrity.observed.Snapshot.Owner;
import dev.panoptes.integrity.observed.Snapshot.Source;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The process that listens on an agent's port is shown to be another program. */
final class ListenerOwnerCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "listener-owner",
                Severity.CRITICAL,
                CheckGroup.HOST,
                "another program than the declared agent listens on its port");
    }

    @Override
    public List<CheckResult> run(World world) {
        ObservedView view = ObservedView.of(world);
        List<CheckResult> results = new ArrayList<>();
        if (view.applies()) {
            OwnerJudge judge = new OwnerJudge(world, view);
            for (Claim claim : view.claims()) {
                claim.hosts().forEach(host -> judge(claim, host, view, judge, results));
            }
        }
        return results;
    }

    private static void judge(
            Claim claim, String host, ObservedView view, OwnerJudge judge, List<CheckResult> results) {
        String key = claim.agent().key();
        switch (view.look(host, Source.SOCKETS)) {
            case Look.Unseen(String reason) -> results.add(new CheckResult.Unknown(key, reason));
            case Look.Seen(Snapshot ignored) -> {
                List<Judged> judged = view.answering(claim, host).stream()
                        .map(listener -> judge(listener, claim.agent(), host, judge))
                        .toList();
                if (!judged.isEmpty()) {
                    results.add(result(claim, host, judged, view));
                }
            }
        }
    }

    /** A listener, what its owners are, and the owner that decided. */
    private record Judged(Listener listener, Verdict verdict, List<Owner> deciding) {}

    /** One owner that is the agent decides for the socket: the others inherited it, from it or for it. */
    private static Judged judge(Listener listener, DeclaredAgent agent, String host, OwnerJudge judge) {
        Verdict verdict = new Verdict.Unknown(
                listener.ownerUnknown() == null ? "the socket has no owner" : listener.ownerUnknown());
        List<Owner> deciding = List.of();
        for (Owner owner : holders(listener)) {
            Verdict next = judge.judge(owner, agent, host);
            switch (next) {
                case Verdict.Itself() -> {
                    return new Judged(listener, next, List.of(owner));
                }
                case Verdict.Another ignored -> {
                    if (!(verdict instanceof Verdict.Another)) {
                        verdict = next;
                        deciding = List.of(owner);
                    }
                }
                case Verdict.Unknown ignored -> {
                    if (deciding.isEmpty()) {
                        verdict = next;
                    }
                }
            }
        }
        return new Judged(listener, verdict, deciding);
    }

    /** systemd keeps an activated socket open beside the service that it started for it. */
    private static List<Owner> holders(Listener listener) {
        List<Owner> services = listener.owners().stream()
                .filter(owner -> !OwnerKinds.activatesSockets(owner))
                .toList();
        return services.isEmpty() ? listener.owners() : services;
    }

    private static CheckResult result(Claim claim, String host, List<Judged> judged, ObservedView view) {
        List<Judged> others = judged.stream()
                .filter(each -> each.verdict() instanceof Verdict.Another)
                .toList();
        Set<String> own = new HashSet<>();
        judged.stream()
                .filter(each -> each.verdict() instanceof Verdict.Itself)
                .forEach(each -> own.add(each.listener().address()));
        // Beside the agent itself only a stranger on the very same address takes its connections (SO_REUSEPORT).
        List<Judged> strangers = own.isEmpty()
                ? others
                : others.stream()
                        .filter(each -> own.contains(each.listener().address()))
                        .toList();
        String key = claim.agent().key();
        if (!strangers.isEmpty()) {
            String excuse = excuse(claim, host, strangers, view);
            return excuse == null
                    ? fail(claim, host, strangers, !own.isEmpty(), view)
                    : new CheckResult.Unknown(key, excuse);
        }
        for (Judged each : judged) {
            if (own.isEmpty() && each.verdict() instanceof Verdict.Unknown(String reason)) {
                return new CheckResult.Unknown(key, reason);
            }
        }
        return new CheckResult.Pass(key);
    }

    /** Why a process that is not the agent may have its port; null where it may not. */
    private static @Nullable String excuse(Claim claim, String host, List<Judged> strangers, ObservedView view) {
        if (!claim.isEverywhere()) {
            return "the agent need not run on " + ObservedView.name(host);
        }
        Set<String> rivals = new HashSet<>();
        view.rivals(claim, host).forEach(rival -> rivals.add(rival.agent().key()));
        // A gateway serves several agents; whether it should is what port-conflict judges.
        boolean declared = strangers.stream()
                .allMatch(each -> each.verdict() instanceof Verdict.Another another
                        && another.affected().stream().anyMatch(rivals::contains));
        return declared ? "several agents are declared on the port, and the process is one of them" : null;
    }

    private static CheckResult fail(
            Claim claim, String host, List<Judged> strangers, boolean beside, ObservedView view) {
        DeclaredAgent agent = claim.agent();
        String key = agent.key();
        Failure.Builder failure = Failure.of(key)
                .host(host)
                .port(claim.port())
                .title("Another program " + (beside ? "shares" : "listens on") + " the port of " + key)
                .affected(key)
                .evidence(view.url(agent))
                .evidence(Sockets.evidence(
                        strangers.stream().map(Judged::listener).toList()));
        if (agent.exe() != null) {
            failure.evidence(view.declared(agent, "exe " + agent.exe()));
        }
        if (agent.unit() != null) {
            failure.evidence(view.declared(agent, "unit " + agent.unit()));
        }
        String reason = "";
        for (Judged stranger : strangers) {
            stranger.deciding().forEach(owner -> failure.evidence(Sockets.evidence(owner)));
            if (stranger.verdict() instanceof Verdict.Another another) {
                reason = reason.isEmpty() ? another.reason() : reason;
                failure.affected(another.affected());
            }
        }
        return failure.description("The registry declares " + key + " on port " + claim.port()
                        + ", but the process that" + (beside ? " also" : "") + " listens there on "
                        + ObservedView.name(host) + " " + reason + ".")
                .recommend("Find out who started that process and stop it, then start " + key
                        + "; or correct the registry if the port has changed hands on purpose")
                .fail();
    }
}
