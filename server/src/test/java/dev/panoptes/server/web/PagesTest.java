package dev.panoptes.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.TestServer;
import dev.panoptes.server.TestServer.Answer;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The pages as a browser without scripts uses them. */
@ExtendWith(TestPostgres.class)
class PagesTest {
    private static final Pattern FIELD = Pattern.compile("name=\"csrf_token\" value=\"([^\"]+)\"");
    private static final String HTML = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    private static final String GOOD = "a better password 1";

    @TempDir
    Path directory;

    /** Keeps cookies and sends what browsers send. */
    private static final class Browser {
        private final TestServer server;
        private final Map<String, String> cookies = new LinkedHashMap<>();

        Browser(TestServer server) {
            this.server = server;
        }

        Answer get(String path) throws IOException, InterruptedException {
            return call("GET", path, null, Map.of());
        }

        Answer post(String path, Map<String, String> form) throws IOException, InterruptedException {
            return post(path, form, Map.of("Sec-Fetch-Site", "same-origin"));
        }

        Answer post(String path, Map<String, String> form, Map<String, String> more)
                throws IOException, InterruptedException {
            String body = form.entrySet().stream()
                    .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
                    .collect(Collectors.joining("&"));
            Map<String, String> headers = new LinkedHashMap<>(more);
            headers.put("Content-Type", "application/x-www-form-urlencoded");
            return call("POST", path, body, headers);
        }

        private Answer call(String method, String path, String body, Map<String, String> more)
                throws IOException, InterruptedException {
            Map<String, String> headers = new LinkedHashMap<>(more);
            headers.put("Accept", HTML);
            if (!cookies.isEmpty()) {
                headers.put(
                        "Cookie",
                        cookies.entrySet().stream()
                                .map(each -> each.getKey() + "=" + each.getValue())
                                .collect(Collectors.joining("; ")));
            }
            Answer answer = server.call(method, path, body, headers);
            String set = answer.header("Set-Cookie");
            if (set != null) {
                String[] parts = set.split(";", 2)[0].split("=", 2);
                cookies.put(parts[0], parts[1]);
            }
            return answer;
        }

        Answer logIn(String name, String password, String next) throws IOException, InterruptedException {
            String token = token(get("/login"));
            return post("/login", Map.of("csrf_token", token, "name", name, "password", password, "next", next));
        }
    }

    private static String token(Answer page) {
        Matcher field = FIELD.matcher(page.body());
        assertThat(field.find()).as(page.body()).isTrue();
        return field.group(1);
    }

    private TestServer start(Databases databases) throws IOException, InterruptedException {
        Path registry = Files.writeString(directory.resolve("agent-registry.yaml"), """
            version: '1.0'
            agents:
              one: {name: '<b>ONE</b>', connection: {url: 'http://one:18020'}}
              two: {name: TWO, connection: {url: 'http://two:18020'}}
            """);
        return TestServer.start(
                databases, directory, Map.of("registry", registry.toString(), "observe.local", "false"));
    }

    private static String oneTime(TestServer server) {
        return server.server().firstAdmin().orElseThrow().oneTimePassword();
    }

