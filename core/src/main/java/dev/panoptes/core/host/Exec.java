package dev.panoptes.core.host;

import dev.panoptes.core.Boundary;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Runs the few programs of the host that there is no other way to ask: found at fixed places, never by {@code PATH} or through
 * a shell, with an environment of its own, no input, a deadline and a bound on what they may say.
 */
@Boundary("starts the programs that the host is asked through")
public final class Exec {
    private static final int MOST_ERROR_BYTES = 16 * 1024;
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final Map<Tool, List<Path>> places;

    /** With every tool where distributions put it. */
    public Exec() {
        this(Map.of());
    }

    /** @param elsewhere tools that are found at other places than usual */
    Exec(Map<Tool, List<Path>> elsewhere) {
        Map<Tool, List<Path>> all = new EnumMap<>(Tool.class);
        for (Tool tool : Tool.values()) {
            all.put(tool, elsewhere.getOrDefault(tool, tool.places));
        }
        this.places = all;
    }

    /** What may be run; the arguments are the caller's and only ask. */
    public enum Tool {
        SYSTEMCTL("/usr/bin/systemctl", "/bin/systemctl"),
        JOURNALCTL("/usr/bin/journalctl", "/bin/journalctl");

        private final List<Path> places;

        Tool(String... places) {
            List<Path> all = new ArrayList<>();
            for (String place : places) {
                all.add(Path.of(place));
            }
            this.places = List.copyOf(all);
        }
    }

    /** How a run ended. */
    public sealed interface Outcome {
        /** @param error the first 16 KiB of what it wrote to standard error */
        record Ended(int exitCode, String output, String error) implements Outcome {}

        record NotInstalled() implements Outcome {}

        /** It was ended at its deadline. */
        record TimedOut() implements Outcome {}

        /** It said more than allowed and was ended. */
        record TooMuch() implements Outcome {}

        /** It could not be started or read. */
        record Broken(String reason) implements Outcome {}
    }

    /** True where the program is installed. */
    public boolean has(Tool tool) {
        return places.getOrDefault(tool, List.of()).stream().anyMatch(Files::isExecutable);
    }

    /** A program that goes on telling; closing it ends it. */
    public static final class Following implements AutoCloseable {
        private final Process process;

        private Following(Process process) {
            this.process = process;
        }

        /** What it writes to standard output; reading blocks. */
        public InputStream output() {
            return process.getInputStream();
        }

        @Override
        public void close() {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /**
     * Starts a program that tells until it is closed; what it writes to standard error is thrown away.
     *
     * @throws IOException where it is not installed or cannot be started
     */
    public Following follow(Tool tool, List<String> arguments) throws IOException {
        for (Path place : places.getOrDefault(tool, List.of())) {
            if (Files.isExecutable(place)) {
                ProcessBuilder builder = prepared(place, arguments);
                return new Following(
                        builder.redirectError(ProcessBuilder.Redirect.DISCARD).start());
            }
        }
        throw new IOException(tool + " is not installed");
    }

    /** @throws InterruptedException when interrupted; the program has been ended */
    public Outcome run(Tool tool, List<String> arguments, Duration deadline, int mostBytes)
            throws InterruptedException {
        Path program = null;
        for (Path place : places.getOrDefault(tool, List.of())) {
            if (Files.isExecutable(place)) {
                program = place;
                break;
            }
        }
        if (program == null) {
            return new Outcome.NotInstalled();
        }
        ProcessBuilder builder = prepared(program, arguments);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            return new Outcome.Broken("it cannot be started: " + e.getMessage());
        }
        try {
            return await(process, deadline, mostBytes);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static ProcessBuilder prepared(Path program, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(program.toString());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.directory(Path.of("/").toFile());
        builder.environment().clear();
        builder.environment()
                .putAll(Map.of(
                        "PATH",
                        "/usr/sbin:/usr/bin:/sbin:/bin",
                        "LC_ALL",
                        "C.UTF-8",
                        "SYSTEMD_COLORS",
                        "0",
                        "SYSTEMD_PAGER",
                        "",
                        "TZ",
                        "UTC"));
        return builder;
    }

    private static Outcome await(Process process, Duration deadline, int mostBytes) throws InterruptedException {
        long end = System.nanoTime() + deadline.toNanos();
        FutureTask<byte[]> output = reading(process.getInputStream(), mostBytes + 1);
        FutureTask<byte[]> error = reading(process.getErrorStream(), MOST_ERROR_BYTES);
        try {
            byte[] said = output.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            if (said.length > mostBytes) {
                return new Outcome.TooMuch();
            }
            if (!process.waitFor(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                return new Outcome.TimedOut();
            }
            return new Outcome.Ended(process.exitValue(), text(said), text(late(error)));
        } catch (TimeoutException e) {
            return new Outcome.TimedOut();
        } catch (ExecutionException e) {
            return new Outcome.Broken("what it says cannot be read: " + e.getCause());
        }
    }

    /** What it wrote to standard error; a child that keeps that open cannot hold us up. */
    private static byte @Nullable [] late(FutureTask<byte[]> error) throws InterruptedException, ExecutionException {
        try {
            return error.get(GRACE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return null;
        }
    }

    /** A pipe blocks the thread that reads it, so it is not a virtual one. */
    private static FutureTask<byte[]> reading(InputStream in, int mostBytes) {
        FutureTask<byte[]> task = new FutureTask<>(() -> in.readNBytes(mostBytes));
        Thread.ofPlatform().daemon().name("exec-reader").start(task);
        return task;
    }

    private static String text(byte @Nullable [] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }
}
