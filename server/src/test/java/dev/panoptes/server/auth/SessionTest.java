package dev.panoptes.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.server.TestServer;
import dev.panoptes.server.TestServer.Answer;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** People: the first admin, logging in and out, what another site cannot do, what guessing costs. */
@ExtendWith(TestPostgres.class)
class SessionTest {
    private static final String SESSION = "/api/v1/session";
    private static final String GOOD = "a better password 1";

    @TempDir
    Path directory;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-01T00:00:00Z"));

    private record Browser(TestServer server, String cookie, String csrf) {
        Answer call(String method, String path, String body) throws IOException, InterruptedException {
            return server.call(method, path, body, Map.of("Cookie", cookie, "X-CSRF-Token", csrf));
        }
    }

    @Test
    void theFirstAdminLogsInOnceChangesThePasswordAndGoesOn(Databases databases)
            throws IOException, InterruptedException {
        try (TestServer server = start(databases)) {
            String password = server.server().firstAdmin().orElseThrow().oneTimePassword();
            Path file = directory.resolve(FirstAdmin.FILE);
            assertThat(Files.readString(file).strip()).isEqualTo(password);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");

            Browser first = login(server, password);
            assertThat(first.call("GET", "/api/v1/users", null).code()).isEqualTo("password_change_required");
            assertThat(first.call("PUT", SESSION + "/password", passwords(password, "short"))
                            .status())
                    .isEqualTo(400);
            assertThat(first.call("PUT", SESSION + "/password", passwords("wrong", GOOD))
                            .status())
                    .isEqualTo(403);
            assertThat(first.call("PUT", SESSION + "/password", passwords(password, GOOD))
                            .status())
                    .isEqualTo(204);
            assertThat(file).as("it tells a password that is none any more").doesNotExist();
            assertThat(first.call("GET", "/api/v1/users", null).status())
                    .as("every session ended with the old password")
                    .isEqualTo(401);

            Browser second = login(server, GOOD);
            assertThat(second.call("GET", "/api/v1/users", null).status()).isEqualTo(200);
            assertThat(attempt(server, "admin", password).status()).isEqualTo(401);
        }
    }

