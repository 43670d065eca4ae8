package dev.panoptes.cli.server;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

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
 * @param classPath that of the test, unless {@link #reachableProgram} says otherwise
 */
public record ServerSetup(
        Path directory,
        Path dataDirectory,
        List<String> before,
        List<String> javaOptions,
        List<String> options,
        Map<String, String> environment,
        String classPath) {
    private static final List<String> JVM = List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx512m");

    /** The database's programs, unpacked once for all tests of this machine: every start of its own would take a second. */
    private static final Path PROGRAMS =
            Path.of(System.getProperty("java.io.tmpdir"), "panoptes-test-" + System.getProperty("user.name"));

    public ServerSetup {
        before = List.copyOf(before);
        javaOptions = List.copyOf(javaOptions);
        options = List.copyOf(options);
        environment = Map.copyOf(environment);
    }

    /** On the embedded database, with everything below this directory. */
    public static ServerSetup in(Path directory) {
        return new ServerSetup(
                directory, directory.resolve("data"), List.of(), List.of(), List.of(), Map.of(), ownClassPath());
    }

    /** With another data directory. */
    public ServerSetup data(Path other) {
        return new ServerSetup(directory, other, before, javaOptions, options, environment, classPath);
    }

    /** With more options of the command line. */
    public ServerSetup options(String... more) {
        return new ServerSetup(
                directory, dataDirectory, before, javaOptions, joined(options, more), environment, classPath);
    }

    /** With one more variable; settings are set so: {@code PANOPTES_WATCH_INTERVAL}. */
    public ServerSetup environment(String name, String value) {
        Map<String, String> all = new LinkedHashMap<>(environment);
        all.put(name, value);
        return new ServerSetup(directory, dataDirectory, before, javaOptions, options, all, classPath);
    }

    /** On this PostgreSQL server, with a secret, for one must be set. */
    public ServerSetup database(ExternalPostgres postgres) {
        return environment("DATABASE_URL", postgres.url())
                .environment("JWT_SECRET", "0123456789abcdef0123456789abcdef");
    }

    /** Behind these words. */
    public ServerSetup before(String... words) {
        return new ServerSetup(
                directory, dataDirectory, joined(before, words), javaOptions, options, environment, classPath);
    }

    public ServerSetup java(String... more) {
        return new ServerSetup(
                directory, dataDirectory, before, joined(javaOptions, more), options, environment, classPath);
    }

    /** With the program copied below the directory, for a user who cannot read where the build keeps it. */
    public ServerSetup reachableProgram() throws IOException {
        Path program = Files.createDirectory(directory.resolve("program"));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<String> entries = new ArrayList<>();
        for (String entry : ownClassPath().split(File.pathSeparator)) {
            Path from = Path.of(entry);
            if (Files.exists(from)) {
                Path to = program.resolve(entries.size() + "-" + from.getFileName());
                copy(from, to);
                entries.add(to.toString());
            }
        }
        String copied = String.join(File.pathSeparator, entries);
        return new ServerSetup(directory, dataDirectory, before, javaOptions, options, environment, copied);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Path target = to.resolve(from.relativize(each).toString());
                Files.copy(each, target);
                String mode = Files.isDirectory(each) ? "rwxr-xr-x" : "rw-r--r--";
                Files.setPosixFilePermissions(target, PosixFilePermissions.fromString(mode));
            }
        }
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
        List<String> arguments = new ArrayList<>(List.of("server", "--data-dir", dataDirectory.toString()));
        if (!options.contains("--port") && !options.contains("--listen")) {
            arguments.addAll(List.of("--port", "0"));
        }
        arguments.addAll(options);
        return arguments;
    }

    /** Gives a new data directory the programs that an earlier test unpacked. */
    void lendPrograms() throws IOException, InterruptedException {
        Path home = dataDirectory.resolve("postgresql");
        if (Files.exists(dataDirectory) || environment.containsKey("DATABASE_URL") || !Files.isDirectory(PROGRAMS)) {
            return;
        }
        try (Stream<Path> all = Files.list(PROGRAMS)) {
            for (Path each : all.filter(path -> path.getFileName().toString().matches("programs-[\\d.]+"))
                    .toList()) {
                link(each, home);
            }
        }
    }

    /** Hard links: nobody writes to the programs. Where the file system differs, the server unpacks its own. */
    private void link(Path programs, Path home) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(
                "sh",
                "-c",
                "mkdir -m 711 \"$0\" \"$1\" && { cp -al \"$2\" \"$1\" || rm -r \"$0\"; }",
                dataDirectory.toString(),
                home.toString(),
                programs.toString()));
        new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    ProcessBuilder process(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM);
        command.addAll(javaOptions);
        command.addAll(List.of("-cp", classPath, "dev.panoptes.cli.Main"));
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
    private static String ownClassPath() {
        List<String> entries = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            entries.add(Path.of(entry).toAbsolutePath().toString());
        }
        return String.join(File.pathSeparator, entries);
    }
}
