package dev.panoptes.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.TestServer;
import dev.panoptes.server.agents.Enrolled;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a page weighs when it comes compressed: 15 KB for itself, 12 for its style sheet, 25 for its scripts with htmx. */
@ExtendWith(TestPostgres.class)
class WeightTest {
    private static final int PAGE = 15_000;
    private static final int STYLE = 12_000;
    private static final int SCRIPTS = 25_000;
    private static final Pattern SCRIPT = Pattern.compile("<script src=\"([^\"]+)\"");
    private static final Pattern SHEET = Pattern.compile("<link rel=\"stylesheet\" href=\"([^\"]+)\"");

    @TempDir
    Path directory;

    private static int weight(TestServer server, String page, Pattern kind) throws IOException, InterruptedException {
        int bytes = 0;
        Matcher matcher = kind.matcher(page);
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (matcher.find()) {
                HttpResponse<byte[]> answer = client.send(
                        HttpRequest.newBuilder(URI.create(server.url() + matcher.group(1)))
                                .header("Accept-Encoding", "gzip")
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
                assertThat(answer.headers().firstValue("Content-Encoding")).hasValue("gzip");
                bytes += answer.body().length;
            }
        }
        assertThat(bytes).as(kind.toString()).isPositive();
        return bytes;
    }

    private static int compressed(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.size();
    }

    @Test
    void noPageIsHeavierThanItsBudget(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, Map.of("observe.local", "false"))) {
            Enrolled agent = Enrolled.with(
                    server, Enrolled.enrollmentToken(server), "{\"agent_name\": \"one\", \"host\": \"a\"}");
            agent.fillIn(server);
            for (String path : List.of(
                    "/dashboard",
                    "/integrity",
                    "/fleet",
                    "/detections",
                    "/settings",
                    "/settings/servers",
                    "/api/try",
                    "/fleet/agent?id=one",
                    "/fleet/agent?id=one&tab=config",
                    "/fleet/host?name=a&tab=sensors",
                    "/login")) {
                TestServer.Answer page = server.call(
                        "GET",
                        path,
                        null,
                        Map.of("Authorization", "Bearer " + server.adminToken(), "Accept", "text/html"));
                assertThat(page.status()).as(path).isEqualTo(200);
                assertThat(weight(server, page.body(), SCRIPT))
                        .as(path + "'s scripts")
                        .isLessThan(SCRIPTS);
                assertThat(weight(server, page.body(), SHEET))
                        .as(path + "'s style")
                        .isLessThan(STYLE);
                if (!path.startsWith("/api")) {
                    assertThat(compressed(page.body())).as(path).isLessThan(PAGE);
                }
            }
        }
    }
}
