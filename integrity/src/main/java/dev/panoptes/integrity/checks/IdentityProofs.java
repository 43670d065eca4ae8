package dev.panoptes.integrity.checks;

import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.observed.IdentityProof;
import dev.panoptes.integrity.observed.ProbeAnswer;
import dev.panoptes.integrity.observed.Snapshot;
import dev.panoptes.integrity.observed.Snapshot.Coverage;
import dev.panoptes.integrity.observed.Snapshot.Probe;
import dev.panoptes.integrity.observed.Snapshot.Source;
import dev.panoptes.integrity.world.Enrolled.Instance;
import dev.panoptes.integrity.world.Enrolled.Life;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the enrolled instances that have a key proved of themselves: whether the answer of their endpoint is signed with it. */
public final class IdentityProofs {
    /** What came of the request to one instance. */
    public enum Outcome {
        PROVED,
        /** Something signed, and not with its key. */
        WRONG,
        /** Nothing was signed, so nothing is known. */
        UNANSWERED
    }

    /**
     * What one instance proved.
     *
     * @param detail one sentence without its full stop
     * @param verified proved, and the program that owns the socket was shown to be the declared one in the same look
     */
    public record Proved(String instance, Outcome outcome, String detail, boolean verified) {}

    private record Answer(Probe probe, String host) {}

    private final World world;
    private final EnrolledView view;

    private IdentityProofs(World world) {
        this.world = world;
        this.view = new EnrolledView(world);
    }

    /** One for each instance with a key that is alive and whose agent has an endpoint; in the order of the instances. */
    public static List<Proved> of(World world) {
        IdentityProofs proofs = new IdentityProofs(world);
        List<Proved> all = new ArrayList<>();
        for (Instance instance : proofs.view.instances()) {
            proofs.judge(instance).ifPresent(all::add);
        }
        return all.stream().anyMatch(each -> each.outcome() == Outcome.PROVED) ? proofs.withOwners(all) : all;
    }

    private Optional<Proved> judge(Instance instance) {
        String key = instance.publicKey();
        Optional<DeclaredAgent> declared = view.declared(instance);
        if (key == null || declared.isEmpty() || instance.life() != Life.ALIVE) {
            return Optional.empty();
        }
        List<Answer> answers = answers(declared.get());
        if (answers.isEmpty()) {
            return Optional.empty();
        }
        Proved unanswered = null;
        Proved wrong = null;
        for (Answer answer : answers) {
            IdentityProof proof = answer.probe().proof();
            String url = answer.probe().url();
            if (proof == null) {
                unanswered = said(instance, Outcome.UNANSWERED, silence(answer.probe()));
            } else if (proof.instance().equals(instance.id())) {
                if (proof.isBy(key)) {
                    return Optional.of(said(instance, Outcome.PROVED, url + " signed with its key"));
                }
                wrong = said(instance, Outcome.WRONG, "the answer of " + url + " is signed with another key than its");
            } else if (stranger(proof, declared.get()) instanceof String who && answers.size() == 1) {
                wrong = said(instance, Outcome.WRONG, "the answer of " + url + " is signed by " + who);
            } else {
                unanswered =
                        said(instance, Outcome.UNANSWERED, url + " was answered by the instance " + proof.instance());
            }
        }
        return Optional.ofNullable(wrong == null ? unanswered : wrong);
    }

    private static Proved said(Instance instance, Outcome outcome, String detail) {
        return new Proved(instance.id(), outcome, detail, false);
    }

    /** Who signed in the place of an agent; null where it may be another instance of it. */
    private @Nullable String stranger(IdentityProof proof, DeclaredAgent agent) {
        Optional<Instance> signer = view.instances().stream()
                .filter(each -> each.id().equals(proof.instance()))
                .findFirst();
        if (signer.isEmpty()) {
            long keyed = view.of(agent).stream()
                    .filter(each -> each.publicKey() != null)
                    .count();
            return keyed == 1 ? proof.instance() + ", which is not enrolled" : null;
        }
        String key = signer.get().publicKey();
        boolean own = view.declared(signer.get()).filter(agent::equals).isPresent();
        return !own && key != null && proof.isBy(key)
                ? "an instance of " + signer.get().name()
                : null;
    }

    private List<Answer> answers(DeclaredAgent agent) {
        List<Answer> answers = new ArrayList<>();
        for (Snapshot snapshot : world.snapshots()) {
            if (snapshot.coverage(Source.PROBES) instanceof Coverage.Complete
                    && !snapshot.taken().isBefore(world.now().minus(world.snapshotMaxAge()))) {
                snapshot.probe(agent.key())
                        .ifPresent(probe ->
                                answers.add(new Answer(probe, snapshot.host().name())));
            }
        }
        return answers;
    }

    private static String silence(Probe probe) {
        return switch (probe.answer()) {
            case ProbeAnswer.Healthy _ -> probe.url() + " answers without a signature";
            case ProbeAnswer.Faulty(var _, String reason, var _, var _) -> probe.url() + " " + reason;
            case ProbeAnswer.Refused() -> "nothing answers at " + probe.url();
            case ProbeAnswer.NotAsked(String reason) -> probe.url() + " was not asked: " + reason;
        };
    }

    /** Adds who owns the sockets: a signature alone could have been passed on. */
    private List<Proved> withOwners(List<Proved> all) {
        Set<String> shown = new HashSet<>();
        Set<String> doubtful = new HashSet<>();
        for (CheckResult result : new ListenerOwnerCheck().run(world)) {
            (result instanceof CheckResult.Pass ? shown : doubtful).add(result.subject());
        }
        shown.removeAll(doubtful);
        Set<String> verified = new HashSet<>();
        for (Instance instance : view.instances()) {
            view.declared(instance)
                    .filter(agent -> shown.contains(agent.key()))
                    .ifPresent(_ -> verified.add(instance.id()));
        }
        return all.stream()
                .map(each -> new Proved(
                        each.instance(),
                        each.outcome(),
                        each.detail(),
                        each.outcome() == Outcome.PROVED && verified.contains(each.instance())))
                .toList();
    }
}
