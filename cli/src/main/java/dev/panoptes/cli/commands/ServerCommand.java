package dev.panoptes.cli.commands;

import dev.panoptes.cli.shell.ExitCode;
import dev.panoptes.cli.shell.Shell;
import dev.panoptes.cli.shell.UsageException;
import dev.panoptes.cli.shell.Version;
import dev.panoptes.core.Boundary;
import dev.panoptes.server.PanoptesServer;
import dev.panoptes.server.ServerOptions;
import dev.panoptes.server.auth.FirstAdmin;
import dev.panoptes.server.config.Configuration;
import dev.panoptes.server.life.CannotStart;
import java.io.IOException;
import java.time.ZoneId;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Model.CommandSpec;

/** Runs the server until it is told to stop. */
final class ServerCommand implements Command {
    @Override
    public String name() {
        return "server";
    }

    @Override
    public String summary() {
        return "Remember scans, watch, alert and answer: the control plane";
    }

    @Override
    public Action prepare(CommandSpec spec) {
        ServerConfiguration configuration = ServerConfiguration.ofServer(spec);
        return shell -> run(configuration.load(shell), shell);
    }

    private static ExitCode run(Configuration configuration, Shell shell)
            throws UsageException, IOException, InterruptedException {
        ServerOptions options = new ServerOptions(
                Version.current(), shell.clock(), true, zone(), shell.directory(), shell.environment());
        try (PanoptesServer server =
                PanoptesServer.start(configuration, ServerConfiguration.dataDirectory(configuration, shell), options)) {
            shell.stopping().onSignal(server::close);
            Thread.ofVirtual().name("let-go").start(new LetGo());
            server.firstAdmin().ifPresent(admin -> shell.err().println(welcome(admin, shell)));
            shell.err().flush();
            shell.print("ready " + server.url() + "\n");
            new CountDownLatch(1).await();
            return ExitCode.OK;
        } catch (CannotStart e) {
            throw new UsageException(String.valueOf(e.getMessage()), "");
        }
    }

    /** The password goes to a terminal or a file, once; not to systemd's journal, which keeps it and which others read. */
    private static String welcome(FirstAdmin.Made admin, Shell shell) {
        boolean journal = shell.environment().containsKey("JOURNAL_STREAM");
        return "panoptes: the first admin is '" + admin.name() + "', one-time password "
                + (journal ? "in " : admin.oneTimePassword() + " (also in ")
                + FirstAdmin.FILE + " in the data directory" + (journal ? "" : ")");
    }

    @Boundary("schedules are meant in the time of the machine, unless TZ says otherwise")
    private static ZoneId zone() {
        return ZoneId.systemDefault();
    }
}