    @Test
    void aPersonComesInByTheFormsReplacesThePasswordReadsThePagesAndLeaves(Databases databases)
            throws IOException, InterruptedException {
        try (TestServer server = start(databases)) {
            Browser browser = new Browser(server);
            Answer door = browser.get("/status");
            assertThat(door.status()).isEqualTo(303);
            assertThat(door.header("Location")).isEqualTo("/login?next=%2Fstatus");

            Answer in = browser.logIn("admin", oneTime(server), "/status");
            assertThat(in.header("Location")).isEqualTo("/password");
            assertThat(browser.get("/dashboard").header("Location")).isEqualTo("/password");
            Answer page = browser.get("/password");
            Map<String, String> change = new LinkedHashMap<>();
            change.put("csrf_token", token(page));
            change.put("name", "admin");
            change.put("current", oneTime(server));
            change.put("new", GOOD);
            change.put("again", GOOD + "x");
            assertThat(browser.post("/password", change).body()).contains("differ");
            change.put("again", GOOD);
            assertThat(browser.post("/password", change).header("Location")).startsWith("/login");

            assertThat(browser.logIn("admin", GOOD, "/status").header("Location"))
                    .isEqualTo("/status");
            for (String path : new String[] {"/status", "/dashboard", "/scan/last", "/scan"}) {
                Answer shown = browser.get(path);
                assertThat(shown.status()).as(path).isEqualTo(200);
                assertThat(shown.header("Content-Type")).startsWith("text/html");
                assertThat(shown.header("Vary")).isEqualTo("Accept");
                assertThat(shown.body())
                        .contains("Log out")
                        .doesNotContain("<b>ONE")
                        .doesNotContainPattern("<script(?! src=)")
                        .doesNotContain("style=\"")
                        .doesNotContain("<style");
            }
            Answer out = browser.post("/logout", Map.of("csrf_token", token(browser.get("/status"))));
            assertThat(out.header("Location")).isEqualTo("/login");
            assertThat(browser.get("/status").status()).isEqualTo(303);
        }
    }

