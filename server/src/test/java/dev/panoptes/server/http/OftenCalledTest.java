package dev.panoptes.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.TestServer;
import dev.panoptes.server.TestServer.Answer;
import dev.panoptes.server.agents.Enrolled;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The short way of what is called all the time answers what the long way answers. */
@ExtendWith(TestPostgres.class)
class OftenCalledTest {
    private static final Map<String, String> QUIET =
            Map.of("observe.local", "false", "limits.requests_per_second", "0");

    @TempDir
    Path directory;

    /** What of an answer does not differ from call to call. */
    private static String lasting(RawClient.Said said) {
        String[] parts = said.text().split("\r\n\r\n", 2);
        String head = parts[0].lines()
                .filter(line -> !line.startsWith("Date:") && !line.startsWith("Content-Length:"))
                .map(line -> line.replaceAll("[;,] ?charset=.*", "").toLowerCase(java.util.Locale.ROOT))
                .filter(line -> !line.startsWith("vary:"))
                .sorted()
                .reduce("", (all, line) -> all + line + "\n");
        return head
                + parts[1].replaceAll("\"(received_at|instance)\":\"[^\"]*\"", "")
                        .replaceAll("\"next_in\":[0-9.]+", "");
    }

    private static String call(String path, String token, String extra, String body) {
        return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + extra
                + (token.isEmpty() ? "" : "Authorization: Bearer " + token + "\r\n") + "Content-Length: "
                + body.length()
                + "\r\n\r\n" + body;
    }

    @Test
    void bothWaysAnswerAlike(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, QUIET)) {
            Enrolled agent = Enrolled.on(server, "one");
            Enrolled other = Enrolled.on(server, "two");
            RawClient raw = new RawClient(server.url());
            String json = "Content-Type: application/json\r\n";
            String beat = "{\"status\":\"running\",\"resources\":{\"cpu\":1}}";
            Map<String, String[]> calls = new LinkedHashMap<>();
            calls.put("a beat", new String[] {agent.id(), agent.token(), json, beat});
            calls.put("a beat by name", new String[] {"one", agent.token(), json, beat});
            calls.put("no body", new String[] {agent.id(), agent.token(), "", ""});
            calls.put("no token", new String[] {agent.id(), "", json, beat});
            calls.put("a wrong token", new String[] {agent.id(), agent.token() + "x", json, beat});
            calls.put("another agent", new String[] {agent.id(), other.token(), json, beat});
            calls.put("an operator", new String[] {agent.id(), server.adminToken(), json, beat});
            calls.put("no JSON", new String[] {agent.id(), agent.token(), json, "{\"status\""});
            calls.put("unknown field", new String[] {agent.id(), agent.token(), json, "{\"x\":1}"});
            calls.put("no type", new String[] {agent.id(), agent.token(), "", beat});
            calls.put("too large", new String[] {agent.id(), agent.token(), json, " ".repeat(70_000) + beat});
            calls.put("a name with dots", new String[] {"..a", agent.token(), json, beat});
            calls.forEach((what, each) -> {
                String path = "/api/v1/agents/" + each[0] + "/heartbeat";
                try {
                    RawClient.Said shortWay = raw.send(call(path, each[1], each[2], each[3]));
                    assertThat(shortWay.status())
                            .as(what + ": " + shortWay.text())
                            .isPositive();
                    for (String longWay : new String[] {path + "?", path + "/"}) {
                        assertThat(lasting(raw.send(call(longWay, each[1], each[2], each[3]))))
                                .as(what + " at " + longWay)
                                .isEqualTo(lasting(shortWay));
                    }
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            assertThat(raw.send(call("/api/v1/agents/one/heartbeat", agent.token(), json, beat))
                            .text())
                    .contains("X-Content-Type-Options: nosniff", "Cache-Control: no-store", "\"interval\":");
        }
    }

    @Test
    void aWholeConnectionOfThemIsAnsweredInOrder(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, QUIET)) {
            Enrolled agent = Enrolled.on(server, "one");
            String body = "{\"resources\":{\"cpu\":1}}";
            String beat =
                    "POST /api/v1/agents/one/heartbeat HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                            + "Authorization: Bearer " + agent.token() + "\r\nContent-Length: " + body.length()
                            + "\r\n\r\n" + body;
            String last = call("/api/v1/metrics/one", agent.token(), "Content-Type: application/json\r\n", "{\"a\":1}");
            RawClient.Said said = new RawClient(server.url()).send(beat + beat + beat + last);
            assertThat(said.answers()).as(said.text()).isEqualTo(4);
            Answer status = server.get("/api/v1/agents/one/status");
            assertThat(status.json().path("metrics").path("a").asDouble()).isEqualTo(1);
        }
    }

    @Test
    void otherMethodsThereAreRefusedAsEverywhere(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, QUIET)) {
            Enrolled agent = Enrolled.on(server, "one");
            Answer answer = agent.call(server, "GET", "/api/v1/agents/one/heartbeat", null);
            assertThat(answer.status()).as(answer.body()).isEqualTo(405);
        }
    }
}
