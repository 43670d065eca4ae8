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
import org.jspecify.annotations.Nullable;

/** A real nats-server on a free port of loopback, with JetStream below a directory; one user, who has a password. */
@SuppressWarnings("try") // being interrupted while one of them is closed ends the test, which is right
final class NatsProcess implements AutoCloseable {
    private final Path program;
    private final Path directory;
    private final int port;
    /** Who says who may come; null: one user, who has a password. */
    private final @Nullable NatsOperator operator;

    private Process process;

    private NatsProcess(Path program, Path directory, int port, @Nullable NatsOperator operator) {
        this.program = program;
        this.directory = directory;
        this.port = port;
        this.operator = operator;
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
        return start(program, directory, null);
    }

    static NatsProcess start(Path program, Path directory, @Nullable NatsOperator operator)
            throws IOException, InterruptedException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        NatsProcess server = new NatsProcess(program, Files.createDirectories(directory), port, operator);
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
                        operator == null ? "--user=panoptes" : "-c=" + operator.configuration(),
                        operator == null ? "--pass=right" : "-D=false",
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

    /** Without anybody's name in it. */
    String bareUrl() {
        return "nats://127.0.0.1:" + port;
    }

    Connection client() throws IOException, InterruptedException {
        Options.Builder options = new Options.Builder().maxReconnects(0);
        return Nats.connect(
                operator == null
                        ? options.server(url()).build()
                        : options.server(bareUrl())
                                .authHandler(Nats.credentials(
                                        operator.credentials("server").toString()))
                                .build());
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
