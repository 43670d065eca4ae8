package dev.panoptes.cli.commands;

import dev.panoptes.cli.shell.ExitCode;
import dev.panoptes.cli.shell.Shell;
import dev.panoptes.cli.shell.UsageException;
import dev.panoptes.cli.shell.Version;
import dev.panoptes.server.config.Configuration;
import dev.panoptes.server.config.ConfigurationFile;
import dev.panoptes.server.config.Settings;
import dev.panoptes.server.life.CannotStart;
import dev.panoptes.server.storage.EmbeddedPostgres;
import dev.panoptes.server.storage.OpenDatabase;
import dev.panoptes.server.storage.backup.BackupRefused;
import dev.panoptes.server.storage.backup.Backups;
import dev.panoptes.server.storage.backup.Contents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Writes the server's database into one file, whether the server runs or not. */
final class BackupCommand implements Command {
    @Override
    public String name() {
        return "backup";
    }

    @Override
    public String summary() {
        return "Write the server's database into one file, while it runs or not";
    }

    @Override
    public Action prepare(CommandSpec spec) {
        Options options = new Options(spec);
        ServerConfiguration configuration = ServerConfiguration.ofClient(options);
        PositionalParamSpec file = options.argument(0, "1", "FILE", "A new file, such as panoptes.tar.gz; mode 0600.");
        return shell -> run(configuration.load(shell), shell.resolve(Options.path(file)), shell);
    }

    /** The server's own, as it kept them when it started; this command's where it never did. */
    private static String settings(Configuration configuration, Path data) throws IOException {
        Path kept = data.resolve(ConfigurationFile.NAME);
        return Files.isRegularFile(kept) ? Files.readString(kept) : ConfigurationFile.of(configuration);
    }

    private static ExitCode run(Configuration configuration, Path file, Shell shell)
            throws UsageException, IOException {
        Path data = ServerConfiguration.dataDirectory(configuration, shell);
        @Nullable String url = configuration.find(Settings.DATABASE_URL).orElse(null);
        List<Path> logs = url == null ? EmbeddedPostgres.logs(data) : List.of();
        Contents contents =
                new Contents(Version.current(), shell.clock().instant(), settings(configuration, data), logs);
        try (OpenDatabase database = OpenDatabase.existing(data, url)) {
            Backups.Done done = Backups.write(database.address(), file, contents);
            shell.print(String.format(
                    Locale.ROOT,
                    "%s: %d tables, %d rows, schema version %d, %d bytes%n",
                    file,
                    done.manifest().tables().size(),
                    done.manifest().rows(),
                    done.manifest().schema(),
                    done.bytes()));
            return ExitCode.OK;
        } catch (CannotStart | BackupRefused e) {
            throw new UsageException(String.valueOf(e.getMessage()), "");
        }
    }
}
