package dev.panoptes.integrity.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProfileLoaderTest {
    @Test
    void leveredgeIsTheOriginalFleet() {
        assertThat(new ProfileLoader().load("leveredge"))
                .contains(new Profile(
                        "leveredge",
                        "/opt/leveredge/config/agent-registry.yaml",
                        "/opt/leveredge/control-plane/agents",
                        "leveredge-{key}.service",
                        List.of("atlas", "sentinel", "hermes", "chronos", "hades", "aegis", "argus", "event-bus"),
                        "http://localhost:8014",
                        "http://localhost:8099",
                        "/opt/amoskys/data/heartbeats",
                        "2026-03-01"));
    }

    @Test
    void anUnknownNameIsNoProfile() {
        assertThat(new ProfileLoader().load("nobody")).isEmpty();
        assertThat(new ProfileLoader().load("../profiles/leveredge")).isEmpty();
        assertThat(new ProfileLoader().load("index")).isEmpty();
    }

    @Test
    void theIndexListsEveryProfileAndAllCanBeLoaded() throws IOException {
        ProfileLoader loader = new ProfileLoader();
        try (Stream<Path> files = Files.list(Path.of("../profiles"))) {
            assertThat(loader.names())
                    .containsExactlyElementsOf(
                            files.map(file -> file.getFileName().toString())
                                    .filter(name -> name.endsWith(".yaml") && !name.equals("index.yaml"))
                                    .map(name -> name.substring(0, name.length() - ".yaml".length()))
                                    .sorted()
                                    .toList());
        }
        for (String name : loader.names()) {
            assertThat(loader.load(name)).get().extracting(Profile::name).isEqualTo(name);
        }
    }
}
