package dev.panoptes.server.storage;

import dev.panoptes.server.life.CannotStart;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A PostgreSQL server as an operator runs one: TCP with a password. The oldest of those that the machine has installed, else
 * the embedded programs.
 */
public final class ExternalPostgres implements AutoCloseable {
    private static final String PASSWORD = "a password: with%signs";

    private final Path programs;
    private final Path directory;
    private final RunAs runAs;
    private final int port;
    private Process process;

    private ExternalPostgres(Path programs, Path directory, RunAs runAs, int port) throws IOException {
        this.programs = programs;
        this.directory = directory;
        this.runAs = runAs;
        this.port = port;
        this.process = run();
    }

    /** @param directory an empty one that an unprivileged user can reach */
    public static ExternalPostgres start(Path directory) throws IOException, CannotStart {
        RunAs runAs = RunAsChoice.of(directory);
        Path data = Files.createDirectory(directory.resolve("external"));
        Path password = Files.writeString(directory.resolve("password"), PASSWORD + "\n");
        for (Path each : List.of(data, password)) {
            Files.setAttribute(each, "unix:uid", runAs.ownerId(), LinkOption.NOFOLLOW_LINKS);
        }
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
        Path programs = programs();
        Programs.Ended ended = Programs.run(runAs.command(List.of(
                programs.resolve("initdb").toString(),
                "--pgdata=" + data,
                "--username=fleet",
                "--auth=scram-sha-256",
                "--pwfile=" + password,
                "--encoding=UTF8",
                "--no-locale",
                "--no-sync")));
        if (ended.status() != 0) {
            throw new IllegalStateException(ended.output());
        }
        return new ExternalPostgres(programs, directory, runAs, freePort());
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private static Path programs() throws IOException, CannotStart {
        Path installed = Path.of("/usr/lib/postgresql");
        if (Files.isDirectory(installed)) {
            try (Stream<Path> all = Files.list(installed)) {
                List<Path> found = all.map(each -> each.resolve("bin"))
                        .filter(each -> Files.isExecutable(each.resolve("postgres")))
                        .sorted()
                        .toList();
                if (!found.isEmpty()) {
                    return found.getFirst();
                }
            }
        }
        Files.createDirectories(TestPostgres.programs());
        return PostgresBinaries.unpack(TestPostgres.programs()).resolve("bin");
    }

    /** As an operator writes it. */
    public String url() {
        return "postgres://fleet:a%20password%3A%20with%25signs@127.0.0.1:" + port + "/postgres";
    }

    private Process run() throws IOException {
        Path data = directory.resolve("external");
        List<String> command =
                new ArrayList<>(List.of(programs.resolve("postgres").toString(), "-D", data.toString()));
        for (String setting : List.of(
                "listen_addresses=127.0.0.1",
                "port=" + port,
                "unix_socket_directories=" + data,
                "max_connections=40")) {
            command.addAll(List.of("-c", setting));
        }
        return Programs.start(runAs.command(command), directory, directory.resolve("external.log"));
    }

    /** As when the power fails. */
    public void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
    }

    public void startAgain() throws IOException {
        process = run();
    }

    /** Until connections are accepted. */
    public void awaitReady() throws CannotStart {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        DatabaseAddress address = DatabaseAddress.parse(url());
        while (true) {
            try (var connection = address.source().getConnection()) {
                if (connection.isValid(1)) {
                    return;
                }
            } catch (java.sql.SQLException e) {
                if (System.nanoTime() > end) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    @Override
    public void close() {
        kill();
    }
}
