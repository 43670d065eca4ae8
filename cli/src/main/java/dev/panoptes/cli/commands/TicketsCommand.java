package dev.panoptes.cli.commands;

import dev.panoptes.cli.client.Line;
import dev.panoptes.cli.client.ServerClient;
import dev.panoptes.cli.shell.ExitCode;
import dev.panoptes.cli.shell.Shell;
import dev.panoptes.cli.shell.UsageException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Opens, lists, comments and closes the tickets of a running server. */
final class TicketsCommand implements Command {
    private static final String PATH = "/api/v1/tickets";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final List<String> VERBS =
            List.of("list", "show", "open", "comment", "take", "resolve", "close", "reopen");
    private static final Map<String, String> STATES =
            Map.of("take", "in_progress", "resolve", "resolved", "close", "closed", "reopen", "open");

    @Override
    public String name() {
        return "tickets";
    }

    @Override
    public String summary() {
        return "Open, list, comment and close the tickets of a server";
    }

    @Override
    public Action prepare(CommandSpec spec) {
        Options options = new Options(spec);
        PositionalParamSpec verb = options.argument(0, "0..1", "VERB", VERBS, String.join(", ", VERBS) + ".");
        PositionalParamSpec id = options.argument(1, "0..1", "ID", "Of the ticket. For open: its title.");
        OptionSpec issue = options.text("--issue", "ID", "open: the issue that it is about, by id or fingerprint.");
        OptionSpec agent = options.text("--agent", "NAME", "open: the agent that it is about.");
        OptionSpec severity = options.word(
                "--severity",
                "SEVERITY",
                List.of("info", "low", "medium", "high", "critical"),
                "open: medium by default.");
        OptionSpec assignee = options.text("--assignee", "NAME", "open, take: who works on it.");
        OptionSpec note = options.text("--note", "TEXT", "What is said with it; for comment the comment.");
        OptionSpec all = options.flag("--all", "list: also those that are resolved or closed.");
        options.heading("Which server");
        ClientOptions client = new ClientOptions(
                options,
                "Where it is. Else server_url of the configuration, else where that says it listens.",
                "An operator's token. Else PANOPTES_TOKEN, PANOPTES_TOKEN_FILE, the data directory's.");
        ServerConfiguration configuration = ServerConfiguration.ofClient(options);
        options.close();
        return shell -> {
            String word = Options.text(verb);
            String wanted = word == null ? "list" : word;
            String given = Options.text(id);
            check(wanted, given, Options.text(note));
            try (ServerClient server = client.client(configuration.load(shell), shell)) {
                switch (wanted) {
                    case "list" -> list(server, Options.given(all), shell);
                    case "show" -> print(server.get(PATH + "/" + given).orRefuse(), shell);
                    case "open" -> {
                        ObjectNode body = new JsonMapper().createObjectNode().put("title", given);
                        JsonNode about = issue(server, Options.text(issue));
                        put(body, "issue", or(null, about.path("fingerprint")));
                        put(body, "agent", or(Options.text(agent), agent(about)));
                        put(body, "severity", or(Options.text(severity), about.path("severity")));
                        put(body, "assignee", Options.text(assignee));
                        put(body, "description", Options.text(note));
                        JsonNode made = send(server, "POST", PATH, body);
                        shell.print(made.path("id") + "\n");
                    }
                    case "comment" ->
                        send(
                                server,
                                "POST",
                                PATH + "/" + given + "/comments",
                                new JsonMapper().createObjectNode().put("body", Options.text(note)));
                    default -> {
                        ObjectNode body = new JsonMapper().createObjectNode().put("status", STATES.get(wanted));
                        put(body, "assignee", Options.text(assignee));
                        put(body, "note", Options.text(note));
                        send(server, "PATCH", PATH + "/" + given, body);
                    }
                }
            }
            return ExitCode.OK;
        };
    }

