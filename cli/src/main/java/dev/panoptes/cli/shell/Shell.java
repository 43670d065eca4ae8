package dev.panoptes.cli.shell;

import dev.panoptes.integrity.report.TextStyle;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What the program was started in. Commands touch the terminal, the environment and the clock only through this.
 *
 * @param directory the current directory, absolute
 * @param home where the program is installed, with its examples; the current directory where the launcher did not say
 * @param out standard output, unbuffered: a command writes what it has to say in one piece, or in large ones where it is long
 * @param err standard error
 * @param style how text on standard output may look
 * @param progress true where standard error is a terminal
 * @param stopping what a signal does to a command that runs until it is told to stop
 */
public record Shell(
        Path directory,
        Path home,
        Map<String, String> environment,
        OutputStream out,
        PrintStream err,
        TextStyle style,
        boolean progress,
        InstantSource clock,
        RandomGenerator random,
        Stopping stopping) {
    public Shell {
        environment = Map.copyOf(environment);
    }

    /** The variable's value; null where it is unset or empty. */
    public @Nullable String variable(String name) {
        String value = environment.get(name);
        return value == null || value.isEmpty() ? null : value;
    }

    /** A path as the user gave it, made absolute against {@link #directory}. */
    public Path resolve(Path path) {
        return directory.resolve(path).normalize();
    }

    /** Writes text to standard output in one piece. */
    public void print(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