    @Test
    void theCookieIsOutOfReachOfScriptsAndOtherSites(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = start(databases)) {
            Answer answer = attempt(server, "admin", password(server));
            assertThat(answer.header("Set-Cookie"))
                    .contains("HttpOnly")
                    .contains("SameSite=Strict")
                    .contains("Path=/");
            Browser browser = login(server, password(server));
            String wanted = passwords(password(server), GOOD);
            assertThat(server.call("PUT", SESSION + "/password", wanted, Map.of("Cookie", browser.cookie()))
                            .code())
                    .isEqualTo("permission_denied");
            assertThat(server.call(
                                    "PUT",
                                    SESSION + "/password",
                                    wanted,
                                    Map.of("Cookie", browser.cookie(), "X-CSRF-Token", "guess"))
                            .status())
                    .isEqualTo(403);
        }
    }

    @Test
    void aSessionThatSomebodyPlantedIsNotTakenOver(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = start(databases)) {
            String planted = SessionCookie.NAME + "=planted";
            Answer answer =
                    server.call("POST", SESSION, credentials("admin", password(server)), Map.of("Cookie", planted));
            assertThat(answer.header("Set-Cookie")).doesNotContain("planted");
            assertThat(server.call("GET", SESSION, null, Map.of("Cookie", planted))
                            .status())
                    .isEqualTo(401);
        }
    }

    @Test
    void loggingOutAndTimeEndASession(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = start(databases)) {
            Browser browser = login(server, password(server));
            assertThat(browser.call("GET", SESSION, null).json().path("name").asString())
                    .isEqualTo("admin");
            assertThat(browser.call("DELETE", SESSION, null).status()).isEqualTo(204);
            assertThat(browser.call("GET", SESSION, null).status()).isEqualTo(401);

            Browser idle = login(server, password(server));
            now.updateAndGet(time -> time.plus(Duration.ofHours(13)));
            assertThat(idle.call("GET", SESSION, null).status()).isEqualTo(401);

            Browser old = login(server, password(server));
            for (int day = 0; day < 7 * 3; day++) {
                now.updateAndGet(time -> time.plus(Duration.ofHours(8)));
                int expected = day < 7 * 3 - 1 ? 200 : 401;
                assertThat(old.call("GET", SESSION, null).status()).isEqualTo(expected);
            }
        }
    }

    @Test
    void guessingIsLockedOutWithATimeToComeBack(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = start(databases)) {
            for (int i = 0; i < 5; i++) {
                assertThat(attempt(server, "admin", "guess " + i).status()).isEqualTo(401);
            }
            Answer locked = attempt(server, "admin", password(server));
            assertThat(locked.status()).as("even the right one, now").isEqualTo(429);
            assertThat(Integer.parseInt(Objects.requireNonNull(locked.header("Retry-After"))))
                    .isBetween(1, 31);
            now.updateAndGet(time -> time.plusSeconds(31));
            assertThat(attempt(server, "admin", password(server)).status()).isEqualTo(200);
        }
    }

    @Test
    void whoWasGuessedGetsInAsSoonAsThePasswordIsNew(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = start(databases)) {
            assertThat(attempt(server, "eva", "guess").status()).isEqualTo(401);
            Answer made = server.post("/api/v1/users", "{\"name\": \"eva\", \"role\": \"operator\"}");
            String first = made.json().path("one_time_password").asString();
            assertThat(attempt(server, "eva", first).status())
                    .as("made after the guess")
                    .isEqualTo(200);
            assertThat(attempt(server, "eva", "guess").status()).isEqualTo(401);
            String id = made.json().path("id").asString();
            String second = server.call("PATCH", "/api/v1/users/" + id, "{\"reset_password\": true}")
                    .json()
                    .path("one_time_password")
                    .asString();
            assertThat(attempt(server, "eva", first).status()).as("the old one").isEqualTo(401);
            assertThat(attempt(server, "eva", second).status()).isEqualTo(200);
            assertThat(attempt(server, "eva", "guess").status()).isEqualTo(401);
            server.call("PATCH", "/api/v1/users/" + id, "{\"disabled\": true}");
            assertThat(attempt(server, "eva", second).status()).as("disabled").isEqualTo(401);
        }
    }

    @Test
    void aStrangerAndAWrongPasswordGetTheSameAnswer(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = start(databases)) {
            Answer stranger = attempt(server, "nobody-here", "wrong");
            Answer wrong = attempt(server, "admin", "wrong");
            assertThat(stranger.status()).isEqualTo(wrong.status()).isEqualTo(401);
            assertThat(stranger.json().path("detail")).isEqualTo(wrong.json().path("detail"));
        }
    }

    @Test
    void aStrangersNameCostsAsMuchHashingAsAKnownOne(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = start(databases)) {
            long known = Long.MAX_VALUE;
            long stranger = Long.MAX_VALUE;
            // The quickest of some counts: what else this machine does makes answers slower, never quicker.
            for (int i = 0; i < 4; i++) {
                known = Math.min(known, nanos(server, "admin"));
                stranger = Math.min(stranger, nanos(server, "nobody-" + i));
            }
            assertThat(stranger).isBetween(known / 2, known * 2);
        }
    }

    private static long nanos(TestServer server, String name) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        assertThat(attempt(server, name, "wrong").status()).isEqualTo(401);
        return System.nanoTime() - begin;
    }

    @Test
    void aCookieOverTlsIsBoundToThisHostAndToTls() {
        assertThat(SessionCookie.set("value", Duration.ofHours(1), true))
                .isEqualTo("__Host-panoptes_session=value; Path=/; HttpOnly; SameSite=Strict; Secure; Max-Age=3600");
        assertThat(SessionCookie.set("value", Duration.ofHours(1), false)).doesNotContain("Secure");
    }

    @Test
    void theLastAdminStaysAndADisabledPersonIsOut(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = start(databases)) {
            String admin = server.get("/api/v1/users")
                    .json()
                    .path("items")
                    .get(0)
                    .path("id")
                    .asString();
            assertThat(server.call("PATCH", "/api/v1/users/" + admin, "{\"role\": \"viewer\"}")
                            .code())
                    .isEqualTo("conflict");
            assertThat(server.call("PATCH", "/api/v1/users/" + admin, "{\"disabled\": true}")
                            .code())
                    .isEqualTo("conflict");
            Answer made = server.post("/api/v1/users", "{\"name\": \"Eva\", \"role\": \"operator\"}");
            String eva = made.json().path("id").asString();
            String password = made.json().path("one_time_password").asString();
            assertThat(server.post("/api/v1/users", "{\"name\": \"eva\", \"role\": \"viewer\"}")
                            .code())
                    .isEqualTo("conflict");
            Answer session = attempt(server, "eva", password);
            assertThat(session.status()).isEqualTo(200);
            assertThat(server.call("PATCH", "/api/v1/users/" + eva, "{\"disabled\": true}")
                            .status())
                    .isEqualTo(200);
            assertThat(attempt(server, "eva", password).status()).isEqualTo(401);
            assertThat(server.call("GET", SESSION, null, Map.of("Cookie", cookie(session)))
                            .status())
                    .isEqualTo(401);
        }
    }

    @Test
    void everythingIsInTheAuditLogAndNoSecretAnywhere(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = start(databases)) {
            String password = password(server);
            login(server, password);
            attempt(server, "admin", "wrong guess");
            String token = server.token("viewer");
            List<String> actions =
                    server.get("/api/v1/audit").json().path("items").findValuesAsString("action");
            assertThat(actions).containsExactly("token.create", "session.refuse", "session.create", "user.create");
            for (String path : List.of("/api/v1/audit", "/api/v1/tokens", "/api/v1/users")) {
                assertThat(server.get(path).body())
                        .doesNotContain(password)
                        .doesNotContain(token)
                        .doesNotContain("argon2")
                        .doesNotContain("hash");
            }
        }
    }

    private TestServer start(Databases databases) throws InterruptedException {
        return TestServer.start(databases, directory, Map.of(), now::get);
    }

    private static String password(TestServer server) {
        return server.server().firstAdmin().orElseThrow().oneTimePassword();
    }

    private static Answer attempt(TestServer server, String name, String password)
            throws IOException, InterruptedException {
        return server.call("POST", SESSION, credentials(name, password), Map.of());
    }

    private static Browser login(TestServer server, String password) throws IOException, InterruptedException {
        Answer answer = attempt(server, "admin", password);
        assertThat(answer.status()).isEqualTo(200);
        return new Browser(
                server, cookie(answer), answer.json().path("csrf_token").asString());
    }

    private static String cookie(Answer answer) {
        return Objects.requireNonNull(answer.header("Set-Cookie")).split(";", 2)[0];
    }

    private static String credentials(String name, String password) {
        return "{\"name\": \"" + name + "\", \"password\": \"" + password + "\"}";
    }

    private static String passwords(String current, String wanted) {
        return "{\"current\": \"" + current + "\", \"new\": \"" + wanted + "\"}";
    }
}
