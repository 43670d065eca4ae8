package dev.panoptes.server.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.panoptes.server.TestServer;
import dev.panoptes.server.TestServer.Answer;
import dev.panoptes.server.agents.Enrolled;
import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.Method;
import dev.panoptes.server.http.Role;
import dev.panoptes.server.http.Route;
import dev.panoptes.server.life.CannotStart;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Every route, called by everybody. */
@ExtendWith(TestPostgres.class)
class AccessTest {
    @TempDir
    Path directory;

    private enum Caller {
        NOBODY,
        STRANGER,
        EXPIRED,
        REVOKED,
        OBSERVER,
        AGENT,
        AGENT_WITHOUT_PERMISSIONS,
        ENROLLEE,
        VIEWER,
        OPERATOR,
        ADMIN
    }

    @Test
    void everyRouteLetsInWhomItNamesAndNobodyElse(Databases databases) throws IOException, InterruptedException {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-01T00:00:00Z"));
        Map<String, String> settings = Map.of("limits.requests_per_second", "0");
        try (TestServer server = TestServer.start(databases, directory, settings, now::get)) {
            Map<Caller, Map<String, String>> callers = callers(server);
            now.set(Instant.parse("2026-03-02T00:00:00Z"));
            // Their tokens hold for an hour.
            callers.put(
                    Caller.AGENT, bearer(Enrolled.on(server, "security-agent").token()));
            Enrolled bare = Enrolled.on(server, "bare");
            assertThat(server.call("PUT", "/api/v1/auth/permissions/" + bare.id(), "{\"permissions\": []}")
                            .status())
                    .isEqualTo(200);
            callers.put(Caller.AGENT_WITHOUT_PERMISSIONS, bearer(bare.token()));
            SoftAssertions softly = new SoftAssertions();
            for (Route route : server.routes()) {
                for (Caller caller : Caller.values()) {
                    int status = call(server, route, callers.get(caller)).status();
                    int refusal = refusal(route.access(), caller);
                    String who = caller + " " + route.method() + " " + route.path();
                    if (refusal == 0) {
                        // 503: what a route needs, such as NATS, is not configured here.
                        softly.assertThat(status).as(who).isNotIn(401, 403).matches(each -> each < 500 || each == 503);
                    } else {
                        softly.assertThat(status).as(who).isEqualTo(refusal);
                    }
                }
            }
            softly.assertAll();
            assertThat(server.routes()).hasSizeGreaterThan(10);
            ofItself(server);
        }
    }

    /** An agent on every route that is about itself: only what is written of agents is open to it. */
    private static void ofItself(TestServer server) throws IOException, InterruptedException {
        Enrolled self = Enrolled.on(server, "itself");
        List<Route> own = server.routes().stream()
                .filter(route -> route.path().contains("{agent_id}"))
                // With new credentials it is nobody until it asks for a new token.
                .sorted(Comparator.comparing(
                        route -> route.path().endsWith("/credentials") && route.method() == Method.POST))
                .toList();
        assertThat(own).hasSizeGreaterThan(15);
        SoftAssertions softly = new SoftAssertions();
        for (Route route : own) {
            boolean open = route.access() instanceof Access.AgentOr || route.access() instanceof Access.Agents;
            String path = self.path(route.path()).replaceAll("\\{[^}]+}", "1");
            Answer answer = self.call(
                    server, route.method().name(), path, route.method().writes() ? "[]" : null);
            softly.assertThat(answer.status())
                    .as(route.method() + " " + route.path() + " of itself")
                    .matches(status -> open ? status != 401 && status != 403 && status < 500 : status == 403);
        }
        self = Enrolled.on(server, "itself-again");
        softly.assertThat(self.call(server, "PUT", self.path("/api/v1/agents/{agent_id}/config"), "{}")
                        .status())
                .isEqualTo(403);
        softly.assertThat(self.call(
                                server,
                                "PUT",
                                self.path("/api/v1/auth/permissions/{agent_id}"),
                                "{\"permissions\": [\"x\"]}")
                        .status())
                .isEqualTo(403);
        softly.assertAll();
    }

