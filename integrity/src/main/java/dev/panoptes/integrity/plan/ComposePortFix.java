package dev.panoptes.integrity.plan;

import dev.panoptes.code.PortValue;
import dev.panoptes.core.issue.Issue;
import dev.panoptes.integrity.declared.ComposeFile;
import dev.panoptes.integrity.declared.Declarations;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Services publish one host port: the first keeps it, the others move. */
final class ComposePortFix implements Fix {
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
                        int free = context.nextFreePort(port);
                        patched &= context.replaceInLine(
                                service.file(), published.line(), Integer.toString(port), Integer.toString(free));
                        steps.add(new FixStep(
                                "Publish " + service.name() + " on host port " + free + " instead of " + port,
                                "docker compose -f " + service.file() + " up -d " + service.name(),
                                "port " + free + " is free: ss -ltn 'sport = :" + free + "'",
                                "publish " + port + " again",
                                Risk.MEDIUM));
                    }
                }
            }
        }
        return steps.isEmpty() ? Optional.empty() : Optional.of(new FixPlan(issue.id(), issue.title(), steps, patched));
    }
}
