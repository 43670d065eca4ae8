package dev.panoptes.integrity.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.registry.Registry;
import dev.panoptes.core.registry.RegistryLoader;
import dev.panoptes.core.registry.RegistryResult;
import dev.panoptes.integrity.adopt.AdoptedRegistry;
import dev.panoptes.integrity.adopt.TreeAdoption;
import dev.panoptes.integrity.checks.Checks;
import dev.panoptes.integrity.scan.OfflineRequest;
import dev.panoptes.integrity.scan.Scan;
import dev.panoptes.integrity.scan.ScanOutcome;
import dev.panoptes.integrity.scan.ScanRequest;
import dev.panoptes.integrity.world.World;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every project under {@code src/test/projects} and {@code src/test/projects-blind}, adopted and planned for: what is adopted is
 * not contradicted by the scan that follows, and every patch applies with Git, mends what it says and adds nothing.
 */
class EveryProjectTest {
    /**
     * What an adopted registry may bring to light that was not told without one: two agents on one port stand beside the
     * conflict of their services or units, which was told before.
     */
    private static final Map<String, Set<String>> BESIDE = Map.of(
            "port-conflict",
            Set.of(
                    "compose-host-port-conflict",
                    "compose-cross-file-port-conflict",
                    "compose-replicas-port",
                    "systemd-port-conflict",
                    "systemd-duplicate-unit",
                    "code-port-conflict",
                    "process-port-conflict",
                    "container-port-conflict"));

    /** True of what is adopted: no tree tells the actions of agents, and code whose port it does not tell has no entry. */
    private static final Set<String> LACKING = Set.of("no-actions", "dir-without-registry");

    /** True as well, and told only by a registry: thyme's unit starts basil, and a server of MCP is asked by a name that nobody has. */
    private static final Set<String> TRUE_ONES = Set.of(
            "projects-blind-163-unit-registry-mismatch identity-name-mismatch",
            "projects-blind-571-agents-and-mcp loopback-but-declared");

    @TempDir
    private Path directory;

    @Test
    void whatIsAdoptedFromATreeIsNotContradictedByTheNextScan() throws IOException, InterruptedException {
        List<String> contradicted = new ArrayList<>();
        int adopted = 0;
        for (Path file : files()) {
            Path root = written(file);
            Files.createDirectories(root.resolve(".git"));
            Path registry = registry(root);
            Files.deleteIfExists(registry);
            if (!(scanner().runWithoutRegistry(OfflineRequest.of(root, registry))
                    instanceof ScanOutcome.Completed before)) {
                // Nothing but code: there is nothing to adopt.
                continue;
            }
            World world = before.world();
            TreeAdoption.Found found = TreeAdoption.of(
                    world.declarations(), world.links().launches().all());
            if (found.agents().isEmpty()) {
                continue;
            }
            adopted++;
            Files.writeString(
                    registry, AdoptedRegistry.whole("What the tree starts", found.agents()), StandardCharsets.UTF_8);
            RegistryResult loaded = new RegistryLoader().load(registry);
            if (!(loaded instanceof RegistryResult.Loaded(Registry unused, var problems)) || !problems.isEmpty()) {
                contradicted.add(root.getFileName() + ": " + loaded);
                continue;
            }
            ScanOutcome.Completed after = scan(root, registry, false);
            Set<String> known = ids(before);
            Set<String> told = before.report().issues().stream()
                    .map(issue -> issue.check() + " " + issue.port())
                    .collect(Collectors.toSet());
            for (Issue issue : after.report().issues()) {
                if (LACKING.contains(issue.check()) || TRUE_ONES.contains(root.getFileName() + " " + issue.check())) {
                    continue;
                }
                boolean beside = BESIDE.getOrDefault(issue.check(), Set.of()).stream()
                        .anyMatch(check -> told.contains(check + " " + issue.port()));
                if (!known.contains(issue.id()) && !sameWithAnotherName(issue, before) && !beside) {
                    contradicted.add(root.getFileName() + ": " + issue.severity() + " " + issue.check() + " "
                            + issue.affected() + " " + issue.title());
                }
            }
        }
        assertThat(adopted).isGreaterThan(80);
        assertThat(contradicted).isEmpty();
    }

