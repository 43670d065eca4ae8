package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.integrity.checks.ObservedView.Claim;
import dev.panoptes.integrity.checks.ObservedView.Look;
import dev.panoptes.integrity.checks.OwnerJudge.Verdict;
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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
                List<Judged> judged = view.reachable(claim, host).stream()
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

    /**
     * Every owner is judged, and the worst decides. What a process that is the agent has started itself inherits the socket
     * from it: that a helper of it cannot be told apart says nothing.
     */
    private static Judged judge(Listener listener, DeclaredAgent agent, String host, OwnerJudge judge) {
        List<Owner> holders = holders(listener);
        Map<Owner, Verdict> verdicts = new LinkedHashMap<>();
        holders.forEach(owner -> verdicts.put(owner, judge.judge(owner, agent, host)));
        Set<Integer> itself = new HashSet<>();
        verdicts.forEach((owner, verdict) -> {
            if (verdict instanceof Verdict.Itself) {
                itself.add(owner.pid());
            }
        });
        Judged worst = null;
        for (Map.Entry<Owner, Verdict> each : verdicts.entrySet()) {
            boolean inherited =
                    itself.contains(each.getKey().parentPid()) && each.getValue() instanceof Verdict.Unknown;
            Judged next = new Judged(listener, each.getValue(), List.of(each.getKey()));
            if (!inherited && (worst == null || weight(next) > weight(worst))) {
                worst = next;
            }
        }
        return worst != null
                ? worst
                : new Judged(
                        listener,
                        new Verdict.Unknown(
                                listener.ownerUnknown() == null ? "the socket has no owner" : listener.ownerUnknown()),
                        List.of());
    }

    private static int weight(Judged judged) {
        return switch (judged.verdict()) {
            case Verdict.Itself() -> 0;
            case Verdict.Unknown ignored -> 1;
            case Verdict.Another ignored -> 2;
        };
    }

    /** systemd keeps an activated socket open beside the service that it started for it. */
    private static List<Owner> holders(Listener listener) {
        List<Owner> services = listener.owners().stream()
                .filter(owner -> !OwnerKinds.activatesSockets(owner))
                .toList();
        return services.isEmpty() ? listener.owners() : services;
    }

    private static CheckResult result(Claim claim, String host, List<Judged> judged, ObservedView view) {
        Set<String> own = new HashSet<>();
        judged.stream()
                .filter(each -> each.verdict() instanceof Verdict.Itself)
                .forEach(each -> own.add(each.listener().address()));
        List<Judged> strangers = judged.stream()
                .filter(each -> each.verdict() instanceof Verdict.Another)
                .filter(each -> own.isEmpty() || meets(each.listener().address(), own))
                .toList();
        String key = claim.agent().key();
        if (!strangers.isEmpty()) {
            String excuse = excuse(claim, host, strangers, view);
            return excuse == null
                    ? fail(claim, host, strangers, !own.isEmpty(), view)
                    : new CheckResult.Unknown(key, excuse);
        }
        for (Judged each : judged) {
            if (each.verdict() instanceof Verdict.Unknown(String reason)
                    && (own.isEmpty() || meets(each.listener().address(), own))) {
                return new CheckResult.Unknown(key, reason);
            }
        }
        return new CheckResult.Pass(key);
    }

    /** Beside the agent itself only who takes connections that are meant for it: on another machine's address nobody does. */
    private static boolean meets(String address, Set<String> own) {
        return own.contains(address)
                || ObservedView.isWildcard(address)
                || address.equals("::1")
                || address.startsWith("127.");
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
