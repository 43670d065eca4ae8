package dev.panoptes.integrity.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnnamedRegistriesTest {
    private static final String REGISTRY = "agents:\n  ledger:\n    connection: {url: 'http://localhost:9201'}\n";

    @TempDir
    private Path directory;

    @Test
    void registriesOfOtherNamesAreFoundHereAndInFoldersOfHere() throws IOException {
        write("agents.yaml", REGISTRY);
        write("deploy/fleet.yml", REGISTRY);
        write("deploy/deeper/agents.yaml", REGISTRY);
        write(".hidden/agents.yaml", REGISTRY);
        write("settings.yaml", REGISTRY);

        assertThat(UnnamedRegistries.near(directory)).containsExactly("agents.yaml", "deploy/fleet.yml");
    }

    @Test
    void whatOnlyHasSuchANameIsNone() throws IOException {
        write("agents.yaml", "agents:\n  researcher: {role: Researcher, goal: find}\n");
        write("registry.yaml", "services:\n  registry: {image: 'registry:2'}\n");
        write("fleet.yaml", "agents: [");
        Files.createDirectory(directory.resolve("agent.yaml"));
        Files.createSymbolicLink(directory.resolve("my-agents.yaml"), directory.resolve("nowhere"));

        assertThat(UnnamedRegistries.near(directory)).isEmpty();
        assertThat(UnnamedRegistries.near(directory.resolve("absent"))).isEmpty();
    }

    private void write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
