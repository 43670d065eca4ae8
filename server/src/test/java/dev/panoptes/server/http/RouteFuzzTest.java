package dev.panoptes.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.TestServer;
import dev.panoptes.server.TestServer.Answer;
import dev.panoptes.server.agents.Enrolled;
import dev.panoptes.server.http.RawClient.Said;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every route, called as nobody should. Whatever comes: no 5xx, no wait, nothing of the inside in the answer, nothing stored.
 * {@code -Dpanoptes.fuzz.seconds} makes it longer, {@code -Dpanoptes.fuzz.seed} repeats a run.
 */
@ExtendWith(TestPostgres.class)
class RouteFuzzTest {
    private static final long SECONDS = Long.getLong("panoptes.fuzz.seconds", 8);
    /** What grows with its input takes longer than this at once; a machine with other work does not, twice in turn. */
    private static final long SLOW_MILLIS = 4_000;

    private static final JsonMapper JSON = new JsonMapper();

    private static final List<String> PATH_PARTS = List.of(
            "%00",
            "a%00b",
            "%c0%af",
            "%e0%80%af",
            "%ff%fe",
            "%ed%a0%80",
            "..",
            "../..",
            "%2e%2e",
            "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
            "..%5c..%5c",
            "..;",
            ";jsessionid=1",
            "%",
            "%z",
            "%25%30%30",
            "9".repeat(400),
            "-1",
            "9223372036854775808",
            "0x7f",
            "x".repeat(600),
            "x".repeat(7_000),
            "x".repeat(70_000),
            "%f0%9f%92%a9".repeat(50),
            "' OR '1'='1",
            "%27%20OR%201=1--",
            "${jndi:ldap://x}",
            "00000000-0000-0000-0000-00000000000g",
            "1-1-1-1-1",
            "%20",
            "*",
            "{id}",
            "a/b",
            "\u00ff\u00fe");

    private static final List<String> QUERIES = List.of(
            "limit=0",
            "limit=-1",
            "limit=1001",
            "limit=99999999999999999999",
            "limit=1e3",
            "limit=%00",
            "limit=1&limit=2",
            "limit=",
            "cursor=%00",
            "cursor=AA",
            "cursor=====",
            "cursor=Cg",
            "cursor=" + "A".repeat(500),
            "cursor=" + "A".repeat(5_000),
            "cursor=OTIyMzM3MjAzNjg1NDc3NTgwOA",
            "cursor=MA",
            "severity=worst",
            "severity=%ff",
            "severity=critical&severity=high",
            "state=open,,",
            "state=%00",
            "text=%25%5f%5c",
            "text=" + "%f0%9f%92%a9".repeat(100),
            "agent=%ed%b0%80",
            "host=%0d%0aSet-Cookie:%20a=b",
            "next=//evil.example",
            "next=%0d%0aX:%20y",
            "%00=1",
            "&&&&",
            "=",
            "a".repeat(3_000),
            "%",
            "%zz=1");

    private static final List<String> HEADERS = List.of(
            "X: " + "y".repeat(20_000),
            "X: y\r\n".repeat(500).strip(),
            "X\u0000: y",
            "X: \u0000",
            "X : y",
            " X: y",
            "X: y\r\n folded",
            ": y",
            "X",
            "Host: a\r\nHost: b",
            "Accept: " + "text/html;q=".repeat(500),
            "Accept: text/html;q=9999999999999999999",
            "Accept: */*;;;;,,,,",
            "Accept-Encoding: gzip;q=nan, \u00ff",
            "Accept-Language: \u00e4",
            "Authorization: Bearer " + "a".repeat(6_000),
            "Authorization: Basic OjpbOg==",
            "Authorization: bearer",
            "Authorization:",
            "Cookie: =;;=; panoptes_session=\"\\\"",
            "Cookie: panoptes_session=" + "a".repeat(5_000),
            "Cookie: panoptes_session=%00; panoptes_session=b",
            "Cookie: panoptes_form=..",
            "X-CSRF-Token: \u00ff",
            "Expect: 100-continue",
            "Expect: the-unexpected",
            "Range: bytes=0-,-1,99999999999999999999-",
            "If-Match: *",
            "If-Modified-Since: yesterday",
            "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAAA",
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x",
            "Content-Length: -1",
            "Content-Length: 1, 2",
            "Content-Length: 99999999999999999999",
            "Content-Length: 0x10",
            "Transfer-Encoding: gzip",
            "Transfer-Encoding: chunked, identity",
            "Origin: null",
            "Sec-Fetch-Site: cross-site",
            "Forwarded: for=\"[::1]\";;",
            "X-Forwarded-Proto: https\r\nX-Forwarded-Host: evil.example",
            "X-HTTP-Method-Override: DELETE",
            "Content-Type: multipart/form-data; boundary=" + "b".repeat(300),
            "TE: trailers");

