package dev.panoptes.cli.commands;

import dev.panoptes.cli.client.Line;
import dev.panoptes.cli.client.Reply;
import dev.panoptes.cli.client.ServerClient;
import dev.panoptes.cli.shell.ExitCode;
import dev.panoptes.cli.shell.Shell;
import dev.panoptes.cli.shell.UsageException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Says to a running server what is harmless, lists that, and ends it. */
final class SuppressCommand implements Command {
    private static final String PATH = "/api/v1/suppressions";
    private static final ListVerbs VERBS = new ListVerbs("add", "end", "suppression", "suppress");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final List<String> HEADINGS =
            List.of("ID", "RULE", "HOST", "USER", "ENTITY", "EVENTS", "OWNER", "EXPIRES", "STATE", "REASON");

    @Override
    public String name() {
        return "suppress";
    }

    @Override
    public String summary() {
        return "Say what a running server need not tell of, and until when";
    }

    @Override
    public Action prepare(CommandSpec spec) {
        Options options = new Options(spec);
        PositionalParamSpec verb = options.argument(0, "0..1", "VERB", VERBS.all(), "list (the default), add, or end.");
        PositionalParamSpec id = options.argument(1, "0..1", "ID", "Of the suppression to end.");
        options.heading("The new suppression");
        OptionSpec rule = options.text("--rule", "NAME", "A rule or analytic; this or --entity.");
        OptionSpec entity = options.text("--entity", "ID", "An address, program, file or domain that takes part.");
        OptionSpec host = options.text("--host", "NAME", "Only there.");
        OptionSpec user = options.text("--user", "NAME", "Only of this user.");
        OptionSpec reason = options.text("--reason", "TEXT", "Why it is harmless.");
        OptionSpec expires = options.text("--expires-in", "TIME", "Such as 12h or 90d, at most a year.");
        options.heading("Which server");
        ClientOptions client = new ClientOptions(
                options,
                "Where it is. Else server_url of the configuration, else where that says it listens.",
                "An operator's token. Else PANOPTES_TOKEN, PANOPTES_TOKEN_FILE, the data directory's.");
        ServerConfiguration configuration = ServerConfiguration.ofClient(options);
        options.close();
        return shell -> {
            String word = Options.text(verb);
            String wanted = word == null ? ListVerbs.LIST : word;
            String given = Options.text(id);
            VERBS.check(wanted, given, List.of(rule, entity, host, user, reason, expires));
            ObjectNode body = wanted.equals("add") ? body(rule, entity, host, user, reason, expires) : null;
            try (ServerClient server = client.client(configuration.load(shell), shell)) {
                if (body != null) {
                    Reply made = server.call("POST", PATH, ServerClient.bytes(body), PATIENCE);
                    shell.print(Line.of(made.orRefuse().path("id").asString("")) + "\n");
                } else if (given != null) {
                    server.call("DELETE", PATH + "/" + given, null, PATIENCE).orRefuse();
                } else {
                    list(server, shell);
                }
            }
            return ExitCode.OK;
        };
    }

    private static ObjectNode body(
            OptionSpec rule, OptionSpec entity, OptionSpec host, OptionSpec user, OptionSpec reason, OptionSpec expires)
            throws UsageException {
        if (Options.text(rule) == null && Options.text(entity) == null) {
            throw new UsageException("add needs --rule or --entity", "Nothing suppresses everything of a host or user");
        }
        if (Options.text(reason) == null || Options.text(expires) == null) {
            throw new UsageException("add needs --reason and --expires-in", "No suppression lasts for ever");
        }
        ObjectNode body = new JsonMapper().createObjectNode();
        put(body, "rule", rule);
        put(body, "entity", entity);
        put(body, "host", host);
        put(body, "user", user);
        put(body, "reason", reason);
        put(body, "duration", expires);
        return body;
    }

    private static void put(ObjectNode body, String name, OptionSpec option) {
        String text = Options.text(option);
        if (text != null) {
            body.put(name, text);
        }
    }

    private static void list(ServerClient server, Shell shell)
            throws UsageException, IOException, InterruptedException {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADINGS);
        String cursor = "";
        do {
            JsonNode page = server.get(PATH + "?limit=200" + (cursor.isEmpty() ? "" : "&cursor=" + cursor))
                    .orRefuse();
            page.path("items").forEach(one -> rows.add(row(one, shell)));
            cursor = page.path("next").asString("");
        } while (!cursor.isEmpty());
        shell.print(Columns.of(rows));
    }

    private static List<String> row(JsonNode one, Shell shell) {
        boolean over = Times.parse(text(one, "expires_at"))
                .filter(at -> !at.isAfter(shell.clock().instant()))
                .isPresent();
        return List.of(
                text(one, "id"),
                text(one, "rule"),
                text(one, "host"),
                text(one, "user"),
                text(one, "entity"),
                Long.toString(one.path("suppressed").asLong()),
                text(one, "owner"),
                Times.seconds(text(one, "expires_at")),
                text(one, "ended_at").equals("-") ? over ? "expired" : "in force" : "ended",
                text(one, "reason"));
    }

    private static String text(JsonNode one, String field) {
        String text = Line.of(one.path(field).asString(""));
        return text.isEmpty() ? "-" : text;
    }
}
