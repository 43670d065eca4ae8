package dev.panoptes.integrity.plan;

import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.registry.Action;
import dev.panoptes.core.registry.Chain;
import dev.panoptes.core.registry.ChainStep;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.Keys;
import dev.panoptes.core.yaml.Located;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A chain calls what is not there: correct a misspelt name, else take the step out. */
final class ChainStepFix implements Fix {
    private static final int CLOSE = 2;

    @Override
    public Set<String> checks() {
        return Set.of("invalid-chain-ref", "chain-unknown-action");
    }

    @Override
    public Optional<FixPlan> plan(Issue issue, PlanContext context) {
        for (Chain chain : context.registry().chains()) {
            if (!issue.affected().contains(chain.name())) {
                continue;
            }
            List<ChainStep> steps =
                    chain.steps().stream().flatMap(ChainStep::flatten).toList();
            for (ChainStep step : steps) {
                Optional<Located<String>> wrong = wrong(issue, step, context);
                if (wrong.isPresent()) {
                    return Optional.of(mend(issue, chain, step, wrong.get(), context));
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Located<String>> wrong(Issue issue, ChainStep step, PlanContext context) {
        if (step.agent() == null) {
            return Optional.empty();
        }
        Optional<DeclaredAgent> agent = context.agent(step.agent().value());
        if (issue.check().equals("invalid-chain-ref")) {
            return agent.isEmpty() && issue.id().contains(step.agent().value())
                    ? Optional.of(step.agent())
                    : Optional.empty();
        }
        return agent.isPresent()
                        && step.action() != null
                        && agent.get().actions().stream()
                                .noneMatch(action ->
                                        action.name().equals(step.action().value()))
                        && issue.evidence().stream()
                                .anyMatch(evidence -> evidence.line()
                                                == step.action().location().line()
                                        || evidence.line() == step.location().line())
                ? Optional.of(step.action())
                : Optional.empty();
    }

    private static FixPlan mend(Issue issue, Chain chain, ChainStep step, Located<String> wrong, PlanContext context) {
        List<String> candidates = issue.check().equals("invalid-chain-ref")
                ? context.registry().agents().stream().map(DeclaredAgent::key).toList()
                : context.agent(step.agent() == null ? "" : step.agent().value())
                        .map(agent -> agent.actions().stream().map(Action::name).toList())
                        .orElse(List.of());
        Optional<String> meant = candidates.stream()
                .filter(candidate -> Keys.distance(candidate, wrong.value()) <= CLOSE)
                .findFirst();
        if (meant.isPresent()) {
            // A similar name is a hint and no more: only its owner knows what was meant.
            return Fix.of(
                    issue,
                    false,
                    new FixStep(
                            "Correct " + wrong.value() + " in chain " + chain.name() + ", line "
                                    + wrong.location().line() + "; was " + meant.get() + " meant?",
                            "",
                            context.scanOnly(issue),
                            "write " + wrong.value() + " again",
                            Risk.LOW));
        }
        boolean patched = context.registryFile()
                .map(file -> removeStep(file, step, context))
                .orElse(false);
        return Fix.of(
                issue,
                patched,
                new FixStep(
                        "Take the step that calls " + wrong.value() + " out of chain " + chain.name()
                                + ", or declare what it calls",
                        "",
                        "no later step reads its output: grep -n 'steps." + (step.id() == null ? "" : step.id())
                                + "' in the registry",
                        "put the step back",
                        Risk.MEDIUM));
    }

    /** Removes the list item that begins on the step's line: that line and the deeper ones below it. */
    private static boolean removeStep(String file, ChainStep step, PlanContext context) {
        Workspace workspace = context.workspace();
        if (workspace == null) {
            return false;
        }
        List<String> lines = workspace.lines(file).orElse(List.of());
        int first = workspace.current(file, step.location().line());
        if (first < 0 || first >= lines.size() || !lines.get(first).strip().startsWith("-")) {
            return false;
        }
        int indent = Workspace.indent(lines.get(first));
        int last = first + 1;
        while (last < lines.size() && !lines.get(last).isBlank() && Workspace.indent(lines.get(last)) > indent) {
            last++;
        }
        boolean onlyItem = (first == 0 || Workspace.indent(lines.get(first - 1)) < indent)
                && (last >= lines.size() || lines.get(last).isBlank() || Workspace.indent(lines.get(last)) < indent);
        if (onlyItem) {
            return false;
        }
        workspace.removeLines(file, first, last);
        return true;
    }
}
