package dev.panoptes.sensors.secondhand;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.yaml.YamlNode;
import dev.panoptes.core.yaml.YamlReader;
import dev.panoptes.core.yaml.YamlResult;
import dev.panoptes.sensors.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code snmp/expected.txt}: traps and informs in the captures beside it; what is not authenticated is no event. */
class SnmpNotificationsTest {
    @TempDir
    Path folder;

    @Test
    void notificationsAreReadAsExpected() throws IOException, InterruptedException {
        Captures captures = new Captures("snmp", "snmp", folder, settings());

        assertThat(captures.compare()).isEmpty();
        assertThat(captures.samples()).isEqualTo(20);
    }

    private Settings settings() throws IOException {
        String users = user("md5only", "MD5", "authpass-md5", null, null)
                + user("shaonly", "SHA", "authpass-sha", null, null)
                + user("shaaes", "SHA", "authpass-sha", "AES", "privpass-aes")
                + user("sha256aes", "SHA-256", "authpass-256", "AES", "privpass-aes")
                + user("sha512aes", "SHA-512", "authpass-512", "AES", "privpass-aes")
                + user("shades", "SHA", "authpass-sha", "DES", "privpass-des");
        String yaml = "communities: [public, s3cret]\nusers:\n  - {name: plain}\n" + users;
        YamlResult read = new YamlReader().parse(yaml.getBytes(StandardCharsets.UTF_8), "sensor.yaml");
        return Settings.of((YamlNode.Mapping) ((YamlResult.Parsed) read).root(), "snmp");
    }

    private String user(
            String name, String auth, String passphrase, @Nullable String priv, @Nullable String privPassphrase)
            throws IOException {
        String hidden = priv == null || privPassphrase == null ? "" : ", priv: " + protocol(priv, privPassphrase);
        return "  - {name: " + name + ", auth: " + protocol(auth, passphrase) + hidden + "}\n";
    }

    private String protocol(String name, String passphrase) throws IOException {
        Path file = Files.writeString(folder.resolve(passphrase), passphrase + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return "{protocol: " + name + ", passphrase_file: \"" + file + "\"}";
    }
}
