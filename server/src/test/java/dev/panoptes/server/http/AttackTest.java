package dev.panoptes.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.TestServer;
import dev.panoptes.server.TestServer.Answer;
import dev.panoptes.server.http.RawClient.Said;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What an attacker tries: storms of logins, floods of tokens, hoards of streams, methods and heads that nobody expects. */
@ExtendWith(TestPostgres.class)
class AttackTest {
    @TempDir
    Path directory;

    private TestServer start(Databases databases, Map<String, String> more) throws InterruptedException {
        Map<String, String> settings = new HashMap<>(Map.of("observe.local", "false"));
        settings.putAll(more);
        return TestServer.start(databases, directory, settings);
    }

    @Test
    void aStormOfLoginsGetsNoMoreGuessesThanTheLockAndStopsNobodyElse(Databases databases)
            throws IOException, InterruptedException, ExecutionException {
        List<Integer> statuses = storm(databases, "admin", _ -> "198.51.100.1");
        assertThat(statuses.stream().filter(status -> status == 401)).hasSizeLessThanOrEqualTo(5);
    }

    @Test
    void aStormOfLoginsFromEverywhereStopsNobodyElse(Databases databases)
            throws IOException, InterruptedException, ExecutionException {
        storm(databases, "somebody", number -> "198.51.100." + number);
    }

