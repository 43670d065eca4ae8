package dev.panoptes.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.TestServer;
import dev.panoptes.server.oidc.TestProvider;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Logging in by a provider of another site in a real browser, which keeps the strict cookie and forbids what pages forbid. */
@ExtendWith({TestPostgres.class, Chromium.class})
class OidcChromiumTest {
    @TempDir
    Path directory;

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void somebodyComesByTheProviderAndLeavesItAgain(Databases databases, Chromium.Running chromium)
            throws IOException, InterruptedException {
        int port = freePort();
        // Another host is another site, so that the browser treats its links as a stranger's.
        try (TestProvider provider = new TestProvider("localhost", InstantSource.system())) {
            provider.asks = true;
            Map<String, String> settings = new LinkedHashMap<>(provider.settings("http://127.0.0.1:" + port));
            settings.put("listen", "127.0.0.1:" + port);
            try (TestServer server = TestServer.start(databases, directory, settings)) {
                for (boolean scripts : new boolean[] {true, false}) {
                    goesInAndOut(new Visitor(chromium, server.url(), scripts), server, provider, scripts);
                }
                assertThat(provider.farewells).hasSize(2);
                assertThat(provider.farewells.getFirst()).containsKey("id_token_hint");
            }
        }
    }

    private static void goesInAndOut(Visitor visitor, TestServer server, TestProvider provider, boolean scripts)
            throws InterruptedException {
        try (visitor) {
            String url = server.url();
            visitor.page().navigate(url + "/settings/users");
            visitor.says("Log in with Example ID");
            if (scripts) {
                assertThat(visitor.unfit()).isEmpty();
                assertThat(visitor.tooWide()).isEmpty();
            }
            visitor.find("main a.btn").click();
            visitor.says("Yes, it is me");
            assertThat(visitor.page().url()).startsWith(provider.issuer());
            visitor.find("#in").click();
            visitor.says("Who may log in.");
            assertThat(visitor.page().url()).isEqualTo(url + "/settings/users");
            visitor.page().navigate(url + "/settings");
            if (scripts) {
                assertThat(visitor.unfit()).isEmpty();
            }
            visitor.find("summary.icon-btn").click();
            // There is no password here that could be changed.
            assertThat(visitor.find("a[href='/password']").count()).isZero();
            visitor.find("form[action='/logout'] button").click();
            visitor.says("Log in with Example ID");
            assertThat(visitor.page().url()).isEqualTo(url + "/login");
            assertThat(visitor.page().context().cookies(List.of(url)).stream()
                            .filter(cookie -> cookie.name.equals("panoptes_session")))
                    .isEmpty();
            visitor.isQuiet();
        }
    }
}
