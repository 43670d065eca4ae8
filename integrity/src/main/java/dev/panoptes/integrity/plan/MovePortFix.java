package dev.panoptes.integrity.plan;

import dev.panoptes.code.CodeDirectory;
import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.DeclaredEndpoint;
import dev.panoptes.core.yaml.Located;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Several agents want one port: the first keeps it, every other one moves to the next free port. */
final class MovePortFix implements Fix {
    @Override
    public Set<String> checks() {
        return Set.of("port-conflict", "code-port-conflict");
    }

    @Override
    public Optional<FixPlan> plan(Issue issue, PlanContext context) {
        Integer port = issue.port();
        if (port == null) {
            return Optional.empty();
        }
        Optional<Issue> duplicate = context.duplicateAmong(issue.affected());
        if (duplicate.isPresent()) {
            return Optional.of(Fix.of(
                    issue,
                    false,
                    new FixStep(
                            "Mend " + duplicate.get().id() + " first: two of the directories hold one agent's code",
                            "panoptes plan " + duplicate.get().id(),
                            Fix.scanOnly(issue),
                            "take back what you changed",
                            Risk.MEDIUM)));
        }
        List<FixStep> steps = new ArrayList<>();
        boolean patched = true;
        String keeper = keeper(issue.affected(), port, context);
        for (String name : issue.affected()) {
            if (name.equals(keeper) || context.moved(name, port)) {
                continue;
            }
            patched &= move(name, port, context, steps);
        }
        return steps.isEmpty()
                ? Optional.of(Fix.of(
                        issue,
                        true,
                        new FixStep(
                                "Nothing of its own: the steps before free the port",
                                "",
                                Fix.scanOnly(issue),
                                "take back the steps before",
                                Risk.LOW)))
                : Optional.of(new FixPlan(issue.id(), issue.title(), steps, patched));
    }

    /** Who answers on the port now, else whose registry entry it is, else the first. */
    private static String keeper(List<String> all, int port, PlanContext context) {
        List<String> staying =
                all.stream().filter(name -> !context.moved(name, port)).toList();
        if (staying.size() == 1) {
            return staying.getFirst();
        }
        for (String name : staying) {
            boolean answers = context.agent(name)
                    .map(agent -> context.world().snapshots().stream()
                            .flatMap(snapshot -> snapshot.probe(agent.key()).stream())
                            .anyMatch(probe -> probe.answer()
                                            instanceof dev.panoptes.integrity.observed.ProbeAnswer.Healthy healthy
                                    && healthy.identity() != null
                                    && agent.answersTo(healthy.identity())))
                    .orElse(false);
            if (answers) {
                return name;
            }
        }
        for (String name : staying) {
            if (declaredOn(agentOf(name, context), port, context)) {
                return name;
            }
        }
        return staying.isEmpty() ? all.getFirst() : staying.getFirst();
    }

    /** The port that its registry entry gives it, where that is another one: its code should bind that. */
    private static Optional<Integer> declaredElsewhere(@Nullable DeclaredAgent agent, int port, PlanContext context) {
        return agent != null
                        && context.registry().endpoint(agent) instanceof DeclaredEndpoint.At at
                        && at.port() != port
                ? Optional.of(at.port())
                : Optional.empty();
    }

    private static @Nullable DeclaredAgent agentOf(String name, PlanContext context) {
        return context.directory(name)
                .flatMap(directory -> context.world().links().agentOf(directory))
                .or(() -> context.agent(name))
                .orElse(null);
    }

    private static boolean declaredOn(@Nullable DeclaredAgent agent, int port, PlanContext context) {
        return agent != null
                && context.registry().endpoint(agent) instanceof DeclaredEndpoint.At at
                && at.port() == port;
    }

    private static boolean move(String name, int port, PlanContext context, List<FixStep> steps) {
        Workspace workspace = context.workspace();
        DeclaredAgent agent = agentOf(name, context);
        Optional<CodeDirectory> directory = context.directory(name)
                .or(() -> agent == null
                        ? Optional.empty()
                        : context.world().links().directory(agent));
        boolean inRegistry = declaredOn(agent, port, context);
        boolean inCode = directory
                .filter(found -> found.programs().stream()
                        .anyMatch(program -> program.ports().contains(port)))
                .isPresent();
        if (workspace != null && directory.isPresent() && inCode && gone(directory.get(), workspace)) {
            return true;
        }
        if (workspace != null
                && inCode
                && !inRegistry
                && !directory
                        .filter(found -> stillThere(found, port, workspace))
                        .isPresent()) {
            return true;
        }
        int free = declaredElsewhere(agent, port, context).orElseGet(() -> context.nextFreePort(port));
        boolean patched = true;
        context.move(name, port);
        if (inRegistry && agent != null) {
            boolean done = registryLine(agent, port, free, context);
            patched &= done;
            steps.add(new FixStep(
                    "Declare " + agent.key() + " on " + free + " in the registry",
                    "",
                    "port " + free + " is free: ss -ltn 'sport = :" + free + "'",
                    "declare " + port + " again",
                    Risk.LOW));
        }
        if (inCode && directory.isPresent()) {
            patched &= context.replaceOnly(
                    PlanContext.files(directory.get()), Integer.toString(port), Integer.toString(free));
            steps.add(new FixStep(
                    "Let the code in " + directory.get().rootPath() + " bind " + free + " instead of " + port,
                    "grep -rn " + port + " " + directory.get().rootPath(),
                    "who calls it there: grep -rn '" + name + ":" + port + "' .",
                    "let it bind " + port + " again",
                    Risk.MEDIUM));
        }
        if (steps.isEmpty()) {
            steps.add(new FixStep(
                    "Move " + name + " to port " + free,
                    "",
                    "port " + free + " is free: ss -ltn 'sport = :" + free + "'",
                    "move it back",
                    Risk.MEDIUM));
            return false;
        }
        return patched;
    }

    private static boolean gone(CodeDirectory directory, Workspace workspace) {
        return directory.files().stream().noneMatch(file -> workspace.exists(file.rootPath()));
    }

    private static boolean stillThere(CodeDirectory directory, int port, Workspace workspace) {
        return directory.files().stream()
                .flatMap(file -> workspace.lines(file.rootPath()).orElse(List.of()).stream())
                .anyMatch(line -> line.contains(Integer.toString(port)));
    }

    static boolean registryLine(DeclaredAgent agent, int port, int free, PlanContext context) {
        if (agent.connection() == null || agent.connection().url() == null) {
            return false;
        }
        Located<String> url = agent.connection().url();
        return context.registryFile()
                .map(file -> context.replaceInLine(file, url.location().line(), ":" + port, ":" + free))
                .orElse(false);
    }
}
