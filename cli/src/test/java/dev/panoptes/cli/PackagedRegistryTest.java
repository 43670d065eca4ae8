package dev.panoptes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.cli.shell.ExitCode;
import dev.panoptes.core.registry.Registry;
import dev.panoptes.core.registry.RegistryLoader;
import dev.panoptes.core.registry.RegistryResult;
import dev.panoptes.server.api.ApiResource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The entry for Panoptes itself that fleets copy into their registry. */
class PackagedRegistryTest {
    private static final Path FILE =
            Path.of("../packaging/registry/panoptes.yaml").toAbsolutePath();

    @TempDir
    Path directory;

    @Test
    void validateFindsNothing() {
        Session.Run run = new Session(directory).run("validate", FILE.toString());
        assertThat(run.out()).contains("8 checked: 8 passed, 0 failed, 0 unknown");
        assertThat(run.code()).isEqualTo(ExitCode.OK);
    }

    @Test
    void everyActionIsACallOfTheApi() throws IOException {
        String api;
        try (InputStream in = Objects.requireNonNull(ApiResource.class.getResourceAsStream("/openapi.yaml"))) {
            api = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        assertThat(new RegistryLoader().load(FILE)).isInstanceOfSatisfying(RegistryResult.Loaded.class, loaded -> {
            Registry registry = loaded.registry();
            assertThat(registry.agents()).singleElement().satisfies(agent -> {
                assertThat(agent.name().value()).isEqualTo("PANOPTES");
                assertThat(agent.actions()).hasSize(6);
                agent.actions()
                        .forEach(action -> assertThat(api)
                                .as(String.valueOf(action))
                                .containsPattern("(?ms)^  "
                                        + java.util.regex.Pattern.quote(String.valueOf(action.endpoint()))
                                        + ":\n(    .*?\n|\n)*?    "
                                        + String.valueOf(action.method()).toLowerCase(Locale.ROOT) + ":\n"));
            });
        });
    }
}
