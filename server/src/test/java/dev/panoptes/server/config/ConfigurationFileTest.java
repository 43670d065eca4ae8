package dev.panoptes.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationFileTest {
    @TempDir
    Path directory;

    private Configuration load(String file, Map<String, String> environment) throws IOException {
        return switch (ConfigurationLoader.load(
                Files.writeString(directory.resolve("panoptes.yaml"), file), environment, Map.of())) {
            case ConfigurationResult.Loaded loaded -> loaded.configuration();
            case ConfigurationResult.Refused refused ->
                throw new IllegalArgumentException(refused.problems().toString());
        };
    }

    @Test
    void itGivesTheSameSettingsAgainButNoSecret() throws IOException {
        String secret = "a secret of more than 32 characters";
        Configuration written = load(
                "listen: 127.0.0.2:9\nalerts: {webhook: {url: 'http://hook/', secret: '" + secret + "'}}\n",
                Map.of(
                        "PANOPTES_ROOT", "/srv/it's \"here\": #1",
                        "JWT_SECRET", secret,
                        "DATABASE_URL", "postgres://fleet:hidden@db/fleet"));

        String file = ConfigurationFile.of(written);

        assertThat(file)
                .doesNotContain(secret)
                .doesNotContain("hidden")
                .contains("# secret, not in this file: jwt_secret, set by JWT_SECRET\n")
                .contains("# secret, not in this file: database.url, set by DATABASE_URL\n")
                .contains("# secret, not in this file: alerts.webhook.secret, set by ");
        Configuration read = load(file, Map.of());
        for (Setting<?> setting : Settings.ALL) {
            if (!setting.secret()) {
                assertThat(read.find(setting).toString())
                        .as(setting.key())
                        .isEqualTo(written.find(setting).toString());
            }
        }
    }
}
