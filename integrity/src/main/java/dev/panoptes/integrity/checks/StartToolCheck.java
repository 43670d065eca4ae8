package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Masking;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.declared.BaseImages;
import dev.panoptes.integrity.declared.BaseTools;
import dev.panoptes.integrity.declared.ComposeFile;
import dev.panoptes.integrity.declared.ContainerPorts;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.DirectoryNames;
import dev.panoptes.integrity.declared.Dockerfile;
import dev.panoptes.integrity.declared.DockerfileModules;
import dev.panoptes.integrity.declared.DockerfileModules.Module;
import dev.panoptes.integrity.declared.Images;
import dev.panoptes.integrity.declared.Invocation;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An image is built or started by a shell or an interpreter that it does not hold, or names the program twice. */
final class StartToolCheck implements Check {
    private static final Set<String> INTERPRETERS = Set.of("sh", "bash", "python", "python3", "node");
    private static final Pattern SHELL = Pattern.compile("(?mi)^[ \\t]*SHELL\\s");
    private static final Pattern SHEBANG = Pattern.compile("#!\\s*(?:\\S*/env\\s+(?:-S\\s+)?)?(?:\\S*/)?(\\w+)");

    /** The entry points of Distroless images (their README), before which a command is put. */
    private static final Pattern ENTERED =
            Pattern.compile("gcr\\.io/distroless/(nodejs|python|java(?!-base))[0-9]*(-debian[0-9]+)?");

    private static final Map<String, Set<String>> ENTRIES = Map.of(
            "nodejs", Set.of("node"),
            "python", Set.of("python", "python3"),
            "java", Set.of("java"));

    private final BaseTools tools = BaseTools.read();

    @Override
    public CheckInfo info() {
        return CheckInfo.of(
                "start-tool",
                Severity.HIGH,
                CheckGroup.DOCKERFILE,
                "an image is started by a shell or interpreter that it does not hold");
    }

