package dev.panoptes.integrity.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.issue.Issue;
import dev.panoptes.integrity.checks.Checks;
import dev.panoptes.integrity.fleet.Profile;
import dev.panoptes.integrity.judging.Selection;
import dev.panoptes.integrity.scan.Scan;
import dev.panoptes.integrity.scan.ScanOutcome;
import dev.panoptes.integrity.scan.ScanRequest;
import dev.panoptes.integrity.verdict.Baseline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A small fleet in a Git work tree: it is planned for, the patch is applied by Git, and it is scanned again. */
final class Fleet {
    private final Path root;

    Fleet(Path root) {
        this.root = root;
    }

    /** A Python program that binds this port and reports this name. */
    static String server(String name, int port) {
        return """
            import json
            from http.server import BaseHTTPRequestHandler, HTTPServer

            PORT = %d


            class Handler(BaseHTTPRequestHandler):
                def do_GET(self):
                    if self.path == "/health":
                        self.send_response(200)
                        self.end_headers()
                        self.wfile.write(json.dumps({"agent": "%s"}).encode())


            if __name__ == "__main__":
                HTTPServer(("127.0.0.1", PORT), Handler).serve_forever()
            """.formatted(port, name);
    }

    Fleet write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text, StandardCharsets.UTF_8);
        return this;
    }

    String read(String path) throws IOException {
        return Files.readString(root.resolve(path), StandardCharsets.UTF_8);
    }

    /** Into Git's index, as a commit would hold it. */
    Fleet track() throws IOException, InterruptedException {
        git(root, "init", "-q");
        git(root, "add", "-A");
        return this;
    }

    /** What the plan offered, and what was found before and after its patch was applied. */
    record Result(Planner.Outcome outcome, Set<String> before, Set<String> after) {
        /** The plan of an issue. */
        FixPlan plan(String issue) {
            return outcome.plans().stream()
                    .filter(plan -> plan.issue().equals(issue))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Plans, applies the patch where there is one, scans again; the patch never adds an issue. */
    Result planned() throws IOException, InterruptedException {
        return planned(null);
    }

    Result planned(@Nullable String only) throws IOException, InterruptedException {
        ScanOutcome.Completed scan = scan();
        Planner.Outcome outcome;
        try (Proof proof =
                Proof.of(scanner(), request(), root, scan.world().declarations().agentsPath())) {
            Planner planner = new Planner(scan.world(), proof, "");
            List<Issue> issues = scan.report().issues();
            outcome = only == null
                    ? planner.plan(issues)
                    : planner.plan(
                            issues,
                            issues.stream()
                                    .filter(issue -> issue.id().equals(only))
                                    .findFirst()
                                    .orElseThrow());
        }
        if (!outcome.patch().isEmpty()) {
            Path patch = Files.createTempFile(root.getParent(), "plan", ".patch");
            Files.writeString(patch, outcome.patch(), StandardCharsets.UTF_8);
            git(root, "apply", "--whitespace=nowarn", patch.toString());
        }
        Set<String> before = ids(scan);
        Set<String> after = ids(scan());
        Set<String> added = new TreeSet<>(after);
        added.removeAll(before);
        assertThat(added).as("issues that the patch adds").isEmpty();
        return new Result(outcome, before, after);
    }

    ScanOutcome.Completed scan() throws InterruptedException {
        ScanOutcome outcome = scanner().run(request());
        assertThat(outcome).isInstanceOf(ScanOutcome.Completed.class);
        return (ScanOutcome.Completed) outcome;
    }

    private static Set<String> ids(ScanOutcome.Completed scan) {
        return scan.report().issues().stream().map(Issue::id).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Scan scanner() {
        return new Scan(
                Checks.all(), InstantSource.fixed(Instant.parse("2026-03-01T12:00:00Z")), new SplittableRandom(1));
    }

    /** As the command makes it: without options at the top of a work tree, where root and agents path are found. */
    private ScanRequest request() {
        boolean top = Files.exists(root.resolve(".git"));
        Path agents = root.resolve("agents");
        return new ScanRequest(
                root.resolve("agent-registry.yaml"),
                Profile.NONE,
                top || !Files.isDirectory(agents) ? null : agents,
                top ? null : root,
                root.resolve("nobodys-home"),
                null,
                Path.of("/"),
                Map.of(),
                true,
                Selection.ALL,
                List.of(),
                Baseline.NONE,
                List.of(),
                ScanRequest.SNAPSHOT_MAX_AGE,
                List.of(),
                null,
                Duration.ofSeconds(1),
                Duration.ofMinutes(1),
                4,
                List.of(),
                null);
    }

    static void git(Path folder, String... words) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                java.util.stream.Stream.concat(java.util.stream.Stream.of("git"), java.util.Arrays.stream(words))
                        .toList());
        builder.directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
        builder.environment().put("HOME", folder.toString());
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }
}
