package dev.panoptes.cli.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A PostgreSQL server as an operator runs one: TCP with a password, a process of its own. The oldest of those that the
 * machine has installed, else the programs that the product ships. It can be frozen, killed, and started again. For any test
 * that starts the program on an external database; several servers may share one.
 */
public final class ExternalPostgres implements AutoCloseable {
    private static final String USER = "fleet";
    private static final String PASSWORD = "a password: with%signs";
    /** Any user but root, whom PostgreSQL refuses. */
    private static final int UNPRIVILEGED = 65_534;

    private final Path programs;
    private final Path directory;
    private final int port;
    private Process process;

    private ExternalPostgres(Path programs, Path directory, int port) throws IOException {
        this.programs = programs;
        this.directory = directory;
        this.port = port;
        this.process = run();
    }

    /** In a directory of its own below /tmp, ready for connections. */
    public static ExternalPostgres start() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("panoptes-postgres");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        Path data = Files.createDirectory(directory.resolve("data"));
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
        Path password = Files.writeString(directory.resolve("password"), PASSWORD + "\n");
        if (root()) {
            for (Path each : List.of(data, password)) {
                Files.setAttribute(each, "unix:uid", UNPRIVILEGED, LinkOption.NOFOLLOW_LINKS);
            }
        }
        Path programs = programs(directory);
        Process initdb = new ProcessBuilder(unprivileged(List.of(
                        programs.resolve("initdb").toString(),
                        "--pgdata=" + data,
                        "--username=" + USER,
                        "--auth=scram-sha-256",
                        "--pwfile=" + password,
                        "--encoding=UTF8",
                        "--no-locale",
                        "--no-sync")))
                .redirectErrorStream(true)
                .directory(directory.toFile())
                .start();
        String said = new String(initdb.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (initdb.waitFor() != 0) {
            throw new IllegalStateException(said);
        }
        ExternalPostgres postgres = new ExternalPostgres(programs, directory, freePort());
        postgres.awaitReady();
        return postgres;
    }

    private static boolean root() {
        return System.getProperty("user.name", "").equals("root");
    }

    private static List<String> unprivileged(List<String> command) {
        if (!root()) {
            return command;
        }
        List<String> all = new ArrayList<>(List.of(
                "setpriv",
                "--reuid=" + UNPRIVILEGED,
                "--regid=" + UNPRIVILEGED,
                "--clear-groups",
                "--pdeathsig=INT",
                "--"));
        all.addAll(command);
        return all;
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private static Path programs(Path directory) throws IOException, InterruptedException {
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
        return unpack(Files.createDirectory(directory.resolve("programs")));
    }

    private static Path unpack(Path target) throws IOException, InterruptedException {
        String name = System.getProperty("os.arch").equals("aarch64") ? "arm_64" : "x86_64";
        Process tar = new ProcessBuilder("tar", "-xJ", "-C", target.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (InputStream archive = ExternalPostgres.class.getResourceAsStream("/postgres-linux-" + name + ".txz");
                OutputStream to = tar.getOutputStream()) {
            if (archive == null) {
                throw new IllegalStateException("neither an installed PostgreSQL nor one for " + name);
            }
            archive.transferTo(to);
        }
        if (tar.waitFor() != 0) {
            throw new IllegalStateException("tar ended with " + tar.exitValue());
        }
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
        return target.resolve("bin");
    }

    /** As an operator writes it, with what must be escaped. */
    public String url() {
        return url("postgres");
    }

    /** Of another database on the same server. */
    public String url(String database) {
        return "postgres://" + USER + ":a%20password%3A%20with%25signs@127.0.0.1:" + port + "/" + database;
    }

    /** Makes an empty database. @return its URL */
    public String create(String database) throws SQLException {
        try (Connection connection = connect();
                var statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + database);
        }
        return url(database);
    }

    /** A connection of the test's own, to look behind the server. The caller closes it. */
    public Connection connect() throws SQLException {
        return connect("postgres");
    }

    public Connection connect(String database) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", USER);
        properties.setProperty("password", PASSWORD);
        properties.setProperty("connectTimeout", "2");
        properties.setProperty("gssEncMode", "disable");
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/" + database, properties);
    }

    private Process run() throws IOException {
        Path data = directory.resolve("data");
        List<String> command =
                new ArrayList<>(List.of(programs.resolve("postgres").toString(), "-D", data.toString()));
        for (String setting : List.of(
                "listen_addresses=127.0.0.1",
                "port=" + port,
                "unix_socket_directories=" + data,
                "max_connections=100")) {
            command.addAll(List.of("-c", setting));
        }
        return new ProcessBuilder(unprivileged(command))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("postgresql.log").toFile()))
                .start();
    }

    /** SIGKILL to all of it, as when the power fails. */
    public void kill9() {
        List<ProcessHandle> children = process.descendants().toList();
        children.forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
        children.forEach(child -> child.onExit().orTimeout(30, TimeUnit.SECONDS).join());
    }

    /** SIGSTOP to all of it: it holds every connection and answers nothing, as behind a network that swallows packets. */
    public void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** SIGCONT. */
    public void thaw() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kill", "-" + name, Long.toString(process.pid())));
        process.descendants().map(each -> Long.toString(each.pid())).forEach(command::add);
        new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    /** After {@link #kill9}; recovers as any PostgreSQL does. */
    public void startAgain() throws IOException, InterruptedException {
        process = run();
        awaitReady();
    }

    private void awaitReady() throws InterruptedException {
        Await.until("PostgreSQL accepts connections", () -> {
            try (Connection connection = connect()) {
                return connection.isValid(1);
            }
        });
    }

    @Override
    public void close() throws IOException {
        kill9();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path each : all.toList().reversed()) {
                Files.delete(each);
            }
        }
    }
}
