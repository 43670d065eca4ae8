package dev.panoptes.core.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.panoptes.core.yaml.Location;
import dev.panoptes.core.yaml.Problem;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that nobody wrote in good faith: one clear problem each, in bounded time. */
class HostileYamlTest {
    private static final Duration GENEROUS = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private static List<Problem> broken(RegistryResult result) {
        assertThat(result).isInstanceOf(RegistryResult.Broken.class);
        return ((RegistryResult.Broken) result).problems();
    }

    private static void isOneProblem(List<Problem> problems, String code) {
        assertThat(problems).extracting(Problem::code).containsExactly(code);
    }

    private RegistryResult load(byte[] bytes) throws IOException {
        return new RegistryLoader().load(Files.write(directory.resolve("r.yaml"), bytes));
    }

    @Test
    void aBombOfAliasesIsRefused() {
        StringBuilder bomb = new StringBuilder("agents:\n  a0: &a0 {name: x}\n");
        for (int i = 1; i < 40; i++) {
            bomb.append("  a%d: &a%d {substeps: [*a%d, *a%d]}\n".formatted(i, i, i - 1, i - 1));
        }
        isOneProblem(
                assertTimeoutPreemptively(GENEROUS, () -> broken(Registries.load(bomb.toString()))), "too-complex");
    }

    @Test
    void aChainThatDeepensByAliasesIsRefused() {
        StringBuilder deep = new StringBuilder("agents:\n  a0: &a0 {name: x}\n");
        for (int i = 1; i < 300; i++) {
            deep.append("  a%d: &a%d [*a%d]\n".formatted(i, i, i - 1));
        }
        isOneProblem(broken(Registries.load(deep.toString())), "too-complex");
    }

    @Test
    void anAnchorThatContainsItselfIsReadAsEmpty() {
        assertThat(Registries.problems("agents: &all\n  one: {name: A, next: *all}\n  two: &two [*two]\n"))
                .containsExactly(
                        "agent-registry.yaml:2:24: the anchor 'all' contains itself; read as empty (cyclic-anchor)",
                        "agent-registry.yaml:3:14: the anchor 'two' contains itself; read as empty (cyclic-anchor)",
                        "agent-registry.yaml:3:8: agent 'two' is a list, not a map; write what it has, such as connection:, below it (wrong-type)");
    }

    /** Megabytes of one thing, in lines that are allowed and in one that is not. */
    static Stream<Arguments> floods() {
        int small = 2 << 20;
        int line = 90_000;
        return Stream.of(
                Arguments.of("[".repeat(line) + "\n", small, "too-complex"),
                Arguments.of("{".repeat(line) + "\n", small, "too-complex"),
                Arguments.of("- ".repeat(line / 2) + "\n", small, "too-complex"),
                Arguments.of("? ".repeat(line / 2) + "\n", small, "too-complex"),
                Arguments.of("a: ".repeat(line / 3) + "\n", small, "yaml-syntax"),
                Arguments.of("[\n", small, "too-complex"),
                Arguments.of("- a\n", small, "too-complex"),
                Arguments.of("- [a, b, c]\n", 16 << 20, "too-complex"),
                Arguments.of("a: 1\n", 1 << 20, "not-a-registry"),
                Arguments.of("a: 1\n", 16 << 20, "too-complex"),
                Arguments.of("a ".repeat(line / 2) + "\n", small, "not-a-registry"),
                Arguments.of("a".repeat(line) + "\n", small, "not-a-registry"),
                Arguments.of("\"" + "\\x41".repeat(line / 4) + "\"\n", small, "yaml-syntax"),
                Arguments.of("'" + "a".repeat(line) + "\n", small, "yaml-syntax"),
                Arguments.of("a\n", small, "not-a-registry"),
                Arguments.of("\n", small, "not-a-registry"),
                Arguments.of("#\n", small, "not-a-registry"),
                Arguments.of("%a\n", small, "yaml-syntax"),
                Arguments.of("---\n", small, "not-a-registry"),
                Arguments.of("&a ", line, "yaml-syntax"),
                Arguments.of("\t", line, "not-a-registry"),
                Arguments.of(" ", 16 << 20, "too-complex"),
                Arguments.of("a", 16 << 20, "too-complex"));
    }

    @ParameterizedTest(name = "[{index}] {1} bytes give {2}")
    @MethodSource("floods")
    void megabytesOfOneThingEndSoon(String unit, int size, String code) {
        String text = unit.repeat(size / unit.length());
        List<Problem> problems = assertTimeoutPreemptively(GENEROUS, () -> broken(Registries.load(text)));
        assertThat(problems.getFirst().code()).isEqualTo(code);
        assertThat(problems).hasSizeLessThan(1_100);
    }

