package dev.panoptes.cli.commands;

import dev.panoptes.cli.shell.ExitCode;
import dev.panoptes.cli.shell.Shell;
import dev.panoptes.cli.shell.UsageException;
import dev.panoptes.server.auth.SigningSecret;
import dev.panoptes.server.bus.BusProbe;
import dev.panoptes.server.config.Configuration;
import dev.panoptes.server.config.Configuration.Explained;
import dev.panoptes.server.config.Settings;
import dev.panoptes.server.oidc.OidcProbe;
import dev.panoptes.server.replicas.ReplicaList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/** Says of every setting of the service what it is and why. */
final class DoctorCommand implements Command {
    /** As the unit of the service names it. */
    private static final Path OF_SERVICE = Path.of("/etc/panoptes/panoptes.env");

    @Override
    public String name() {
        return "doctor";
    }

    @Override
    public String summary() {
        return "Explain every setting of the server: its value and where it comes from";
    }

    @Override
    public Action prepare(CommandSpec spec) {
        ServerConfiguration configuration = ServerConfiguration.ofServer(spec);
        return shell -> explain(configuration, shell, OF_SERVICE);
    }

    /** What the service has: its own variables win over those of the shell that asks. */
    static ExitCode explain(ServerConfiguration given, Shell shell, Path ofService)
            throws UsageException, IOException, InterruptedException {
        Map<String, String> environment = new LinkedHashMap<>(shell.environment());
        String variables = "environment file: " + ofService;
        if (!Files.exists(ofService)) {
            variables = "environment file: none at " + ofService;
        } else if (Files.isReadable(ofService)) {
            environment.putAll(EnvironmentFile.read(ofService));
        } else {
            variables += " cannot be read by this user, so what it sets is not shown";
        }
        List<Path> files = given.files(environment, shell);
        Configuration configuration = given.load(environment, shell);
        List<Explained> all = configuration.explain();
        int keys = all.stream().mapToInt(each -> each.key().length()).max().orElse(0);
        int values = all.stream().mapToInt(each -> each.value().length()).max().orElse(0);
        StringBuilder text = new StringBuilder();
        for (Explained each : all) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-" + keys + "s  %-" + Math.min(values, 48) + "s  %s%n",
                    each.key(),
                    each.value(),
                    each.source()));
        }
        text.append("configuration files: ")
                .append(
                        files.isEmpty()
                                ? "none"
                                : files.stream().map(Path::toString).collect(Collectors.joining(", ")))
                .append('\n')
                .append(variables)
                .append('\n');
        text.append("data directory: ")
                .append(ServerConfiguration.dataDirectory(configuration, shell))
                .append('\n');
        configuration
                .find(Settings.JWT_SECRET)
                .ifPresent(secret -> text.append("key id of jwt_secret: ")
                        .append(SigningSecret.keyId(secret))
                        .append('\n'));
        configuration.find(Settings.DATABASE_URL).ifPresent(url -> {
            for (String line : ReplicaList.lines(url)) {
                text.append("replica: ").append(line).append('\n');
            }
        });
        BusProbe.line(configuration)
                .ifPresent(line -> text.append("nats: ").append(line).append('\n'));
        OidcProbe.line(configuration, shell.clock())
                .ifPresent(line -> text.append("oidc: ").append(line).append('\n'));
        shell.print(text.toString());
        return ExitCode.OK;
    }
}