    /** An agent's key takes the place of the directory or unit that was named without a registry. */
    private static boolean sameWithAnotherName(Issue issue, ScanOutcome.Completed before) {
        return before.report().issues().stream()
                .anyMatch(other -> other.check().equals(issue.check())
                        && other.affected().stream()
                                .anyMatch(each -> issue.affected().contains(each)));
    }

    @Test
    void everyPatchAppliesMendsItsIssuesAndAddsNone() throws IOException, InterruptedException {
        List<String> wrong = new ArrayList<>();
        int patches = 0;
        for (Path file : files()) {
            Path root = written(file);
            Fleet.git(root, "init", "-q");
            Fleet.git(root, "add", "-A");
            Path registry = registry(root);
            boolean without = !Files.exists(registry);
            ScanOutcome.Completed before = scan(root, registry, without);
            Planner.Outcome outcome;
            try (Proof proof = Proof.of(
                    scanner(),
                    OfflineRequest.of(root, registry),
                    root,
                    before.world().declarations().agentsPath(),
                    without)) {
                outcome = new Planner(before.world(), proof, "")
                        .plan(before.report().issues());
            }
            assertThat(outcome.plans()).hasSameSizeAs(before.report().issues());
            if (outcome.patch().isEmpty()) {
                continue;
            }
            patches++;
            Path patch = Files.writeString(directory.resolve("plan.patch"), outcome.patch(), StandardCharsets.UTF_8);
            Fleet.git(root, "apply", "--whitespace=nowarn", patch.toString());
            Set<String> after = ids(scan(root, registry, without));
            Set<String> added = new TreeSet<>(after);
            added.removeAll(ids(before));
            added.forEach(issue -> wrong.add(root.getFileName() + ": adds " + issue));
            outcome.plans().stream()
                    .filter(plan -> plan.patched() && after.contains(plan.issue()))
                    .forEach(plan -> wrong.add(root.getFileName() + ": does not mend " + plan.issue()));
        }
        assertThat(wrong).isEmpty();
        assertThat(patches).isGreaterThanOrEqualTo(10);
    }

    private static List<Path> files() throws IOException {
        List<Path> all = new ArrayList<>();
        for (String folder : List.of("projects", "projects-blind")) {
            try (Stream<Path> files = Files.list(Path.of(System.getProperty("basedir", "."), "src/test", folder))) {
                files.sorted().forEach(all::add);
            }
        }
        return all;
    }

    private Path written(Path file) throws IOException {
        Path root = Files.createDirectories(directory.resolve(file.getParent().getFileName() + "-"
                + file.getFileName().toString().replace(".txt", "")));
        String path = null;
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith(">>> ")) {
                put(root, path, lines);
                path = line.substring(4).strip();
                lines.clear();
            } else if (path != null) {
                lines.add(line);
            }
        }
        put(root, path, lines);
        return root;
    }

    private static void put(Path root, @Nullable String path, List<String> lines) throws IOException {
        if (path != null) {
            Path file = root.resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, String.join("\n", lines) + "\n");
        }
    }

    private static Path registry(Path root) {
        return Stream.of("agent-registry.yaml", "config/agent-registry.yaml", "agents.yaml")
                .map(root::resolve)
                .filter(Files::exists)
                .findFirst()
                .orElse(root.resolve("agent-registry.yaml"));
    }

    private static Set<String> ids(ScanOutcome.Completed scan) {
        return scan.report().issues().stream().map(Issue::id).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Scan scanner() {
        return new Scan(
                Checks.all(), InstantSource.fixed(Instant.parse("2026-03-01T12:00:00Z")), new SplittableRandom(1));
    }

    private static ScanOutcome.Completed scan(Path root, Path registry, boolean without) throws InterruptedException {
        ScanRequest request = OfflineRequest.of(root, registry);
        ScanOutcome outcome =
                without ? scanner().runWithoutRegistry(request) : scanner().run(request);
        assertThat(outcome).as(root.getFileName().toString()).isInstanceOf(ScanOutcome.Completed.class);
        return (ScanOutcome.Completed) outcome;
    }
}
