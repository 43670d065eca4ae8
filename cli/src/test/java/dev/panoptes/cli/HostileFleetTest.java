package dev.panoptes.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.panoptes.cli.Session.Run;
import dev.panoptes.cli.shell.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Whole scans of fleets that a mutator damaged: registry, code, compose files, Dockerfiles, units and snapshot at once. No
 * reader, check or report writer may throw or hang. Every fleet is made from its number alone, so a failure names the one that
 * shows it again. {@code -Dpanoptes.fuzz.seconds=600} runs longer, {@code -Dpanoptes.fuzz.seed=N} elsewhere.
 */
final class HostileFleetTest {
    private static final Path EXAMPLE = Path.of("../examples/fleet");
    private static final Duration LONGEST_ONE = Duration.ofSeconds(20);
    private static final List<String> FORMATS =
            List.of("json", "text", "sarif", "junit", "nagios", "prometheus", "html");
    private static final List<String> TOKENS = List.of(
            "&a ",
            "*a",
            "<<: ",
            "- ",
            "[",
            "]",
            "{",
            "}",
            "\n",
            "\r",
            "\t",
            "|",
            "'",
            "\"",
            "\\",
            "\\\n",
            "#",
            "%i",
            "!!",
            "---\n",
            "~",
            "\0",
            "\u2028",
            "\u202e",
            "${",
            "}}",
            "$$",
            "(",
            ")",
            "=",
            "::",
            "../",
            "/",
            "ExecStart=",
            "[Service]\n",
            "FROM ",
            "CMD ",
            "ports: ",
            "url: ",
            "agents:\n",
            "99999999999999999999",
            "-1",
            "0",
            "8020",
            "null",
            "true",
            "1e999",
            "\"port\":");

    @TempDir
    private Path directory;

    @Test
    @Timeout(value = 2, unit = TimeUnit.HOURS)
    void noDamageMakesAScanThrowOrHang() throws IOException {
        long seconds = Long.getLong("panoptes.fuzz.seconds", 3);
        long seed = Long.getLong("panoptes.fuzz.seed", 0);
        Map<Path, byte[]> originals = originals();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        int judged = 0;
        long number = seed;
        do {
            judged += tryOne(number, originals) ? 1 : 0;
            number++;
        } while (System.nanoTime() < end);
        assertThat(judged)
                .as("scans that judged something, of %d", number - seed)
                .isPositive();
    }

    private boolean tryOne(long number, Map<Path, byte[]> originals) throws IOException {
        SplittableRandom random = new SplittableRandom(number);
        for (Map.Entry<Path, byte[]> original : originals.entrySet()) {
            byte[] bytes = random.nextInt(3) == 0 ? damaged(original.getValue(), random) : original.getValue();
            Files.write(directory.resolve(original.getKey()), bytes);
        }
        String format = FORMATS.get(random.nextInt(FORMATS.size()));
        long start = System.nanoTime();
        Run json = scan("json");
        Run other = scan(format);
        if (Duration.ofNanos(System.nanoTime() - start).compareTo(LONGEST_ONE) > 0) {
            return fail("fleet %d took too long", number);
        }
        assertThat(json.out() + other.out()).as("fleet %d", number).doesNotContain("Exception");
        if (json.code() == ExitCode.USAGE) {
            assertThat(json.err())
                    .as("fleet %d", number)
                    .startsWith("panoptes: ")
                    .contains("snapshot.json")
                    .doesNotContain("Exception");
            return false;
        }
        assertThat(json.code())
                .as("fleet %d: %s", number, json.err())
                .isIn(ExitCode.OK, ExitCode.FAILED, ExitCode.INCOMPLETE);
        assertThat(other.out()).as("fleet %d: %s", number, other.err()).isNotBlank();
        JsonNode report = new JsonMapper().readTree(json.out());
        for (JsonNode issue : report.get("issues")) {
            assertThat(issue.get("check").stringValue())
                    .as("fleet %d: %s", number, issue)
                    .isNotEqualTo("scanner-error");
            assertThat(issue.get("affected")).as("fleet %d: %s", number, issue).isNotEmpty();
            assertThat(issue.get("evidence")).as("fleet %d: %s", number, issue).isNotEmpty();
        }
        for (JsonNode unknown : report.get("unknowns")) {
            assertThat(unknown.get("reason").stringValue())
                    .as("fleet %d: %s", number, unknown)
                    .doesNotContain("could not be followed", "\n");
        }
        return report.get("passed_checks").intValue() > 0;
    }

    private Run scan(String format) {
        return new Session(directory)
                .run(
                        "scan",
                        "--registry",
                        path("fleet/agent-registry.yaml"),
                        "--root",
                        path("fleet"),
                        "--agents-path",
                        path("fleet/agents"),
                        "--from-snapshot",
                        path("snapshot.json"),
                        "--no-cache",
                        "--format",
                        format);
    }

    private String path(String name) {
        return directory.resolve(name).toString();
    }

    /** By their path below the test's directory; the folders are made. */
    private Map<Path, byte[]> originals() throws IOException {
        Map<Path, byte[]> originals = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(EXAMPLE)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                Path copy = Path.of("fleet").resolve(EXAMPLE.relativize(path));
                Files.createDirectories(directory.resolve(copy).getParent());
                originals.put(copy, Files.readAllBytes(path));
            }
        }
        Run observed = new Session(directory)
                .run(
                        "observe",
                        "--registry",
                        EXAMPLE.resolve("agent-registry.yaml").toAbsolutePath().toString(),
                        "--output",
                        path("snapshot.json"));
        assertThat(observed.code()).as(observed.err()).isEqualTo(ExitCode.OK);
        originals.put(Path.of("snapshot.json"), Files.readAllBytes(directory.resolve("snapshot.json")));
        return originals;
    }

    private static byte[] damaged(byte[] original, SplittableRandom random) {
        byte[] bytes = original;
        for (int edits = 1 + random.nextInt(5); edits > 0; edits--) {
            int at = random.nextInt(bytes.length + 1);
            int to = Math.min(bytes.length, at + random.nextInt(80));
            byte[] head = Arrays.copyOf(bytes, at);
            bytes = switch (random.nextInt(6)) {
                case 0 -> joined(head, Arrays.copyOfRange(bytes, to, bytes.length));
                case 1 -> joined(Arrays.copyOf(bytes, to), Arrays.copyOfRange(bytes, at, bytes.length));
                case 2 -> head;
                case 3 -> {
                    byte[] one = {(byte) random.nextInt(256)};
                    yield joined(joined(head, one), Arrays.copyOfRange(bytes, to, bytes.length));
                }
                default -> {
                    byte[] token = TOKENS.get(random.nextInt(TOKENS.size()))
                            .repeat(1 + random.nextInt(random.nextInt(8) == 0 ? 500 : 2))
                            .getBytes(StandardCharsets.UTF_8);
                    yield joined(joined(head, token), Arrays.copyOfRange(bytes, at, bytes.length));
                }
            };
        }
        return bytes;
    }

    private static byte[] joined(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}
