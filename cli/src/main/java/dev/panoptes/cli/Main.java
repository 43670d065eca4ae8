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

/** The program. */
public final class Main {
    private Main() {}

    @Boundary("only the program itself ends the process, and hands the clock, the terminal and the environment on")
    public static void main(String[] arguments) {
        Map<String, String> environment = System.getenv();
        Terminal terminal = new Terminal(environment);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), false, StandardCharsets.UTF_8);
        Shell shell = new Shell(
                Path.of("").toAbsolutePath(),
                environment,
                new FileOutputStream(FileDescriptor.out),
                err,
                terminal.style(),
                terminal.errIsTerminal(),
                InstantSource.system(),
                new SplittableRandom());
        ExitCode code = new Program(shell).run(arguments);
        err.flush();
        System.exit(code.number());
    }
}
