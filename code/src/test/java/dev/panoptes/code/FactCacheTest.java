package dev.panoptes.code;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class FactCacheTest {
    private static final String SERVER = "from flask import Flask\napp = Flask(__name__)\napp.run(port=8123)\n";

    @TempDir
    private Path temporary;

    private Path root;
    private Path folder;

    @BeforeEach
    void writeTree() throws IOException {
        root = temporary.resolve("tree");
        folder = temporary.resolve("cache/panoptes");
        Files.createDirectories(root.resolve("agents/one"));
        Files.writeString(root.resolve("agents/one/main.py"), SERVER);
    }

    private List<CodeDirectory> read() throws IOException, InterruptedException {
        return new CodeReader(FactCache.in(folder))
                .read(ScannedTree.at(root), "agents", List.of())
                .directories();
    }

    private Path file() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findFirst().orElseThrow();
        }
    }

    @Test
    void whatIsKeptBelongsToTheUserAlone() throws IOException, InterruptedException {
        read();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        assertThat(root.resolve("agents/one")).isDirectoryContaining(path -> path.endsWith("main.py"));
    }

    @Test
    void anUnchangedTreeIsReadFromTheCacheAlone() throws IOException, InterruptedException {
        List<CodeDirectory> first = read();
        long size = Files.size(file());

        assertThat(read()).isEqualTo(first);
        assertThat(Files.size(file())).isEqualTo(size);
    }

    @Test
    void aChangedFileIsReadAnew() throws IOException, InterruptedException {
        read();
        Files.writeString(root.resolve("agents/one/main.py"), SERVER.replace("8123", "8124"));

        assertThat(read().getFirst().programs().getFirst().ports()).containsExactly(8124);
    }

    /** The body of a function that nobody has called is not in the cache. */
    @Test
    void aFunctionThatIsCalledLaterIsReadFromItsFile() throws IOException, InterruptedException {
        String lines = "    value = {'a': [1, 2, 3], 'b': (4, 5)}\n".repeat(9);
        Files.writeString(
                root.resolve("agents/one/ports.py"),
                "def first():\n" + lines + "    return 8125\n\ndef second():\n" + lines + "    return 8126\n");
        String main = "from flask import Flask\nfrom ports import first, second\nFlask(__name__).run(port=first())\n";
        Files.writeString(root.resolve("agents/one/main.py"), main);
        assertThat(ports()).containsExactly(new PortValue.Known(8125, null));

        Files.writeString(root.resolve("agents/one/main.py"), main.replace("port=first", "port=second"));
        assertThat(ports()).containsExactly(new PortValue.Known(8126, null));

        Files.writeString(root.resolve("agents/one/main.py"), main.replace("port=first()", "port=first() + 10"));
        assertThat(ports()).containsExactly(new PortValue.Known(8135, null));
    }

    private List<PortValue> ports() throws IOException, InterruptedException {
        return read().getFirst().programs().getFirst().binds().stream()
                .map(Bind::port)
                .toList();
    }

    @Test
    void damageIsIgnored() throws IOException, InterruptedException {
        List<CodeDirectory> first = read();
        byte[] bytes = Files.readAllBytes(file());
        Random random = new Random(5);
        for (int round = 0; round < 40; round++) {
            byte[] damaged = Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length));
            for (int i = 0; i < 1 + random.nextInt(4); i++) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            Files.write(file(), damaged);
            assertThat(read()).isEqualTo(first);
        }
    }

    @Test
    void aFolderThatOthersMayUseIsLeftAlone() throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThat(read()).hasSize(1);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aFolderThatIsALinkIsLeftAlone() throws IOException, InterruptedException {
        Path elsewhere = Files.createDirectories(temporary.resolve("elsewhere"));
        Files.createDirectories(folder.getParent());
        Files.createSymbolicLink(folder, elsewhere);

        assertThat(read()).hasSize(1);
        assertThat(elsewhere).isEmptyDirectory();
    }

    @Test
    void theUsersCacheIsWhereTheEnvironmentSays() throws IOException, InterruptedException {
        FactCache cache = FactCache.ofUser(
                Map.of("XDG_CACHE_HOME", temporary.resolve("xdg").toString(), "HOME", "/none"));
        new CodeReader(cache).read(ScannedTree.at(root), "agents", List.of());

        assertThat(temporary.resolve("xdg/panoptes")).isNotEmptyDirectory();
    }

    @Test
    void everyFileOfTheCorpusIsTheSameAfterWritingAndReading()
            throws IOException, InterruptedException, URISyntaxException {
        for (String language : Set.of("python", "javascript", "go", "java", "shell")) {
            for (CorpusCase one : CorpusTest.cases(language)) {
                Path place = temporary.resolve(language).resolve(one.name());
                FactCache cache = FactCache.in(folder);
                assertThat(one.found(place, cache)).as(one.name()).isEqualTo(one.found(place, cache));
            }
        }
    }
}
