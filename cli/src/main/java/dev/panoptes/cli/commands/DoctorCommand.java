package dev.panoptes.cli.commands;

import dev.panoptes.cli.ExitCode;
import dev.panoptes.cli.Shell;
import dev.panoptes.cli.UsageException;
import dev.panoptes.server.config.Configuration;
import dev.panoptes.server.config.Configuration.Explained;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;

/** Says of every setting what it is and why. */
final class DoctorCommand implements Command {
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
        return shell -> explain(configuration.load(shell), shell);
    }

    private static ExitCode explain(Configuration configuration, Shell shell) throws UsageException, IOException {
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
        text.append("data directory: ")
                .append(ServerConfiguration.dataDirectory(configuration, shell))
                .append('\n');
        shell.print(text.toString());
        return ExitCode.OK;
    }
}
