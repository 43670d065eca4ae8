package dev.panoptes.integrity.plan;

import dev.panoptes.code.CodeDirectory;
import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.registry.Connection;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.DeclaredEndpoint;
import dev.panoptes.core.yaml.Located;
import dev.panoptes.core.yaml.Location;
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
                            context.planOnly(duplicate.get()),
                            context.scanOnly(issue),
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
                                context.scanOnly(issue),
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
        DeclaredAgent agent = agentOf(name, context);
        Optional<CodeDirectory> directory = context.directory(name)
                .or(() -> agent == null
                        ? Optional.empty()
                        : context.world().links().directory(agent));
        if (directory.isPresent() && context.workspace() != null && gone(directory.get(), context.workspace())) {
            return true;
        }
        int free = declaredElsewhere(agent, port, context).orElseGet(() -> context.nextFreePort(port));
        context.move(name, port);
        PortMove move = new PortMove(agent, directory.orElse(null), port, free, context);
        boolean patched = move.edit();
        steps.addAll(move.steps(name));
        return patched;
    }

    private static boolean gone(CodeDirectory directory, Workspace workspace) {
        return directory.files().stream().noneMatch(file -> workspace.exists(file.rootPath()));
    }

    static boolean registryLine(DeclaredAgent agent, int port, int free, PlanContext context) {
        if (agent.connection() == null || agent.connection().url() == null) {
            return false;
        }
        Located<String> url = agent.connection().url();
        boolean shared = context.registry().agents().stream()
                .filter(other -> !other.equals(agent))
                .anyMatch(other -> isAt(url.location(), other));
        int at = url.value().lastIndexOf(":" + port);
        int end = at + 1 + Integer.toString(port).length();
        if (shared
                || at < 0
                || (end < url.value().length() && Character.isDigit(url.value().charAt(end)))) {
            return false;
        }
        String wanted = url.value().substring(0, at + 1) + free + url.value().substring(end);
        return context.registryFile()
                .map(file -> context.replaceScalar(file, url.location(), url.value(), wanted))
                .orElse(false);
    }

    /** Its URL stands in this place: two agents share an anchor. */
    private static boolean isAt(Location place, DeclaredAgent agent) {
        Connection connection = agent.connection();
        return connection != null
                && connection.url() != null
                && connection.url().location().equals(place);
    }
}
