package dev.panoptes.server.agents;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.panoptes.server.TestServer;
import dev.panoptes.server.TestServer.Answer;
import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.Route;
import dev.panoptes.server.storage.TestPostgres;
import dev.panoptes.server.storage.TestPostgres.Databases;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** How agents come, what they may, and how they go. */
@ExtendWith(TestPostgres.class)
class EnrollmentTest {
    private static final String SECRET = "a secret of the test, long enough for HS256";

    @TempDir
    Path directory;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-01T06:00:00Z"));

    private TestServer start(Databases databases) throws InterruptedException {
        return TestServer.start(
                databases,
                directory,
                Map.of("limits.requests_per_second", "0", "jwt_secret", SECRET, "observe.local", "false"),
                now::get);
    }

    @Test
    void whatIsDoneToItsPermissionsAndKeysStandsInItsTimeline(Databases databases)
            throws IOException, InterruptedException {
        try (TestServer server = TestServer.start(databases, directory, Map.of("observe.local", "false"))) {
            Enrolled agent = Enrolled.on(server, "hermes");
            assertThat(server.call("PUT", "/api/v1/auth/permissions/hermes", "{\"permissions\": [\"read_logs\"]}")
                            .status())
                    .isEqualTo(200);
            assertThat(server.call("DELETE", "/api/v1/agents/hermes/credentials", null)
                            .status())
                    .isEqualTo(204);
            List<String> told = new ArrayList<>();
            server.get("/api/v1/agents/" + agent.id() + "/timeline")
                    .json()
                    .path("items")
                    .forEach(event -> told.add(event.path("kind").asString() + ": "
                            + event.path("from").asString("-") + " > "
                            + event.path("to").asString("-")));
            assertThat(told)
                    .startsWith("credentials: - > credentials revoked", "permissions: write_findings > read_logs");
        }
    }

