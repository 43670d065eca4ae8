package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Masking;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.declared.ComposeFile;
import dev.panoptes.integrity.declared.ContainerPorts;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.DirectoryNames;
import dev.panoptes.integrity.declared.Dockerfile;
import dev.panoptes.integrity.declared.ExecForm;
import dev.panoptes.integrity.declared.Invocation;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A command in exec form that holds what only a shell would understand: a variable, a pipe, a redirection. */
final class ExecFormVariableCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "exec-form-variable",
                Severity.HIGH,
                CheckGroup.DOCKERFILE,
                "a command in exec form holds a variable or operator that no shell replaces");
    }

    @Override
    public List<CheckResult> run(World world) {
        List<CheckResult> results = new ArrayList<>();
        Declarations declarations = world.declarations();
        if (declarations == null) {
            return results;
        }
        ContainerPorts containers = world.links().images().orElseThrow().containers();
        Map<String, Boolean> replaced = new HashMap<>();
        Optional<ComposeView> view = ComposeView.of(world);
        for (ComposeFile file : view.map(ComposeView::files).orElse(List.of())) {
            for (ComposeFile.Service service : file.services()) {
                boolean own = service.command() != null || service.entrypoint() != null;
                containers
                        .dockerfile(service)
                        .ifPresent(dockerfile -> replaced.merge(dockerfile.rootPath(), own, Boolean::logicalAnd));
                Dockerfile.Stage stage = containers.stage(service).orElse(null);
                Invocation entrypoint =
                        service.entrypoint() != null || stage == null ? service.entrypoint() : stage.entrypoint();
                Said said = own ? unlessEvaluated(containers, service, said(entrypoint, service.command())) : null;
                Said health = health(service);
                if (said == null && health == null) {
                    continue;
                }
                Said wrong = said != null && said.literal != null
                        ? said
                        : health != null && health.literal != null ? health : null;
                results.add(
                        wrong == null
                                ? new CheckResult.Pass(service.id())
                                : failed(service.id(), view.get().affected(service), "compose", wrong));
            }
        }
        for (Dockerfile dockerfile : declarations.dockerfiles()) {
            if (dockerfile.stages().isEmpty() || replaced.getOrDefault(dockerfile.rootPath(), false)) {
                continue;
            }
            Dockerfile.Stage stage = dockerfile.stages().getLast();
            Said said = unlessEvaluated(
                    containers, ContainerPorts.alone(dockerfile), said(stage.entrypoint(), stage.command()));
            Said health = stage.healthcheck() == null ? null : said(null, stage.healthcheck());
            Said wrong = said != null && said.literal != null
                    ? said
                    : health != null && health.literal != null ? health : null;
            if (wrong != null) {
                List<String> affected = new ArrayList<>();
                DirectoryNames.of(declarations, dockerfile.rootPath(), false).ifPresent(affected::add);
                affected.add(dockerfile.rootPath());
                results.add(failed(dockerfile.rootPath(), affected, "dockerfile", wrong));
            } else if (said != null || health != null) {
                results.add(new CheckResult.Pass(dockerfile.rootPath()));
            }
        }
        return results;
    }

    /** @param first the program itself; @param literal what reaches the program as it is written; null where nothing does */
    private record Said(
            Invocation invocation, String first, @Nullable String literal) {}

    /** Null where a shell reads the whole line, or there is none. */
    private static @Nullable Said said(@Nullable Invocation entrypoint, @Nullable Invocation command) {
        Invocation first = entrypoint == null || entrypoint.words().isEmpty() ? null : entrypoint;
        Invocation last = command == null || command.words().isEmpty() || command.shell() ? null : command;
        if ((first != null && first.shell()) || (first == null && last == null)) {
            return null;
        }
        List<String> words = new ArrayList<>();
        Set<String> open = new HashSet<>();
        List<Invocation> both = new ArrayList<>();
        if (first != null) {
            both.add(first);
        }
        if (last != null) {
            both.add(last);
        }
        for (Invocation each : both) {
            words.addAll(each.words());
            open.addAll(each.open());
        }
        String literal = ExecForm.literal(words, open);
        boolean inLast =
                last != null && literal != null && last.words().stream().anyMatch(word -> word.contains(literal));
        Invocation place = last != null && (inLast || first == null) ? last : first;
        return place == null ? null : new Said(place, words.getFirst(), literal);
    }

    /** A script of the tree before the program may read what follows as a shell does. */
    private static @Nullable Said unlessEvaluated(
            ContainerPorts containers, ComposeFile.Service service, @Nullable Said said) {
        if (said == null || said.literal == null || said.first.indexOf('/') < 0) {
            return said;
        }
        String script = containers.file(service, said.first).text();
        return script != null && EVALUATES.matcher(script).find() ? null : said;
    }

    private static final Pattern EVALUATES =
            Pattern.compile("\\b(?:eval|envsubst)\\b|\\b(?:ba|da|z|k)?sh\\s+-\\w*c\\b");

    private static @Nullable Said health(ComposeFile.Service service) {
        List<String> test = service.details().healthcheckTest();
        String file = service.details().healthcheckFile();
        if (file == null || test.size() < 2 || !test.getFirst().equals("CMD")) {
            return null;
        }
        Invocation invocation = new Invocation(
                test.subList(1, test.size()), false, file, service.details().healthcheckLine());
        Set<String> open = new HashSet<>();
        Matcher braces = OPEN.matcher(String.join(" ", test));
        while (braces.find()) {
            open.add(braces.group(1));
        }
        return new Said(invocation, "", ExecForm.literal(invocation.words(), open));
    }

    /** How compose shows a variable that it does not know. */
    private static final Pattern OPEN = Pattern.compile("\\$\\{(\\w+)}");

    private static CheckResult failed(String subject, List<String> affected, String source, Said said) {
        String literal = String.valueOf(said.literal);
        Invocation invocation = said.invocation;
        return Failure.of(subject)
                .title("The command of " + subject + " passes " + literal + " as it is written")
                .description("The command is in exec form, which no shell reads: the program gets the text " + literal
                        + " as an argument, not what a shell would make of it.")
                .affected(affected)
                .recommend("Use the shell form, or [\"sh\", \"-c\", \"exec ...\"], or let the program read the variable"
                        + " itself")
                .evidence(new Evidence(
                        source,
                        invocation.file(),
                        invocation.line(),
                        Masking.mask(String.join(" ", invocation.written()))))
                .fail();
    }
}
