package dev.panoptes.cli.commands;

import dev.panoptes.cli.client.Reply;
import dev.panoptes.cli.client.ServerClient;
import dev.panoptes.cli.gitops.Declaration;
import dev.panoptes.cli.gitops.Step;
import dev.panoptes.cli.gitops.Steps;
import dev.panoptes.cli.shell.ExitCode;
import dev.panoptes.cli.shell.Shell;
import dev.panoptes.cli.shell.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import tools.jackson.databind.JsonNode;

/** Makes a running server what a directory of files declares. */
final class ApplyCommand implements Command {
    /** Precondition failed (RFC 9110). */
    private static final int CHANGED = 412;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Override
    public String name() {
        return "apply";
    }

    @Override
    public String summary() {
        return "Make a server's configurations, limits, waivers what files declare";
    }

    @Override
    public Action prepare(CommandSpec spec) {
        spec.usageMessage()
                .description(
                        "Make a running server's configurations, limits, schemas, waivers and silences what the files"
                                + " of a directory declare: configs/*.yaml, limits/*.yaml, schemas/*.yaml, waivers.yaml,"
                                + " silences.yaml (panoptes export writes them). Changes only what differs, and marks each"
                                + " configuration that it writes as managed so.")
                .footer("%nExit codes: 0 as declared, 1 something was refused, or with --dry-run differs,%n"
                        + "3 the files or the server cannot be read, and nothing was changed.");
        Options options = new Options(spec);
        PositionalParamSpec directory = options.argument(0, "1", "DIR", "The directory.");
        OptionSpec dry = options.flag("--dry-run", "Show what differs and change nothing.");
        OptionSpec prune = options.flag(
                "--prune",
                "Take waivers back and end silences in force that waivers.yaml and silences.yaml leave out.");
        options.heading("Which server");
        ClientOptions client = new ClientOptions(
                options,
                "Where it is. Else server_url of the configuration, else where that says it listens.",
                "An operator's token. Else PANOPTES_TOKEN, PANOPTES_TOKEN_FILE, the data directory's.");
        ServerConfiguration configuration = ServerConfiguration.ofClient(options);
        options.close();
        return shell -> {
            Path path = shell.resolve(Options.path(directory));
            Declaration declared = Declaration.read(path);
            try (ServerClient server = client.client(configuration.load(shell), shell)) {
                List<Step> steps = Steps.of(declared, server, shell.clock().instant(), Options.given(prune));
                return Options.given(dry) ? show(steps, shell) : apply(steps, server, shell);
            }
        };
    }

    private static ExitCode show(List<Step> steps, Shell shell) throws IOException {
        for (Step step : steps) {
            print(step, shell);
        }
        shell.print(steps.isEmpty() ? "Nothing differs.\n" : count(steps.size()) + " would be made.\n");
        return steps.isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }

    private static void print(Step step, Shell shell) throws IOException {
        StringBuilder text = new StringBuilder(step.what()).append('\n');
        step.lines().forEach(line -> text.append("  ").append(line).append('\n'));
        shell.print(text.toString());
    }

    private static ExitCode apply(List<Step> steps, ServerClient server, Shell shell)
            throws UsageException, IOException, InterruptedException {
        int done = 0;
        for (Step step : steps) {
            print(step, shell);
            JsonNode body = step.body();
            String tag = step.tag();
            switch (tag == null || body == null
                    ? server.call(step.method(), step.path(), body == null ? null : ServerClient.bytes(body), PATIENCE)
                    : server.callIf(tag, step.method(), step.path(), ServerClient.bytes(body), PATIENCE)) {
                case Reply.Done _ -> done++;
                case Reply.Refused(int status, String _, var _)
                when status == CHANGED ->
                    shell.err()
                            .println("panoptes: " + step.what() + " was changed by somebody else meanwhile, and is left"
                                    + " as it is now. Look at the difference, then apply again");
                case Reply.Refused(int status, String reason, var _) ->
                    shell.err().println("panoptes: " + step.what() + " is refused: " + reason + " (" + status + ")");
                case Reply.Unreached(String reason, String _) -> {
                    shell.err().println("panoptes: " + step.what() + ": " + reason);
                    shell.print(count(done) + " made, then the server was lost.\n");
                    return ExitCode.FAILED;
                }
            }
        }
        shell.print(
                steps.isEmpty()
                        ? "Nothing differs.\n"
                        : count(done) + " made, " + (steps.size() - done) + " refused.\n");
        return done == steps.size() ? ExitCode.OK : ExitCode.FAILED;
    }

    private static String count(int changes) {
        return changes == 1 ? "1 change" : changes + " changes";
    }
}
