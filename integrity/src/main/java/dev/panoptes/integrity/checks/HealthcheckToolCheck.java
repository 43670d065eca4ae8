package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Masking;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.declared.BaseTools;
import dev.panoptes.integrity.declared.ComposeFile;
import dev.panoptes.integrity.declared.ContainerPorts;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.DirectoryNames;
import dev.panoptes.integrity.declared.Dockerfile;
import dev.panoptes.integrity.declared.Invocation;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A health check that runs a program which its base image lacks and nothing installs. */
final class HealthcheckToolCheck implements Check {
    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "healthcheck-tool",
                Severity.HIGH,
                CheckGroup.DOCKERFILE,
                "a health check runs a program that its image does not hold");
    }

    private final BaseTools tools = BaseTools.read();

    @Override
    public List<CheckResult> run(World world) {
        List<CheckResult> results = new ArrayList<>();
        Declarations declarations = world.declarations();
        if (declarations == null) {
            return results;
        }
        ContainerPorts containers = world.links().images().orElseThrow().containers();
        Optional<ComposeView> view = ComposeView.of(world);
        for (ComposeFile file : view.map(ComposeView::files).orElse(List.of())) {
            for (ComposeFile.Service service : file.services()) {
                List<String> test = service.details().healthcheckTest();
                String where = service.details().healthcheckFile();
                if (test.size() > 1 && where != null && view.get().isOwn(file, where)) {
                    Dockerfile.Stage stage = containers.stage(service).orElse(null);
                    String base = stage == null ? service.build() == null ? service.image() : null : stage.base();
                    Evidence evidence = new Evidence(
                            "compose", where, service.details().healthcheckLine(), text(test.subList(1, test.size())));
                    judge(base, stage, test, evidence, service.id(), view.get().affected(service), results);
                }
            }
        }
        for (Dockerfile dockerfile : declarations.dockerfiles()) {
            Dockerfile.Stage stage =
                    dockerfile.stages().isEmpty() ? null : dockerfile.stages().getLast();
            Invocation check = stage == null ? null : stage.healthcheck();
            if (stage != null && check != null && !check.words().isEmpty()) {
                List<String> test = new ArrayList<>(List.of(check.shell() ? "CMD-SHELL" : "CMD"));
                test.addAll(check.words());
                List<String> affected = new ArrayList<>();
                DirectoryNames.of(declarations, dockerfile.rootPath(), false).ifPresent(affected::add);
                affected.add(dockerfile.rootPath());
                Evidence evidence = new Evidence("dockerfile", check.file(), check.line(), text(check.words()));
                judge(stage.base(), stage, test, evidence, dockerfile.rootPath(), affected, results);
            }
        }
        return results;
    }

    private static String text(List<String> words) {
        String line = Masking.mask(String.join(" ", words).replaceAll("\\s+", " "));
        return line.length() > 300 ? line.substring(0, 300) + " ..." : line;
    }

    private void judge(
            @Nullable String base,
            Dockerfile.@Nullable Stage stage,
            List<String> test,
            Evidence evidence,
            String subject,
            List<String> affected,
            List<CheckResult> results) {
        Set<String> lacks = base == null ? null : tools.lacks(base).orElse(null);
        if (base == null || lacks == null) {
            return; // nothing is known of the image
        }
        Set<String> runs = new LinkedHashSet<>(programs(test));
        if (test.getFirst().equals("CMD-SHELL") && lacks.contains("sh") && !runs.isEmpty()) {
            runs = Set.of("sh");
        }
        List<String> missing = runs.stream()
                .filter(lacks::contains)
                .filter(tool -> stage == null || !installed(tool, stage))
                .toList();
        if (runs.isEmpty()) {
            return;
        }
        if (missing.size() < runs.size()) {
            // Another way of asking is there.
            results.add(new CheckResult.Pass(subject));
            return;
        }
        results.add(Failure.of(subject)
                .title("The health check of " + subject + " runs " + Words.list(missing)
                        + ", which its image does not hold")
                .description("The image " + base + " comes without " + Words.list(missing)
                        + ", and nothing installs it: the health check fails always, and the container is"
                        + " never healthy.")
                .affected(affected)
                .recommend("Install " + Words.list(missing) + " in the image, or ask with a program that it holds")
                .evidence(evidence)
                .fail());
    }

    /** The programs of which one has to be there: those that a shell would try one after the other. */
    private static Set<String> programs(List<String> test) {
        Set<String> programs = new LinkedHashSet<>();
        boolean shell = test.getFirst().equals("CMD-SHELL");
        List<String> words = test.subList(1, test.size());
        if (!shell) {
            programs.add(base(words.getFirst()));
            return programs;
        }
        for (String alternative : String.join(" ", words).split("\\|\\|")) {
            String program = base(alternative.strip().split("\\s+", 2)[0]);
            if (!program.isEmpty() && !BUILT_IN.contains(program) && program.matches("[\\w.+-]+")) {
                programs.add(program);
            }
        }
        return programs;
    }

    private static String base(String word) {
        return word.substring(word.lastIndexOf('/') + 1);
    }

    static boolean installed(String tool, Dockerfile.Stage stage) {
        String name = tool.equals("nc") ? "netcat" : tool;
        return stage.runs().stream()
                        .anyMatch(run -> mentions(run.text(), name)
                                || run.text().contains(" " + tool + " ")
                                || run.text().contains("xargs")
                                || run.text().contains("<<"))
                || stage.copies().stream()
                        .anyMatch(copy -> mentions(copy.destination(), tool)
                                || copy.sources().stream().anyMatch(source -> mentions(source, tool))
                                || copy.sources().stream()
                                        .anyMatch(source -> source.equals("/") || source.contains("/bin"))
                                || (copy.unclear()
                                        && !APPLICATION
                                                .matcher(copy.destination())
                                                .matches())
                                || copy.destination().endsWith("/bin"));
    }

    /** The name of a shell is a part of many other words. */
    private static boolean mentions(String text, String tool) {
        return tool.equals("sh")
                ? text.matches("(?s)(.*[^\\w.-])?sh([^\\w-].*)?") || text.contains("busybox")
                : text.contains(tool);
    }

    /** Folders of an application: no shell looks for programs there. */
    static final Pattern APPLICATION =
            Pattern.compile("/(app|srv|opt|code|src|home|var|work|workspace|data|tmp)(/(?!.*\\bbin\\b).*)?|[?](/.*)?");

    private static final Set<String> BUILT_IN = Set.of(
            "exit", "true", "false", "echo", "test", "[", "[[", "kill", "cd", "set", "(", "{", "if", "!", "export");
}
