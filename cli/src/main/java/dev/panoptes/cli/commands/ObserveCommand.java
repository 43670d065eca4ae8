package dev.panoptes.cli.commands;

import dev.panoptes.cli.client.ServerClient;
import dev.panoptes.cli.shell.ExitCode;
import dev.panoptes.cli.shell.Shell;
import dev.panoptes.cli.shell.UsageException;
import dev.panoptes.core.registry.DeclaredHost;
import dev.panoptes.integrity.observed.Snapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Looks at one host and writes a snapshot, or sends it to a server, to be judged elsewhere. */
final class ObserveCommand implements Command {
    private static final Duration DEADLINE = Duration.ofMinutes(5);
    private static final Duration SHORTEST_INTERVAL = Duration.ofSeconds(1);

    @Override
    public String name() {
        return "observe";
    }

    @Override
    public String summary() {
        return "Look at this host; write a snapshot, or send it to a server";
    }

    @Override
    public void begin(List<String> arguments) {
        LookAtHost.begin(arguments);
    }

    @Override
    public Action prepare(CommandSpec spec) {
        Options options = new Options(spec);
        options.heading("Which host");
        OptionSpec name = options.text(
                "--host", "NAME", "What the registry's hosts call this host; local, or the host of the token.");
        OptionSpec registry = options.file(
                "--registry",
                "FILE",
                "Whose agents' health endpoints and units are looked at. Else what the server says; without one as scan"
                        + " finds it, or none.");
        OptionSpec profile = options.text("--profile", "NAME", "A shipped file that holds one fleet's habits.");
        OptionSpec noProbe = options.flag("--no-probe", "Ask no health endpoint.");
        ObservedOptions observed = new ObservedOptions(options);
        options.heading("How it is told and run");
        OptionSpec output = options.file("--output", "FILE", "Write the snapshot there, whole or not at all.");
        OptionSpec deadline = options.duration("--deadline", "For everything together; 5m.");
        options.heading("To a server");
        ClientOptions client = new ClientOptions(
                options,
                "Send the snapshot there, by https unless it is on this host.",
                "An observer's token. Else PANOPTES_TOKEN, PANOPTES_TOKEN_FILE.");
        OptionSpec every = options.duration("--every", "Go on until stopped, with so much time between two looks.");
        options.close();
        return shell -> {
            LookAtHost look = new LookAtHost(
                    shell,
                    observed,
                    Options.text(name),
                    Options.file(registry),
                    Options.text(profile),
                    Options.given(noProbe),
                    Options.duration(deadline, DEADLINE));
            Duration interval = every.getValue() == null ? null : Options.duration(every, DEADLINE);
            if (!client.named()) {
                if (interval != null) {
                    throw new UsageException("--every needs a server to send to", "Give it by --server URL");
                }
                write(look.look(Options.text(name, DeclaredHost.LOCAL)), Options.file(output), shell);
                return ExitCode.OK;
            }
            if (Options.file(output) != null) {
                throw new UsageException("a snapshot is sent to --server or written to --output, not both", "");
            }
            if (interval != null && interval.compareTo(SHORTEST_INTERVAL) < 0) {
                throw new UsageException("--every must be at least 1s", "");
            }
            try (ServerClient connected = client.named(shell)) {
                return new SendingObserver(look, shell).run(connected, interval);
            }
        };
    }

    private static void write(Snapshot snapshot, @Nullable Path file, Shell shell) throws IOException, UsageException {
        byte[] bytes = SnapshotFile.bytes(snapshot);
        if (file == null) {
            shell.out().write(bytes);
            shell.out().flush();
        } else {
            new AtomicFile(shell.resolve(file)).write(bytes);
        }
    }
}
