package dev.panoptes.cli;

import dev.panoptes.cli.shell.ExitCode;
import dev.panoptes.cli.shell.Shell;
import dev.panoptes.cli.shell.Stopping;
import dev.panoptes.integrity.report.TextStyle;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** Runs command lines inside the test, on streams and an environment of the test's own. */
final class Session {
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final Path directory;
    private final Map<String, String> environment = new HashMap<>();
    private InstantSource clock = InstantSource.fixed(NOW);

    Session(Path directory) {
        this.directory = directory;
        environment.put("HOME", directory.resolve("home").toString());
    }

    Session variable(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** At the real time: for what meets a server with its own clock. */
    Session now() {
        clock = InstantSource.system();
        return this;
    }

    /** What one run gave. */
    record Run(ExitCode code, String out, String err) {}

    Run run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        ExitCode code = new Program(shell(out, err)).run(arguments);
        return new Run(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    Shell shell(ByteArrayOutputStream out, ByteArrayOutputStream err) {
        return new Shell(
                directory,
                directory,
                environment,
                out,
                new PrintStream(err, true, StandardCharsets.UTF_8),
                TextStyle.PLAIN,
                false,
                clock,
                new SplittableRandom(1),
                new Stopping());
    }
}
