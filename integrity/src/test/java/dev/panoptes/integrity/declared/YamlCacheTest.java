package dev.panoptes.integrity.declared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.panoptes.code.ScannedTree;
import dev.panoptes.code.ScannedTree.Content;
import dev.panoptes.core.yaml.Problem;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class YamlCacheTest {
    private static final String COMPOSE = """
            x-common: &common
              restart: always
              environment: {A: "1", B: 'two', C: ~}
            services:
              api:
                <<: *common
                image: !reset x
                ports: ["80:80", "80:80"]
                labels: &l {a: b}
              web:
                <<: [*common]
                labels: *l
                text: |
                  two
                  lines \u00e9 \u2603 \ud83d\ude00
            ---
            other: document
            """;

    @TempDir
    private Path directory;

    private Path folder() {
        return directory.resolve("cache");
    }

    private Path file() throws IOException {
        try (Stream<Path> files = Files.list(folder())) {
            return files.reduce((a, b) -> {
                        throw new AssertionError(a + " and " + b);
                    })
                    .orElseThrow();
        }
    }

    private Content.Text content(String text) throws IOException {
        Path root = Files.createDirectories(directory.resolve("root"));
        Files.writeString(root.resolve("compose.yaml"), text);
        return (Content.Text) ScannedTree.at(root).read("compose.yaml", 1 << 20);
    }

    private List<YamlNode> parse(YamlCache cache, Content.Text content, List<Problem> problems) {
        return cache.parse("a/compose.yaml", content.text(), content.digest(), problems);
    }

    @Test
    void whatIsKeptIsWhatWasParsed() throws IOException {
        for (String text : List.of(COMPOSE, "a: 1\na: 2\n", "", "# nothing\n", "a: [unclosed", "plain", "a: *none")) {
            Content.Text content = content(text);
            List<Problem> problems = new ArrayList<>();
            List<YamlNode> parsed = YamlDocuments.parse("a/compose.yaml", text, problems);
            YamlCache first = YamlCache.of(folder(), directory);
            parse(first, content, new ArrayList<>());
            first.flush();
            List<Problem> again = new ArrayList<>();
            // Another text under the same digest shows that it is not parsed again.
            YamlCache second = YamlCache.of(folder(), directory);
            assertThat(second.parse("a/compose.yaml", "other: text", content.digest(), again))
                    .isEqualTo(parsed);
            assertThat(again).isEqualTo(problems);
        }
    }

    @Test
    void anAliasIsTheSameNodeAgain() throws IOException {
        Content.Text content = content(COMPOSE);
        YamlCache first = YamlCache.of(folder(), directory);
        parse(first, content, new ArrayList<>());
        first.flush();
        YamlNode.Fields root = (YamlNode.Fields) parse(YamlCache.of(folder(), directory), content, new ArrayList<>())
                .getFirst();
        YamlNode.Fields services = (YamlNode.Fields) root.get("services");
        assertThat(((YamlNode.Fields) services.get("api")).get("labels"))
                .isSameAs(((YamlNode.Fields) services.get("web")).get("labels"));
    }

    @Test
    void anotherContentIsParsed() throws IOException {
        YamlCache first = YamlCache.of(folder(), directory);
        parse(first, content("a: 1"), new ArrayList<>());
        first.flush();
        YamlCache second = YamlCache.of(folder(), directory);
        YamlNode.Fields root = (YamlNode.Fields)
                parse(second, content("a: 2"), new ArrayList<>()).getFirst();
        assertThat(((YamlNode.Scalar) root.get("a")).text()).isEqualTo("2");
    }

    @Test
    void whatIsGoneIsDropped() throws IOException {
        YamlCache first = YamlCache.of(folder(), directory);
        parse(first, content("a: " + "long ".repeat(1_000)), new ArrayList<>());
        first.flush();
        YamlCache second = YamlCache.of(folder(), directory);
        parse(second, content("a: 2"), new ArrayList<>());
        second.flush();
        assertThat(Files.size(file())).isLessThan(200);
    }

    @Test
    void damageIsParsedAgainAndNeverBelieved() throws IOException {
        Content.Text content = content(COMPOSE);
        List<YamlNode> parsed = YamlDocuments.parse("a/compose.yaml", COMPOSE, new ArrayList<>());
        YamlCache first = YamlCache.of(folder(), directory);
        parse(first, content, new ArrayList<>());
        first.flush();
        byte[] whole = Files.readAllBytes(file());
        for (int i = 0; i < whole.length; i++) {
            byte[] damaged = whole.clone();
            damaged[i] ^= 0x55;
            Files.write(file(), damaged);
            assertThat(parse(YamlCache.of(folder(), directory), content, new ArrayList<>()))
                    .isEqualTo(parsed);
        }
        for (int length = 0; length < whole.length; length += 7) {
            // As a process leaves it that was killed while it wrote without a move.
            Files.write(file(), java.util.Arrays.copyOf(whole, length));
            assertThat(parse(YamlCache.of(folder(), directory), content, new ArrayList<>()))
                    .isEqualTo(parsed);
        }
    }

    @Test
    void bytesOfNobodyKnowsWhomEndInARefusal() {
        byte[] encoded = YamlCodec.encoded(YamlDocuments.parse("f", COMPOSE, new ArrayList<>()), List.of());
        SplittableRandom random = new SplittableRandom(5);
        for (int round = 0; round < 5_000; round++) {
            byte[] damaged = encoded.clone();
            for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            Throwable thrown = catchThrowable(() -> YamlCodec.decoded(ByteBuffer.wrap(damaged), "f"));
            assertThat(thrown == null
                            || thrown instanceof IllegalArgumentException
                            || thrown instanceof IndexOutOfBoundsException
                            || thrown instanceof BufferUnderflowException)
                    .as(String.valueOf(thrown))
                    .isTrue();
        }
    }

    @Test
    void aFolderThatOthersMayWriteToIsLeftAlone() throws IOException {
        Files.createDirectory(folder());
        Files.setPosixFilePermissions(folder(), PosixFilePermissions.fromString("rwxrwxrwx"));
        YamlCache cache = YamlCache.of(folder(), directory);
        assertThat(parse(cache, content("a: 1"), new ArrayList<>())).hasSize(1);
        cache.flush();
        try (Stream<Path> files = Files.list(folder())) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void halfACharacterIsNotKept() throws IOException {
        Content.Text content = content("a: \"\\ud83d\"");
        YamlCache cache = YamlCache.of(folder(), directory);
        List<YamlNode> parsed = parse(cache, content, new ArrayList<>());
        cache.flush();
        assertThat(parse(YamlCache.of(folder(), directory), content, new ArrayList<>()))
                .isEqualTo(parsed);
    }
}
