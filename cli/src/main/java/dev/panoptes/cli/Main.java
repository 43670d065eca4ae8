package dev.panoptes.cli;

import dev.panoptes.cli.shell.ExitCode;
import dev.panoptes.cli.shell.Shell;
import dev.panoptes.cli.shell.Stopping;
import dev.panoptes.cli.shell.Terminal;
import dev.panoptes.core.Boundary;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;

/** The program. */
public final class Main {
    private Main() {}

    /**
     * Ends the process without its shutdown hooks: commands have closed what they opened, and asking for a logger, as
     * System.exit does, takes longer than printing the help.
     */
    @Boundary("only the program itself ends the process")
    public static void main(String[] arguments) {
        AtomicBoolean ended = new AtomicBoolean();
        ExitCode code = run(ended, arguments);
        ended.set(true);
        Runtime.getRuntime().halt(code.number());
    }

    /** Runs one command line on the terminal. */
    @Boundary("hands the clock, the terminal and the environment on")
    static ExitCode run(AtomicBoolean ended, String... arguments) {
        // Or picocli looks for Groovy in every jar of the class path.
        System.setProperty("picocli.disable.closures", "true");
        // Or the JDK looks for another provider of sockets in every jar of the class path.
        System.setProperty("java.nio.channels.spi.SelectorProvider", "sun.nio.ch.EPollSelectorProvider");
        Map<String, String> environment = System.getenv();
        Terminal terminal = new Terminal(environment);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        Stopping stopping = new Stopping();
        Shell shell = new Shell(
                Path.of("").toAbsolutePath(),
                Path.of(System.getProperty("panoptes.home", "")).toAbsolutePath(),
                environment,
                terminal.out(),
                err,
                terminal.style(),
                terminal.errIsTerminal(),
                InstantSource.system(),
                new SplittableRandom(),
                stopping);
        // A signal runs this in place of the rest of main; the JVM then exits with 128 and the number of the signal.
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            if (stopping.stop()) {
                Runtime.getRuntime().halt(ExitCode.OK.number());
            } else if (!ended.get()) {
                err.println("panoptes: interrupted");
            }
        }));
        return new Program(shell).run(arguments);
    }
}