    @Test
    void theDocumentsExampleEnrollsAndGetsItsDefaults(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = start(databases)) {
            Enrolled agent = Enrolled.with(server, Enrolled.enrollmentToken(server), """
                {"agent_name":"security-agent","version":"1.0.0","description":"Security monitoring agent",
                 "capabilities":["log_analysis","threat_detection"],
                 "requirements":{"cpu":1,"memory":"1GB","disk":"100MB"}}
                """);

            assertThat(agent.registered().path("agent_id"))
                    .isEqualTo(agent.registered().path("id"));
            assertThat(agent.call(server, "GET", "/api/v1/auth/permissions/security-agent", null)
                            .body())
                    .isEqualTo("{\"permissions\":[\"read_logs\",\"write_findings\"]}");
            assertThat(agent.call(server, "GET", "/api/v1/agents/" + agent.id() + "/config", null)
                            .body())
                    .isEqualTo("{\"rules\":[],\"settings\":{},\"limits\":{}}");
            assertThat(agent.call(server, "GET", "/api/v1/health/" + agent.id() + "/", null)
                            .body())
                    .isEqualTo("{\"status\":\"unknown\",\"last_heartbeat\":null,\"resources\":{}}");
            assertThat(agent.beat(server, "{\"status\":\"running\",\"resources\":{\"cpu\":5}}")
                            .status())
                    .isEqualTo(200);
            assertThat(agent.call(server, "GET", "/api/v1/health/security-agent", null)
                            .body()
                            .replace(" ", ""))
                    .isEqualTo("{\"status\":\"healthy\",\"last_heartbeat\":\"2026-03-01T06:00:00Z\","
                            + "\"resources\":{\"cpu\":5.0}}");
        }
    }

    @Test
    void anEnrollmentTokenIsGoodForItsUsesItsTimeAndUntilItIsRevoked(Databases databases)
            throws IOException, InterruptedException {
        try (TestServer server = start(databases)) {
            Answer made = server.post("/api/v1/enrollment-tokens", "{\"uses\": 2, \"expires_in\": \"1h\"}");
            Map<String, String> bearer =
                    Enrolled.bearer(made.json().path("token").asString());
            for (int status : new int[] {201, 201, 401}) {
                assertThat(register(server, "a-1", bearer).status()).isEqualTo(status);
            }
            Answer other = server.post("/api/v1/enrollment-tokens", "{\"uses\": 2, \"expires_in\": \"1h\"}");
            Map<String, String> second =
                    Enrolled.bearer(other.json().path("token").asString());
            now.set(now.get().plusSeconds(3_601));
            assertThat(register(server, "a-1", second).status()).isEqualTo(401);
            Answer third = server.post("/api/v1/enrollment-tokens", "{\"uses\": 2}");
            String id = third.json().path("id").asString();
            assertThat(server.call("DELETE", "/api/v1/enrollment-tokens/" + id, null)
                            .status())
                    .isEqualTo(204);
            assertThat(register(
                                    server,
                                    "a-1",
                                    Enrolled.bearer(third.json().path("token").asString()))
                            .status())
                    .isEqualTo(401);
            assertThat(server.get("/api/v1/enrollment-tokens").body()).doesNotContain("pne_");
        }
    }

    private static Answer register(TestServer server, String name, Map<String, String> headers)
            throws IOException, InterruptedException {
        return server.call("POST", "/api/v1/agents/register", "{\"agent_name\": \"" + name + "\"}", headers);
    }

    @Test
    void namesThatPathsHaveAndUuidsAreRefusedAndAFreeIdIsKept(Databases databases)
            throws IOException, InterruptedException {
        try (TestServer server = start(databases)) {
            Map<String, String> bearer = Enrolled.bearer(Enrolled.enrollmentToken(server));
            for (String name : List.of(
                    "system",
                    "Agents",
                    "ping",
                    "register",
                    "discover",
                    "a/b",
                    "",
                    "6f9f7c0a-6f0e-4f5b-9f2e-0d6f6c1f2a11")) {
                assertThat(register(server, name, bearer).status()).as(name).isEqualTo(400);
            }
            String body = "{\"name\": \"probe\", \"id\": \"probe-0001\"}";
            Answer first = server.call("POST", "/api/v1/agents/register", body, bearer);
            assertThat(first.json().path("id").asString()).isEqualTo("probe-0001");
            assertThat(server.call("POST", "/api/v1/agents/register", body, bearer)
                            .status())
                    .isEqualTo(409);
            assertThat(register(server, "probe-0001", bearer).status()).isEqualTo(409);
        }
    }

    @Test
    void aNameStandsForItsOnlyInstance(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = start(databases)) {
            Enrolled one = Enrolled.on(server, "web_agent");
            assertThat(server.get("/api/v1/agents/Web-Agent").json().path("id").asString())
                    .isEqualTo(one.id());
            Enrolled other = Enrolled.on(server, "web_agent");
            Answer several = server.get("/api/v1/agents/web_agent");
            assertThat(several.status()).isEqualTo(409);
            assertThat(several.body()).contains(one.id(), other.id());
            // Each still is itself by its name.
            assertThat(other.call(server, "GET", "/api/v1/agents/web_agent", null)
                            .json()
                            .path("id")
                            .asString())
                    .isEqualTo(other.id());
        }
    }

    @Test
    void onlyATokenThatWeSignedForAnEnrolledAgentIsTaken(Databases databases)
            throws ExecutionException, IOException, InterruptedException, JOSEException, ParseException {
        try (TestServer server = start(databases)) {
            Enrolled agent = Enrolled.on(server, "security-agent");
            SignedJWT good = SignedJWT.parse(agent.token());
            JWTClaimsSet claims = good.getJWTClaimsSet();
            RSAKey rsa = new RSAKeyGenerator(2048).generate();
            Map<String, String> bad = new LinkedHashMap<>();
            bad.put("alg none", new PlainJWT(claims).serialize());
            bad.put("alg none, our signature", header("{\"alg\":\"none\"}") + rest(agent.token()));
            bad.put("no signature", agent.token().substring(0, agent.token().lastIndexOf('.') + 1));
            bad.put("wrong key", hs(JWSAlgorithm.HS256, claims, "another secret that is as long as ours is, or so"));
            bad.put("HS512", hs(JWSAlgorithm.HS512, claims, SECRET + SECRET));
            SignedJWT rs = new SignedJWT(new JWSHeader(JWSAlgorithm.RS256), claims);
            rs.sign(new RSASSASigner(rsa));
            bad.put("RS256", rs.serialize());
            bad.put("RS256 in the header, HMAC beside it", header("{\"alg\":\"RS256\"}") + rest(agent.token()));
            bad.put(
                    "HMAC with a public key",
                    hs(JWSAlgorithm.HS256, claims, rsa.toRSAPublicKey().toString()));
            bad.put("a changed claim", changed(agent.token(), agent.id(), "00000000-0000-4000-8000-000000000000"));
            bad.put("expired", hs(JWSAlgorithm.HS256, expiring(claims, now.get()), SECRET));
            bad.put(
                    "without an end",
                    hs(
                            JWSAlgorithm.HS256,
                            new JWTClaimsSet.Builder(claims)
                                    .expirationTime(null)
                                    .build(),
                            SECRET));
            bad.put(
                    "of nobody",
                    hs(
                            JWSAlgorithm.HS256,
                            new JWTClaimsSet.Builder(claims)
                                    .claim("agent_id", "nobody-at-all")
                                    .build(),
                            SECRET));
            bad.put(
                    "of other credentials",
                    hs(
                            JWSAlgorithm.HS256,
                            new JWTClaimsSet.Builder(claims).claim("gen", 7).build(),
                            SECRET));
            bad.put(
                    "oversized",
                    hs(
                            JWSAlgorithm.HS256,
                            new JWTClaimsSet.Builder(claims)
                                    .claim("x", "y".repeat(3_000))
                                    .build(),
                            SECRET));
            bad.put("parts only", "a.b.c");
            bad.put("dots only", "..");
            bad.put(
                    "its credentials",
                    agent.registered().path("credentials").path("secret").asString());
            List<Route> routes = server.routes().stream()
                    .filter(route -> !route.access().equals(Access.OPEN))
                    .toList();
            assertThat(routes).hasSizeGreaterThan(50);
            assertThat(routes.stream().filter(route -> route.path().contains("{agent_id}")))
                    .hasSizeGreaterThan(15);
            everyRouteRefuses(server, agent, routes, bad);
            assertThat(agent.beat(server, "{}").status()).isEqualTo(200);
            now.set(now.get().plusSeconds(3_601));
            assertThat(agent.beat(server, "{}").status()).isEqualTo(401);
            assertThat(agent.again(server).beat(server, "{}").status()).isEqualTo(200);
        }
    }

    /** Every route with every one of the tokens. */
    private static void everyRouteRefuses(
            TestServer server, Enrolled agent, List<Route> routes, Map<String, String> tokens)
            throws InterruptedException, ExecutionException {
        List<Future<String>> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (Route route : routes) {
                String path = agent.path(route.path()).replaceAll("\\{[^}]+}", "x");
                String body = route.method().writes() ? "{}" : null;
                tokens.forEach((kind, token) -> answers.add(
                        threads.submit(() -> server.call(route.method().name(), path, body, Enrolled.bearer(token))
                                        .status()
                                + " " + route.method() + " " + path + " with a token: " + kind)));
            }
        }
        assertThat(answers).hasSize(routes.size() * tokens.size());
        for (Future<String> answer : answers) {
            assertThat(answer.get()).startsWith("401 ");
        }
    }

    private static String header(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String rest(String token) {
        return token.substring(token.indexOf('.'));
    }

    private static String hs(JWSAlgorithm algorithm, JWTClaimsSet claims, String secret) throws JOSEException {
        SignedJWT token = new SignedJWT(new JWSHeader(algorithm), claims);
        token.sign(new MACSigner(secret.getBytes(StandardCharsets.UTF_8)));
        return token.serialize();
    }

    private static JWTClaimsSet expiring(JWTClaimsSet claims, Instant at) {
        return new JWTClaimsSet.Builder(claims).expirationTime(Date.from(at)).build();
    }

    private static String changed(String token, String from, String to) {
        String[] parts = token.split("\\.");
        String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
        assertThat(claims).contains(from);
        return parts[0] + "." + header(claims.replace(from, to)) + "." + parts[2];
    }

    @Test
    void newRevokedAndDecommissionedCredentialsEndTheirTokensAtOnce(Databases databases)
            throws IOException, InterruptedException {
        try (TestServer server = start(databases)) {
            Enrolled rotated = Enrolled.on(server, "one");
            assertThat(rotated.call(server, "POST", "/api/v1/agents/one/credentials", null)
                            .status())
                    .isEqualTo(201);
            assertThat(rotated.beat(server, "{}").status()).isEqualTo(401);

            Enrolled revoked = Enrolled.on(server, "two");
            assertThat(server.call("DELETE", "/api/v1/agents/two/credentials", null)
                            .status())
                    .isEqualTo(204);
            assertThat(revoked.beat(server, "{}").status()).isEqualTo(401);
            assertThat(token(server, revoked).status()).isEqualTo(401);

            Enrolled gone = Enrolled.on(server, "three");
            assertThat(gone.beat(server, "{}").status()).isEqualTo(200);
            assertThat(server.call("DELETE", "/api/v1/agents/three", null).status())
                    .isEqualTo(204);
            assertThat(gone.beat(server, "{}").status()).isEqualTo(401);
            assertThat(token(server, gone).status()).isEqualTo(401);
            assertThat(server.get("/api/v1/agents/three").status()).isEqualTo(404);
            assertThat(server.get("/api/v1/agents/" + gone.id())
                            .json()
                            .path("decommissioned_at")
                            .isString())
                    .isTrue();
        }
    }

    private static Answer token(TestServer server, Enrolled agent) throws IOException, InterruptedException {
        return server.call(
                "POST",
                "/api/v1/auth/token",
                "{\"agent_id\": \"" + agent.id() + "\", \"credentials\": "
                        + agent.registered().path("credentials") + "}",
                Map.of());
    }

    @Test
    void guessingCredentialsIsSlowedDown(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = start(databases)) {
            Enrolled agent = Enrolled.on(server, "one");
            String body = "{\"agent_id\": \"" + agent.id() + "\", \"credentials\": {\"secret\": \"wrong\"}}";
            Answer last = null;
            for (int i = 0; i < 6; i++) {
                last = server.call("POST", "/api/v1/auth/token", body, Map.of());
            }
            assertThat(last.status()).isEqualTo(429);
            assertThat(Integer.parseInt(String.valueOf(last.header("Retry-After"))))
                    .isPositive();
        }
    }

    @Test
    void anAgentReadsAndWritesNothingOfAnother(Databases databases) throws IOException, InterruptedException {
        try (TestServer server = start(databases)) {
            Enrolled one = Enrolled.on(server, "one");
            Enrolled other = Enrolled.on(server, "other");
            List<Route> routes = server.routes().stream()
                    .filter(route ->
                            route.path().contains("{agent_id}") && route.path().startsWith("/api/"))
                    .toList();
            assertThat(routes).hasSizeGreaterThan(15);
            for (Route route : routes) {
                for (String named : List.of(other.id(), "other", "nobody")) {
                    String path = route.path().replace("{agent_id}", named).replaceAll("\\{[^}]+}", "1");
                    assertThat(one.call(
                                            server,
                                            route.method().name(),
                                            path,
                                            route.method().writes() ? "{}" : null)
                                    .status())
                            .as(route.method() + " " + path)
                            .isEqualTo(403);
                }
            }
            // Nor its own configuration or permissions.
            assertThat(one.call(server, "PUT", "/api/v1/agents/one/config", "{}")
                            .status())
                    .isEqualTo(403);
            assertThat(one.call(server, "PUT", "/api/v1/auth/permissions/one", "{\"permissions\": []}")
                            .status())
                    .isEqualTo(403);
        }
    }

    @Test
    void anAgentMayWithItselfWhatItsRoutesSayAndNothingElse(Databases databases)
            throws IOException, InterruptedException {
        try (TestServer server = start(databases)) {
            String enrollment = Enrolled.enrollmentToken(server);
            int own = 0;
            for (Route route : server.routes()) {
                if (!route.path().contains("{agent_id}") || !route.path().startsWith("/api/")) {
                    continue;
                }
                // One each, for some of them end what the token is good for.
                Enrolled agent = Enrolled.with(server, enrollment, "{\"agent_name\": \"a" + own++ + "\"}");
                String path = agent.path(route.path()).replaceAll("\\{[^}]+}", "1");
                int status = agent.call(
                                server,
                                route.method().name(),
                                path,
                                route.method().writes() ? "{}" : null)
                        .status();
                switch (route.access()) {
                    case Access.Agents _, Access.AgentOr _ ->
                        assertThat(status)
                                .as(route.method() + " " + path)
                                .isNotIn(401, 403)
                                .isLessThan(500);
                    case Access.AtLeast _, Access.Persons _, Access.Observers _, Access.Enrollees _ ->
                        assertThat(status).as(route.method() + " " + path).isEqualTo(403);
                    case Access.Open _ ->
                        assertThat(status).as(route.method() + " " + path).isLessThan(500);
                }
            }
            assertThat(own).isGreaterThan(15);
        }
    }
}
