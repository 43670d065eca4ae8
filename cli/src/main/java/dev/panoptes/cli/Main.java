package dev.panoptes.cli;

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

    @Boundary("only the program itself ends the process, and hands the clock, the terminal and the environment on")
    public static void main(String[] arguments) {
        Map<String, String> environment = System.getenv();
        Terminal terminal = new Terminal(environment);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        Shell shell = new Shell(
                Path.of("").toAbsolutePath(),
                Path.of(System.getProperty("panoptes.home", "")).toAbsolutePath(),
                environment,
                terminal.out(),
                err,
                terminal.style(),
                terminal.errIsTerminal(),
                InstantSource.system(),
                new SplittableRandom());
        AtomicBoolean ended = new AtomicBoolean();
        // A signal runs this in place of the rest of main; the JVM then exits with 128 and the number of the signal.
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            if (!ended.get()) {
                err.println("panoptes: interrupted");
            }
        }));
        ExitCode code = new Program(shell).run(arguments);
        ended.set(true);
        System.exit(code.number());
    }
}
