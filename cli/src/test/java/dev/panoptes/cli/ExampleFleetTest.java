package dev.panoptes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.cli.demo.DemoFault;
import dev.panoptes.cli.demo.DemoFleet;
import dev.panoptes.cli.demo.DemoScan;
import dev.panoptes.cli.demo.FleetCopy;
import dev.panoptes.core.issue.Issue;
import dev.panoptes.integrity.plan.Planner;
import dev.panoptes.integrity.plan.Proof;
import dev.panoptes.integrity.scan.ScanOutcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example fleet, really started: what is found in it, and what its plan mends. */
@Tag("it")
class ExampleFleetTest {
    private static final Path EXAMPLE =
            Path.of("..", "examples", "fleet").toAbsolutePath().normalize();

    @TempDir
    Path directory;

    @Test
    void everyPlantedFaultAndItsConsequencesAreFoundAndNothingElse() throws IOException, InterruptedException {
        ScanOutcome.Completed scan = scan(EXAMPLE);
        Set<String> found = scan.report().issues().stream()
                .map(issue -> issue.severity().id() + " " + issue.id())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(found).containsExactlyInAnyOrderElementsOf(lines("expected/issues.txt"));
        assertThat(ids(scan)).containsAll(lines("expected/faults.txt"));
    }

    @Test
    void thePatchOfThePlanMendsMostFaultsAndAddsNone() throws IOException, InterruptedException {
        Path fleet = directory.resolve("fleet");
        FleetCopy.copyTree(EXAMPLE, fleet);
        // Only what Git holds is ever deleted by a patch.
        run(fleet, "git", "init", "-q");
        run(fleet, "git", "add", "-A");
        ScanOutcome.Completed before = scan(fleet);
        try (Proof proof = demoScan(fleet, "127.0.0.1").proof()) {
            Planner planner = new Planner(before.world(), proof, "");
            Files.writeString(
                    directory.resolve("the.patch"),
                    planner.plan(before.report().issues()).patch());
        }
        run(
                fleet,
                "git",
                "apply",
                "--whitespace=nowarn",
                directory.resolve("the.patch").toString());

        // The plan frees a port for CERBERUS, so now it can run.
        Files.writeString(
                fleet.resolve("start.list"),
                Files.readString(fleet.resolve("start.list")) + "agents/cerberus python3 main.py 8022\n");
        ScanOutcome.Completed after = scan(fleet);
        List<String> faults = lines("expected/faults.txt");
        List<String> left = new ArrayList<>(faults);
        left.retainAll(ids(after));
        assertThat(left).as("faults that the patch leaves").hasSizeLessThanOrEqualTo(faults.size() / 5);
        Set<String> added = new TreeSet<>(ids(after));
        added.removeAll(ids(before));
        assertThat(added).as("issues that the patch adds").isEmpty();
    }

    @Test
    void everyFaultOfTheDemoIsFound() throws IOException, InterruptedException {
        assertThat(added(DemoFault.SWAP))
                .contains(
                        "identity-mismatch-smith",
                        "identity-mismatch-fletcher",
                        "listener-owner-smith-fletcher",
                        "listener-owner-fletcher-smith");
        assertThat(added(DemoFault.CLONE))
                .contains("dir-without-registry-archivist-backup", "code-port-conflict-8301")
                .anyMatch(id -> id.startsWith("duplicate-dir-archivist"));
        assertThat(added(DemoFault.MOVE)).contains("registry-without-dir-daedalus");
        assertThat(added(DemoFault.STOP)).containsExactly("port-not-listening-8209");
    }

    private Set<String> added(DemoFault fault) throws IOException, InterruptedException {
        try (FleetCopy copy = FleetCopy.of(EXAMPLE, fault)) {
            Set<String> added = new TreeSet<>(ids(scan(copy.root())));
            lines("expected/issues.txt").forEach(line -> added.remove(line.substring(line.indexOf(' ') + 1)));
            return added;
        }
    }

    private ScanOutcome.Completed scan(Path fleet) throws IOException, InterruptedException {
        try (DemoFleet running = new DemoFleet(fleet, new SplittableRandom())) {
            running.start();
            return (ScanOutcome.Completed) demoScan(fleet, running.address()).run();
        }
    }

    private DemoScan demoScan(Path fleet, String address) {
        return new DemoScan(
                fleet, address, new Session(directory).shell(new ByteArrayOutputStream(), new ByteArrayOutputStream()));
    }

    private static Set<String> ids(ScanOutcome.Completed scan) {
        return scan.report().issues().stream().map(Issue::id).collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<String> lines(String file) throws IOException {
        return Files.readAllLines(EXAMPLE.resolve(file)).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
    }

    private static void run(Path where, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(where.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }
}
