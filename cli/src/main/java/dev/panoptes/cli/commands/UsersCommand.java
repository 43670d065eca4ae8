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
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Who may log in: adds, lists and disables people, and gives them new one-time passwords. */
final class UsersCommand implements Command {
    private static final String PATH = "/api/v1/users";
    private static final List<String> VERBS = List.of("list", "add", "disable", "enable", "password", "oidc");
    private static final List<String> ROLES = List.of("viewer", "operator", "admin");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Override
    public String name() {
        return "users";
    }

    @Override
    public String summary() {
        return "Add, list and disable the people of a running server; new one-time passwords";
    }

    @Override
    public Action prepare(CommandSpec spec) {
        Options options = new Options(spec);
        PositionalParamSpec verb = options.argument(
                0, "0..1", "VERB", VERBS, "list (the default), add, disable, enable, password, or oidc.");
        PositionalParamSpec person = options.argument(1, "0..1", "NAME", "Whom it is about.");
        options.heading("The new person");
        OptionSpec role = options.word("--role", "ROLE", ROLES, "viewer (the default), operator, or admin.");
        options.heading("Which server");
        ClientOptions client = new ClientOptions(
                options,
                "Where it is. Else server_url of the configuration, else where that says it listens.",
                "An admin's token. Else PANOPTES_TOKEN, PANOPTES_TOKEN_FILE, the data directory's.");
        ServerConfiguration configuration = ServerConfiguration.ofClient(options);
        options.close();
        return shell -> {
            String word = Options.text(verb);
            String wanted = word == null ? "list" : word;
            String name = Options.text(person);
            checkWords(wanted, name, Options.text(role));
            try (ServerClient server = client.client(configuration.load(shell), shell)) {
                if (name == null) {
                    list(server, shell);
                } else if (wanted.equals("add")) {
                    ObjectNode body = json().put("name", name).put("role", Options.text(role, "viewer"));
                    show(
                            server.call("POST", PATH, ServerClient.bytes(body), PATIENCE)
                                    .orRefuse(),
                            shell);
                } else {
                    change(server, wanted, name, shell);
                }
            }
            return ExitCode.OK;
        };
    }

    private static void checkWords(String verb, @Nullable String name, @Nullable String role) throws UsageException {
        if (!VERBS.contains(verb)) {
            throw new UsageException("there is no verb " + verb, "Verbs: " + String.join(", ", VERBS));
        }
        if (verb.equals("list") != (name == null)) {
            throw new UsageException(
                    name == null ? verb + " needs a name" : "list takes no further word: " + name,
                    "The names: panoptes users list");
        }
        if (role != null && !verb.equals("add")) {
            throw new UsageException("--role is for add, not for " + verb, "");
        }
    }

    private static ObjectNode json() {
        return new JsonMapper().createObjectNode();
    }

    private static void change(ServerClient server, String verb, String name, Shell shell)
            throws UsageException, IOException, InterruptedException {
        String id = "";
        boolean vouchedFor = false;
        for (JsonNode user : server.get(PATH).orRefuse().path("items")) {
            if (user.path("name").asString("").equals(name)) {
                id = user.path("id").asString("");
                vouchedFor = user.path("login").asString("").equals("oidc");
            }
        }
        if (id.isEmpty()) {
            throw new UsageException("there is nobody called " + name, "The names: panoptes users list");
        }
        ObjectNode body = switch (verb) {
            case "password" -> vouchedFor ? json().put("login", "password") : json().put("reset_password", true);
            case "oidc" -> json().put("login", "oidc");
            default -> json().put("disabled", verb.equals("disable"));
        };
        show(
                server.call("PATCH", PATH + "/" + id, ServerClient.bytes(body), PATIENCE)
                        .orRefuse(),
                shell);
    }

    /** A password that was made goes to standard output alone, so that it can be handed on. */
    private static void show(JsonNode user, Shell shell) throws IOException {
        String password = user.path("one_time_password").asString("");
        if (!password.isEmpty()) {
            shell.err().println("panoptes: this is the only time that the one-time password is shown");
            shell.print(Line.of(password) + "\n");
        }
    }

    private static void list(ServerClient server, Shell shell)
            throws UsageException, IOException, InterruptedException {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("NAME", "ROLE", "STATE", "LOGIN"));
        for (JsonNode user : server.get(PATH).orRefuse().path("items")) {
            rows.add(List.of(
                    Line.of(user.path("name").asString("")),
                    Line.of(user.path("role").asString("")),
                    user.path("disabled_at").isNull()
                                    || user.path("disabled_at").isMissingNode()
                            ? user.path("password_change_required").asBoolean(false) ? "one-time password" : "active"
                            : "disabled",
                    Line.of(user.path("login").asString("password"))));
        }
        shell.print(Columns.of(rows));
    }
}
