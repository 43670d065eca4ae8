package dev.panoptes.cli.commands;

import dev.panoptes.cli.client.ServerClient;
import dev.panoptes.cli.gitops.Export;
import dev.panoptes.cli.shell.ExitCode;
import dev.panoptes.cli.shell.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Writes what is declared on a running server to files. */
final class ExportCommand implements Command {
    @Override
    public String name() {
        return "export";
    }

    @Override
    public String summary() {
        return "Write a server's configurations, limits, waivers as files for apply";
    }

    @Override
    public Action prepare(CommandSpec spec) {
        spec.usageMessage()
                .description(
                        "Write a running server's configurations, limits, schemas, waivers and silences in force as the"
                                + " files that panoptes apply takes. Files of the same names are replaced; others are"
                                + " left alone.")
                .footer("%nExit codes: 0 written, 3 the server cannot be read or a file not be written.");
        Options options = new Options(spec);
        PositionalParamSpec directory = options.argument(0, "1", "DIR", "The directory; made where there is none.");
        options.heading("Which server");
        ClientOptions client = new ClientOptions(
                options,
                "Where it is. Else server_url of the configuration, else where that says it listens.",
                "A viewer's token. Else PANOPTES_TOKEN, PANOPTES_TOKEN_FILE, the data directory's.");
        ServerConfiguration configuration = ServerConfiguration.ofClient(options);
        options.close();
        return shell -> {
            Path path = shell.resolve(Options.path(directory));
            try (ServerClient server = client.client(configuration.load(shell), shell)) {
                Map<String, byte[]> files = Export.of(server, shell.clock().instant());
                for (Map.Entry<String, byte[]> each : files.entrySet()) {
                    write(path.resolve(each.getKey()), each.getValue());
                }
                shell.print(files.size() + " files written to " + path + "\n");
            }
            return ExitCode.OK;
        };
    }

    private static void write(Path file, byte[] content) throws UsageException {
        Path directory = file.getParent();
        try {
            if (directory != null) {
                Files.createDirectories(directory);
            }
        } catch (IOException e) {
            throw new UsageException("cannot make " + directory + ": " + e.getMessage(), "");
        }
        new AtomicFile(file).write(content);
    }
}
