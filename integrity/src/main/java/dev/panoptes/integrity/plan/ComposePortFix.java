package dev.panoptes.integrity.plan;

import dev.panoptes.code.PortValue;
import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.registry.DeclaredEndpoint;
import dev.panoptes.integrity.declared.ComposeFile;
import dev.panoptes.integrity.declared.Declarations;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Services publish one host port: the first keeps it, the others move. */
final class ComposePortFix implements Fix {
    /** The keys of one port in its long form. */
    private static final int LONG_FORM_LINES = 6;

    @Override
    public Set<String> checks() {
        return Set.of("compose-host-port-conflict", "compose-cross-file-port-conflict");
    }

    @Override
    public Optional<FixPlan> plan(Issue issue, PlanContext context) {
        Integer port = issue.port();
        Declarations declarations = context.world().declarations();
        if (port == null || declarations == null) {
            return Optional.empty();
        }
        List<FixStep> steps = new ArrayList<>();
        boolean patched = true;
        boolean first = true;
        for (String affected : issue.affected()) {
            for (ComposeFile file : declarations.composeFiles()) {
                for (ComposeFile.Service service : file.services()) {
                    if (!affected.equals(service.file() + "#" + service.name())) {
                        continue;
                    }
                    for (ComposeFile.Published published : service.ports()) {
                        if (!(published.host() instanceof PortValue.Known known) || known.port() != port) {
                            continue;
                        }
                        if (first) {
                            first = false;
                            continue;
                        }
                        Optional<DeclaredAgent> agent = context.world().links().agentOf(service);
                        int free = context.nextFreePort(port);
                        if (agent.isPresent() && declaredOn(agent.get(), port, context)) {
                            PortMove move = new PortMove(
                                    agent.get(),
                                    context.world()
                                            .links()
                                            .directory(agent.get())
                                            .orElse(null),
                                    port,
                                    free,
                                    context);
                            patched &= move.edit();
                            steps.addAll(move.steps(agent.get().key()));
                            continue;
                        }
                        String byHand = publish(file, published, port, free, context);
                        patched &= byHand == null;
                        steps.add(new FixStep(
                                "Publish " + service.name() + " on host port " + free + " instead of " + port
                                        + (byHand == null || byHand.isEmpty() ? "" : ": " + byHand),
                                "docker compose -f " + Quoted.word(service.file()) + " up -d "
                                        + Quoted.word(service.name()),
                                "port " + free + " is free: ss -ltn 'sport = :" + free + "'",
                                "publish " + port + " again",
                                Risk.MEDIUM));
                    }
                }
            }
        }
        return steps.isEmpty() ? Optional.empty() : Optional.of(new FixPlan(issue.id(), issue.title(), steps, patched));
    }

    private static boolean declaredOn(DeclaredAgent agent, int port, PlanContext context) {
        return context.registry().endpoint(agent) instanceof DeclaredEndpoint.At at && at.port() == port;
    }

    /**
     * The host's side of a published port: where the environment file sets it, else before the colon, or behind
     * {@code published:} of the long form. Null where it was edited, else what to do by hand, where that can be said.
     */
    private static @Nullable String publish(
            ComposeFile file, ComposeFile.Published published, int port, int free, PlanContext context) {
        Workspace workspace = context.workspace();
        if (workspace == null) {
            return "";
        }
        List<EnvironmentPort> places = EnvironmentPort.of(file, published, port, workspace);
        for (EnvironmentPort place : places) {
            if (!place.move(port, free, context)) {
                return place.byHand(free);
            }
        }
        if (!places.isEmpty()) {
            return null;
        }
        Pattern side = Pattern.compile("(?<![\\w.])" + port + "(?=:)|(?<=published:[ \"']{1,3})" + port + "(?!\\d)");
        int at = workspace.current(published.file(), published.line());
        List<String> lines = workspace.lines(published.file()).orElse(List.of());
        for (int i = at; i >= 0 && i < Math.min(at + LONG_FORM_LINES, lines.size()); i++) {
            if (side.matcher(lines.get(i)).find()) {
                return context.replaceMatches(published.file(), i, side, Integer.toString(free)) ? null : "";
            }
        }
        return "";
    }
}
