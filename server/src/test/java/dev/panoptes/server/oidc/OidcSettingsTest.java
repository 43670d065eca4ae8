package dev.panoptes.server.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.panoptes.server.TestServer;
import dev.panoptes.server.life.CannotStart;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What contradicts itself is told before anything starts; what only the provider knows, doctor asks. */
class OidcSettingsTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-03-01T00:00:00Z"));

    @TempDir
    Path directory;

    private static Map<String, String> good() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("http.public_url", "https://panoptes.example/");
        settings.put("oidc.issuer", "https://id.example/realms/one");
        settings.put("oidc.client_id", "panoptes");
        settings.put("oidc.client_secret", "very secret");
        settings.put("oidc.roles.admin", "chiefs");
        return settings;
    }

    private static void isRefused(String key, String value, String why) {
        Map<String, String> settings = good();
        settings.put(key, value);
        assertThatThrownBy(() -> TestServer.check(settings))
                .as(key + "=" + value)
                .isInstanceOf(CannotStart.class)
                .hasMessageContaining(why);
    }

    @Test
    void contradictionsAreToldBeforeAnythingStarts() throws CannotStart {
        TestServer.check(good());
        isRefused("oidc.issuer", "http://id.example/", "oidc.issuer must be an https URL");
        isRefused("oidc.issuer", "https://id.example/?a=b", "must have neither ? nor #");
        isRefused("oidc.scopes", "profile, email", "must have openid");
        isRefused("oidc.roles.admin", "*", "* stands in oidc.roles.viewer only");
        isRefused("oidc.roles.admin", "none", "else nobody could come in");
        isRefused("oidc.session", "8d", "must be from 5m to 7d");
        for (String key : new String[] {"http.public_url", "oidc.client_id", "oidc.issuer"}) {
            Map<String, String> less = good();
            less.remove(key);
            assertThatThrownBy(() -> TestServer.check(less)).as(key).isInstanceOf(CannotStart.class);
        }
        assertThatThrownBy(() -> TestServer.configuration(Map.of("http.public_url", "https://panoptes.example/path")))
                .hasMessageContaining("a URL without a path");
    }

    @Test
    void theSecretIsShownNowhere() {
        OidcSettings settings =
                OidcSettings.of(TestServer.configuration(good())).orElseThrow();
        assertThat(settings.toString()).doesNotContain("very secret");
        assertThat(settings.callback()).isEqualTo("https://panoptes.example/login/oidc/callback");
        assertThat(TestServer.configuration(good()).explain().toString()).doesNotContain("very secret");
    }

    private static String line(Map<String, String> settings) throws InterruptedException {
        return OidcProbe.line(TestServer.configuration(settings), CLOCK).orElse("");
    }

    @Test
    void doctorAsksTheProviderAndSaysWhatIsWrong() throws InterruptedException, IOException {
        assertThat(line(Map.of())).isEmpty();
        assertThat(line(Map.of("oidc.client_id", "x")))
                .isEqualTo("oidc.issuer and oidc.client_id must be set together");
        try (TestProvider provider = new TestProvider("127.0.0.1", CLOCK)) {
            Map<String, String> settings = provider.settings("http://panoptes.test");
            assertThat(line(settings))
                    .isEqualTo(provider.issuer() + ", it answers, with 1 key, with a logout of its own; it must send"
                            + " people back to http://panoptes.test/login/oidc/callback");
            provider.metadata = all -> all.put("issuer", "https://other.example");
            assertThat(line(settings))
                    .contains("nobody can log in by it: the provider calls itself 'https://other.example'");
            provider.metadata = _ -> {};
            provider.keys.clear();
            assertThat(line(settings)).contains("names no key that can be used");
            settings.put(
                    "oidc.ca",
                    Files.writeString(directory.resolve("empty.pem"), "").toString());
            assertThat(line(settings)).contains("there is no certificate in");
            settings.remove("oidc.ca");
            try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                settings.put("oidc.issuer", "http://127.0.0.1:" + closed.getLocalPort());
            }
            assertThat(line(settings)).contains("the provider's configuration cannot be had: ");
        }
    }

    @Test
    void groupsAreReadAsProvidersWriteThem() throws ProviderFailure {
        OidcSettings settings =
                OidcSettings.of(TestServer.configuration(good())).orElseThrow();
        for (String claim : List.of("[\"a\", 3, \"chiefs\"]", "\"chiefs\"", "\"a chiefs\"", "\"a,chiefs\"")) {
            byte[] json = ("{\"groups\": " + claim + "}").getBytes(java.nio.charset.StandardCharsets.UTF_8);
            assertThat(settings.role(Answers.groups(Answers.claim(Answers.object(json, "it"), "groups"))))
                    .as(claim)
                    .isPresent();
        }
        for (String claim : List.of("[]", "{}", "null", "\"chiefs2\"", "[[\"chiefs\"]]", "7")) {
            byte[] json = ("{\"groups\": " + claim + "}").getBytes(java.nio.charset.StandardCharsets.UTF_8);
            assertThat(settings.role(Answers.groups(Answers.claim(Answers.object(json, "it"), "groups"))))
                    .as(claim)
                    .isEmpty();
        }
    }
}