    /** 0 where the call is allowed. */
    private static int refusal(Access access, Caller caller) {
        return switch (access) {
            case Access.Open() -> 0;
            case Access.AtLeast(Role role) ->
                switch (caller) {
                    case NOBODY, STRANGER, EXPIRED, REVOKED -> 401;
                    case OBSERVER, AGENT, AGENT_WITHOUT_PERMISSIONS, ENROLLEE -> 403;
                    case VIEWER -> role == Role.VIEWER ? 0 : 403;
                    case OPERATOR -> role == Role.ADMIN ? 403 : 0;
                    case ADMIN -> 0;
                };
            case Access.AgentOr(Role role, String permission) ->
                switch (caller) {
                    // The paths of this test name another agent: only what is shared is open to an agent.
                    case AGENT -> permission.isEmpty() ? 403 : 0;
                    case AGENT_WITHOUT_PERMISSIONS -> 403;
                    case NOBODY, STRANGER, EXPIRED, REVOKED, OBSERVER, ENROLLEE, VIEWER, OPERATOR, ADMIN ->
                        refusal(new Access.AtLeast(role), caller);
                };
            case Access.Agents() ->
                switch (caller) {
                    case NOBODY, STRANGER, EXPIRED, REVOKED -> 401;
                    // Each for itself: the path names another one.
                    case AGENT, AGENT_WITHOUT_PERMISSIONS, OBSERVER, ENROLLEE, VIEWER, OPERATOR, ADMIN -> 403;
                };
            case Access.Enrollees() ->
                switch (caller) {
                    case NOBODY, STRANGER, EXPIRED, REVOKED -> 401;
                    case ENROLLEE -> 0;
                    case AGENT, AGENT_WITHOUT_PERMISSIONS, OBSERVER, VIEWER, OPERATOR, ADMIN -> 403;
                };
            case Access.Persons() ->
                switch (caller) {
                    case NOBODY, STRANGER, EXPIRED, REVOKED -> 401;
                    case OBSERVER, AGENT, AGENT_WITHOUT_PERMISSIONS, ENROLLEE, VIEWER, OPERATOR, ADMIN -> 403;
                };
            case Access.Observers() ->
                switch (caller) {
                    case NOBODY, STRANGER, EXPIRED, REVOKED -> 401;
                    case OBSERVER -> 0;
                    case AGENT, AGENT_WITHOUT_PERMISSIONS, ENROLLEE, VIEWER, OPERATOR, ADMIN -> 403;
                };
        };
    }

    private static Map<Caller, Map<String, String>> callers(TestServer server)
            throws IOException, InterruptedException {
        String expired = server.post(
                        "/api/v1/tokens", "{\"name\": \"short\", \"role\": \"admin\", \"expires_in\": \"1h\"}")
                .json()
                .path("token")
                .asString();
        Answer revoked = server.post("/api/v1/tokens", "{\"name\": \"gone\", \"role\": \"admin\"}");
        assertThat(server.call(
                                "DELETE",
                                "/api/v1/tokens/" + revoked.json().path("id").asString(),
                                null)
                        .status())
                .isEqualTo(204);
        String enrollmentToken = server.post("/api/v1/enrollment-tokens", "{\"expires_in\": \"30d\"}")
                .json()
                .path("token")
                .asString();
        Map<Caller, Map<String, String>> callers = new LinkedHashMap<>();
        callers.put(Caller.NOBODY, Map.of());
        callers.put(Caller.STRANGER, bearer("pnt_" + "x".repeat(43)));
        callers.put(Caller.EXPIRED, bearer(expired));
        callers.put(Caller.REVOKED, bearer(revoked.json().path("token").asString()));
        callers.put(Caller.OBSERVER, bearer(server.token("observer")));
        callers.put(Caller.ENROLLEE, bearer(enrollmentToken));
        callers.put(Caller.VIEWER, bearer(server.token("viewer")));
        callers.put(Caller.OPERATOR, bearer(server.token("operator")));
        callers.put(Caller.ADMIN, bearer(server.token("admin")));
        return callers;
    }