    private static final List<String> BODIES = List.of(
            "{",
            "}",
            "[",
            "nul",
            "{\"a\"",
            "{'a': 1}",
            "{\"a\": 1,}",
            "{a: 1}",
            "/**/{}//",
            "{}{}",
            "\u0000",
            "{\"zz\": \"\\u0000\"}",
            "{\"zz\": \"\u0000\"}",
            "{\"zz\": \"\\ud800\"}",
            "{\"zz\": \"\\udc00\\ud800\"}",
            "{\"\\ud800\": 1}",
            "{\"zz\": \"\u00ff\u00fe\"}",
            "{\"zz\": \"\u00c0\u00af\"}",
            "{\"zz\": \"\u00ed\u00a0\u0080\"}",
            "{\"zz\": 1, \"zz\": 2}",
            "{\"zz\": 1e999}",
            "{\"zz\": -1e999}",
            "{\"zz\": 1" + "0".repeat(40) + "}",
            "{\"zz\": 0." + "1".repeat(2_000) + "}",
            "{\"zz\": NaN}",
            "{\"zz\": Infinity}",
            "{\"zz\": 01}",
            "{\"zz\": 0x1}",
            "{\"zz\": +1}",
            "{\"zz\": \"\t\"}",
            "[".repeat(100_000),
            "{\"a\":".repeat(10_000),
            "[".repeat(33) + "]".repeat(33),
            "{\"zz\": \"" + "a".repeat(500_000) + "\"}",
            "{\"" + "a".repeat(200_000) + "\": 1}",
            "{\"zz\": [" + "0,".repeat(100_000) + "0]}",
            "\u00ef\u00bb\u00bf{}",
            "{\"__proto__\": {\"admin\": true}}",
            "{\"@class\": \"java.lang.Runtime\"}",
            "\"text\"",
            "5",
            "true",
            "[{}]",
            "<a/>",
            "a=b&c=d");

    private static final List<String> TYPES = List.of(
            "text/plain",
            "application/xml",
            "application/json; charset=utf-16",
            "application/json;;;",
            "application/jsonx",
            "application/x-www-form-urlencoded",
            "*/*",
            "\u00ff/\u00ff",
            "");

    @TempDir
    Path directory;

    private final long seed = Long.getLong("panoptes.fuzz.seed", new SecureRandom().nextLong());
    private final Random random = new Random(seed);

    /** What this route's callers bring along. */
    private record Callers(String admin, String observer, String agent, String enrollment, String cookie) {
        String of(Route route) {
            return switch (route.access()) {
                case Access.Observers() -> "Authorization: Bearer " + observer;
                // Without its token nothing that a session sends changes anything.
                case Access.Persons() -> "Cookie: " + cookie;
                case Access.Agents() -> "Authorization: Bearer " + agent;
                case Access.Enrollees() -> "Authorization: Bearer " + enrollment;
                case Access.Open(), Access.AtLeast(Role _), Access.AgentOr(Role _, String _) ->
                    "Authorization: Bearer " + admin;
            };
        }
    }

