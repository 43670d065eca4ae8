package dev.panoptes.integrity.plan;

import dev.panoptes.code.CodeDirectory;
import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.DeclaredEndpoint;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;

/** Registry and code name different ports: declare the one that the code binds, where nobody else has it. */
final class RegistryPortFix implements Fix {
    @Override
    public Set<String> checks() {
        return Set.of("port-mismatch-registry-code");
    }

    @Override
    public Optional<FixPlan> plan(Issue issue, PlanContext context) {
        Optional<DeclaredAgent> agent = context.agent(issue.affected().getFirst());
        Optional<CodeDirectory> directory =
                agent.flatMap(found -> context.world().links().directory(found));
        if (agent.isEmpty()
                || directory.isEmpty()
                || !(context.registry().endpoint(agent.get()) instanceof DeclaredEndpoint.At at)) {
            return Optional.empty();
        }
        SequencedSet<Integer> bound = new LinkedHashSet<>();
        directory.get().programs().forEach(program -> bound.addAll(program.ports()));
        if (bound.size() != 1 || othersUse(bound.getFirst(), directory.get(), context)) {
            return Optional.empty();
        }
        int port = bound.getFirst();
        boolean patched = MovePortFix.registryLine(agent.get(), at.port(), port, context);
        return Optional.of(Fix.of(
                issue,
                patched,
                new FixStep(
                        "Declare " + agent.get().key() + " on " + port + ", which its code binds, instead of "
                                + at.port(),
                        "",
                        "who calls it on " + at.port() + ": grep -rn '"
                                + agent.get().key() + ":" + at.port() + "' .",
                        "declare " + at.port() + " again",
                        Risk.LOW)));
    }

    /** True where another agent is declared on the port, as the agent itself is not, or other code binds it. */
    private static boolean othersUse(int port, CodeDirectory directory, PlanContext context) {
        boolean declared = context.registry().agents().stream()
                .anyMatch(other ->
                        context.registry().endpoint(other) instanceof DeclaredEndpoint.At at && at.port() == port);
        var declarations = context.world().declarations();
        List<CodeDirectory> all =
                declarations == null ? List.of() : declarations.code().directories();
        return declared
                || all.stream()
                        .filter(other -> !other.equals(directory))
                        .anyMatch(other -> other.programs().stream()
                                .anyMatch(program -> program.ports().contains(port)));
    }
}
