package dev.panoptes.integrity.declared;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.code.CodeDirectory;
import dev.panoptes.code.CodeReader;
import dev.panoptes.code.FactCache;
import dev.panoptes.core.registry.Registry;
import dev.panoptes.core.registry.RegistryLoader;
import dev.panoptes.core.registry.RegistryResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LinkedChildrenTest {
    @TempDir
    private Path root;

    @Test
    void aLinkToAnotherDirectoryIsASecondNameOfIt() throws IOException, InterruptedException {
        Files.createDirectories(root.resolve("agents/hermes-2"));
        Files.writeString(
                root.resolve("agents/hermes-2/main.py"),
                "from flask import Flask\napp = Flask(__name__)\napp.run(port=8014)\n");
        Files.createSymbolicLink(root.resolve("agents/hermes"), Path.of("hermes-2"));
        Registry registry =
                registry("agents:\n  hermes: {}\n  other: {path: agents/hermes}\n  tests: {}\n  dist: {}\n");
        Files.createDirectories(root.resolve("agents/tests"));

        Declarations declared = read(registry);
        Links links = new Links(registry, declared);

        assertThat(declared.code().directories())
                .extracting(CodeDirectory::path)
                .containsExactly("hermes-2");
        assertThat(declared.code().children()).containsExactly("hermes", "hermes-2");
        CodeDirectory directory = declared.code().directories().getFirst();
        assertThat(links.link(registry.agents().get(0))).isEqualTo(new DirectoryLink.Linked(directory));
        assertThat(links.link(registry.agents().get(1))).isEqualTo(new DirectoryLink.Linked(directory));
        assertThat(links.agentsOf(directory)).hasSize(2);
    }

    @Test
    void aKeyThatIsNamedLikeASkippedFolderIsNotAccused() throws IOException, InterruptedException {
        Files.createDirectories(root.resolve("agents/tests"));
        Registry registry = registry("agents:\n  tests: {}\n  dist: {}\n  gone: {}\n");

        Links links = new Links(registry, read(registry));

        assertThat(links.link(registry.agents().get(0))).isEqualTo(new DirectoryLink.WithoutCode("agents/tests"));
        assertThat(links.link(registry.agents().get(1))).isInstanceOf(DirectoryLink.Unclear.class);
        assertThat(links.link(registry.agents().get(2))).isEqualTo(new DirectoryLink.Missing("agents/gone"));
    }

    @Test
    void theCodeOfAnotherDirectoryBehindALinkIsNotOurs() throws IOException, InterruptedException {
        Files.createDirectories(root.resolve("agents/one"));
        Files.createDirectories(root.resolve("agents/two"));
        Files.writeString(
                root.resolve("agents/one/main.py"),
                "from flask import Flask\napp = Flask(__name__)\napp.run(port=8014)\n");
        Files.writeString(root.resolve("agents/two/two.py"), "x = 1\n");
        Files.createSymbolicLink(root.resolve("agents/two/neighbour"), Path.of("../one"));
        Files.createSymbolicLink(root.resolve("agents/one/all"), Path.of(".."));

        Declarations declared = read(registry("agents: {}\n"));

        CodeDirectory one = declared.code().directories().getFirst();
        CodeDirectory two = declared.code().directories().getLast();
        assertThat(one.programs()).hasSize(1);
        assertThat(one.incomplete()).isNull();
        assertThat(two.programs()).isEmpty();
        assertThat(two.incomplete()).isEqualTo("agents/two/neighbour is a link to the code of another directory");
    }

    private static Registry registry(String text) {
        RegistryResult result = new RegistryLoader().parse(text.getBytes(StandardCharsets.UTF_8), "registry.yaml");
        if (result instanceof RegistryResult.Loaded(Registry registry, var problems)) {
            return registry;
        }
        throw new AssertionError(result);
    }

    private Declarations read(Registry registry) throws InterruptedException {
        DeclarationsReader.Result result = new DeclarationsReader(new CodeReader(FactCache.none()))
                .read(new DeclarationsReader.Request(root, "agents", null, registry, Duration.ofSeconds(30)));
        if (result instanceof DeclarationsReader.Result.Read(Declarations declarations)) {
            return declarations;
        }
        throw new AssertionError(result);
    }
}