    @Test
    void nothingThatIsSentBreaksAnything(Databases databases) throws IOException, InterruptedException {
        Path registry = Files.writeString(directory.resolve("agent-registry.yaml"), """
            version: '1.0'
            agents:
              one: {name: ONE, connection: {url: 'http://one:18020'}}
              two: {name: TWO, connection: {url: 'http://two:18020'}}
            """);
        Map<String, String> settings = Map.of(
                "registry", registry.toString(),
                "observe.local", "false",
                "watch.interval", "12h",
                "scan.schedule", "0 0 29 2 *",
                "limits.requests_per_second", "0");
        try (TestServer server = TestServer.start(databases, directory, settings)) {
            Callers callers = callers(server);
            Map<String, Map<String, JsonNode>> examples = examples(server);
            RawClient client = new RawClient(server.url());
            Map<String, Long> before = rows(server.database());
            List<String> wrong = new ArrayList<>();
            long end = System.nanoTime() + SECONDS * 1_000_000_000L;
            int count = 0;
            while (wrong.isEmpty() && (count < server.routes().size() * 3 || System.nanoTime() < end)) {
                Route route = server.routes().get(count % server.routes().size());
                if (route.path().equals("/api/v1/stream")) {
                    // It has no end.
                    count++;
                    continue;
                }
                String request = request(route, callers, examples);
                Said said = client.send(request);
                if (said.millis() > SLOW_MILLIS) {
                    // Once may be this machine; twice is the server.
                    said = client.send(request);
                }
                judge(request, said, wrong);
                count++;
            }
            assertThat(wrong)
                    .as("after " + count + " requests; -Dpanoptes.fuzz.seed=" + seed)
                    .isEmpty();
            assertThat(rows(server.database()))
                    .as("rows after " + count + " requests; -Dpanoptes.fuzz.seed=" + seed)
                    .isEqualTo(before);
            assertThat(server.get("/readyz").status()).isEqualTo(200);
        }
    }

    private static void judge(String request, Said said, List<String> wrong) {
        String what = null;
        if (said.status() >= 500 && !(said.status() == 505 || said.status() == 501)) {
            what = "a " + said.status();
        } else if (said.status() == 0 && !said.text().isEmpty()) {
            what = "no HTTP";
        } else if (said.millis() > SLOW_MILLIS) {
            what = said.millis() + " ms";
        } else if (said.status() >= 400
                && said.text().matches("(?s).*(Exception|\\tat |org\\.eclipse|io\\.javalin|SELECT |INSERT |/tmp/).*")) {
            what = "something of the inside";
        }
        if (what != null) {
            wrong.add(what + " for " + cut(request) + "\n-> " + cut(said.text()));
        }
    }

    private static String cut(String text) {
        return text.length() > 900 ? text.substring(0, 900) + "..." : text;
    }

    private String request(Route route, Callers callers, Map<String, Map<String, JsonNode>> examples) {
        StringBuilder path = new StringBuilder(route.path().replaceAll("\\{[^}]+}", "\u0001"));
        boolean badPath = random.nextInt(3) == 0;
        int place;
        while ((place = path.indexOf("\u0001")) >= 0) {
            String part = badPath ? any(PATH_PARTS) : "00000000-0000-4000-8000-000000000000";
            path.replace(place, place + 1, part);
        }
        if (badPath && !route.path().contains("{")) {
            path.append('/').append(any(PATH_PARTS));
        }
        if (random.nextInt(3) == 0) {
            path.append('?').append(any(QUERIES));
            if (random.nextInt(3) == 0) {
                path.append('&').append(any(QUERIES));
            }
        }
        boolean writes = route.method().writes();
        StringBuilder head =
                new StringBuilder(method(route)).append(' ').append(path).append(" HTTP/1.1\r\nHost: x\r\n");
        head.append("Connection: close\r\n").append(callers.of(route)).append("\r\n");
        if (random.nextInt(4) == 0) {
            head.append(any(HEADERS)).append("\r\n");
        }
        if (!writes) {
            return head.append("\r\n").toString();
        }
        String body = body(
                examples.getOrDefault(route.path(), Map.of()).get(route.method().name()));
        head.append("Content-Type: ")
                .append(random.nextInt(6) == 0 ? any(TYPES) : route.form() ? TYPES.get(5) : "application/json")
                .append("\r\n");
        if (random.nextInt(8) == 0) {
            head.append("Content-Encoding: gzip\r\n");
        }
        return head.append("Content-Length: ")
                .append(body.length())
                .append("\r\n\r\n")
                .append(body)
                .toString();
    }

