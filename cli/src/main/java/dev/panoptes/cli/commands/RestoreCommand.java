package dev.panoptes.cli.commands;

import dev.panoptes.cli.shell.ExitCode;
import dev.panoptes.cli.shell.Shell;
import dev.panoptes.cli.shell.UsageException;
import dev.panoptes.server.config.Configuration;
import dev.panoptes.server.config.Settings;
import dev.panoptes.server.life.CannotStart;
import dev.panoptes.server.storage.OpenDatabase;
import dev.panoptes.server.storage.backup.BackupRefused;
import dev.panoptes.server.storage.backup.Backups;
import dev.panoptes.server.storage.backup.Manifest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Fills an empty database from a backup. The archive is verified before anything is touched. */
final class RestoreCommand implements Command {
    @Override
    public String name() {
        return "restore";
    }

    @Override
    public String summary() {
        return "Fill an empty database of the server from such a file";
    }

    @Override
    public Action prepare(CommandSpec spec) {
        Options options = new Options(spec);
        ServerConfiguration configuration = ServerConfiguration.ofClient(options);
        PositionalParamSpec file = options.argument(0, "1", "FILE", "Made by `panoptes backup`.");
        return shell -> run(configuration.load(shell), shell.resolve(Options.path(file)), shell);
    }

    private static ExitCode run(Configuration configuration, Path file, Shell shell)
            throws UsageException, IOException {
        Path data = ServerConfiguration.dataDirectory(configuration, shell);
        try {
            Manifest manifest = Backups.verify(file);
            try (OpenDatabase database = OpenDatabase.alone(
                    data, configuration.find(Settings.DATABASE_URL).orElse(null))) {
                Backups.restore(database.address(), file, manifest);
            }
            shell.print(String.format(
                    Locale.ROOT,
                    "%s: restored %d tables, %d rows, schema version %d, as of %s%n",
                    file,
                    manifest.tables().size(),
                    manifest.rows(),
                    manifest.schema(),
                    manifest.created()));
            return ExitCode.OK;
        } catch (CannotStart | BackupRefused e) {
            throw new UsageException(String.valueOf(e.getMessage()), "");
        }
    }
}
