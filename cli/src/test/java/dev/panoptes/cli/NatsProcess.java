package dev.panoptes.cli;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A real nats-server on a free port of loopback, with JetStream below a directory; one user, who has a password. */
@SuppressWarnings("try") // being interrupted while one of them is closed ends the test, which is right
final class NatsProcess implements AutoCloseable {
    private final Path program;
    private final Path directory;
    private final int port;
    private Process process;

    private NatsProcess(Path program, Path directory, int port) {
        this.program = program;
        this.directory = directory;
        this.port = port;
    }

    /** Where the program is: on the PATH, or where the tools of the tests are put. */
    static Optional<Path> program() {
        return Stream.concat(
                        Stream.of(System.getenv("PATH").split(":")).map(part -> Path.of(part, "nats-server")),
                        Stream.of(Path.of("../.panoptes/tools/nats-server"), Path.of(".panoptes/tools/nats-server")))
                .filter(Files::isExecutable)
                .map(Path::toAbsolutePath)
                .findFirst();
    }

    static NatsProcess start(Path program, Path directory) throws IOException, InterruptedException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        NatsProcess server = new NatsProcess(program, Files.createDirectories(directory), port);
        server.again();
        return server;
    }

    /** Starts it, or starts it again on the same data. */
    void again() throws IOException, InterruptedException {
        process = new ProcessBuilder(
                        program.toString(),
                        "-a",
                        "127.0.0.1",
                        "-p",
                        Integer.toString(port),
                        "--user",
                        "panoptes",
                        "--pass",
                        "right",
                        "-js",
                        "-sd",
                        directory.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("nats.log").toFile())
                .start();
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (true) {
            try (Connection connection = client()) {
                connection.flush(Duration.ofSeconds(2));
                return;
            } catch (IOException | java.util.concurrent.TimeoutException e) {
                if (System.nanoTime() > end) {
                    throw new AssertionError("nats-server did not start", e);
                }
                LockSupport.parkNanos(20_000_000);
            }
        }
    }

    String url() {
        return url("right");
    }

    String url(String password) {
        return "nats://panoptes:" + password + "@127.0.0.1:" + port;
    }

    Connection client() throws IOException, InterruptedException {
        return Nats.connect(new Options.Builder().server(url()).maxReconnects(0).build());
    }

    /** @param name as kill(1) knows it: STOP is a network that carries nothing, CONT one that does again */
    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor(10, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
