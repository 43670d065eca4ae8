package dev.panoptes.server.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.panoptes.server.life.CannotStart;
import dev.panoptes.server.storage.DataDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SigningSecretTest {
    @TempDir
    Path directory;

    private final Secrets secrets = new Secrets();

    @Test
    void itIsMadeOnceForItsOwnerAlone() throws CannotStart, IOException {
        try (DataDirectory data = DataDirectory.open(directory)) {
            byte[] made = SigningSecret.of(null, data, secrets).bytes();
            assertThat(made.length).isGreaterThanOrEqualTo(32);
            assertThat(SigningSecret.of(null, data, secrets).bytes()).isEqualTo(made);
            Path file = directory.resolve(SigningSecret.FILE);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            assertThat(SigningSecret.of(null, data, secrets))
                    .asString()
                    .doesNotContain(new String(made, StandardCharsets.UTF_8));
        }
    }

    @Test
    void theSettingWinsAndNothingIsWritten() throws CannotStart {
        try (DataDirectory data = DataDirectory.open(directory)) {
            String given = "0123456789abcdef0123456789abcdef";
            assertThat(SigningSecret.of(given, data, secrets).bytes())
                    .isEqualTo(given.getBytes(StandardCharsets.UTF_8));
            assertThat(directory.resolve(SigningSecret.FILE)).doesNotExist();
        }
    }

    @Test
    void oneThatSomebodyShortenedIsRefused() throws CannotStart, IOException {
        try (DataDirectory data = DataDirectory.open(directory)) {
            Files.writeString(directory.resolve(SigningSecret.FILE), "short\n");
            assertThatThrownBy(() -> SigningSecret.of(null, data, secrets))
                    .isInstanceOf(CannotStart.class)
                    .hasMessageContaining("jwt.secret in the data directory is shorter than 32 characters");
        }
    }
}
