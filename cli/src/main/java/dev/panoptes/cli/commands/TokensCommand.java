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

/** Makes, lists and revokes the API tokens of a running server. */
final class TokensCommand implements Command {
    private static final String PATH = "/api/v1/tokens";
    private static final ListVerbs VERBS = new ListVerbs("create", "revoke", "token", "tokens");
    private static final List<String> ROLES = List.of("viewer", "operator", "admin", "observer");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final List<String> HEADINGS = List.of("ID", "ROLE", "NAME", "HOST", "EXPIRES", "LAST USED", "STATE");

    @Override
    public String name() {
        return "tokens";
    }

    @Override
    public String summary() {
        return "Make, list and revoke the API tokens of a running server";
    }

    @Override
    public Action prepare(CommandSpec spec) {
        Options options = new Options(spec);
        PositionalParamSpec verb =
                options.argument(0, "0..1", "VERB", VERBS.all(), "list (the default), create, or revoke.");
        PositionalParamSpec id = options.argument(1, "0..1", "ID", "Of the token to revoke.");
        options.heading("The new token");
        OptionSpec name = options.text("--name", "NAME", "What it is for.");
        OptionSpec role = options.word("--role", "ROLE", ROLES, "viewer (the default), operator, admin, or observer.");
        OptionSpec host = options.text("--host", "NAME", "For an observer: the only host that it speaks for.");
        OptionSpec expires = options.text("--expires-in", "TIME", "Such as 12h or 90d. Else until it is revoked.");
        options.heading("Which server");
        ClientOptions client = new ClientOptions(
                options,
                "Where it is. Else server_url of the configuration, else where that says it listens.",
                "An admin's token. Else PANOPTES_TOKEN, PANOPTES_TOKEN_FILE, the data directory's.");
        ServerConfiguration configuration = ServerConfiguration.ofClient(options);
        options.close();
        return shell -> {
            String word = Options.text(verb);
            String wanted = word == null ? ListVerbs.LIST : word;
            String given = Options.text(id);
            VERBS.check(wanted, given, List.of(name, role, host, expires));
            ObjectNode body = wanted.equals("create") ? body(name, role, host, expires) : null;
            try (ServerClient server = client.client(configuration.load(shell), shell)) {
                if (body != null) {
                    create(server, body, shell);
                } else if (given != null) {
                    server.call("DELETE", PATH + "/" + given, null, PATIENCE).orRefuse();
                } else {
                    list(server, shell);
                }
            }
            return ExitCode.OK;
        };
    }

    private static ObjectNode body(OptionSpec name, OptionSpec role, OptionSpec host, OptionSpec expires)
            throws UsageException {
        String what = Options.text(name);
        String speaksFor = Options.text(host);
        String until = Options.text(expires);
        if (what == null) {
            throw new UsageException("create needs --name", "It says later what the token is for");
        }
        if (Options.text(role, "").equals("observer") == (speaksFor == null)) {
            throw new UsageException(
                    "--host goes with --role observer, and with it only", "An observer speaks for one host");
        }
        ObjectNode body =
                new JsonMapper().createObjectNode().put("name", what).put("role", Options.text(role, "viewer"));
        if (speaksFor != null) {
            body.put("host", speaksFor);
        }
        if (until != null) {
            body.put("expires_in", until);
        }
        return body;
    }

    private static void create(ServerClient server, ObjectNode body, Shell shell)
            throws UsageException, IOException, InterruptedException {
        Reply made = server.call("POST", PATH, ServerClient.bytes(body), PATIENCE);
        String token = made.orRefuse().path("token").asString("");
        shell.err().println("panoptes: this is the only time that the token is shown");
        shell.print(Line.of(token) + "\n");
    }

    private static void list(ServerClient server, Shell shell)
            throws UsageException, IOException, InterruptedException {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADINGS);
        for (JsonNode token : server.get(PATH).orRefuse().path("items")) {
            rows.add(List.of(
                    text(token, "id"),
                    text(token, "role"),
                    text(token, "name"),
                    text(token, "host"),
                    Times.seconds(text(token, "expires_at")),
                    Times.seconds(text(token, "last_used_at")),
                    text(token, "revoked_at").equals("-")
                            ? expired(token, shell) ? "expired" : "in force"
                            : "revoked"));
        }
        shell.print(Columns.of(rows));
    }

    private static boolean expired(JsonNode token, Shell shell) {
        return Times.parse(text(token, "expires_at"))
                .filter(at -> !at.isAfter(shell.clock().instant()))
                .isPresent();
    }

    private static String text(JsonNode token, String field) {
        String text = Line.of(token.path(field).asString(""));
        return text.isEmpty() ? "-" : text;
    }
}