    @Override
    public List<CheckResult> run(World world) throws InterruptedException {
        List<CheckResult> results = new ArrayList<>();
        Declarations declarations = world.declarations();
        if (declarations == null) {
            return results;
        }
        Images images = world.links().images().orElseThrow();
        Map<String, Boolean> replaced = new HashMap<>();
        Optional<ComposeView> view = ComposeView.of(world);
        for (ComposeFile file : view.map(ComposeView::files).orElse(List.of())) {
            for (ComposeFile.Service service : file.services()) {
                boolean own = service.command() != null || service.entrypoint() != null;
                images.containers()
                        .dockerfile(service)
                        .ifPresent(dockerfile -> replaced.merge(dockerfile.rootPath(), own, Boolean::logicalAnd));
                if (own) {
                    judge(service, images.containers(), view.get().affected(service), results);
                }
            }
        }
        for (Dockerfile dockerfile : declarations.dockerfiles()) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted between Dockerfiles");
            }
            if (!dockerfile.stages().isEmpty()) {
                boolean started = !replaced.getOrDefault(dockerfile.rootPath(), false);
                judge(declarations, images.modules(), dockerfile, started, results);
            }
        }
        return results;
    }

    /** @param lack what it does not hold; null where it is named twice */
    private record Wrong(
            String base, @Nullable String lack, String what, String source, String file, int line, String text) {}

    private void judge(
            ComposeFile.Service service, ContainerPorts containers, List<String> affected, List<CheckResult> results) {
        Dockerfile.Stage stage = containers.stage(service).orElse(null);
        String base = stage == null ? service.build() == null ? service.image() : null : stage.base();
        Invocation entrypoint =
                service.entrypoint() != null || stage == null ? service.entrypoint() : stage.entrypoint();
        if (base == null || (stage == null && entrypoint == null)) {
            return; // what a pulled image begins with is its own
        }
        Set<String> lacks = tools.lacks(base).orElse(Set.of());
        Invocation first = entrypoint == null || entrypoint.words().isEmpty() ? service.command() : entrypoint;
        Wrong wrong = first == null ? null : started(base, stage, lacks, first, entrypoint == null, false, "compose");
        if (wrong != null) {
            results.add(failed(service.id(), affected, wrong));
        } else if (first != null
                && (!lacks.isEmpty() || ENTERED.matcher(BaseImages.name(base)).matches())) {
            results.add(new CheckResult.Pass(service.id()));
        }
    }

    private void judge(
            Declarations declarations,
            DockerfileModules modules,
            Dockerfile dockerfile,
            boolean started,
            List<CheckResult> results) {
        String subject = dockerfile.rootPath();
        String text = declarations.code().text(subject);
        boolean ownShell = text == null || SHELL.matcher(text).find();
        Dockerfile.Stage last = dockerfile.stages().getLast();
        Wrong wrong = null;
        boolean known = false;
        for (Dockerfile.Stage stage : dockerfile.stages()) {
            Set<String> lacks = lacks(stage);
            if (wrong == null && !ownShell && lacks.contains("sh") && !mayHold("sh", stage)) {
                wrong = run(subject, stage);
            }
        }
        Invocation entrypoint = last.entrypoint();
        Invocation first = entrypoint == null || entrypoint.words().isEmpty() ? last.command() : entrypoint;
        String base = last.base();
        if (base != null && first != null && !first.words().isEmpty()) {
            known = !lacks(last).isEmpty();
            if (wrong == null && started) {
                wrong = started(base, last, lacks(last), first, entrypoint == null, ownShell, "dockerfile");
            }
            if (wrong == null && started && modules.find(dockerfile) instanceof Module.Exists(String script)) {
                wrong = byItself(base, last, first, script, declarations.code().text(script));
            }
        }
        if (wrong != null) {
            List<String> affected = new ArrayList<>();
            DirectoryNames.of(declarations, subject, false).ifPresent(affected::add);
            affected.add(subject);
            results.add(failed(subject, affected, wrong));
        } else if (known) {
            results.add(new CheckResult.Pass(subject));
        }
    }

    private Set<String> lacks(Dockerfile.Stage stage) {
        String base = stage.base();
        return base == null ? Set.of() : tools.lacks(base).orElse(Set.of());
    }

    private static @Nullable Wrong run(String file, Dockerfile.Stage stage) {
        for (Dockerfile.Run run : stage.runs()) {
            if (!run.text().replaceFirst("^(--\\S+\\s+)+", "").startsWith("[")) {
                return new Wrong(
                        String.valueOf(stage.base()),
                        "sh",
                        "RUN of " + file + " is run by",
                        "dockerfile",
                        file,
                        run.line(),
                        "RUN " + run.text());
            }
        }
        return null;
    }

    private static @Nullable Wrong started(
            String base,
            Dockerfile.@Nullable Stage stage,
            Set<String> lacks,
            Invocation first,
            boolean entered,
            boolean ownShell,
            String source) {
        if (first.words().isEmpty()) {
            return null;
        }
        String word = first.words().getFirst();
        String program = first.shell() ? "sh" : word.substring(word.lastIndexOf('/') + 1);
        String text = String.join(" ", first.written());
        Matcher entry = ENTERED.matcher(BaseImages.name(base));
        if (entered
                && entry.matches()
                && !first.shell()
                && ENTRIES.getOrDefault(String.valueOf(entry.group(1)), Set.of())
                        .contains(word)) {
            return new Wrong(base, null, word, source, first.file(), first.line(), text);
        }
        boolean lacking = INTERPRETERS.contains(program) && lacks.contains(program) && !(first.shell() && ownShell);
        return lacking && (stage == null || !mayHold(program, stage))
                ? new Wrong(base, program, "The container is started by", source, first.file(), first.line(), text)
                : null;
    }

    /** A script that is started by its own first line. */
    private @Nullable Wrong byItself(
            String base, Dockerfile.Stage stage, Invocation first, String script, @Nullable String text) {
        String word = first.words().getFirst().strip().split("\\s+", 2)[0];
        String name = script.substring(script.lastIndexOf('/') + 1);
        Matcher shebang = SHEBANG.matcher(text == null ? "" : text);
        if (!word.substring(word.lastIndexOf('/') + 1).equals(name) || !shebang.lookingAt()) {
            return null;
        }
        String program = shebang.group(1);
        return INTERPRETERS.contains(program) && lacks(stage).contains(program) && !mayHold(program, stage)
                ? new Wrong(base, program, "Its script is run by", "code", script, 1, String.valueOf(shebang.group()))
                : null;
    }

    /** What other stages and images give may hold anything where programs are looked for. */
    private static boolean mayHold(String tool, Dockerfile.Stage stage) {
        return HealthcheckToolCheck.installed(tool, stage)
                || stage.copies().stream()
                        .anyMatch(copy -> copy.from() != null
                                && !HealthcheckToolCheck.APPLICATION
                                        .matcher(copy.destination())
                                        .matches());
    }

    private static CheckResult failed(String subject, List<String> affected, Wrong wrong) {
        Evidence evidence = new Evidence(wrong.source, wrong.file, wrong.line, Masking.mask(wrong.text));
        if (wrong.lack == null) {
            return Failure.of(subject)
                    .title("The command of " + subject + " begins with " + wrong.what
                            + ", which the entry point of its image is already")
                    .description("The image " + wrong.base + " has an entry point of its own, and what CMD names is"
                            + " passed to it: " + wrong.what + " is taken for the name of what it is to run.")
                    .affected(affected)
                    .recommend("Leave " + wrong.what + " out of the command, or write it as ENTRYPOINT")
                    .evidence(evidence)
                    .fail();
        }
        return Failure.of(subject)
                .title(wrong.what + " " + wrong.lack + ", which the image of " + subject + " does not hold")
                .description("The image " + wrong.base + " comes without " + wrong.lack
                        + ", and nothing installs it: what needs it fails at once.")
                .affected(affected)
                .recommend(
                        wrong.lack.equals("sh")
                                ? "Use the exec form, such as [\"/app/server\"], or an image with a shell"
                                : "Install " + wrong.lack + " in the image, or start by a program that it holds")
                .evidence(evidence)
                .fail();
    }
}
