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
import dev.panoptes.integrity.observed.RunningCode;
import dev.panoptes.integrity.observed.Snapshot;
import dev.panoptes.integrity.observed.Snapshot.Listener;
import dev.panoptes.integrity.observed.Snapshot.Owner;
import dev.panoptes.integrity.observed.Snapshot.Source;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The code on an agent's port is not the code that the baseline recorded. Silent without a record of the agent. */
final class CodeDriftCheck implements Check {
    private static final int SHOWN_DIGITS = 12;

    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "code-drift", Severity.HIGH, CheckGroup.HOST, "the running code differs from the recorded baseline");
    }

    @Override
    public List<CheckResult> run(World world) {
        ObservedView view = ObservedView.of(world);
        List<CheckResult> results = new ArrayList<>();
        if (view.applies() && !world.recordedCode().isEmpty()) {
            for (Claim claim : view.claims()) {
                for (String host : claim.hosts()) {
                    recorded(world, host, claim).ifPresent(code -> judge(claim, code, view, results));
                }
            }
        }
        return results;
    }

    private static Optional<RunningCode> recorded(World world, String host, Claim claim) {
        return world.recordedCode().stream()
                .filter(code -> code.host().equals(host)
                        && code.agent().equals(claim.agent().key()))
                .findFirst();
    }

    private static void judge(Claim claim, RunningCode recorded, ObservedView view, List<CheckResult> results) {
        String key = claim.agent().key();
        switch (view.look(recorded.host(), Source.SOCKETS)) {
            case Look.Unseen(String reason) -> results.add(new CheckResult.Unknown(key, reason));
            case Look.Seen(Snapshot ignored) -> {
                List<Listener> listeners = view.answering(claim, recorded.host());
                List<Owner> owners = listeners.stream()
                        .flatMap(listener -> listener.owners().stream())
                        .distinct()
                        .toList();
                List<Owner> drifted = owners.stream()
                        .filter(owner -> owner.codeDigest() != null
                                && !recorded.digests().contains(owner.codeDigest()))
                        .toList();
                if (!drifted.isEmpty()) {
                    results.add(fail(claim, recorded, drifted, view));
                } else if (owners.stream().map(Owner::codeDigest).anyMatch(Objects::nonNull)) {
                    results.add(new CheckResult.Pass(key));
                } else if (!listeners.isEmpty()) {
                    String hidden = listeners.getFirst().ownerUnknown();
                    results.add(new CheckResult.Unknown(
                            key, hidden == null ? "the code of the process could not be read" : hidden));
                }
            }
        }
    }

    private static CheckResult fail(Claim claim, RunningCode recorded, List<Owner> drifted, ObservedView view) {
        String key = claim.agent().key();
        List<Evidence> evidence = new ArrayList<>();
        for (Owner owner : drifted) {
            evidence.add(Sockets.evidence(owner));
            String file = owner.realScript() != null ? owner.realScript() : owner.exe();
            evidence.add(Evidence.of("process", "sha256 of " + file + ": " + owner.codeDigest()));
        }
        recorded.digests().forEach(digest -> evidence.add(Evidence.of("process", "sha256 recorded: " + digest)));
        return Failure.of(key)
                .host(recorded.host())
                .port(claim.port())
                .title("The code of " + key + " differs from the recorded baseline")
                .description("What runs on port " + claim.port() + " of " + ObservedView.name(recorded.host())
                        + " has the digest "
                        + shown(String.valueOf(drifted.getFirst().codeDigest()))
                        + ", the baseline recorded "
                        + Words.list(recorded.digests().stream()
                                .map(CodeDriftCheck::shown)
                                .toList())
                        + " for " + key + ".")
                .affected(key)
                .evidence(view.url(claim.agent()))
                .evidence(evidence)
                .recommend(
                        "If " + key + " was deployed on purpose, record a new baseline; else find out who changed it")
                .fail();
    }

    private static String shown(String digest) {
        return digest.length() > SHOWN_DIGITS ? digest.substring(0, SHOWN_DIGITS) + "..." : digest;
    }
}