    private static void check(String verb, @Nullable String id, @Nullable String note) throws UsageException {
        if (!VERBS.contains(verb)) {
            throw new UsageException("there is no verb " + verb, "Verbs: " + String.join(", ", VERBS));
        }
        if (verb.equals("list") != (id == null)) {
            throw new UsageException(
                    verb.equals("list")
                            ? "list takes no further word"
                            : verb + " needs " + (verb.equals("open") ? "a title" : "the id of a ticket"),
                    "");
        }
        if (!verb.equals("list") && !verb.equals("open") && !String.valueOf(id).matches("\\d{1,18}")) {
            throw new UsageException("the id of a ticket is a number: " + id, "The ids: panoptes tickets list");
        }
        if (verb.equals("comment") && note == null) {
            throw new UsageException("comment needs --note", "");
        }
    }

    /** What is given, else what the issue says; null where neither does. */
    private static @Nullable String or(@Nullable String given, JsonNode ofIssue) {
        return given != null || !ofIssue.isString() ? given : ofIssue.asString();
    }

    /** The agent that an issue is about: what else it may affect, a file or a service, is no plain key. */
    private static JsonNode agent(JsonNode issue) {
        JsonNode first = issue.path("affected").path(0);
        return first.asString("").matches("[A-Za-z0-9_-]{1,100}") ? first : new JsonMapper().missingNode();
    }

    /** The issue that is named by its id or fingerprint; a missing node where none is named. */
    private static JsonNode issue(ServerClient server, @Nullable String issue)
            throws UsageException, InterruptedException {
        if (issue == null) {
            return new JsonMapper().missingNode();
        }
        if (!issue.matches("[A-Za-z0-9@._-]{1,200}")) {
            throw new UsageException("this is no id of an issue: " + issue, "The ids: panoptes status");
        }
        return server.get("/api/v1/integrity/issues/" + issue).orRefuse();
    }

    private static void put(ObjectNode body, String name, @Nullable String value) {
        if (value != null) {
            body.put(name, value);
        }
    }

    private static JsonNode send(ServerClient server, String method, String path, ObjectNode body)
            throws UsageException, InterruptedException {
        return server.call(method, path, ServerClient.bytes(body), PATIENCE).orRefuse();
    }

    private static void list(ServerClient server, boolean all, Shell shell)
            throws UsageException, IOException, InterruptedException {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("ID", "SEVERITY", "STATUS", "ASSIGNEE", "AGENT", "OPENED", "TITLE"));
        for (JsonNode ticket : server.get(PATH + "?limit=1000" + (all ? "" : "&status=unresolved"))
                .orRefuse()
                .path("items")) {
            rows.add(List.of(
                    ticket.path("id").toString(),
                    text(ticket, "severity"),
                    text(ticket, "status"),
                    text(ticket, "assignee"),
                    text(ticket, "agent"),
                    Times.seconds(text(ticket, "created_at")),
                    text(ticket, "title")));
        }
        shell.print(Columns.of(rows));
    }

    private static void print(JsonNode ticket, Shell shell) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        for (String field : List.of(
                "id",
                "title",
                "severity",
                "status",
                "assignee",
                "agent",
                "issue",
                "created_by",
                "created_at",
                "description")) {
            JsonNode value = ticket.path(field);
            if (!value.isNull() && !value.asString("x").isEmpty()) {
                rows.add(List.of(field.replace('_', ' '), Line.of(value.asString(value.toString()))));
            }
        }
        for (JsonNode event : ticket.path("history")) {
            rows.add(List.of(
                    Times.seconds(text(event, "at")),
                    text(event, "actor") + ": " + text(event, "to")
                            + (event.path("cause").isString() ? ", " + text(event, "cause") : "")));
        }
        for (JsonNode comment : ticket.path("comments")) {
            rows.add(List.of(
                    Times.seconds(text(comment, "at")), text(comment, "author") + " said: " + text(comment, "body")));
        }
        shell.print(Columns.of(rows));
    }

    private static String text(JsonNode node, String field) {
        String text = Line.of(node.path(field).asString(""));
        return text.isEmpty() ? "-" : text;
    }
}
