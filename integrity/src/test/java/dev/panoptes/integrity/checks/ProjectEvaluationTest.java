package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckGroup;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Judges small projects that look like those of other people, each with what is wrong with it written down beside it (see
 * {@code src/test/projects}), and counts what is found, falsely said and passed in silence.
 */
class ProjectEvaluationTest {
    private static final Set<CheckGroup> DECLARED = Set.of(
            CheckGroup.REGISTRY,
            CheckGroup.CODE,
            CheckGroup.COMPOSE,
            CheckGroup.DOCKERFILE,
            CheckGroup.SYSTEMD,
            CheckGroup.KUBERNETES);

    @TempDir
    private Path directory;

    /** @param faults what must be told; @param also what may be told besides; @param unknown what must be unknown */
    private record Project(String name, List<String[]> faults, List<String[]> also, List<String> unknown) {}

    @Test
    void thePlantedFaultsAreToldAndNobodyElseIsAccused() throws IOException, InterruptedException {
        List<String> told = new ArrayList<>();
        int found = 0;
        int planted = 0;
        List<String> falsely = new ArrayList<>();
        List<String> missed = new ArrayList<>();
        for (Path file : files()) {
            Path root = directory.resolve(file.getFileName().toString().replace(".txt", ""));
            FleetTree tree = new FleetTree(root);
            Project project = write(file, root, tree);
            World world = tree.world();
            List<String> unknowns = new ArrayList<>();
            List<String[]> open = new ArrayList<>(project.faults());
            planted += open.size();
            for (Check check : Checks.all()) {
                if (!DECLARED.contains(check.info().group())) {
                    continue;
                }
                for (CheckResult result : check.run(world)) {
                    if (result instanceof CheckResult.Unknown(String subject, String reason)) {
                        unknowns.add(subject + ": " + reason);
                    }
                    if (result instanceof CheckResult.Fail(Failure failure)) {
                        String id = check.info().id();
                        String about = failure.subject() + " " + failure.affected() + " " + failure.title();
                        boolean expected = open.removeIf(fault -> fits(fault, id, about));
                        boolean allowed = expected
                                || Stream.concat(project.faults().stream(), project.also().stream())
                                        .anyMatch(fault -> fits(fault, id, about));
                        if (!allowed && check.info().severity().atLeast(Severity.MEDIUM)) {
                            falsely.add(project.name() + ": " + id + ": " + failure.title());
                        }
                        told.add(id);
                    }
                }
            }
            found += project.faults().size() - open.size();
            open.forEach(fault -> missed.add(project.name() + ": " + String.join(" ", fault)));
            for (String unknown : project.unknown()) {
                if (unknowns.stream().noneMatch(line -> line.contains(unknown))) {
                    missed.add(project.name() + ": unknown " + unknown);
                }
            }
        }
        assertThat(told).isNotEmpty();
        assertThat(falsely).as("falsely said").isEmpty();
        assertThat(missed).as("missed, of %s with %s found", planted, found).isEmpty();
    }

    private static boolean fits(String[] fault, String check, String about) {
        return check.equals(fault[0]) && about.contains(fault[1]);
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("basedir", "."), "src/test/projects"))) {
            return files.sorted().toList();
        }
    }

    private static Project write(Path file, Path root, FleetTree tree) throws IOException {
        List<String[]> faults = new ArrayList<>();
        List<String[]> also = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        String path = null;
        List<String> lines = new ArrayList<>();
        boolean agents = false;
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith(">>> ")) {
                put(path, lines, tree);
                path = line.substring(4).strip();
                agents |= path.startsWith("agents/");
                lines.clear();
            } else if (path != null) {
                lines.add(line);
            } else if (line.startsWith("## fault ")) {
                faults.add(line.substring(9).split(" ", 2));
            } else if (line.startsWith("## also ")) {
                also.add(line.substring(8).split(" ", 2));
            } else if (line.startsWith("## unknown ")) {
                unknown.add(line.substring(11));
            }
        }
        put(path, lines, tree);
        tree.agentsAt(agents ? "agents" : null);
        return new Project(root.getFileName().toString(), faults, also, unknown);
    }

    private static void put(String path, List<String> lines, FleetTree tree) {
        if (path != null) {
            tree.file(path, lines.toArray(String[]::new));
        }
    }
}
