package dev.panoptes.cli.commands;

import dev.panoptes.cli.client.Line;
import dev.panoptes.cli.client.ServerClient;
import dev.panoptes.cli.shell.ExitCode;
import dev.panoptes.cli.shell.Shell;
import dev.panoptes.cli.shell.UsageException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Makes a token with which agents enroll, and says what to do with it. */
final class EnrollCommand implements Command {
    /** Names that paths of the API have; the server refuses them too, but only when the agent comes. */
    private static final List<String> RESERVED = List.of("system", "agents", "ping", "register", "discover");

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Override
    public String name() {
        return "enroll";
    }

    @Override
    public String summary() {
        return "Make a token to enroll agents with, and print the command that does";
    }

    @Override
    public Action prepare(CommandSpec spec) {
        Options options = new Options(spec);
        PositionalParamSpec name = options.argument(0, "0..1", "NAME", "Of the agent: its registry key, best.");
        OptionSpec uses = options.number("--uses", "How many instances may enroll with the token; 1 by default.");
        OptionSpec expires = options.text("--expires-in", "TIME", "Such as 12h or 30d; 1d by default.");
        OptionSpec quiet = options.flag("--token-only", "Print the token and nothing else.");
        options.heading("Which server");
        ClientOptions client = new ClientOptions(
                options,
                "Where it is. Else server_url of the configuration, else where that says it listens.",
                "An operator's token. Else PANOPTES_TOKEN, PANOPTES_TOKEN_FILE, the data directory's.");
        ServerConfiguration configuration = ServerConfiguration.ofClient(options);
        options.close();
        return shell -> {
            String word = Options.text(name);
            String agent = word == null ? "my-agent" : word;
            if (RESERVED.contains(agent) || agent.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")) {
                throw new UsageException(
                        "an agent cannot be called " + agent, "Its registry key is best: panoptes enroll hermes");
            }
            try (ServerClient server = client.client(configuration.load(shell), shell)) {
                enroll(
                        server,
                        agent,
                        Options.number(uses, 1),
                        Options.text(expires, "1d"),
                        Options.given(quiet),
                        shell);
            }
            return ExitCode.OK;
        };
    }

    private static void enroll(ServerClient server, String agent, int uses, String expires, boolean quiet, Shell shell)
            throws UsageException, IOException, InterruptedException {
        ObjectNode body = new JsonMapper()
                .createObjectNode()
                .put("name", agent)
                .put("uses", uses)
                .put("expires_in", expires);
        String token = Line.of(server.call("POST", "/api/v1/enrollment-tokens", ServerClient.bytes(body), PATIENCE)
                .orRefuse()
                .path("token")
                .asString(""));
        if (quiet) {
            shell.print(token + "\n");
            return;
        }
        shell.err().println("panoptes: this is the only time that the token is shown");
        shell.print("PANOPTES_ENROLLMENT_TOKEN=" + token + " python3 "
                + shell.home().resolve("examples/agents/python/agent.py") + " --server " + server.server() + " --name "
                + (agent.matches("[A-Za-z0-9._-]+") ? agent : "'" + agent.replace("'", "'\\''") + "'") + "\n");
    }
}