    @Test
    void programsGetWhatTheyAlwaysGot(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = start(databases)) {
            String bearer = "Bearer " + server.adminToken();
            for (String accept : new String[] {"*/*", "application/json", "application/json, text/html;q=0.5", ""}) {
                Answer answer = server.call("GET", "/status", null, Map.of("Authorization", bearer, "Accept", accept));
                assertThat(answer.header("Content-Type")).as(accept).isEqualTo("application/json");
            }
            assertThat(server.call("GET", "/status", null, Map.of("Accept", "*/*"))
                            .status())
                    .isEqualTo(401);
        }
    }

    @Test
    void anotherSiteCanNeitherLogSomebodyInNorOut(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = start(databases)) {
            Browser victim = new Browser(server);
            Map<String, String> form = new LinkedHashMap<>();
            form.put("csrf_token", token(new Browser(server).get("/login")));
            form.put("name", "admin");
            form.put("password", oneTime(server));
            assertThat(victim.post("/login", form).status()).as("no cookie").isEqualTo(400);
            form.put("csrf_token", token(victim.get("/login")));
            assertThat(victim.post("/login", form, Map.of("Sec-Fetch-Site", "cross-site"))
                            .status())
                    .isEqualTo(400);
            form.put("csrf_token", "guess");
            assertThat(victim.post("/login", form).status()).isEqualTo(400);
            assertThat(victim.logIn("admin", oneTime(server), "").status()).isEqualTo(303);
            assertThat(victim.post("/logout", Map.of()).status()).isEqualTo(403);
            assertThat(victim.post("/logout", Map.of("csrf_token", "guess")).status())
                    .isEqualTo(403);
            assertThat(victim.get("/password").status()).as("still in").isEqualTo(200);
        }
    }

    @Test
    void aLoginLeadsToPagesOfOurOwnOnly(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = start(databases)) {
            for (String next : new String[] {
                "https://evil.example/", "//evil.example", "/\\evil.example", "/status/../../x", "javascript:alert(1)"
            }) {
                Browser browser = new Browser(server);
                String page = browser.get("/login?next=" + URLEncoder.encode(next, StandardCharsets.UTF_8))
                        .body();
                assertThat(page).contains("name=\"next\" value=\"/dashboard\"").doesNotContain("evil");
            }
        }
    }

    @Test
    void guessingIsLockedOutOnTheFormToo(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = start(databases)) {
            Browser browser = new Browser(server);
            for (int i = 0; i < 5; i++) {
                assertThat(browser.logIn("admin", "guess", "").status()).isEqualTo(401);
            }
            Answer locked = browser.logIn("admin", oneTime(server), "");
            assertThat(locked.status()).isEqualTo(429);
            assertThat(Integer.parseInt(Objects.requireNonNull(locked.header("Retry-After"))))
                    .isBetween(1, 31);
        }
    }

    @Test
    void aFormIsReadStrictly(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = start(databases)) {
            Map<String, String> headers = Map.of("Content-Type", "application/x-www-form-urlencoded", "Accept", HTML);
            for (String body : new String[] {
                "name=a&name=b",
                "name=%zz",
                "name=%ff%fe",
                "name=%00",
                "crown=1",
                "a=b&".repeat(30),
                "name=" + "x".repeat(5_000)
            }) {
                assertThat(server.call("POST", "/login", body, headers).status())
                        .as(body)
                        .isIn(400, 413);
            }
        }
    }

    @Test
    void theStylesheetAndTheRootAreThere(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = start(databases)) {
            Browser browser = new Browser(server);
            assertThat(browser.get("/").header("Location")).isEqualTo("/dashboard");
            assertThat(browser.get("/static/panoptes.css").body()).contains("light-dark(");
            Matcher kept = Pattern.compile("/static/panoptes\\.[0-9a-f]{12}\\.css")
                    .matcher(browser.get("/login").body());
            assertThat(kept.find()).isTrue();
            assertThat(browser.get(kept.group()).header("Cache-Control")).contains("immutable");
            assertThat(browser.get("/static/nothing.css").status()).isEqualTo(404);
            assertThat(browser.get("/api").body()).contains("/api/v1/health/system");
            assertThat(browser.get("/nowhere").status()).isEqualTo(404);
        }
    }

    @Test
    void whatIsShownIsGroupedAndLooksAsFarBackAsTheAddressSays(Databases databases)
            throws IOException, InterruptedException {
        try (TestServer server = start(databases)) {
            String token = server.post("/api/v1/tokens", "{\"name\":\"o\",\"role\":\"observer\",\"host\":\"web-1\"}")
                    .json()
                    .path("token")
                    .asString();
            server.call(
                    "POST",
                    "/api/v1/telemetry",
                    "{\"stream\":\"6f0e2b52-3b0c-4b53-9a52-0c7f6b1f9a11\",\"sensor\":\"auth\",\"first\":1,\"count\":2}\n"
                            + "{\"event\":{\"action\":\"login\"}}\n{\"event\":{\"action\":\"login\"}}\n",
                    Map.of("Authorization", "Bearer " + token, "Content-Type", "application/x-ndjson"));
            Map<String, String> browser = Map.of("Accept", HTML, "Authorization", "Bearer " + server.adminToken());
            for (String range : List.of("1h", "24h", "7d")) {
                String page = server.call("GET", "/dashboard?group=state&range=" + range, null, browser)
                        .body();
                assertThat(page)
                        .as(range)
                        .contains("auth: 2 events in the last")
                        .contains("<a href=\"/dashboard?group=state&amp;range=" + range + "\" aria-current=\"true\">")
                        // Both are of one group.
                        .contains("href=\"/fleet?q=state:port-conflict\"")
                        .contains("Next in");
            }
            assertThat(server.call("GET", "/dashboard?range=2h", null, browser).status())
                    .isEqualTo(400);
            assertThat(server.call("GET", "/fleet?group=colour", null, browser).status())
                    .isEqualTo(400);
            assertThat(server.get("/api/v1/fleet?q=state:port-conflict")
                            .json()
                            .path("total")
                            .asInt())
                    .isEqualTo(2);
            assertThat(server.get("/api/v1/fleet?q=state:not-enrolled")
                            .json()
                            .path("total")
                            .asInt())
                    .isZero();
            assertThat(server.get("/api/v1/fleet/map?group=version")
                            .json()
                            .path("groups")
                            .path(0)
                            .path("name")
                            .asString())
                    .isEqualTo("none told");
            assertThat(server.get("/api/v1/fleet?q=version:none-told")
                            .json()
                            .path("total")
                            .asInt())
                    .isEqualTo(2);
        }
    }
}
