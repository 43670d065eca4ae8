package dev.panoptes.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.integrity.observed.Container;
import dev.panoptes.integrity.observed.Container.Published;
import dev.panoptes.integrity.observed.Snapshot;
import dev.panoptes.integrity.observed.Snapshot.Coverage;
import dev.panoptes.integrity.observed.Snapshot.Source;
import dev.panoptes.integrity.observed.SnapshotJson;
import dev.panoptes.server.TestServer;
import dev.panoptes.server.processes.SentProcesses;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The page of a host in a real browser: what runs there, what it uses, and its sensors, which are switched from it. */
@ExtendWith({TestPostgres.class, Chromium.class})
class HostPagesTest {
    private static final String HOSTILE = "<script>alert(1)</script> مرحبا 🦉 " + "x".repeat(300);

    @TempDir
    Path directory;

    @Test
    void processesAreATreeAndSensorsAreSwitched(Databases databases, Chromium.Running chromium)
            throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, Map.of("observe.local", "false"));
                Visitor visitor = Visitor.admin(chromium, server)) {
            SentProcesses.of(server, "web-1", HOSTILE);
            visitor.open("/fleet/host?name=web-1");
            visitor.says("40 %");
            visitor.says("4 GiB");
            assertThat(visitor.find(".m4 figure details table").count()).isEqualTo(2);
            visitor.open("/fleet/host?name=web-1&tab=processes");
            visitor.says("3 processes run, 1 ended within a day");
            visitor.says("12.5 %");
            assertThat(visitor.find(".ptree tbody tr").count()).isEqualTo(4);
            assertThat(visitor.find(".ptree .in2").innerText()).startsWith("worker");
            assertThat(visitor.find(".ptree .gone").innerText())
                    .contains("short")
                    .contains("ended");
            visitor.page().fill("#pq", "worker");
            visitor.until("document.querySelectorAll('.ptree tbody tr').length === 1");
            assertThat(visitor.page().url()).contains("text=worker");
            for (String path : new String[] {
                "/fleet/host?name=web-1",
                "/fleet/host?name=web-1&tab=processes",
                "/fleet/host?name=web-1&tab=processes&sort=ended",
                "/fleet/host?name=web-1&tab=sensors"
            }) {
                visitor.open(path);
                assertThat(visitor.tooWide()).as(path).isEmpty();
                assertThat(visitor.unfit()).as(path).isEmpty();
            }

            visitor.press("button[data-call$='/dns/switch']", "dns is off with the daemon's next beat.");
            visitor.says("Config v1 waits");
            visitor.until("document.querySelector(\"button[data-call$='/dns/switch']\").textContent === 'Switch on'");
            visitor.page().fill("textarea[name=body]", "{\"rules\": [], \"settings\": {\"proc\": {\"interval\": 20}}}");
            visitor.press("[data-preview]", "\"interval\": 20");
            visitor.press("form[data-json] button.pri", "Config v2");
            visitor.page().fill("textarea[name=body]", "{\"rules\": [], \"settings\": {\"proc\": {\"interval\": 0}}}");
            visitor.find("form[data-json] button.pri").click();
            visitor.until("document.querySelector('.wrong')?.textContent.includes('interval')");
            visitor.press("button[data-call$='/config/rollback']", "Sure? Back to v1");
            visitor.press("button[data-call$='/config/rollback']", "Config v3");
            assertThat(visitor.complaints().stream()
                            // The configuration that was refused.
                            .filter(each -> !each.contains("422"))
                            .toList())
                    .isEmpty();
            assertThat(server.get("/api/v1/audit").body()).contains("sensor_configuration.put");
        }
    }

    private static String snapshot() throws IOException {
        Snapshot snapshot = new Snapshot(
                Snapshot.SCHEMA,
                new Snapshot.HostIdentity("id-of-web-2", "web-2", null, "boot-1"),
                Instant.now(),
                "a test",
                Map.of(Source.CONTAINERS, new Coverage.Complete()),
                List.of(),
                List.of(),
                List.of(),
                List.of(
                        container("shop-api-1", "exited", "", 137, List.of()),
                        container(
                                HOSTILE.substring(0, 80),
                                "running",
                                "unhealthy",
                                0,
                                List.of(
                                        new Published("0.0.0.0", 18080, 80, "tcp"),
                                        new Published("::", 18080, 80, "tcp")))));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new SnapshotJson().write(snapshot, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static Container container(String name, String state, String health, int exit, List<Published> ports) {
        return new Container(
                "a".repeat(64),
                name,
                "shop/api:1.4",
                "",
                state,
                health,
                exit,
                3,
                "always",
                false,
                0,
                null,
                List.of(),
                ports,
                null,
                new Container.Compose("shop", "api", "", List.of(), false));
    }

    @Test
    void containersStandWithTheirStateAndPorts(Databases databases, Chromium.Running chromium)
            throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, Map.of("observe.local", "false"));
                Visitor visitor = Visitor.admin(chromium, server)) {
            String token = server.post("/api/v1/tokens", "{\"name\":\"o\",\"role\":\"observer\",\"host\":\"web-2\"}")
                    .json()
                    .path("token")
                    .asString();
            assertThat(server.call("POST", "/api/v1/snapshots", snapshot(), Map.of("Authorization", "Bearer " + token))
                            .status())
                    .isEqualTo(201);
            visitor.open("/fleet/host?name=web-2");
            // Those that run come first; what is published on IPv6 too is published once.
            assertThat(visitor.find("[aria-labelledby=h-con] tbody tr").first().innerText())
                    .contains("<script>alert(1)</script>")
                    .contains("running, unhealthy")
                    .containsOnlyOnce("18080 to 80")
                    .contains("shop: api");
            assertThat(visitor.find("[aria-labelledby=h-con] tbody tr").last().innerText())
                    .contains("shop-api-1")
                    .contains("exited with 137");
            assertThat(visitor.tooWide()).isEmpty();
            assertThat(visitor.unfit()).isEmpty();
            visitor.isQuiet();
        }
    }
}
