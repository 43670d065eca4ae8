package dev.panoptes.integrity.declared;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScanRootTest {
    private static final Path HOME = Path.of("/home/someone");

    @TempDir
    private Path directory;

    @Test
    void is_the_nearest_common_ancestor() throws IOException {
        Path real = directory.toRealPath();
        Files.createDirectories(real.resolve("fleet/control/agents"));

        assertThat(ScanRoot.choose(
                        null,
                        real.resolve("fleet/config/agent-registry.yaml"),
                        real.resolve("fleet/control/agents"),
                        HOME))
                .isEqualTo(new ScanRoot.Chosen(real.resolve("fleet"), "control/agents", null));
        assertThat(ScanRoot.choose(null, real.resolve("fleet/agents/r.yaml"), real.resolve("fleet/agents"), HOME))
                .isEqualTo(new ScanRoot.Chosen(real.resolve("fleet/agents"), "", null));
    }

    @Test
    void is_never_the_system_or_a_home_unless_it_is_said() {
        for (String[] paths : new String[][] {
            {"/etc/panoptes/agent-registry.yaml", "/opt/fleet/agents"},
            {"/opt/agent-registry.yaml", "/opt/agents"},
            {"/home/someone/agent-registry.yaml", "/home/someone/agents"},
            {"/home/other/x.yaml", "/home/other/agents"}
        }) {
            assertThat(ScanRoot.choose(null, Path.of(paths[0]), Path.of(paths[1]), HOME))
                    .isInstanceOfSatisfying(ScanRoot.Chosen.class, chosen -> {
                        assertThat(chosen.root()).isEqualTo(Path.of(paths[1]));
                        assertThat(chosen.agentsPath()).isEmpty();
                        assertThat(chosen.remark()).contains("--root");
                    });
        }
        assertThat(ScanRoot.choose(Path.of("/opt"), Path.of("/opt/agent-registry.yaml"), Path.of("/opt/agents"), HOME))
                .isEqualTo(new ScanRoot.Chosen(Path.of("/opt"), "agents", null));
        assertThat(ScanRoot.choose(null, Path.of("/app/agent-registry.yaml"), Path.of("/app/agents"), HOME))
                .isEqualTo(new ScanRoot.Chosen(Path.of("/app"), "agents", null));
    }

    @Test
    void holds_the_agents_path() {
        assertThat(ScanRoot.choose(directory, Path.of("r.yaml"), Path.of("/opt/agents"), HOME))
                .isInstanceOf(ScanRoot.Refused.class);
    }

    @Test
    void links_on_the_way_do_not_matter() throws IOException {
        Path real = directory.toRealPath();
        Files.createDirectories(real.resolve("fleet/agents"));
        Path link = Files.createSymbolicLink(real.resolve("link"), real.resolve("fleet"));

        assertThat(ScanRoot.choose(link, link.resolve("r.yaml"), real.resolve("fleet/agents"), HOME))
                .isEqualTo(new ScanRoot.Chosen(link, "agents", null));
        assertThat(ScanRoot.choose(null, link.resolve("r.yaml"), real.resolve("fleet/agents"), HOME))
                .isEqualTo(new ScanRoot.Chosen(real.resolve("fleet"), "agents", null));
    }

    @Test
    void is_the_tree_of_the_registry_where_nothing_else_is_said() throws java.io.IOException {
        Path real = directory.toRealPath();
        java.nio.file.Files.createDirectories(real.resolve("plain/agents"));
        assertThat(ScanRoot.choose(null, real.resolve("plain/agent-registry.yaml"), null, HOME))
                .isEqualTo(new ScanRoot.Chosen(
                        real.resolve("plain"),
                        "agents",
                        "Declarations are read below " + real.resolve("plain") + ", the directory of the registry, code"
                                + " below " + real.resolve("plain/agents")
                                + "; --root and --agents-path say otherwise."));
        java.nio.file.Files.createDirectories(real.resolve("repo/.git"));
        java.nio.file.Files.createDirectories(real.resolve("repo/config"));
        java.nio.file.Files.createDirectories(real.resolve("repo/services"));
        assertThat(ScanRoot.choose(null, real.resolve("repo/config/r.yaml"), null, HOME))
                .isEqualTo(new ScanRoot.Chosen(
                        real.resolve("repo"),
                        null,
                        "Declarations are read below " + real.resolve("repo") + ", the top level of the registry's Git"
                                + " repository; --root and --agents-path say otherwise."));
        assertThat(ScanRoot.choose(null, real.resolve("repo/config/r.yaml"), real.resolve("repo/services"), HOME))
                .isEqualTo(new ScanRoot.Chosen(real.resolve("repo"), "services", null));
    }

    @Test
    void is_none_where_only_a_registry_of_the_system_was_given() {
        assertThat(ScanRoot.choose(null, Path.of("/etc/r.yaml"), null, HOME)).isEqualTo(new ScanRoot.None());
        assertThat(ScanRoot.choose(null, HOME.resolve("r.yaml"), null, HOME)).isEqualTo(new ScanRoot.None());
        assertThat(ScanRoot.choose(directory, Path.of("r.yaml"), null, HOME))
                .isEqualTo(new ScanRoot.Chosen(directory, null, null));
    }

    @Test
    void withoutGitAFolderCalledConfigIsOneOfTheTreeAboveIt() throws IOException {
        Path real = directory.toRealPath();
        Files.createDirectories(real.resolve("fleet/config"));
        Files.createDirectories(real.resolve("fleet/agents"));
        assertThat(ScanRoot.choose(null, real.resolve("fleet/config/agent-registry.yaml"), null, HOME))
                .isInstanceOfSatisfying(ScanRoot.Chosen.class, chosen -> {
                    assertThat(chosen.root()).isEqualTo(real.resolve("fleet"));
                    assertThat(chosen.agentsPath()).isEqualTo("agents");
                });
        assertThat(ScanRoot.choose(null, Path.of("/opt/config/agent-registry.yaml"), null, HOME))
                .isInstanceOf(ScanRoot.None.class);
    }

    @Test
    void aLinkToARegistryElsewhereIsOfTheTreeItStandsIn() throws IOException {
        Path real = directory.toRealPath();
        Files.createDirectories(real.resolve("fleet/.git"));
        Files.createDirectories(real.resolve("elsewhere"));
        Path file = Files.writeString(real.resolve("elsewhere/r.yaml"), "agents: {}\n");
        Path link = Files.createSymbolicLink(real.resolve("fleet/agent-registry.yaml"), file);
        assertThat(ScanRoot.choose(null, link, null, HOME))
                .isInstanceOfSatisfying(
                        ScanRoot.Chosen.class,
                        chosen -> assertThat(chosen.root()).isEqualTo(real.resolve("fleet")));
        Files.createDirectories(real.resolve("elsewhere/.git"));
        assertThat(ScanRoot.choose(null, link, null, HOME))
                .isInstanceOfSatisfying(
                        ScanRoot.Chosen.class,
                        chosen -> assertThat(chosen.root()).isEqualTo(real.resolve("elsewhere")));
    }
}
