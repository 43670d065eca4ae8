package dev.panoptes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The real program in a process of its own, started in a directory that is also its home. */
record StartedProgram(Process process) {
    /** What it left behind. */
    record Ended(int code, String out, String err) {}

    static StartedProgram in(Path directory, String... arguments) throws IOException {
        return of(directory, command(List.of(), arguments));
    }

    static StartedProgram of(Path directory, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().put("HOME", directory.toString());
        builder.environment().remove("XDG_CACHE_HOME");
        return new StartedProgram(builder.start());
    }

    /** @param javaOptions more than those of the launcher */
    static List<String> command(List<String> javaOptions, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED"));
        command.addAll(javaOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.panoptes.cli.Main"));
        command.addAll(List.of(arguments));
        return command;
    }

    /** @param name as kill(1) knows it, for example {@code INT} */
    void signal(String name) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    /** Waits for its end; what it writes must be small enough for a pipe where both streams are used. */
    Ended end() throws IOException, InterruptedException {
        process.getOutputStream().close();
        String out = text(process.getInputStream());
        String err = text(process.getErrorStream());
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), out, err);
    }

    private static String text(InputStream stream) throws IOException {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }

    /** The working directories of processes (proc_pid_cwd(5)) that lie below a folder. */
    static List<String> runningBelow(Path folder) throws IOException {
        List<String> running = new ArrayList<>();
        try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                try {
                    Path working = Files.readSymbolicLink(process.resolve("cwd"));
                    if (working.startsWith(folder)) {
                        running.add(working.toString());
                    }
                } catch (IOException e) {
                    // Another user's, or it went meanwhile.
                    continue;
                }
            }
        }
        return running;
    }
}
