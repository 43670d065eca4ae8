package dev.panoptes.cli.server;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How a test starts {@code panoptes server}: the class {@code Main} in a process of its own, with the class path of the test,
 * on port 0. A value: every method gives another one, so that the same setup starts again and again on the same data.
 *
 * <pre>{@code
 * try (StartedServer server = ServerSetup.in(directory).environment("HERMES_URL", url).start()) {
 *     server.call("POST", "/scan", null);
 *     server.kill9();
 * }
 * }</pre>
 *
 * <p>Nothing of this machine decides: no configuration of /etc, no variable of the test's own environment, and the current
 * directory and HOME are the given one. For any test of the started program: crashes, replicas, backup, commands.
 *
 * @param directory the current directory of the server
 * @param dataDirectory below it, {@code data}, unless {@link #data} says otherwise
 * @param before words before the command, such as {@code setpriv --reuid=...}; each replaces itself by what follows
 * @param javaOptions for the JVM, after those of the harness
 */
public record ServerSetup(
        Path directory,
        Path dataDirectory,
        List<String> before,
        List<String> javaOptions,
        List<String> options,
        Map<String, String> environment) {
    private static final List<String> JVM = List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx512m");

    public ServerSetup {
        before = List.copyOf(before);
        javaOptions = List.copyOf(javaOptions);
        options = List.copyOf(options);
        environment = Map.copyOf(environment);
    }

    /** On the embedded database, with everything below this directory. */
    public static ServerSetup in(Path directory) {
        return new ServerSetup(directory, directory.resolve("data"), List.of(), List.of(), List.of(), Map.of());
    }

    /** With another data directory. */
    public ServerSetup data(Path other) {
        return new ServerSetup(directory, other, before, javaOptions, options, environment);
    }

    /** With more options of the command line. */
    public ServerSetup options(String... more) {
        return new ServerSetup(directory, dataDirectory, before, javaOptions, joined(options, more), environment);
    }

    /** With one more variable; settings are set so: {@code PANOPTES_WATCH_INTERVAL}. */
    public ServerSetup environment(String name, String value) {
        Map<String, String> all = new LinkedHashMap<>(environment);
        all.put(name, value);
        return new ServerSetup(directory, dataDirectory, before, javaOptions, options, all);
    }

    /** On this PostgreSQL server, with a secret, for one must be set. */
    public ServerSetup database(ExternalPostgres postgres) {
        return environment("DATABASE_URL", postgres.url())
                .environment("JWT_SECRET", "0123456789abcdef0123456789abcdef");
    }

    /** Behind these words. */
    public ServerSetup before(String... words) {
        return new ServerSetup(directory, dataDirectory, joined(before, words), javaOptions, options, environment);
    }

    public ServerSetup java(String... more) {
        return new ServerSetup(directory, dataDirectory, before, joined(javaOptions, more), options, environment);
    }

    private static List<String> joined(List<String> list, String... more) {
        List<String> all = new ArrayList<>(list);
        all.addAll(List.of(more));
        return all;
    }

    /** Starts it and waits until it says that it is ready. */
    public StartedServer start() throws IOException, InterruptedException {
        return StartedServer.start(this);
    }

    /** How a run ended. */
    public record Ended(int code, String out, String err) {}

    /** Starts a server that is expected to refuse, and waits for its end. One that is ready instead fails the test. */
    public Ended refused() throws IOException, InterruptedException {
        Path out = Files.createTempFile(directory, "out", ".txt");
        Path err = Files.createTempFile(directory, "err", ".txt");
        Process process = process(serverArguments())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            boolean ended = process.waitFor(60, TimeUnit.SECONDS);
            String said = Files.readString(err, StandardCharsets.UTF_8);
            if (!ended) {
                throw new AssertionError("the server was expected to refuse, and runs: " + said);
            }
            return new Ended(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8), said);
        } finally {
            process.destroyForcibly();
        }
    }

    /** Runs another command of the program to its end, with the same environment: {@code run("status")}. */
    public Ended run(String... arguments) throws IOException, InterruptedException {
        Path err = Files.createTempFile(directory, "err", ".txt");
        Process process =
                process(List.of(arguments)).redirectError(err.toFile()).start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("did not end: " + List.of(arguments));
        }
        return new Ended(process.exitValue(), out, Files.readString(err, StandardCharsets.UTF_8));
    }

    /** The line that starts the server. */
    List<String> serverArguments() {
        List<String> arguments =
                new ArrayList<>(List.of("server", "--data-dir", dataDirectory.toString(), "--port", "0"));
        arguments.addAll(options);
        return arguments;
    }

    ProcessBuilder process(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM);
        command.addAll(javaOptions);
        command.addAll(List.of("-cp", classPath(), "dev.panoptes.cli.Main"));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        Path configuration = directory.resolve("panoptes.yaml");
        if (!Files.exists(configuration)) {
            Files.createFile(configuration);
        }
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        builder.environment().put("HOME", directory.toString());
        builder.environment().put("PANOPTES_CONFIG", configuration.toString());
        builder.environment().putAll(environment);
        return builder;
    }

    /** Absolute: the server's current directory is not the test's. */
    private static String classPath() {
        List<String> entries = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            entries.add(Path.of(entry).toAbsolutePath().toString());
        }
        return String.join(File.pathSeparator, entries);
    }
}
