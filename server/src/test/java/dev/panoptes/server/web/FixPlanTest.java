package dev.panoptes.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.TestServer;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** How to mend an issue is shown with it, and the patch does mend it. */
@ExtendWith({TestPostgres.class, Chromium.class})
class FixPlanTest {
    private static final String REGISTRY = """
        version: '1.0'
        agents:
          one:
            name: ONE
            connection: {url: 'http://one:%d'}
          two:
            name: TWO
            connection: {url: 'http://two:%d'}
        """;

    @TempDir
    Path directory;

    private Map<String, String> fleet() throws IOException {
        Path root = Files.createDirectories(directory.resolve("fleet"));
        for (String name : new String[] {"one", "two"}) {
            Path code = Files.createDirectories(root.resolve("agents/" + name));
            Files.writeString(
                    code.resolve("main.py"),
                    "from http.server import HTTPServer, BaseHTTPRequestHandler\nPORT = 18020\n"
                            + "HTTPServer(('127.0.0.1', PORT), BaseHTTPRequestHandler).serve_forever()\n");
        }
        Path registry = Files.writeString(root.resolve("agent-registry.yaml"), REGISTRY.formatted(18_020, 18_020));
        return Map.of(
                "registry",
                registry.toString(),
                "agents_path",
                root.resolve("agents").toString(),
                "root",
                root.toString(),
                "observe.local",
                "false");
    }

    private static String port(TestServer server) throws IOException, InterruptedException {
        for (JsonNode issue : server.get("/api/v1/integrity/issues").json().path("items")) {
            if (issue.path("check").asString("").equals("port-conflict")) {
                return issue.path("fingerprint").asString();
            }
        }
        throw new AssertionError("the scan has found no port conflict");
    }

    @Test
    void thePatchOfAnIssueIsShownAndWhatItDoesMendsIt(Databases databases, Chromium.Running chromium)
            throws IOException, InterruptedException {
        Map<String, String> fleet = fleet();
        try (TestServer server = TestServer.start(databases, directory, fleet);
                Visitor visitor = Visitor.admin(chromium, server)) {
            server.post("/scan", "");
            String issue = port(server);
            visitor.open("/integrity/issues/" + issue);
            visitor.find("#plan a.btn").click();
            visitor.until("document.querySelector('#plan .diff .a') !== null");
            assertThat(visitor.page().url()).endsWith("?plan=true");
            assertThat(visitor.find("#plan").innerText())
                    .contains("on a copy of the tree")
                    .contains("Look first");
            assertThat(visitor.unfit()).isEmpty();
            assertThat(visitor.tooWide()).isEmpty();

            TestServer.Answer patch = server.get("/export/fix.patch?issue=" + issue);
            assertThat(patch.status()).as(patch.body()).isEqualTo(200);
            assertThat(patch.body()).contains("--- a/agent-registry.yaml").contains("-    connection: {url: 'http://");
            int moved = Integer.parseInt(
                    patch.body().replaceAll("(?s).*\\+    connection: \\{url: 'http://\\w+:(\\d+)'.*", "$1"));
            assertThat(moved).isNotEqualTo(18_020);
            boolean one = patch.body().contains("+    connection: {url: 'http://one:");
            Files.writeString(
                    Path.of(fleet.get("registry")), REGISTRY.formatted(one ? moved : 18_020, one ? 18_020 : moved));
            server.post("/scan", "");
            assertThat(server.get("/api/v1/integrity/issues/" + issue)
                            .json()
                            .path("state")
                            .asString())
                    .isEqualTo("resolved");
            visitor.open("/integrity/issues/" + issue);
            visitor.says("It is not open.");
            visitor.isQuiet();
        }
    }

    @Test
    void whatCannotBePlannedSaysWhy(Databases databases) throws IOException, InterruptedException {
        Map<String, String> fleet = fleet();
        try (TestServer server = TestServer.start(databases, directory, fleet)) {
            server.post("/scan", "");
            String issue = port(server);
            assertThat(server.post(
                                    "/api/v1/integrity/issues/" + issue + "/waive",
                                    "{\"owner\": \"ops\", \"reason\": \"known\", \"expires\": \""
                                            + LocalDate.now(ZoneOffset.UTC).plusDays(30) + "\"}")
                            .status())
                    .isEqualTo(200);
            TestServer.Answer waived = server.get("/api/v1/integrity/issues/" + issue + "/plan");
            assertThat(waived.status()).as(waived.body()).isEqualTo(409);
            assertThat(waived.body()).contains("is waived");
            assertThat(server.call(
                                    "GET",
                                    "/integrity/issues/" + issue + "?plan=true",
                                    null,
                                    Map.of("Authorization", "Bearer " + server.adminToken(), "Accept", "text/html"))
                            .body())
                    .contains("This issue is waived");
            Files.writeString(Path.of(fleet.get("registry")), REGISTRY.formatted(18_020, 18_021));
            TestServer.Answer gone = server.get("/api/v1/integrity/issues/" + issue + "/plan");
            assertThat(gone.status()).as(gone.body()).isEqualTo(409);
            assertThat(server.get("/api/v1/integrity/issues/no-such-issue/plan").status())
                    .isEqualTo(404);
            assertThat(server.get("/export/fix.patch?issue=no-such-issue").status())
                    .isEqualTo(404);
        }
    }
}
