package dev.panoptes.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.config.ConfigurationLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What doctor reads of the service: its variables, and the configuration that these name. */
class EnvironmentFileTest {
    @TempDir
    Path directory;

    @Test
    void variablesAreReadAsTheServiceManagerReadsThem() {
        assertThat(EnvironmentFile.parse("""
            # A comment
            ; another
            PANOPTES_LISTEN=127.0.0.1:8023
            JWT_SECRET="with = and spaces "
            EMPTY=
            SINGLE='$HOME'
            LONG=one,\\
            two
            no assignment
            """))
                .containsExactly(
                        Map.entry("PANOPTES_LISTEN", "127.0.0.1:8023"),
                        Map.entry("JWT_SECRET", "with = and spaces "),
                        Map.entry("EMPTY", ""),
                        Map.entry("SINGLE", "$HOME"),
                        Map.entry("LONG", "one,two"));
    }

    @Test
    void theFilesAreNamedThatTheVariablesOfTheServiceAskFor() throws IOException {
        Path file = Files.writeString(directory.resolve("panoptes.yaml"), "");
        Path part = Files.writeString(
                Files.createDirectory(directory.resolve("conf.d")).resolve("10-more.yaml"), "");
        Path variables = Files.writeString(directory.resolve("panoptes.env"), "PANOPTES_CONFIG=" + file + "\n");
        assertThat(ConfigurationLoader.files(null, EnvironmentFile.read(variables)))
                .containsExactly(file, part);
    }
}