    /** Mostly the route's own; what would change something is not sent with another body than a broken one. */
    private String method(Route route) {
        return !route.method().writes() && random.nextInt(8) == 0
                ? any(List.of("HEAD", "OPTIONS", "TRACE", "CONNECT", "get", "FOO", "G\u0000T", "PROPFIND"))
                : route.method().name();
    }

    /** Never a body that a route could take: each is malformed, or has a field that no route knows. */
    private String body(JsonNode example) {
        if (example == null || !example.isObject() || random.nextInt(2) == 0) {
            return any(BODIES);
        }
        StringBuilder object = new StringBuilder("{\"zz_not_known\": ").append(value(2));
        example.properties().forEach(each -> {
            if (random.nextInt(4) > 0) {
                object.append(", \"").append(each.getKey()).append("\": ");
                object.append(
                        random.nextInt(2) == 0 ? value(0) : utf8(each.getValue().toString()));
            }
        });
        return object.append('}').toString();
    }

    /** Some JSON value, a char a byte. */
    private String value(int depth) {
        return switch (random.nextInt(depth > 4 ? 6 : 9)) {
            case 0 -> "null";
            case 1 -> "true";
            case 2 -> Long.toString(random.nextLong());
            case 3 -> Double.toString(random.nextGaussian() * 1e300);
            case 4 -> "\"" + "x".repeat(random.nextInt(3_000)) + "\"";
            case 5 -> utf8("\"\\u202e\ud83d\udca9'; DROP TABLE users; --\"");
            case 6 -> "[" + value(depth + 1) + ", " + value(depth + 1) + "]";
            case 7 -> "{\"a\": " + value(depth + 1) + "}";
            default -> "\"\"";
        };
    }

    private static String utf8(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private String any(List<String> list) {
        return list.get(random.nextInt(list.size()));
    }

    private static Callers callers(TestServer server) throws IOException, InterruptedException {
        String password = server.server().firstAdmin().orElseThrow().oneTimePassword();
        Answer in = server.call(
                "POST", "/api/v1/session", "{\"name\": \"admin\", \"password\": \"" + password + "\"}", Map.of());
        String cookie = Objects.requireNonNull(in.header("Set-Cookie")).split(";", 2)[0];
        return new Callers(
                server.token("admin"),
                server.token("observer"),
                Enrolled.on(server, "fuzzer").token(),
                Enrolled.enrollmentToken(server),
                cookie);
    }

    private static Map<String, Map<String, JsonNode>> examples(TestServer server)
            throws IOException, InterruptedException {
        Map<String, Map<String, JsonNode>> examples = new TreeMap<>();
        JsonNode api = JSON.readTree(server.get("/openapi.json").body());
        api.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(call -> {
                    JsonNode example = call.getValue()
                            .path("requestBody")
                            .path("content")
                            .path("application/json")
                            .path("example");
                    if (example.isObject()) {
                        examples.computeIfAbsent(path.getKey(), _ -> new TreeMap<>())
                                .put(call.getKey().toUpperCase(java.util.Locale.ROOT), example);
                    }
                }));
        assertThat(examples).isNotEmpty();
        return examples;
    }

    /** How many rows every table has. */
    private static Map<String, Long> rows(Database database) {
        return database.transaction(transaction -> {
            Map<String, Long> rows = new TreeMap<>();
            for (String table : transaction.list(
                    "SELECT c.relname AS name FROM pg_class c WHERE c.relkind = 'r'"
                            + " AND c.relnamespace = current_schema()::regnamespace",
                    row -> row.text("name"))) {
                rows.put(table, transaction.one("SELECT count(*) AS n FROM \"" + table + "\"", row -> row.bigint("n")));
            }
            return rows;
        });
    }
}
