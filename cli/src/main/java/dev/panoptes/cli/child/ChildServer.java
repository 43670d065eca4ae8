package dev.panoptes.cli.child;

import dev.panoptes.core.Boundary;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A server that a command starts for itself: this program in another process, with everything that it keeps in a folder that goes
 * with it. A guard, a shell that waits for the end of this process, stops the server and removes the folder also where this process
 * is killed.
 */
@Boundary("starts and stops servers of the demo and of simulations")
public final class ChildServer implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(120);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(15);
    private static final String READY = "ready ";

    /** Its input ends with this process. Then: the server's regular end, or after a while a hard one, and nothing stays. */
    private static final String GUARD = """
        trap '' INT TERM HUP
        read -r _
        kill "$1" 2>/dev/null
        i=0
        while kill -0 "$1" 2>/dev/null; do
            i=$((i + 1))
            [ "$i" -gt 150 ] && kill -9 "$1"
            sleep 0.1
        done
        database=$(head -n 1 "$2/data/postgresql/data/postmaster.pid" 2>/dev/null)
        [ -n "$database" ] && grep -qs "$2" "/proc/$database/cmdline" && kill -QUIT "$database"
        rm -rf "$2"
        """;

    private final Path folder;
    private final Process server;
    private final Process guard;
    private final String url;

    private ChildServer(Path folder, Process server, Process guard, String url) {
        this.folder = folder;
        this.server = server;
        this.guard = guard;
        this.url = url;
    }

    /**
     * Starts it on a free port of loopback and waits until it is ready.
     *
     * @param home where the program is installed
     * @param folder for everything that it keeps; removed at the end
     * @param settings by the name of their variable
     * @throws IOException where it does not become ready; what was started is stopped
     */
    public static ChildServer start(Path home, Path folder, List<String> options, Map<String, String> settings)
            throws IOException, InterruptedException {
        Path log = folder.resolve("server.log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dpanoptes.home=" + home,
                "-cp",
                System.getProperty("java.class.path"),
                "dev.panoptes.cli.Main",
                "server",
                "--listen",
                "127.0.0.1:0",
                "--data-dir",
                folder.resolve("data").toString()));
        command.addAll(options);
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectError(log.toFile());
        // What this machine is set up with is none of its business.
        builder.environment().keySet().removeIf(name -> name.startsWith("PANOPTES_"));
        List.of("DATABASE_URL", "NATS_URL", "HERMES_URL", "EVENT_BUS_URL", "JWT_SECRET", "REGISTRY_PATH", "AGENTS_PATH")
                .forEach(builder.environment()::remove);
        builder.environment()
                .put(
                        "PANOPTES_CONFIG",
                        Files.writeString(folder.resolve("panoptes.yaml"), "").toString());
        builder.environment().putAll(settings);
        Process server = builder.start();
        Process guard;
        try {
            guard = new ProcessBuilder("sh", "-c", GUARD, "guard", Long.toString(server.pid()), folder.toString())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            server.destroy();
            throw e;
        }
        CompletableFuture<String> ready = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> read(server, ready));
        ChildServer started = new ChildServer(folder, server, guard, "");
        try {
            return new ChildServer(folder, server, guard, ready.get(START_LIMIT.toSeconds(), TimeUnit.SECONDS));
        } catch (ExecutionException | TimeoutException e) {
            String said = Files.readString(log, StandardCharsets.UTF_8).strip();
            started.close();
            throw new IOException(
                    "the server did not start: "
                            + said.lines().reduce((_, last) -> last).orElse(""),
                    e);
        } catch (InterruptedException e) {
            started.close();
            throw e;
        }
    }

    private static void read(Process process, CompletableFuture<String> ready) {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(READY)) {
                    ready.complete(line.substring(READY.length()));
                }
            }
            ready.completeExceptionally(new IOException("it ended before it was ready"));
        } catch (IOException e) {
            ready.completeExceptionally(e);
        }
    }

    /** Where it listens. */
    public String url() {
        return url;
    }

    /** The local admin's token. */
    public Path token() {
        return folder.resolve("data").resolve("admin.token");
    }

    /** Kills it where it stands, and removes what it kept. */
    public void kill() throws IOException {
        server.destroyForcibly();
        close();
    }

    /** Stops it in order and removes what it kept. */
    @Override
    public void close() throws IOException {
        boolean interrupted = Thread.interrupted();
        server.toHandle().destroy();
        try {
            if (!server.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                server.destroyForcibly();
            }
            // The end of its input is its sign; it removes the folder.
            guard.getOutputStream().close();
            guard.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