    private static Map<String, String> bearer(String token) {
        return Map.of("Authorization", "Bearer " + token);
    }

    private static Answer call(TestServer server, Route route, Map<String, String> headers)
            throws IOException, InterruptedException {
        String path = route.path().replaceAll("\\{[^}]+}", UUID.randomUUID().toString());
        // A body that no route takes: whoever is let in is told so, and nothing changes.
        if (path.equals("/api/v1/stream")) {
            // It has no end; whoever is let in is told that this is no id.
            path += "?last_event_id=x";
        }
        return server.call(route.method().name(), path, route.method().writes() ? "[]" : null, headers);
    }

    @Test
    void anonymousReadOpensWhatViewersMayReadAndNothingElse(Databases databases)
            throws IOException, InterruptedException {
        Map<String, String> settings = Map.of("anonymous_read", "true", "limits.requests_per_second", "0");
        try (TestServer server = TestServer.start(databases, directory, settings)) {
            for (Route route : server.routes()) {
                boolean open = route.access().equals(Access.OPEN)
                        || ((route.access().equals(Access.VIEWER)
                                        || route.access().equals(Access.AGENT_OR_VIEWER))
                                && !route.method().writes());
                int status = call(server, route, Map.of()).status();
                assertThat(status == 401)
                        .as(route.method() + " " + route.path())
                        .isNotEqualTo(open);
            }
        }
    }

    @Test
    void openLoopbackIsForProgramsOfThisMachineAndNotForPagesOrProxies(Databases databases)
            throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, Map.of("compat.open_loopback", "true"))) {
            String path = "/api/v1/audit";
            // An operator is let in as somebody, which is a 403 here; a stranger is nobody, a 401.
            assertThat(server.call("GET", path, null, Map.of()).status()).isEqualTo(403);
            assertThat(server.call("GET", path, null, Map.of("X-Forwarded-For", "10.0.0.9"))
                            .status())
                    .isEqualTo(401);
            assertThat(server.call("GET", path, null, Map.of("Forwarded", "for=10.0.0.9"))
                            .status())
                    .isEqualTo(401);
            assertThat(server.call("GET", path, null, Map.of("Origin", "https://evil.example"))
                            .status())
                    .isEqualTo(401);
        }
    }

    @Test
    void openLoopbackIsNotForAPageWhoseNameWasMadeToLeadHere(Databases databases)
            throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, Map.of("compat.open_loopback", "true"))) {
            int port = URI.create(server.url()).getPort();
            for (String host : List.of("127.0.0.1:" + port, "localhost:" + port, "[::1]:" + port, "127.0.0.1")) {
                assertThat(statusAs(host, port)).as(host).startsWith("HTTP/1.1 404");
            }
            for (String host : List.of("evil.example:" + port, "localhost.evil.example", "10.0.0.9", "0.0.0.0")) {
                assertThat(statusAs(host, port)).as(host).startsWith("HTTP/1.1 401");
            }
        }
    }

    /** The status line of a read that an operator may make; a client of HTTP would not lie about the host. */
    private static String statusAs(String host, int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream()
                    .write(("GET /api/v1/scans/none HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
        }
    }

    @Test
    void openLoopbackAndTlsExcludeEachOther() {
        Path pem = directory.resolve("x.pem");
        Map<String, String> settings =
                Map.of("compat.open_loopback", "true", "tls.certificate", pem.toString(), "tls.key", pem.toString());

        assertThatThrownBy(() -> TestServer.check(settings))
                .isInstanceOf(CannotStart.class)
                .hasMessageContaining("together with TLS");
    }

    @Test
    void listeningBeyondLoopbackWithoutTlsWarns() throws CannotStart {
        assertThat(TestServer.check(Map.of("listen", "0.0.0.0:0")))
                .anySatisfy(warning -> assertThat(warning).contains("without TLS"));
        assertThat(TestServer.check(Map.of("listen", "127.0.0.1:0"))).isEmpty();
    }
}
