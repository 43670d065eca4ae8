package dev.panoptes.cli.commands;

import dev.panoptes.cli.shell.Shell;
import dev.panoptes.cli.shell.UsageException;
import dev.panoptes.server.config.Configuration;
import dev.panoptes.server.config.ConfigurationLoader;
import dev.panoptes.server.config.ConfigurationResult;
import dev.panoptes.server.config.DataDirectoryDefault;
import dev.panoptes.server.config.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The options that say how the server is configured, and the configuration that they give. */
final class ServerConfiguration {
    private final OptionSpec config;
    private final Map<String, OptionSpec> settings = new LinkedHashMap<>();
    private final @Nullable OptionSpec port;

    private ServerConfiguration(Options options, boolean whole) {
        config = options.file(
                "--config", "FILE", "The configuration. Else PANOPTES_CONFIG, /etc/panoptes/panoptes.yaml.");
        settings.put(
                "data_dir",
                options.file(
                        "--data-dir",
                        "DIR",
                        "Where everything is kept. Else PANOPTES_DATA_DIR, /var/lib/panoptes as root,"
                                + " ~/.local/share/panoptes."));
        if (!whole) {
            port = null;
            return;
        }
        settings.put(
                "listen", options.text("--listen", "ADDRESS:PORT", "Where the API and the pages are; 127.0.0.1:8022."));
        port = options.number("--port", "Another port at the same address; 0 picks one.");
        settings.put("registry", options.file("--registry", "FILE", "The registry. Else as `panoptes scan` finds it."));
        settings.put("agents_path", options.file("--agents-path", "DIR", "Each child directory is one agent's code."));
        settings.put(
                "root", options.file("--root", "DIR", "Where compose files, Dockerfiles and units are looked for."));
    }

    /** For what runs or explains the server. */
    static ServerConfiguration ofServer(CommandSpec spec) {
        return new ServerConfiguration(new Options(spec), true);
    }

    /** For what calls a running server or works on its database: the configuration says where they are. */
    static ServerConfiguration ofClient(Options options) {
        return new ServerConfiguration(options, false);
    }

    /** @throws UsageException with every problem of every source */
    Configuration load(Shell shell) throws UsageException {
        return load(shell.environment(), shell);
    }

    /** The files that are read, in the order in which the later ones win. */
    List<Path> files(Map<String, String> environment, Shell shell) throws IOException {
        Path file = Options.file(config);
        return ConfigurationLoader.files(file == null ? null : shell.resolve(file), environment);
    }

    /** The same with the variables of another process, such as the service. */
    Configuration load(Map<String, String> environment, Shell shell) throws UsageException {
        Map<String, String> given = new LinkedHashMap<>();
        settings.forEach((key, option) -> put(given, key, option, shell));
        Configuration configuration = load(environment, shell, given);
        int other = port == null ? -1 : Options.number(port, -1);
        if (other < 0) {
            return configuration;
        }
        if (other > 65_535) {
            throw new UsageException("--port must be from 0 to 65535", "");
        }
        given.put("listen", configuration.get(Settings.LISTEN).withPort(other).toString());
        return load(environment, shell, given);
    }

    private Configuration load(Map<String, String> environment, Shell shell, Map<String, String> given)
            throws UsageException {
        Path file = Options.file(config);
        Path absolute = file == null ? null : shell.resolve(file);
        return switch (ConfigurationLoader.load(absolute, environment, given)) {
            case ConfigurationResult.Loaded loaded -> {
                loaded.notices().forEach(notice -> shell.err().println("panoptes: " + notice));
                yield loaded.configuration();
            }
            case ConfigurationResult.Refused refused -> throw refusal(refused.problems());
        };
    }

    private static UsageException refusal(List<String> problems) {
        return new UsageException(
                problems.size() == 1
                        ? "the configuration is wrong: " + problems.getFirst()
                        : "the configuration is wrong:\n  " + String.join("\n  ", problems),
                "Every setting, its value and where it comes from: panoptes doctor");
    }

    /** The data directory, set or usual. */
    static Path dataDirectory(Configuration configuration, Shell shell) throws UsageException {
        Path path = configuration
                .find(Settings.DATA_DIR)
                .or(() -> DataDirectoryDefault.of(shell.environment(), System.getProperty("user.name", "")))
                .orElseThrow(() -> new UsageException("there is no home for the data directory", "Set --data-dir"));
        return shell.resolve(path);
    }

    private static void put(Map<String, String> given, String key, OptionSpec option, Shell shell) {
        Path path = Options.file(option);
        String text = Options.text(option);
        if (path != null) {
            given.put(key, shell.resolve(path).toString());
        } else if (text != null) {
            given.put(key, text);
        }
    }
}
