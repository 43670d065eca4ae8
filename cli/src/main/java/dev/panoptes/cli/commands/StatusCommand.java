package dev.panoptes.cli.commands;

import dev.panoptes.cli.client.Reply;
import dev.panoptes.cli.client.ServerClient;
import dev.panoptes.cli.shell.ExitCode;
import dev.panoptes.cli.shell.Shell;
import dev.panoptes.cli.shell.UsageException;
import dev.panoptes.cli.status.ServerStatus;
import dev.panoptes.cli.status.StatusJson;
import dev.panoptes.cli.status.StatusReader;
import dev.panoptes.cli.status.StatusText;
import java.io.IOException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Tells how a running server and its fleet are, in one screen. */
final class StatusCommand implements Command {
    @Override
    public String name() {
        return "status";
    }

    @Override
    public String summary() {
        return "How a running server and its fleet are, in one screen";
    }

    @Override
    public Action prepare(CommandSpec spec) {
        spec.usageMessage()
                .description(
                        summary() + ".",
                        "Exit codes: 0 healthy, 1 critical or high issues are open, 2 the server cannot say, 3 it"
                                + " cannot be reached.");
        Options options = new Options(spec);
        OptionSpec json = options.flag("--json", "As JSON.");
        OptionSpec ready = options.flag(
                "--ready",
                "Only whether it takes calls: exit 0 or 3. For health checks of containers; needs no token.");
        options.heading("Which server");
        ClientOptions client = new ClientOptions(
                options,
                "Where it is. Else server_url of the configuration, else where that says it listens.",
                "A viewer's token. Else PANOPTES_TOKEN, PANOPTES_TOKEN_FILE, the data directory's.");
        ServerConfiguration configuration = ServerConfiguration.ofClient(options);
        options.close();
        return shell -> {
            try (ServerClient server = client.reader(configuration.load(shell), shell)) {
                if (Options.given(ready)) {
                    return ready(server, shell);
                }
                return show(new StatusReader(server, shell.clock()).read(), Options.given(json), shell);
            }
        };
    }

    private static ExitCode ready(ServerClient server, Shell shell)
            throws UsageException, IOException, InterruptedException {
        String not = switch (server.get("/readyz")) {
            case Reply.Done _ -> null;
            case Reply.Refused refused -> refused.reason();
            case Reply.Unreached unreached -> unreached.reason();
        };
        if (not == null) {
            shell.print("ready\n");
            return ExitCode.OK;
        }
        shell.err().println("panoptes: not ready: " + not);
        return ExitCode.USAGE;
    }

    private static ExitCode show(ServerStatus status, boolean json, Shell shell) throws IOException {
        shell.print(
                json
                        ? new StatusJson().write(status)
                        : new StatusText(shell.clock().instant(), shell.style().columns()).write(status));
        return status.exitCode();
    }
}
