package dev.panoptes.code;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that are damaged in every way a mutator thinks of: no exception, no hang. {@code -Dpanoptes.fuzz=N} asks for more. */
@Timeout(60)
final class HostileCodeTest {
    private static final int ROUNDS = Integer.getInteger("panoptes.fuzz", 1);
    private static final List<String> TOKENS = List.of(
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
            "\"",
            "'",
            "`",
            "\\",
            "\n",
            "\t",
            ":",
            "=",
            "*",
            "**",
            "@",
            "lambda ",
            "if ",
            "class X: ",
            "def f(): ",
            "return ",
            "${",
            "f\"{",
            "0x",
            "99999999999999999999",
            "-1",
            "\0",
            "\u202e",
            "...",
            "await ",
            "import ");

    @TempDir
    private Path temporary;

    @ParameterizedTest
    @CsvSource({"python, 11", "javascript, 12", "go, 13", "java, 14", "shell, 15"})
    void damagedFilesAreReadWithoutAnException(String language, long seed)
            throws IOException, InterruptedException, URISyntaxException {
        Random random = new Random(seed);
        List<CorpusCase> cases = CorpusTest.cases(language);
        for (int round = 0; round < ROUNDS; round++) {
            Path root = temporary.resolve(language + round);
            for (CorpusCase one : cases) {
                for (Map.Entry<String, String> file : one.files().entrySet()) {
                    Path path = root.resolve("agents").resolve(one.name()).resolve(file.getKey());
                    Files.createDirectories(path.getParent());
                    Files.write(path, damaged(file.getValue().getBytes(StandardCharsets.UTF_8), random));
                }
            }
            long start = System.nanoTime();
            var code = new CodeReader(FactCache.none()).read(ScannedTree.at(root), "agents", List.of());
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
            assertThat(code.directories()).isNotEmpty().allSatisfy(HostileCodeTest::followed);
        }
    }

    @ParameterizedTest
    @CsvSource({"main.py", "main.js", "main.ts", "main.go", "Main.java", "main.sh"})
    void deepNestingIsTold(String name) throws IOException, InterruptedException {
        String start = "main.go".equals(name) ? "package main\nfunc main() { x := " : "uvicorn listen main ";
        List<String> hostile = new ArrayList<>();
        for (String open : List.of("(", "[", "{", "a(", "-", "!", "if x:\n ", "f\"{", "$(", "x.", "a ? b : ")) {
            hostile.add(start + open.repeat(1_000));
        }
        for (int i = 0; i < hostile.size(); i++) {
            Path path = temporary.resolve("agents/h" + i).resolve(name);
            Files.createDirectories(path.getParent());
            Files.writeString(
                    path, "Main.java".equals(name) ? "class M { void main() { " + hostile.get(i) : hostile.get(i));
        }

        var code = new CodeReader(FactCache.none()).read(ScannedTree.at(temporary), "agents", List.of());

        assertThat(code.directories()).hasSize(hostile.size()).allSatisfy(HostileCodeTest::followed);
    }

    /** A failure of ours is told as incomplete too; here it counts as one. */
    private static void followed(CodeDirectory directory) {
        assertThat(String.valueOf(directory.incomplete())).doesNotContain("could not be followed");
    }

    private static byte[] damaged(byte[] text, Random random) {
        byte[] result = text;
        for (int i = 0; i < 1 + random.nextInt(6); i++) {
            int at = result.length == 0 ? 0 : random.nextInt(result.length);
            int to = Math.min(result.length, at + random.nextInt(60));
            result = switch (random.nextInt(6)) {
                case 0 -> joined(Arrays.copyOf(result, at), Arrays.copyOfRange(result, to, result.length));
                case 1 -> joined(Arrays.copyOf(result, to), Arrays.copyOfRange(result, at, result.length));
                case 2 -> {
                    String token = TOKENS.get(random.nextInt(TOKENS.size())).repeat(1 + random.nextInt(40));
                    yield joined(
                            joined(Arrays.copyOf(result, at), token.getBytes(StandardCharsets.UTF_8)),
                            Arrays.copyOfRange(result, at, result.length));
                }
                case 3 -> Arrays.copyOf(result, at);
                case 4 -> {
                    byte[] flipped = result.clone();
                    if (flipped.length > 0) {
                        flipped[at] ^= (byte) (1 << random.nextInt(8));
                    }
                    yield flipped;
                }
                default -> joined(result, Arrays.copyOfRange(result, at, to));
            };
        }
        return result;
    }

    private static byte[] joined(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}
