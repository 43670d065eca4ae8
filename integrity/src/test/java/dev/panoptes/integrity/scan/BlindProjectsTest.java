package dev.panoptes.integrity.scan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.integrity.checks.Checks;
import dev.panoptes.integrity.verdict.ScanReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Scans the projects of somebody who had not read the checks (see {@code src/test/projects-blind} and docs/evaluation.md) as a user
 * does who names nothing. {@code ## truth} lines are what is wrong, in words; {@code ## fault} says by which check it is told,
 * {@code ## unknown} that it is unknown, {@code ## also} what else may be said. {@code ## false} is what is said and is wrong, found
 * at a first run and not mended yet: the line must go as soon as it is no longer said.
 */
class BlindProjectsTest {
    /** Of all that is wrong, at least so much is told; raised with every kind that is learned, lower while a batch is as first run. */
    private static final double TOLD = 0.78;

    @TempDir
    private Path directory;

    private int truths;
    private int told;
    private int unknown;
    private int accusations;
    private final List<String> falsely = new ArrayList<>();
    private final List<String> lost = new ArrayList<>();
    private final List<String> mended = new ArrayList<>();

    @Test
    void whatIsWrongIsToldAndNobodyElseIsAccused() throws IOException, InterruptedException {
        for (Path file : files()) {
            judge(file, directory.resolve(file.getFileName().toString().replace(".txt", "")));
        }
        assertThat(lost).as("told or unknown before, and no longer").isEmpty();
        assertThat(falsely).as("falsely said, of %s", accusations).isEmpty();
        assertThat(mended).as("labelled ## false, and no longer said").isEmpty();
        assertThat((double) told / truths)
                .as("told, of %s with %s unknown", truths, unknown)
                .isGreaterThanOrEqualTo(TOLD);
    }

    @Test
    void aTreeThatWasScannedBeforeGivesTheSameReport() throws IOException, InterruptedException {
        Path cache = directory.resolve("cache");
        for (Path file : files()) {
            Path root = directory.resolve(file.getFileName().toString().replace(".txt", ""));
            write(file, root, new Labels());
            InstantSource later = InstantSource.fixed(
                    Files.getLastModifiedTime(file(root)).toInstant().plusSeconds(3_600));
            ScanReport fresh = scan(root, null, later);
            assertThat(scan(root, cache, later)).as("%s, first", root).isEqualTo(fresh);
            assertThat(scan(root, cache, later)).as("%s, again", root).isEqualTo(fresh);
        }
        try (Stream<Path> kept = Files.list(cache)) {
            assertThat(kept.filter(file -> file.getFileName().toString().startsWith("read-")))
                    .as("trees that were kept")
                    .hasSizeGreaterThan(files().size() * 9 / 10);
        }
    }

    private static Path file(Path root) throws IOException {
        return Files.writeString(root.resolve(".git/HEAD"), "");
    }

    private void judge(Path file, Path root) throws IOException, InterruptedException {
        Labels labels = new Labels();
        write(file, root, labels);
        ScanReport report = scan(root);
        List<String> open = report.unknowns().stream()
                .map(each -> each.check() + " " + each.subject() + ": " + each.reason())
                .toList();
        List<String> issues = new ArrayList<>();
        for (Issue issue : report.issues()) {
            String about = issue.check() + " " + issue.affected() + " " + issue.title();
            issues.add(about);
            if (issue.severity().atLeast(Severity.MEDIUM)) {
                accusations++;
                if (labels.allowed().noneMatch(label -> fits(label, about))) {
                    falsely.add(root.getFileName() + ": " + issue.severity() + " " + about);
                }
            }
        }
        for (String[] wrong : labels.wrong) {
            if (issues.stream().noneMatch(about -> fits(wrong, about))) {
                mended.add(root.getFileName() + ": " + String.join(" ", wrong));
            }
        }
        for (String[] fault : labels.faults) {
            if (issues.stream().anyMatch(about -> fits(fault, about))) {
                told++;
            } else {
                lost.add(root.getFileName() + ": " + String.join(" ", fault));
            }
        }
        for (String each : labels.unknowns) {
            if (open.stream().anyMatch(line -> line.contains(each))) {
                unknown++;
            } else {
                lost.add(root.getFileName() + ": unknown " + each);
            }
        }
    }

    private static boolean fits(String[] label, String about) {
        return about.startsWith(label[0] + " ") && about.contains(label[1]);
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("basedir", "."), "src/test/projects-blind"))) {
            return files.sorted().toList();
        }
    }

    private void write(Path file, Path root, Labels labels) throws IOException {
        Files.createDirectories(root.resolve(".git"));
        String path = null;
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith(">>> ")) {
                put(root, path, lines);
                path = line.substring(4).strip();
                lines.clear();
            } else if (path != null) {
                lines.add(line);
            } else if (line.startsWith("## truth ")) {
                truths++;
            } else if (line.startsWith("## fault ")) {
                labels.faults.add(line.substring(9).split(" ", 2));
            } else if (line.startsWith("## also ")) {
                labels.also.add(line.substring(8).split(" ", 2));
            } else if (line.startsWith("## false ")) {
                labels.wrong.add(line.substring(9).split(" ", 2));
            } else if (line.startsWith("## unknown ")) {
                labels.unknowns.add(line.substring(11));
            }
        }
        put(root, path, lines);
    }

    private static void put(Path root, @Nullable String path, List<String> lines) throws IOException {
        if (path != null) {
            Path file = root.resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, String.join("\n", lines) + "\n");
        }
    }

    private static ScanReport scan(Path root) throws InterruptedException {
        return scan(root, null, InstantSource.fixed(Instant.parse("2026-03-01T12:00:00Z")));
    }

    private static ScanReport scan(Path root, @Nullable Path cache, InstantSource clock) throws InterruptedException {
        Path registry = Stream.of("agent-registry.yaml", "config/agent-registry.yaml", "agents.yaml")
                .map(root::resolve)
                .filter(Files::exists)
                .findFirst()
                .orElse(root.resolve("agent-registry.yaml"));
        ScanRequest request = OfflineRequest.of(root, registry, cache);
        Scan scan = new Scan(Checks.all(), clock, new SplittableRandom(1));
        ScanOutcome outcome = Files.exists(registry) ? scan.run(request) : scan.runWithoutRegistry(request);
        if (outcome instanceof ScanOutcome.Completed(ScanReport report, var world)) {
            return report;
        }
        throw new AssertionError("the scan of " + root.getFileName() + " was refused: " + outcome);
    }

    /** What stands before the files of a project. */
    private static final class Labels {
        private final List<String[]> faults = new ArrayList<>();
        private final List<String[]> also = new ArrayList<>();
        private final List<String[]> wrong = new ArrayList<>();
        private final List<String> unknowns = new ArrayList<>();

        private Stream<String[]> allowed() {
            return Stream.of(faults, also, wrong).flatMap(List::stream);
        }
    }
}
