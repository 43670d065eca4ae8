package dev.panoptes.integrity.observed;

import dev.panoptes.integrity.observed.HttpLine.Request;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The handshake of the Model Context Protocol over Streamable HTTP (revisions 2025-03-26 to 2025-11-25): {@code initialize}
 * tells name and version, {@code tools/list} what it offers; a session that was opened is closed. No tool is called.
 */
final class McpQuestion implements HttpProbe.Question {
    private static final String REVISION = "2025-11-25";
    private static final String EVENTS = "text/event-stream";
    private static final int MOST_PAGES = 10;

    @Override
    public HttpProbe.Asked ask(HttpLine line) throws IOException {
        return new HttpProbe.Asked(new Talk(line).answer(), null);
    }

    /** One conversation. */
    private static final class Talk {
        private final HttpLine line;
        private final Map<String, String> fields = new LinkedHashMap<>();
        private String path;
        private int id;

        Talk(HttpLine line) {
            this.line = line;
            this.path = line.target().path();
            fields.put("Accept", "application/json, " + EVENTS);
            fields.put("Content-Type", "application/json");
        }

        ProbeAnswer answer() throws IOException {
            HttpAnswer answer = initialize();
            if (!(answer instanceof HttpAnswer.Whole whole)) {
                return new HealthAnswerParser().parse(answer, line.millis());
            }
            if (Refusals.ofStrangers(answer)) {
                return new ProbeAnswer.NotAsked("it answers only to whom it knows (status " + whole.status() + ")");
            }
            if (whole.status() == 405) {
                return new ProbeAnswer.NotAsked(
                        "it takes no POST there: the older transport of HTTP with server-sent events is not spoken");
            }
            if (whole.status() / 100 != 2) {
                return new HealthAnswerParser().parse(answer, line.millis());
            }
            JsonNode message = message(whole, id);
            if (message == null) {
                return faulty(whole, "answers initialize with something else than a message of JSON-RPC");
            }
            if (message.has("error")) {
                return new ProbeAnswer.NotAsked("it refuses to be initialized as in revision " + REVISION + ": "
                        + HttpAnswerReader.quote(
                                message.path("error").path("message").asString("no reason")));
            }
            JsonNode server = message.path("result").path("serverInfo");
            String name = ForeignJson.text(server.path("name"));
            if (name == null) {
                return faulty(whole, "answers initialize without the name of a server");
            }
            String session = whole.fields().get("mcp-session-id");
            if (session != null) {
                fields.put("Mcp-Session-Id", visible(session));
            }
            String revision = message.path("result").path("protocolVersion").asString(REVISION);
            fields.put("MCP-Protocol-Version", visible(revision));
            List<String> tools = message.path("result").path("capabilities").has("tools") ? tools() : List.of();
            ProbeAnswer told = new ProbeAnswer.Healthy(
                    whole.status(),
                    name,
                    null,
                    ForeignJson.version(server.path("version")),
                    null,
                    tools,
                    line.millis());
            leave(session);
            return told;
        }

        private ProbeAnswer faulty(HttpAnswer.Whole answer, String reason) {
            return new ProbeAnswer.Faulty(answer.status(), reason, true, line.millis());
        }

        /** A server may take its endpoint with or without a slash at the end only, and says so by a redirect. */
        private HttpAnswer initialize() throws IOException {
            Map<String, Object> parameters = new LinkedHashMap<>();
            parameters.put("protocolVersion", REVISION);
            parameters.put("capabilities", Map.of());
            parameters.put("clientInfo", Map.of("name", "panoptes", "version", "1"));
            HttpAnswer answer = call("initialize", parameters);
            if (answer instanceof HttpAnswer.Whole whole) {
                String other = path.endsWith("/") ? path.substring(0, path.length() - 1) : path + "/";
                String location = whole.fields().getOrDefault("location", "");
                boolean moved = (whole.status() == 307 || whole.status() == 308)
                        && (location.equals(other)
                                || location.equals(line.target().scheme() + "://"
                                        + line.target().authority() + other));
                if (moved) {
                    path = other;
                    return call("initialize", parameters);
                }
            }
            return answer;
        }

        /** The names of all tools; null where the server does not tell them all within what is read. */
        private @Nullable List<String> tools() throws IOException {
            notify("notifications/initialized");
            List<String> names = new ArrayList<>();
            String cursor = null;
            for (int page = 0; page < MOST_PAGES; page++) {
                HttpAnswer answer = call("tools/list", cursor == null ? Map.of() : Map.of("cursor", cursor));
                JsonNode message = answer instanceof HttpAnswer.Whole whole && whole.status() / 100 == 2
                        ? message(whole, id)
                        : null;
                if (message == null || !message.path("result").path("tools").isArray()) {
                    return null;
                }
                names.addAll(ForeignJson.names(message.path("result").path("tools"), "name"));
                JsonNode next = message.path("result").path("nextCursor");
                if (!next.isString()) {
                    return names;
                }
                cursor = next.asString("");
            }
            return null;
        }

        private HttpAnswer call(String method, Map<String, Object> parameters) throws IOException {
            id++;
            Map<String, Object> message = new LinkedHashMap<>();
            message.put("jsonrpc", "2.0");
            message.put("id", id);
            message.put("method", method);
            message.put("params", parameters);
            int expected = id;
            return line.send(new Request(
                    "POST",
                    path,
                    fields,
                    ForeignJson.bytes(message),
                    body -> inEvents(body, expected).isPresent()));
        }

        private void notify(String method) throws IOException {
            byte[] message = ForeignJson.bytes(Map.of("jsonrpc", "2.0", "method", method));
            line.send(new Request("POST", path, fields, message, _ -> true));
        }

        /** What the agent said is known by now; that it does not hang up politely changes nothing of it. */
        private void leave(@Nullable String session) {
            if (session == null) {
                return;
            }
            try {
                line.send(new Request("DELETE", path, fields, new byte[0], _ -> true));
            } catch (IOException e) {
                // The server ends the session by itself, after its own time.
                fields.remove("Mcp-Session-Id");
            }
        }

        private static @Nullable JsonNode message(HttpAnswer.Whole answer, int id) {
            return ForeignJson.is(answer, EVENTS)
                    ? inEvents(answer.body(), id).orElse(null)
                    : Optional.ofNullable(ForeignJson.object(answer.body()))
                            .filter(message -> isAnswer(message, id))
                            .orElse(null);
        }

        private static boolean isAnswer(JsonNode message, int id) {
            return message.path("id").asInt(-1) == id && (message.has("result") || message.has("error"));
        }

        /** The answer among complete server-sent events (WHATWG HTML, 9.2.6), which may tell of other things before. */
        private static Optional<JsonNode> inEvents(byte[] body, int id) {
            StringBuilder data = new StringBuilder();
            for (String text : new String(body, StandardCharsets.UTF_8).split("\r\n|\n|\r", -1)) {
                if (text.startsWith("data:")) {
                    data.append(text.substring(5).stripLeading()).append('\n');
                } else if (text.isEmpty()) {
                    JsonNode message = ForeignJson.object(data.toString().getBytes(StandardCharsets.UTF_8));
                    if (message != null && isAnswer(message, id)) {
                        return Optional.of(message);
                    }
                    data.setLength(0);
                }
            }
            return Optional.empty();
        }

        /** Foreign text that goes into a field of the next request: nothing in it may end the field. */
        private static String visible(String text) {
            return text.chars().allMatch(c -> c > 0x20 && c < 0x7f) && text.length() <= 1_000 ? text : "";
        }
    }
}
