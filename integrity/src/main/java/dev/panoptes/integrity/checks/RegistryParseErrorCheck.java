package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.DeclaredAgent;
import dev.panoptes.core.yaml.Location;
import dev.panoptes.core.yaml.Problem;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckInfo;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.RegistryView;
import dev.panoptes.integrity.world.World;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Fails when the registry is there but cannot be read as one. Where it could be read in spite of problems, what they hide
 * is unknown: a key that stands twice, a list where a map is expected.
 */
final class RegistryParseErrorCheck implements Check {
    private static final CheckInfo INFO = CheckInfo.single(
            "registry-parse-error",
            "registry_error",
            Severity.CRITICAL,
            CheckGroup.REGISTRY,
            "the registry is there but unreadable or not a registry");
    private static final String SUBJECT = "registry";
    private static final int MOST_EVIDENCE = 20;

    @Override
    public CheckInfo info() {
        return INFO;
    }

    @Override
    public List<CheckResult> run(World world) {
        RegistryView view = world.declared();
        if (view.broken()) {
            return List.of(broken(view));
        }
        Set<Location> agents =
                view.registry().declared().stream().map(DeclaredAgent::location).collect(Collectors.toSet());
        // That an agent's key stands twice hides nothing: duplicate-agent tells it.
        List<Problem> hiding = view.problems().stream()
                .filter(problem -> !(problem.code().equals("duplicate-key") && agents.contains(problem.location())))
                .toList();
        if (hiding.isEmpty()) {
            return List.of(new CheckResult.Pass(SUBJECT));
        }
        Problem first = hiding.getFirst();
        String more = hiding.size() == 1 ? "" : " (one of " + hiding.size() + " problems)";
        return List.of(
                new CheckResult.Unknown(SUBJECT, "line " + first.location().line() + ": " + first.message() + more));
    }

    private static CheckResult broken(RegistryView view) {
        String file = view.registry().file();
        Problem first = view.problems().isEmpty()
                ? new Problem("unreadable", file, Location.WHOLE_FILE, "cannot be read")
                : view.problems().getFirst();
        if (first.code().equals("absent")) {
            return Failure.of(SUBJECT)
                    .title("There is no registry")
                    .description("There is no file " + file
                            + ", where the registry is expected. Nothing could be compared" + " with it.")
                    .affected(file)
                    .evidence(List.of(new Evidence("registry", file, 0, "there is no such file (absent)")))
                    .recommend(
                            "Put the registry there, or set 'registry' to where it is; 'panoptes adopt' writes a first"
                                    + " one from what is seen")
                    .fail();
        }
        return Failure.of(SUBJECT)
                .title("The registry cannot be read")
                .description(file + " is there but is no usable registry: " + first.message()
                        + ". Nothing could be compared with it.")
                .affected(file)
                .evidence(view.problems().stream()
                        .limit(MOST_EVIDENCE)
                        .map(problem -> new Evidence(
                                "registry",
                                problem.file(),
                                problem.location().line(),
                                problem.message() + " (" + problem.code() + ")"))
                        .toList())
                .recommend("Correct the file at the line shown; 'panoptes validate " + file + "' lists every problem")
                .fail();
    }
}
