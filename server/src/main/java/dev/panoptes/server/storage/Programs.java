package dev.panoptes.server.storage;

import dev.panoptes.core.Boundary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The few programs that the embedded database needs started: its own, and those of util-linux and coreutils. */
@Boundary("the embedded database is a child process")
final class Programs {
    private static final Duration LONGEST_RUN = Duration.ofMinutes(2);

    private Programs() {}

    /** How a short run ended. @param output of both streams, the last 4000 characters */
    record Ended(int status, String output) {}

    /**
     * Runs a program to its end.
     *
     * @throws IOException when it cannot be started or does not end in two minutes
     */
    static Ended run(String... command) throws IOException {
        return run(List.of(command));
    }

    static Ended run(List<String> command) throws IOException {
        Process process =
                builder(command, Path.of("/")).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(LONGEST_RUN.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(command.getFirst() + " did not end");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + command.getFirst() + " ran", e);
        }
        return new Ended(process.exitValue(), output.substring(Math.max(0, output.length() - 4000)));
    }

    /** Starts a program that stays; it writes to the end of {@code log}. */
    static Process start(List<String> command, Path directory, Path log) throws IOException {
        Process process = builder(command, directory)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        process.getOutputStream().close();
        return process;
    }

    /** SIGINT: PostgreSQL's fast shutdown. Java itself can only send SIGTERM and SIGKILL. */
    static void interrupt(long pid) throws IOException {
        run("sh", "-c", "kill -INT " + pid);
    }

    private static ProcessBuilder builder(List<String> command, Path directory) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        builder.environment().put("LC_ALL", "C");
        builder.environment().put("TZ", "UTC");
        return builder;
    }
}