    /** A hundred wrong logins at once. @return what they were told, once it is sure that others were answered meanwhile */
    private List<Integer> storm(Databases databases, String name, IntFunction<String> addresses)
            throws IOException, InterruptedException, ExecutionException {
        Map<String, String> settings = Map.of("limits.requests_per_second", "0", "http.trusted_proxies", "127.0.0.0/8");
        try (TestServer server = start(databases, settings)) {
            String body = "{\"name\": \"" + name + "\", \"password\": \"wrong wrong wrong\"}";
            List<Long> inPeace = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                inPeace.add(millisOfACall(server));
            }
            List<Long> others = new ArrayList<>();
            List<Integer> statuses = new ArrayList<>();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<Integer>> all = IntStream.range(1, 101)
                        .mapToObj(number -> threads.submit(() -> server.call(
                                        "POST",
                                        "/api/v1/session",
                                        body,
                                        Map.of("X-Forwarded-For", addresses.apply(number)))
                                .status()))
                        .toList();
                while (!all.stream().allMatch(Future::isDone)) {
                    others.add(millisOfACall(server));
                }
                for (Future<Integer> each : all) {
                    statuses.add(each.get());
                }
            }
            assertThat(statuses).contains(401).allMatch(status -> status == 401 || status == 429);
            // Ten seconds was the defect; docs/performance.md has what was measured. A busy machine is slow without a
            // storm too.
            assertThat(late(others)).isLessThan(500 + 20 * late(inPeace));
            return statuses;
        }
    }

    private static long millisOfACall(TestServer server) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        assertThat(server.get("/api/v1/hosts").status()).isEqualTo(200);
        return (System.nanoTime() - begin) / 1_000_000;
    }

    /** The slowest but one in a hundred. */
    private static long late(List<Long> millis) {
        return millis.stream().sorted().toList().get(millis.size() * 99 / 100);
    }

    @Test
    void wrongTokensAreRefusedWithoutADatabaseAndRightOnesBesideThemAreNot(Databases databases)
            throws IOException, InterruptedException {
        try (TestServer server = start(databases, Map.of())) {
            String good = server.token("viewer");
            Map<String, String> asViewer = Map.of("Authorization", "Bearer " + good);
            assertThat(server.call("GET", "/api/v1/hosts", null, asViewer).status())
                    .isEqualTo(200);
            long before = transactions(server);
            int unauthorized = 0;
            for (int i = 0; i < 300; i++) {
                int status = server.call("GET", "/api/v1/hosts", null, Map.of("X-API-Key", "pnt_%043d".formatted(i)))
                        .status();
                assertThat(status).isIn(401, 429);
                unauthorized += status == 401 ? 1 : 0;
            }
            assertThat(unauthorized).isBetween(1, 60);
            assertThat(transactions(server) - before).isLessThan(150);
            assertThat(server.call("GET", "/api/v1/hosts", null, asViewer).status())
                    .as("a token that was right stays right")
                    .isIn(200, 429);
        }
    }

    private static long transactions(TestServer server) {
        return server.database()
                .transaction(transaction -> transaction.one(
                        "SELECT xact_commit + xact_rollback AS n FROM pg_stat_database WHERE datname ="
                                + " current_database()",
                        row -> row.bigint("n")));
    }

    @Test
    void anApiKeyIsABearerToken(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = start(databases, Map.of())) {
            String token = server.token("viewer");
            assertThat(server.call("GET", "/api/v1/hosts", null, Map.of("X-API-Key", token))
                            .status())
                    .isEqualTo(200);
            assertThat(server.call("POST", "/scan", "", Map.of("X-API-Key", token))
                            .status())
                    .isEqualTo(403);
        }
    }

    @Test
    void oneCallerHasSoManyStreamsAndLosesItsOldestForAnother(Databases databases)
            throws IOException, InterruptedException {
        try (TestServer server = start(databases, Map.of("limits.streams_per_caller", "2"));
                HttpClient client = HttpClient.newHttpClient()) {
            String one = server.token("viewer");
            String other = server.token("operator");
            List<InputStream> open = new ArrayList<>();
            try {
                open.add(opened(server, client, other));
                // As fast as somebody clicks through the pages, each of which listens.
                for (int i = 0; i < 12; i++) {
                    open.add(opened(server, client, one));
                }
                for (InputStream displaced : open.subList(1, 11)) {
                    assertThat(new String(displaced.readAllBytes(), StandardCharsets.UTF_8))
                            .as("it ends properly, and comes back only later")
                            .endsWith("retry: 60000\n");
                }
                assertThat(listening(server)).isEqualTo(3);
            } finally {
                for (InputStream each : open) {
                    each.close();
                }
                client.shutdownNow();
            }
        }
    }

    private static InputStream opened(TestServer server, HttpClient client, String token)
            throws IOException, InterruptedException {
        HttpResponse<InputStream> stream = stream(server, client, token);
        assertThat(stream.statusCode()).isEqualTo(200);
        return stream.body();
    }

    private static int listening(TestServer server) throws IOException, InterruptedException {
        return server.get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("panoptes_streams "))
                .mapToInt(line -> (int) Double.parseDouble(line.substring("panoptes_streams ".length())))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void askingForTheHeadOfAStreamTakesNoPlace(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = start(databases, Map.of("limits.streams", "2"))) {
            for (int i = 0; i < 5; i++) {
                assertThat(server.call("HEAD", "/api/v1/stream", null).status()).isEqualTo(200);
            }
            assertThat(listening(server)).isZero();
        }
    }

    private static HttpResponse<InputStream> stream(TestServer server, HttpClient client, String token)
            throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(server.url() + "/api/v1/stream"))
                        .header("Authorization", "Bearer " + token)
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
    }

    @Test
    void headIsGetWithoutABody(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = start(databases, Map.of("limits.requests_per_second", "0"))) {
            for (Route route : server.routes()) {
                if (route.method() != Method.GET) {
                    continue;
                }
                String path = route.path().replaceAll("\\{[^}]+}", "x");
                for (Map<String, String> caller :
                        List.of(Map.<String, String>of(), Map.of("Authorization", "Bearer " + server.adminToken()))) {
                    if (path.equals("/api/v1/stream") && !caller.isEmpty()) {
                        continue;
                    }
                    Answer get = server.call("GET", path, null, caller);
                    Answer head = server.call("HEAD", path, null, caller);
                    assertThat(head.status())
                            .as("HEAD " + path + " " + caller.isEmpty())
                            .isEqualTo(get.status());
                    assertThat(head.body()).as(path).isEmpty();
                }
            }
            assertThat(server.call("HEAD", "/api/v1/stream", null).status()).isEqualTo(200);
            assertThat(server.call("HEAD", "/nowhere", null).status()).isEqualTo(404);
            assertThat(server.call("OPTIONS", "/status", null).status()).isEqualTo(405);
        }
    }

    @Test
    void whatNoRouteAnswersIsLimitedToo(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = start(databases, Map.of("limits.requests_per_second", "5"))) {
            List<Integer> statuses = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                statuses.add(server.call(i % 2 == 0 ? "GET" : "OPTIONS", "/nowhere", null, Map.of())
                        .status());
            }
            assertThat(statuses).contains(404).contains(429).allMatch(status -> status == 404 || status == 429);
        }
    }

    @Test
    void aBrowserGetsAPageForWhatIsNotThere(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = start(databases, Map.of())) {
            Answer page = server.call("GET", "/nowhere", null, Map.of("Accept", "text/html"));
            assertThat(page.status()).isEqualTo(404);
            assertThat(page.header("Content-Type")).startsWith("text/html");
            Answer json = server.call("GET", "/nowhere", null, Map.of());
            assertThat(json.header("Content-Type")).isEqualTo("application/problem+json");
            assertThat(json.json().path("instance").asString()).doesNotEndWith(":none");
        }
    }

    @Test
    void whatJettyRefusesIsAProblemWithItsStatusAndTheUsualHeaders(Databases databases)
            throws IOException, InterruptedException {
        try (TestServer server = start(databases, Map.of("limits.requests_per_second", "0"))) {
            RawClient client = new RawClient(server.url());
            Map<String, Integer> requests = Map.of(
                    "GET /" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: x\r\n\r\n",
                    414,
                    "GET /livez HTTP/1.1\r\nHost: x\r\nX: " + "a".repeat(20_000) + "\r\n\r\n",
                    431,
                    "GET /livez HTTP/3.7\r\nHost: x\r\n\r\n",
                    505,
                    "GET /livez HTTP/1.1\r\nHost: x\r\nExpect: 200-maybe\r\nConnection: close\r\n\r\n",
                    417,
                    "PUT /api/v1/hosts/%03 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                    400,
                    "OPTIONS /api/v1/hosts/%03 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                    400,
                    "DELETE /api/v1/hosts/%5c HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                    400);
            for (Map.Entry<String, Integer> each : requests.entrySet()) {
                Said said = client.send(each.getKey());
                String about = each.getKey().substring(0, 25) + "\n" + said.text();
                assertThat(said.status()).as(about).isEqualTo(each.getValue());
                assertThat(said.text())
                        .as(about)
                        .contains("application/problem+json")
                        .contains("\"status\":" + each.getValue())
                        .contains("X-Content-Type-Options: nosniff")
                        .contains("Content-Security-Policy:");
            }
        }
    }

    @Test
    void onlyTrustedProxiesSpeakForOthers(Databases databases) throws IOException, InterruptedException {
        Map<String, String> forwarded = Map.of("X-Forwarded-For", "198.51.100.7, 203.0.113.9");
        String login = "{\"name\": \"eve\", \"password\": \"wrong wrong wrong\"}";
        try (TestServer server = start(databases, Map.of("http.trusted_proxies", "127.0.0.0/8"))) {
            server.call("POST", "/api/v1/session", login, forwarded);
            assertThat(server.get("/api/v1/audit")
                            .json()
                            .path("items")
                            .get(0)
                            .path("address")
                            .asString())
                    .isEqualTo("203.0.113.9");
        }
        try (TestServer server = start(databases, Map.of())) {
            server.call("POST", "/api/v1/session", login, forwarded);
            assertThat(server.get("/api/v1/audit")
                            .json()
                            .path("items")
                            .get(0)
                            .path("address")
                            .asString())
                    .isEqualTo("127.0.0.1");
        }
    }
}
