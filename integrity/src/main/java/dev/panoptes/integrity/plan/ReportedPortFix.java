package dev.panoptes.integrity.plan;

import dev.panoptes.code.CodeDirectory;
import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.DeclaredEndpoint;
import dev.panoptes.integrity.observed.ProbeAnswer;
import java.util.Optional;
import java.util.Set;

/** An agent's health answer names another port than the one it listens on: let it report the right one. */
final class ReportedPortFix implements Fix {
    @Override
    public Set<String> checks() {
        return Set.of("port-mismatch");
    }

    @Override
    public Optional<FixPlan> plan(Issue issue, PlanContext context) {
        Optional<DeclaredAgent> agent = context.agent(issue.affected().getFirst());
        if (agent.isEmpty() || !(context.registry().endpoint(agent.get()) instanceof DeclaredEndpoint.At at)) {
            return Optional.empty();
        }
        Optional<Integer> reported = context.world().snapshots().stream()
                .flatMap(snapshot -> snapshot.probe(agent.get().key()).stream())
                .flatMap(probe -> probe.answer() instanceof ProbeAnswer.Healthy healthy && healthy.port() != null
                        ? Optional.of(healthy.port()).stream()
                        : Optional.<Integer>empty().stream())
                .filter(port -> port != at.port())
                .findFirst();
        Optional<CodeDirectory> directory = context.world().links().directory(agent.get());
        if (reported.isEmpty() || directory.isEmpty()) {
            return Optional.empty();
        }
        boolean patched = context.replaceOnly(
                PlanContext.files(directory.get()), Integer.toString(reported.get()), Integer.toString(at.port()));
        return Optional.of(Fix.of(
                issue,
                patched,
                new FixStep(
                        "Let the health answer of " + agent.get().key() + " report " + at.port() + " instead of "
                                + reported.get(),
                        "grep -rnw " + reported.get() + " " + directory.get().rootPath(),
                        "it listens on " + at.port() + ": ss -ltn 'sport = :" + at.port() + "'",
                        "let it report " + reported.get() + " again",
                        Risk.MEDIUM)));
    }
}
