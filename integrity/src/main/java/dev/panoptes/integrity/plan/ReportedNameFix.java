package dev.panoptes.integrity.plan;

import dev.panoptes.code.CodeDirectory;
import dev.panoptes.code.Program;
import dev.panoptes.code.ReportedName;
import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.integrity.observed.ProbeAnswer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** An agent reports another name than it is declared with: let its code report the declared one. */
final class ReportedNameFix implements Fix {
    @Override
    public Set<String> checks() {
        return Set.of("identity-name-mismatch", "identity-mismatch");
    }

    @Override
    public Optional<FixPlan> plan(Issue issue, PlanContext context) {
        Optional<DeclaredAgent> agent = context.agent(issue.affected().getFirst());
        Optional<CodeDirectory> directory =
                agent.flatMap(found -> context.world().links().directory(found));
        if (agent.isEmpty() || directory.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> reported = directory.get().programs().stream()
                .flatMap((Program program) -> program.names().stream())
                .map(ReportedName::value)
                .filter(name -> !agent.get().answersTo(name))
                .findFirst()
                .or(() -> answered(agent.get(), context));
        if (reported.isEmpty()) {
            return Optional.empty();
        }
        String wanted = agent.get().displayName();
        boolean foreign = context.registry().agents().stream()
                .anyMatch(other -> !other.equals(agent.get()) && other.answersTo(reported.get()));
        boolean misplaced = foreign
                && context.world().declarations() != null
                && context.world().declarations().code().directories().stream()
                        .filter(other -> !other.equals(directory.get()))
                        .anyMatch(other -> other.programs().stream()
                                .anyMatch(program -> directory.get().programs().stream()
                                        .anyMatch(own -> !own.ports().isEmpty()
                                                && own.ports().equals(program.ports()))));
        if (misplaced) {
            return Optional.empty();
        }
        boolean patched = context.replaceOnly(PlanContext.files(directory.get()), reported.get(), wanted);
        if (!patched && gone(reported.get(), directory.get(), context)) {
            return Optional.of(Fix.of(
                    issue,
                    true,
                    new FixStep(
                            "Nothing of its own: a step before lets it report " + wanted,
                            "",
                            context.scanOnly(issue),
                            "take back the step before",
                            Risk.LOW)));
        }
        if (!patched && issue.check().equals("identity-mismatch")) {
            return Optional.empty();
        }
        return Optional.of(Fix.of(
                issue,
                patched,
                new FixStep(
                        "Let the code in " + directory.get().rootPath() + " report " + wanted + " instead of "
                                + reported.get(),
                        "grep -rnw '" + reported.get() + "' " + directory.get().rootPath(),
                        "it is the code of " + agent.get().key() + " and not of " + reported.get(),
                        "let it report " + reported.get() + " again",
                        Risk.MEDIUM)));
    }

    /** An earlier step of this plan has replaced the name where it stood alone. */
    private static boolean gone(String name, CodeDirectory directory, PlanContext context) {
        Workspace workspace = context.workspace();
        return workspace != null
                && workspace.changed(PlanContext.files(directory))
                && directory.files().stream()
                        .flatMap(file -> workspace.lines(file.rootPath()).orElse(List.of()).stream())
                        .noneMatch(line -> line.contains(name));
    }

    /** The name that the agent's health endpoint gave. */
    private static Optional<String> answered(DeclaredAgent agent, PlanContext context) {
        return context.world().snapshots().stream()
                .flatMap(snapshot -> snapshot.probe(agent.key()).stream())
                .flatMap(probe -> probe.answer() instanceof ProbeAnswer.Healthy healthy && healthy.identity() != null
                        ? Stream.of(healthy.identity())
                        : Stream.<String>empty())
                .filter(name -> !agent.answersTo(name))
                .findFirst();
    }
}