    @Test
    void aFileBeyondTheLimitIsRefusedWithoutBeingRead() throws IOException {
        Path file = directory.resolve("large.yaml");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(100L << 30);
        }
        assertThat(broken(assertTimeoutPreemptively(GENEROUS, () -> new RegistryLoader().load(file))))
                .extracting(Problem::text)
                .containsExactly(file + ": is larger than 16777216 bytes and was not read (too-large)");
    }

    @Test
    void onlyRegularFilesAreOpened() throws IOException, InterruptedException {
        Path pipe = directory.resolve("pipe.yaml");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        RegistryLoader loader = new RegistryLoader();

        isOneProblem(broken(assertTimeoutPreemptively(GENEROUS, () -> loader.load(pipe))), "not-a-file");
        isOneProblem(broken(loader.load(Path.of("/dev/zero"))), "not-a-file");
        isOneProblem(broken(loader.load(directory)), "not-a-file");
    }

    @Test
    void whatIsNotThereIsAbsent() throws IOException {
        Path loop = directory.resolve("loop.yaml");
        Files.createSymbolicLink(loop, loop);
        Path dangling = Files.createSymbolicLink(directory.resolve("dangling.yaml"), directory.resolve("nowhere"));

        assertThat(new RegistryLoader().load(directory.resolve("none.yaml"))).isInstanceOf(RegistryResult.Absent.class);
        assertThat(new RegistryLoader().load(dangling)).isInstanceOf(RegistryResult.Absent.class);
        isOneProblem(broken(new RegistryLoader().load(loop)), "unreadable");
        Path file = Files.write(directory.resolve("file"), new byte[0]);
        assertThat(new RegistryLoader().load(file.resolve("below"))).isInstanceOf(RegistryResult.Absent.class);
    }

    @Test
    void aFileThatMayNotBeReadIsNeitherAbsentNorEmpty() throws IOException {
        Path file = Files.writeString(directory.resolve("secret.yaml"), "agents: {}\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        RegistryResult result = new RegistryLoader().load(file);
        if (Files.isReadable(file)) {
            assertThat(result).as("root may read everything").isInstanceOf(RegistryResult.Loaded.class);
        } else {
            isOneProblem(broken(result), "unreadable");
        }
    }

    @Test
    void aBinaryFileIsOneProblem() throws IOException {
        byte[] bytes = new byte[4_096];
        new java.util.Random(1).nextBytes(bytes);
        bytes[100] = 0;
        isOneProblem(broken(load(bytes)), "binary");
        assertThat(broken(load("agents: {a: {name: \u0007}}".getBytes(UTF_8))))
                .extracting(Problem::message)
                .containsExactly("the character U+0007 is not allowed");
        assertThat(broken(load("agents:\n  a: {name: '\u001b'}".getBytes(UTF_8)))
                        .getFirst()
                        .location())
                .isEqualTo(new Location(2, 14));
    }

    @Test
    void invalidUtf8IsToldAndTheRestIsRead() throws IOException {
        byte[] bytes = "agents:\n  one: {name: Gr\u00fcn}\n  two: {name: B}\n".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(load(bytes)).isInstanceOfSatisfying(RegistryResult.Loaded.class, loaded -> {
            isOneProblem(loaded.problems(), "invalid-encoding");
            assertThat(loaded.problems().getFirst().location()).isEqualTo(new Location(2, 17));
            assertThat(loaded.registry().agents().getFirst().name().value()).isEqualTo("Gr\uFFFDn");
            assertThat(loaded.registry().agents()).hasSize(2);
        });
    }

    @Test
    void byteOrderMarksTellTheEncoding() throws IOException {
        String text = "agents: {one: {name: \u00d6}}\n";
        for (byte[] bytes : List.of(
                ("\uFEFF" + text).getBytes(UTF_8),
                ("\uFEFF" + text).getBytes(StandardCharsets.UTF_16LE),
                ("\uFEFF" + text).getBytes(StandardCharsets.UTF_16BE))) {
            assertThat(load(bytes)).isInstanceOfSatisfying(RegistryResult.Loaded.class, loaded -> {
                assertThat(loaded.problems()).isEmpty();
                assertThat(loaded.registry().agents().getFirst().name().value()).isEqualTo("\u00d6");
            });
        }
    }

    @Test
    void tabsAndOtherSyntaxErrorsNameTheirPlace() {
        assertThat(Registries.problems("agents:\n\tone: {}\n"))
                .singleElement()
                .asString()
                .startsWith("agent-registry.yaml:2:1: ")
                .endsWith("(yaml-syntax)");
        assertThat(Registries.problems("agents:\n  one: {\n  two: }\n  x: [\n"))
                .singleElement()
                .asString()
                .startsWith("agent-registry.yaml:")
                .endsWith("(yaml-syntax)");
    }

    @Test
    void ofSeveralDocumentsTheFirstIsRead() {
        assertThat(Registries.problems("agents: {a: {}}\n---\nagents: {b: {}}\n"))
                .containsExactly("agent-registry.yaml:2:1: a second document starts here; only the first was read"
                        + " (several-documents)");
    }

    @Test
    void tagsConstructNothing() {
        Registry registry =
                Registries.clean("agents: {a: !!javax.script.ScriptEngineManager {name: !!java.net.URL x, connection:"
                        + " !!python/object:os.system {url: 'http://a:1'}}}");
        assertThat(registry.agents().getFirst().name().value()).isEqualTo("x");
    }

    @Test
    void anUnknownAnchorIsReadAsEmpty() {
        assertThat(Registries.problems("agents: {a: *nowhere}\n"))
                .containsExactly(
                        "agent-registry.yaml:1:13: no anchor 'nowhere' stands before; write &nowhere in front of the value that is meant, above this line (unknown-anchor)");
    }

    @Test
    void keysThatAreNoTextAreIgnored() {
        assertThat(Registries.problems("agents:\n  [a, b]: {}\n  '': {}\n  ok: {}\n"))
                .containsExactly(
                        "agent-registry.yaml:2:3: a key is a list; it was ignored (wrong-type)",
                        "agent-registry.yaml:3:3: an agent has no key; it was ignored (empty-key)");
    }

    @Test
    void theRegistryOfAVeryLargeFleetIsRead() {
        StringBuilder text = new StringBuilder("agents:\n");
        for (int i = 0; i < 10_000; i++) {
            text.append(
                    "  agent-%d:\n    name: Agent %d\n    connection: {url: 'http://agent-%d:%d'}\n    actions: {go: {endpoint: /go, method: POST}}\n"
                            .formatted(i, i, i, 10_000 + i));
        }
        assertThat(Registries.clean(text.toString()).agents()).hasSize(10_000);
    }
}
