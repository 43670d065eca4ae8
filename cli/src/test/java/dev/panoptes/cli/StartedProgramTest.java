package dev.panoptes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.cli.StartedProgram.Ended;
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
}
