package dev.panoptes.integrity.observed;

import dev.panoptes.core.text.Lines;
import dev.panoptes.integrity.observed.HttpLine.Request;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The Model Context Protocol over Streamable HTTP. A server of the revisions 2025-03-26 to 2025-11-25 is initialized, which tells
 * its name and version, and a session that was opened is closed; one that takes no {@code initialize} is asked to
 * {@code server/discover} (revision 2026-07-28). {@code tools/list} tells what it offers. No tool is called.
 */
final class McpQuestion implements HttpProbe.Question {
    private static final String REVISION = "2025-11-25";
    /** Of what may be agreed upon by initialize. */
    private static final Set<String> INITIALIZED = Set.of("2024-11-05", "2025-03-26", "2025-06-18", REVISION);

    private static final String STATELESS = "2026-07-28";
    private static final String META = "io.modelcontextprotocol/";
    /** JSON-RPC error of a server that speaks the stateless revisions, and none that was asked for. */
    private static final int UNSUPPORTED_VERSION = -32_022;

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
        private boolean stateless;

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
            JsonNode message = whole.status() / 100 == 2 ? message(whole, id) : null;
            boolean refused =
                    whole.status() == 400 || whole.status() == 404 || (message != null && message.has("error"));
            ProbeAnswer discovered = refused ? discover() : null;
            if (discovered != null) {
                return discovered;
            }
            if (whole.status() / 100 != 2) {
                return new HealthAnswerParser().parse(answer, line.millis());
            }
            if (message == null) {
                return faulty(whole, "answers initialize with something else than a message of JSON-RPC");
            }
            if (message.has("error")) {
                return new ProbeAnswer.NotAsked("it refuses to be initialized as in revision " + REVISION + ": "
                        + HttpAnswerReader.quote(
                                message.path("error").path("message").asString("no reason")));
            }
            return initialized(whole, message.path("result"));
        }

        private ProbeAnswer initialized(HttpAnswer.Whole whole, JsonNode result) throws IOException {
            String session = whole.fields().get("mcp-session-id");
            if (session != null) {
                fields.put("Mcp-Session-Id", visible(session));
            }
            String revision = result.path("protocolVersion").asString(REVISION);
            if (!INITIALIZED.contains(revision)) {
                leave(session);
                return new ProbeAnswer.NotAsked(
                        "it speaks the revision " + HttpAnswerReader.quote(revision) + ", which is not known here");
            }
            JsonNode server = result.path("serverInfo");
            String name = ForeignJson.text(server.path("name"));
            if (name == null) {
                return faulty(whole, "answers initialize without the name of a server");
            }
            fields.put("MCP-Protocol-Version", revision);
            List<String> tools = List.of();
            if (result.path("capabilities").has("tools")) {
                notify("notifications/initialized");
                tools = tools();
            }
            ProbeAnswer told = healthy(whole.status(), name, server, tools);
            leave(session);
            return told;
        }

        /**
         * Asks a server that takes no initialize, as of the stateless revisions.
         *
         * @return null where it answers nothing of the kind, so that its first answer counts
         */
        private @Nullable ProbeAnswer discover() throws IOException {
            stateless = true;
            fields.put("MCP-Protocol-Version", STATELESS);
            HttpAnswer answer = call("server/discover", Map.of());
            JsonNode message = answer instanceof HttpAnswer.Whole whole ? message(whole, id) : null;
            if (message == null || !(answer instanceof HttpAnswer.Whole whole)) {
                return null;
            }
            JsonNode error = message.path("error");
            if (error.path("code").asInt(0) == UNSUPPORTED_VERSION) {
                return unknown(error.path("data").path("supported"));
            }
            JsonNode result = message.path("result");
            JsonNode versions = result.path("supportedVersions");
            if (whole.status() / 100 != 2 || !versions.isArray()) {
                return null;
            }
            if (!texts(versions).contains(STATELESS)) {
                return unknown(versions);
            }
            JsonNode server = result.path("_meta").path(META + "serverInfo");
            server = server.isObject() ? server : result.path("serverInfo");
            List<String> tools = result.path("capabilities").has("tools") ? tools() : List.of();
            return healthy(whole.status(), ForeignJson.text(server.path("name")), server, tools);
        }

        private static ProbeAnswer unknown(JsonNode versions) {
            return new ProbeAnswer.NotAsked("it speaks the revisions "
                    + HttpAnswerReader.quote(String.join(", ", texts(versions))) + ", none of which is known here");
        }

        private static List<String> texts(JsonNode list) {
            List<String> texts = new ArrayList<>();
            for (JsonNode each : list) {
                if (texts.size() < MOST_PAGES) {
                    texts.add(each.asString(""));
                }
            }
            return texts;
        }

        private ProbeAnswer healthy(int status, @Nullable String name, JsonNode server, @Nullable List<String> tools) {
            return new ProbeAnswer.Healthy(
                    status, name, null, ForeignJson.version(server.path("version")), null, tools, line.millis());
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
            message.put("params", stateless ? described(parameters) : parameters);
            if (stateless) {
                fields.put("Mcp-Method", method);
            }
            int expected = id;
            return line.send(new Request(
                    "POST",
                    path,
                    fields,
                    ForeignJson.bytes(message),
                    body -> inEvents(body, expected).isPresent()));
        }

        /** Each request of the stateless revisions says who asks, and by which (basic, "_meta"). */
        private static Map<String, Object> described(Map<String, Object> parameters) {
            Map<String, Object> described = new LinkedHashMap<>(parameters);
            described.put(
                    "_meta",
                    Map.of(
                            META + "protocolVersion",
                            STATELESS,
                            META + "clientInfo",
                            Map.of("name", "panoptes", "version", "1"),
                            META + "clientCapabilities",
                            Map.of()));
            return described;
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
            for (String text : Lines.of(new String(body, StandardCharsets.UTF_8))) {
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
