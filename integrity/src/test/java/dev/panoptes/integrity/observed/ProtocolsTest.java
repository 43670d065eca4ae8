package dev.panoptes.integrity.observed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.registry.Protocol;
import dev.panoptes.integrity.observed.ProbeTarget.Destination;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Agents that are asked by a protocol of their own, against programs that answer on real ports. */
class ProtocolsTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final String CARD =
            "{\"name\":\"Weather\",\"version\":\"2.1\",\"skills\":[{\"id\":\"forecast\",\"name\":\"Tell tomorrow\"}]}";
    private static final String INITIALIZED =
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{\"tools\":{}},"
                    + "\"serverInfo\":{\"name\":\"Weather\",\"version\":\"2.1\"}}}";
    private static final String TOOLS =
            "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"tools\":[{\"name\":\"forecast\"},{\"name\":\"alerts\"}]}}";

    private static ProbeAnswer ask(FakeAgent agent, Protocol protocol, String path) throws InterruptedException {
        return ask(agent, protocol, path, TIMEOUT);
    }

    private static ProbeAnswer ask(FakeAgent agent, Protocol protocol, String path, Duration timeout)
            throws InterruptedException {
        ProbeTarget target = new ProbeTarget(
                "weather",
                protocol,
                "http",
                "weather:" + agent.port(),
                "weather",
                agent.port(),
                path,
                new Destination.Addresses(List.of("127.0.0.1")),
                timeout);
        return new HealthProbe()
                .ask(List.of(target), 1, Duration.ofMinutes(2))
                .getFirst()
                .answer();
    }

    private static String json(String body) {
        return answer("200 OK", "Content-Type: application/json\r\n", body);
    }

    private static String answer(String status, String fields, String body) {
        return "HTTP/1.1 " + status + "\r\n" + fields + "Content-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body;
    }

    /** Answers each request by its head; a body that was sent is left unread. */
    private static FakeAgent server(Function<String, String> answers) throws IOException {
        FakeAgent[] self = new FakeAgent[1];
        self[0] = new FakeAgent(
                (connection, out) -> write(out, answers.apply(self[0].requests().getLast())));
        return self[0];
    }

    private static void write(OutputStream out, String answer) throws IOException {
        out.write(answer.getBytes(StandardCharsets.UTF_8));
    }

    /** An MCP server: the first request initializes, the second is told so, the third lists. */
    private static FakeAgent mcp(String session, String... answers) throws IOException {
        int[] next = {0};
        return server(head -> {
            if (head.startsWith("DELETE ")) {
                return answer("200 OK", "", "");
            }
            int call = next[0]++;
            return call < answers.length ? answers[call] : answer("404 Not Found", "", session);
        });
    }

    @Test
    void aCardTellsNameVersionAndSkills() throws IOException, InterruptedException {
        try (FakeAgent agent = server(head -> json(CARD))) {
            assertThat(ask(agent, Protocol.A2A, "/.well-known/agent-card.json"))
                    .isInstanceOfSatisfying(ProbeAnswer.Healthy.class, healthy -> {
                        assertThat(healthy.identity()).isEqualTo("Weather");
                        assertThat(healthy.version()).isEqualTo("2.1");
                        assertThat(healthy.offers()).containsExactly("forecast");
                    });
            assertThat(agent.requests()).hasSize(1);
        }
    }

    @Test
    void theOlderPlaceOfACardIsAskedWhereTheNewerHoldsNone() throws IOException, InterruptedException {
        try (FakeAgent agent = server(head ->
                head.startsWith("GET /.well-known/agent.json ") ? json(CARD) : answer("404 Not Found", "", "none"))) {
            assertThat(ask(agent, Protocol.A2A, "/.well-known/agent-card.json"))
                    .isInstanceOf(ProbeAnswer.Healthy.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"name\":\"Weather\"}",
                "{\"name\":7,\"skills\":[]}",
                "{\"name\":\" \",\"skills\":[]}",
                "{\"name\":\"Weather\",\"skills\":{}}"
            })
    void anObjectThatIsNoCardIsAWrongAnswer(String body) throws IOException, InterruptedException {
        try (FakeAgent agent = server(head -> json(body))) {
            assertThat(ask(agent, Protocol.A2A, "/card"))
                    .isInstanceOfSatisfying(
                            ProbeAnswer.Faulty.class,
                            faulty -> assertThat(faulty.reason())
                                    .isEqualTo(
                                            "answers with a JSON object that is no agent card: it lacks name or skills"));
        }
    }

    @ParameterizedTest
    @CsvSource({"A2A,401 Unauthorized", "A2A,403 Forbidden", "MCP,401 Unauthorized", "MCP,403 Forbidden"})
    void whatAnswersOnlyToWhomItKnowsIsNotJudged(Protocol protocol, String status)
            throws IOException, InterruptedException {
        try (FakeAgent agent = server(head -> answer(status, "", "who are you"))) {
            assertThat(ask(agent, protocol, "/mcp"))
                    .isInstanceOfSatisfying(
                            ProbeAnswer.NotAsked.class,
                            unasked -> assertThat(unasked.reason()).contains("only to whom it knows"));
        }
    }

    @Test
    void aServerIsInitializedAskedForItsToolsAndLeft() throws IOException, InterruptedException {
        String first = answer("200 OK", "Content-Type: application/json\r\nMcp-Session-Id: s-1\r\n", INITIALIZED);
        try (FakeAgent agent = mcp("s-1", first, answer("202 Accepted", "", ""), json(TOOLS))) {
            assertThat(ask(agent, Protocol.MCP, "/mcp")).isInstanceOfSatisfying(ProbeAnswer.Healthy.class, healthy -> {
                assertThat(healthy.identity()).isEqualTo("Weather");
                assertThat(healthy.version()).isEqualTo("2.1");
                assertThat(healthy.offers()).containsExactly("forecast", "alerts");
            });
            assertThat(agent.requests()).hasSize(4);
            assertThat(agent.requests().getFirst())
                    .startsWith("POST /mcp HTTP/1.1\n")
                    .contains("Accept: application/json, text/event-stream\n")
                    .doesNotContain("Mcp-Session-Id");
            assertThat(agent.requests().subList(1, 4))
                    .allMatch(head -> head.contains("Mcp-Session-Id: s-1\n")
                            && head.contains("MCP-Protocol-Version: 2025-06-18\n"));
            assertThat(agent.requests().getLast()).startsWith("DELETE /mcp ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"400 Bad Request", "404 Not Found", "200 OK"})
    void aServerWithoutInitializeIsDiscovered(String refusal) throws IOException, InterruptedException {
        try (FakeAgent agent = server(head -> {
            if (head.contains("Mcp-Method: server/discover\n")) {
                return json(
                        "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"resultType\":\"complete\",\"supportedVersions\":"
                                + "[\"2026-07-28\"],\"capabilities\":{\"tools\":{}},\"_meta\":{\"io.modelcontextprotocol/serverInfo\":"
                                + "{\"name\":\"Weather\",\"version\":\"2.1\"}}}}");
            }
            return head.contains("Mcp-Method: tools/list\n")
                    ? json(TOOLS.replace("\"id\":2", "\"id\":3"))
                    : answer(
                            refusal,
                            "Content-Type: application/json\r\n",
                            "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32601,\"message\":\"no\"}}");
        })) {
            assertThat(ask(agent, Protocol.MCP, "/mcp")).isInstanceOfSatisfying(ProbeAnswer.Healthy.class, healthy -> {
                assertThat(healthy.identity()).isEqualTo("Weather");
                assertThat(healthy.version()).isEqualTo("2.1");
                assertThat(healthy.offers()).containsExactly("forecast", "alerts");
            });
            assertThat(agent.requests().subList(1, 3))
                    .allMatch(head -> head.contains("MCP-Protocol-Version: 2026-07-28\n"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":{\"code\":-32022,\"message\":\"no\",\"data\":{\"supported\":[\"2099-01-01\"]}}",
                "{\"result\":{\"supportedVersions\":[\"2099-01-01\"],\"capabilities\":{}}"
            })
    void revisionsThatAreNotKnownAreSaid(String told) throws IOException, InterruptedException {
        try (FakeAgent agent = server(head -> head.contains("Mcp-Method:")
                ? json(told + ",\"jsonrpc\":\"2.0\",\"id\":2}")
                : answer("400 Bad Request", "", ""))) {
            assertThat(ask(agent, Protocol.MCP, "/mcp"))
                    .isInstanceOfSatisfying(
                            ProbeAnswer.NotAsked.class,
                            unasked -> assertThat(unasked.reason()).contains("2099-01-01", "none of which is known"));
        }
        try (FakeAgent agent = mcp("", json(INITIALIZED.replace("2025-06-18", "2099-01-01")))) {
            assertThat(ask(agent, Protocol.MCP, "/mcp"))
                    .isInstanceOfSatisfying(
                            ProbeAnswer.NotAsked.class,
                            unasked -> assertThat(unasked.reason()).contains("2099-01-01", "not known"));
        }
    }

    @Test
    void aServerThatKnowsNeitherIsJudgedByItsFirstAnswer() throws IOException, InterruptedException {
        try (FakeAgent agent = server(head -> answer("404 Not Found", "", "none"))) {
            assertThat(ask(agent, Protocol.MCP, "/mcp"))
                    .isInstanceOfSatisfying(
                            ProbeAnswer.Faulty.class,
                            faulty -> assertThat(faulty.reason()).isEqualTo("answers with status 404"));
            assertThat(agent.requests()).hasSize(2);
        }
    }

    @Test
    void springsActuatorIsNamedByItsInfo() throws IOException, InterruptedException {
        for (String info : List.of(
                "{\"app\":{\"name\":\"Weather\",\"version\":\"2.1\"},\"build\":{\"name\":\"x\"}}",
                "{\"build\":{\"artifact\":\"a\",\"name\":\"Weather\",\"version\":\"2.1\"}}")) {
            try (FakeAgent agent =
                    server(head -> json(head.startsWith("GET /base/actuator/info ") ? info : "{\"status\":\"UP\"}"))) {
                assertThat(ask(agent, Protocol.HTTP, "/base/actuator/health"))
                        .isInstanceOfSatisfying(ProbeAnswer.Healthy.class, healthy -> {
                            assertThat(healthy.identity()).isEqualTo("Weather");
                            assertThat(healthy.version()).isEqualTo("2.1");
                            assertThat(healthy.state()).isEqualTo("UP");
                        });
            }
        }
    }

    @Test
    void anActuatorWithoutInfoNamesNobody() throws IOException, InterruptedException {
        try (FakeAgent agent = server(
                head -> head.contains("/info ") ? answer("404 Not Found", "", "") : json("{\"status\":\"UP\"}"))) {
            assertThat(ask(agent, Protocol.HTTP, "/actuator/health"))
                    .isInstanceOfSatisfying(
                            ProbeAnswer.Healthy.class,
                            healthy -> assertThat(healthy.identity()).isNull());
            assertThat(agent.requests()).hasSize(2);
        }
    }

    @Test
    void aCardTellsWhetherItIsSigned() throws IOException, InterruptedException {
        try (FakeAgent agent = server(head -> json(CARD))) {
            assertThat(ask(agent, Protocol.A2A, "/card"))
                    .isInstanceOfSatisfying(
                            ProbeAnswer.Healthy.class,
                            healthy -> assertThat(healthy.card())
                                    .isEqualTo(new CardSignature(CardSignature.Outcome.UNSIGNED, "has no signature")));
        }
        String signed = CARD.substring(0, CARD.length() - 1) + ",\"signatures\":[{\"protected\":\""
                + Base64.getUrlEncoder()
                        .encodeToString("{\"alg\":\"ES256\",\"jku\":\"http://169.254.169.254/k\"}"
                                .getBytes(StandardCharsets.UTF_8))
                + "\",\"signature\":\"AAAA\"}]}";
        try (FakeAgent agent = server(head -> json(signed))) {
            assertThat(ask(agent, Protocol.A2A, "/card"))
                    .isInstanceOfSatisfying(
                            ProbeAnswer.Healthy.class,
                            healthy ->
                                    assertThat(healthy.card().outcome()).isEqualTo(CardSignature.Outcome.UNVERIFIED));
            assertThat(agent.requests()).hasSize(1);
        }
    }

    /** A stream may tell of other things first, and may stay open for ever behind the answer. */
    @Test
    void anAnswerAsEventsIsTakenWithoutWaitingForTheEndOfTheStream() throws IOException, InterruptedException {
        String events = "event: message\r\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\"}\r\n\r\n"
                + "data: " + INITIALIZED.replace("\"tools\":{}", "") + "\r\n\r\n";
        try (FakeAgent agent = new FakeAgent((connection, out) -> {
            write(out, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + events);
            FakeAgent.linger(connection, 60_000);
        })) {
            assertThat(ask(agent, Protocol.MCP, "/mcp")).isInstanceOfSatisfying(ProbeAnswer.Healthy.class, healthy -> {
                assertThat(healthy.identity()).isEqualTo("Weather");
                assertThat(healthy.offers()).isEmpty();
            });
        }
    }

    @Test
    void toolsThatAreNotAllToldAreUnknown() throws IOException, InterruptedException {
        try (FakeAgent agent = mcp("", json(INITIALIZED), answer("202 Accepted", "", ""), json("[]"))) {
            assertThat(ask(agent, Protocol.MCP, "/mcp"))
                    .isInstanceOfSatisfying(
                            ProbeAnswer.Healthy.class,
                            healthy -> assertThat(healthy.offers()).isNull());
        }
    }

    @Test
    void pagesWithoutEndEnd() throws IOException, InterruptedException {
        int[] call = {0};
        try (FakeAgent agent = server(head -> {
            int id = ++call[0];
            return switch (id) {
                case 1 -> json(INITIALIZED);
                case 2 -> answer("202 Accepted", "", "");
                default ->
                    json("{\"jsonrpc\":\"2.0\",\"id\":" + (id - 1)
                            + ",\"result\":{\"tools\":[{\"name\":\"t\"}],\"nextCursor\":\"more\"}}");
            };
        })) {
            assertThat(ask(agent, Protocol.MCP, "/mcp"))
                    .isInstanceOfSatisfying(
                            ProbeAnswer.Healthy.class,
                            healthy -> assertThat(healthy.offers()).isNull());
            assertThat(agent.requests()).hasSize(12);
        }
    }

    /** Only the same endpoint with or without its slash; what leads elsewhere is told and not followed. */
    @Test
    void aRedirectIsFollowedToTheSameEndpointOnly() throws IOException, InterruptedException {
        try (FakeAgent agent = server(head -> head.startsWith("POST /mcp/ ")
                ? json(INITIALIZED.replace("\"tools\":{}", "").replace("\"id\":1", "\"id\":2"))
                : answer("307 Temporary Redirect", "Location: /mcp/\r\n", ""))) {
            assertThat(ask(agent, Protocol.MCP, "/mcp")).isInstanceOf(ProbeAnswer.Healthy.class);
        }
        try (FakeAgent agent =
                server(head -> answer("307 Temporary Redirect", "Location: http://169.254.169.254/mcp/\r\n", ""))) {
            assertThat(ask(agent, Protocol.MCP, "/mcp"))
                    .isInstanceOfSatisfying(
                            ProbeAnswer.Faulty.class,
                            faulty -> assertThat(faulty.reason()).startsWith("redirects with status 307"));
            assertThat(agent.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}|answers initialize without the name of a server",
                "{\"jsonrpc\":\"2.0\",\"id\":9,\"result\":{}}|answers initialize with something else than a message of JSON-RPC",
                "[]|answers initialize with something else than a message of JSON-RPC",
                "<html>|answers initialize with something else than a message of JSON-RPC"
            })
    void whatIsNoServerOfTheProtocolIsAWrongAnswer(String body, String reason)
            throws IOException, InterruptedException {
        try (FakeAgent agent = server(head -> json(body))) {
            assertThat(ask(agent, Protocol.MCP, "/mcp"))
                    .isInstanceOfSatisfying(
                            ProbeAnswer.Faulty.class,
                            faulty -> assertThat(faulty.reason()).isEqualTo(reason));
        }
    }

    @Test
    void aServerOfAnotherRevisionOrTransportIsNotAccused() throws IOException, InterruptedException {
        String refused =
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32022,\"message\":\"only 2026-07-28\\u001b\"}}";
        try (FakeAgent agent = server(head -> json(refused))) {
            assertThat(ask(agent, Protocol.MCP, "/mcp"))
                    .isEqualTo(new ProbeAnswer.NotAsked(
                            "it refuses to be initialized as in revision 2025-11-25: only 2026-07-28?"));
        }
        try (FakeAgent agent = server(head -> answer("405 Method Not Allowed", "", ""))) {
            assertThat(ask(agent, Protocol.MCP, "/sse")).isInstanceOf(ProbeAnswer.NotAsked.class);
        }
    }

    @Test
    void whatHangsIsToldAsEveryAgentThatDoes() throws IOException, InterruptedException {
        try (FakeAgent agent = new FakeAgent((connection, out) -> FakeAgent.linger(connection, 60_000))) {
            assertThat(ask(agent, Protocol.MCP, "/mcp", Duration.ofSeconds(1)))
                    .isInstanceOfSatisfying(ProbeAnswer.Faulty.class, faulty -> {
                        assertThat(faulty.reason()).isEqualTo("does not answer within 1 s");
                        assertThat(faulty.connected()).isTrue();
                    });
        }
    }

    /** What a server names its session goes back to it, and must not become a field of its own. */
    @Test
    void aSessionThatIsNoWordIsNotSentBack() throws IOException, InterruptedException {
        String first = answer(
                "200 OK",
                "Content-Type: application/json\r\nMcp-Session-Id: a b\r\n",
                INITIALIZED.replace("\"tools\":{}", ""));
        try (FakeAgent agent = mcp("", first)) {
            assertThat(ask(agent, Protocol.MCP, "/mcp")).isInstanceOf(ProbeAnswer.Healthy.class);
            assertThat(agent.requests()).noneMatch(head -> head.contains("a b"));
        }
    }
}
