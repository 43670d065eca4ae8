package dev.panoptes.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.TestServer;
import dev.panoptes.server.TestServer.Answer;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Bodies and requests as nobody should send them: each is a 4xx with a reason, and nothing is stored. */
@ExtendWith(TestPostgres.class)
class StrictBodyTest {
    private static final Map<String, String> QUIET =
            Map.of("observe.local", "false", "limits.requests_per_second", "0");

    @TempDir
    Path directory;

    private static Map<String, String> bodies() {
        Map<String, String> bodies = new LinkedHashMap<>();
        bodies.put("empty", "");
        bodies.put("blank", "  ");
        bodies.put("cut off", "{\"name\": \"a\"");
        bodies.put("two values", "{} {}");
        bodies.put("a list", "[]");
        bodies.put("null", "null");
        bodies.put("single quotes", "{'name': 'a'}");
        bodies.put("a comment", "{/* x */\"name\": \"a\"}");
        bodies.put("a duplicate key", "{\"name\": \"a\", \"name\": \"b\", \"role\": \"viewer\"}");
        bodies.put("an unknown field", "{\"name\": \"a\", \"role\": \"viewer\", \"admin\": true}");
        bodies.put("a wrong type", "{\"name\": 5, \"role\": \"viewer\"}");
        bodies.put("a null name", "{\"name\": null, \"role\": \"viewer\"}");
        bodies.put("a wrong role", "{\"name\": \"a\", \"role\": \"king\"}");
        bodies.put("NUL", "{\"name\": \"a\\u0000b\", \"role\": \"viewer\"}");
        bodies.put("half a surrogate pair", "{\"name\": \"a\\ud800\", \"role\": \"viewer\"}");
        bodies.put("half a pair in a name", "{\"\\udc00\": 1}");
        bodies.put("a huge number", "{\"name\": \"a\", \"role\": \"viewer\", \"x\": 1e999}");
        bodies.put("a long number", "{\"x\": " + "9".repeat(1000) + "}");
        bodies.put("NaN", "{\"x\": NaN}");
        bodies.put("deep", "[".repeat(5000) + "]".repeat(5000));
        bodies.put("deep in a field", "{\"x\": ".repeat(100) + "1" + "}".repeat(100));
        bodies.put("a long name", "{\"name\": \"" + "a".repeat(5000) + "\", \"role\": \"viewer\"}");
        bodies.put("a long key", "{\"" + "a".repeat(100_000) + "\": 1}");
        bodies.put("a byte order mark", "\ufeff{\"name\": \"a\", \"role\": \"viewer\"}");
        return bodies;
    }

    @Test
    void everyWrongBodyIsRefusedAndNothingIsStored(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, QUIET)) {
            List<String> wrong = new ArrayList<>();
            for (Map.Entry<String, String> each : bodies().entrySet()) {
                Answer answer = server.post("/api/v1/users", each.getValue());
                if (answer.status() != 400 || !answer.code().equals("invalid_request")) {
                    wrong.add(each.getKey() + ": " + answer.status() + " " + answer.body());
                }
            }
            assertThat(wrong).isEmpty();
            assertThat(server.get("/api/v1/users").json().path("items").size()).isEqualTo(1);
        }
    }

    @Test
    void everyViolationIsToldAtOnceWithItsPointer(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, QUIET)) {
            Answer answer = server.post("/api/v1/users", "{\"role\": \"king\", \"a/b~c\": 1}");
            assertThat(answer.json().path("errors").findValuesAsString("pointer"))
                    .containsExactlyInAnyOrder("/name", "/role", "/a~1b~0c");
        }
    }

    @Test
    void sizeTypeAndCodingAreLimited(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, QUIET)) {
            String large = "{\"name\": \"" + "a".repeat(1 << 20) + "\"}";
            assertThat(server.post("/api/v1/users", large).status()).isEqualTo(413);
            Map<String, String> admin = Map.of("Authorization", "Bearer " + server.adminToken());
            assertThat(raw(server, "POST /api/v1/users HTTP/1.1", admin, "Content-Type: text/plain", "{}"))
                    .contains(" 415 ");
            assertThat(raw(
                            server,
                            "POST /api/v1/users HTTP/1.1",
                            admin,
                            "Content-Type: application/json\r\nContent-Encoding: gzip",
                            "{}"))
                    .contains(" 415 ");
        }
    }

    @Test
    void invalidUtf8AndWhatIsNoHttpAreRefusedAsProblems(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, QUIET)) {
            Map<String, String> admin = Map.of("Authorization", "Bearer " + server.adminToken());
            assertThat(raw(
                            server,
                            "POST /api/v1/users HTTP/1.1",
                            admin,
                            "Content-Type: application/json",
                            "{\"name\": \"\u00ff\"}"))
                    .contains(" 400 ")
                    .contains("not valid UTF-8");
            for (String line :
                    List.of("GET /%00 HTTP/1.1", "GET /../../etc/passwd HTTP/1.1", "NONSENSE", "GET /%zz HTTP/1.1")) {
                assertThat(raw(server, line, Map.of(), "X: y", ""))
                        .as(line)
                        .containsPattern("^HTTP/1.1 4\\d\\d ")
                        .doesNotContain("org.eclipse")
                        .doesNotContain("Exception");
            }
        }
    }

    @Test
    void everyAnswerBearsTheSecurityHeaders(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, QUIET)) {
            for (String path : List.of("/health", "/nowhere", "/api/v1/users", "/api")) {
                Answer answer = server.call("GET", path, null, Map.of());
                assertThat(answer.header("Content-Security-Policy")).as(path).contains("frame-ancestors 'none'");
                assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
                assertThat(answer.header("Access-Control-Allow-Origin")).isNull();
                assertThat(answer.header("Server")).isNull();
            }
        }
    }

    @Test
    void aCallerBeyondItsRateIsToldWhenToComeBackAndOthersAreNot(Databases databases)
            throws IOException, InterruptedException {
        Map<String, String> settings = Map.of("observe.local", "false", "limits.requests_per_second", "5");
        try (TestServer server = TestServer.start(databases, directory, settings)) {
            String viewer = server.token("viewer");
            Answer last = server.get("/api/v1/waivers");
            for (int i = 0; i < 40 && last.status() != 429; i++) {
                last = server.call("GET", "/api/v1/waivers", null, Map.of("Authorization", "Bearer " + viewer));
            }
            assertThat(last.status()).isEqualTo(429);
            assertThat(last.code()).isEqualTo("rate_limited");
            assertThat(last.header("Retry-After")).isEqualTo("1");
            assertThat(server.get("/api/v1/waivers").status()).isEqualTo(200);
        }
    }

    /** What a client that writes bytes gets back. Text is sent as ISO 8859-1, so that a char is a byte. */
    private static String raw(TestServer server, String line, Map<String, String> headers, String more, String body)
            throws IOException {
        URI uri = URI.create(server.url());
        StringBuilder request = new StringBuilder(line)
                .append("\r\nHost: x\r\nConnection: close\r\n")
                .append(more)
                .append("\r\n");
        headers.forEach(
                (name, value) -> request.append(name).append(": ").append(value).append("\r\n"));
        request.append("Content-Length: ")
                .append(body.length())
                .append("\r\n\r\n")
                .append(body);
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.ISO_8859_1));
            try (InputStream in = socket.getInputStream()) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        }
    }
}
