package dev.panoptes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
        Ended ended = end(start("scan", "--offline", "--format", "json"));

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
            Process scan = start("scan", "--format", "json", "--output", report.toString());
            try (Socket asked = silent.accept()) {
                new ProcessBuilder("kill", "-INT", Long.toString(scan.pid()))
                        .start()
                        .waitFor();
                Ended ended = end(scan);

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
        command.addAll(command("explain"));
        Process process =
                new ProcessBuilder(command).directory(directory.toFile()).start();
        Ended ended = end(process);

        assertThat(ended.out()).hasSize(1);
        assertThat(ended.err()).isEmpty();
    }

    private record Ended(int code, String out, String err) {}

    private Process start(String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command(arguments)).directory(directory.toFile());
        builder.environment().put("HOME", directory.toString());
        return builder.start();
    }

    private static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.panoptes.cli.Main"));
        command.addAll(List.of(arguments));
        return command;
    }

    private static Ended end(Process process) throws IOException, InterruptedException {
        process.getOutputStream().close();
        String out = text(process.getInputStream());
        String err = text(process.getErrorStream());
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), out, err);
    }

    private static String text(InputStream stream) throws IOException {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
}
