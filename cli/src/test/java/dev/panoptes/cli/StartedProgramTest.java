package dev.panoptes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.cli.StartedProgram.Ended;
import dev.panoptes.cli.server.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The real program in its own process: what only a process has, namely signals, pipes and an exit code. */
@Tag("e2e")
@Timeout(60)
final class StartedProgramTest {
    @TempDir
    private Path directory;

    private Path registry;

    @BeforeEach
    void writeRegistry() throws IOException {
        registry = directory.resolve("agent-registry.yaml");
        Files.writeString(
                registry,
                "agents: {one: {connection: {url: 'http://one:7001'}}, two: {connection: {url: 'http://two:7001'}}}\n");
    }

    @Test
    void theExitCodeIsTheVerdictAndTheRegistryIsFoundInTheCurrentDirectory() throws IOException, InterruptedException {
        Ended ended = StartedProgram.in(directory, "scan", "--offline", "--format", "json")
                .end();

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.out())
                .startsWith("{")
                .contains("\"port-conflict-7001\"")
                .contains("\"path\": \"agent-registry.yaml\"");
        assertThat(ended.err()).isEmpty();
    }

    @Test
    void anInterruptedScanExitsWith130AndWithoutAReport() throws IOException, InterruptedException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Files.writeString(
                    registry,
                    "agents: {one: {connection: {url: 'http://one:" + silent.getLocalPort()
                            + "', timeout_ms: 30000}, actions: {a: {endpoint: /a}}}}\n");
            Path report = directory.resolve("report.json");
            silent.setSoTimeout(30_000);
            StartedProgram scan =
                    StartedProgram.in(directory, "scan", "--format", "json", "--output", report.toString());
            try (Socket asked = silent.accept()) {
                scan.signal("INT");
                Ended ended = scan.end();

                assertThat(asked.isConnected()).isTrue();
                assertThat(ended.code()).isEqualTo(130);
                assertThat(ended.out()).isEmpty();
                assertThat(ended.err()).isEqualTo("panoptes: interrupted\n");
            }
            try (var files = Files.list(directory)) {
                assertThat(files).containsExactly(registry);
            }
        }
    }

    @Test
    void aReaderThatStopsReadingIsNoError() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "\"$@\" | head -c 1", "sh"));
        command.addAll(StartedProgram.command(List.of(), "explain"));
        Ended ended = StartedProgram.of(directory, command).end();

        assertThat(ended.out()).hasSize(1);
        assertThat(ended.err()).isEmpty();
    }

    /** With one more fault the fleet is a copy below our folder for temporary files, so that what is left can be seen. */
    @ParameterizedTest
    @CsvSource({"TERM, 143", "INT, 130", "KILL, 137"})
    void aDemoThatIsSignalledLeavesNothingRunning(String signal, int code) throws IOException, InterruptedException {
        Path temporary = Files.createDirectory(directory.resolve("temporary")).toRealPath();
        List<String> options = List.of(
                "-Djava.io.tmpdir=" + temporary,
                "-Dpanoptes.home=" + Path.of("..").toAbsolutePath());
        StartedProgram demo = StartedProgram.of(directory, StartedProgram.command(options, "demo", "--fault", "clone"));
        Await.until("an agent of the fleet runs", () -> !runningBelow(temporary).isEmpty());

        demo.signal(signal);
        Ended ended = demo.end();

        assertThat(ended.code()).as(ended.err()).isEqualTo(code);
        assertThat(ended.out()).isEmpty();
        Await.until("no agent runs", () -> runningBelow(temporary).isEmpty());
        if (!signal.equals("KILL")) {
            assertThat(ended.err()).endsWith("panoptes: interrupted\n").doesNotContain("stopped");
            try (var files = Files.list(temporary)) {
                assertThat(files).isEmpty();
            }
        }
    }

    /** The working directories of processes (proc_pid_cwd(5)) that lie below a folder. */
    private static List<String> runningBelow(Path folder) throws IOException {
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
