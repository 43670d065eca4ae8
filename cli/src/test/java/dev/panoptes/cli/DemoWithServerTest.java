package dev.panoptes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.cli.StartedProgram.Ended;
import dev.panoptes.cli.server.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The demo with a server, agents in Python and a database, really started. */
@Tag("it")
class DemoWithServerTest {
    @TempDir
    Path directory;

    private Path temporary() throws IOException {
        return Files.createDirectories(directory.resolve("t")).toRealPath();
    }

    private StartedProgram demo(Path temporary) throws IOException {
        List<String> options = List.of(
                "-Djava.io.tmpdir=" + temporary,
                "-Dpanoptes.home=" + Path.of("..").toAbsolutePath().normalize());
        return StartedProgram.of(directory, StartedProgram.command(options, "demo", "--server"));
    }

    private static void nothingIsLeft(Path temporary) throws InterruptedException {
        Await.until("nothing runs", () -> StartedProgram.runningBelow(temporary).isEmpty());
        Await.until("nothing is kept", () -> {
            try (var files = Files.list(temporary)) {
                return files.findAny().isEmpty();
            }
        });
    }

    @Test
    void itShowsTheWholeLoopAndLeavesNothing() throws IOException, InterruptedException {
        Path temporary = temporary();
        Ended ended = demo(temporary).end();
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out())
                .containsSubsequence(
                        "36 agents are enrolled",
                        "runs version 1: APPLIED",
                        "is unhealthy: cpu is 97",
                        "Finding, NEW",
                        "RESOLVED",
                        "Issue, high: herald does not beat any more",
                        "Ticket 1 is open",
                        "resolved the issue",
                        "Ticket 1 is closed");
        nothingIsLeft(temporary);
    }

    @ParameterizedTest
    @CsvSource({"TERM, 143", "INT, 130", "KILL, 137"})
    void endedHalfWayItLeavesNothingEither(String signal, int code) throws IOException, InterruptedException {
        Path temporary = temporary();
        StartedProgram demo = demo(temporary);
        Await.until(
                "agents are enrolled",
                Duration.ofSeconds(90),
                () -> StartedProgram.runningBelow(temporary).stream().anyMatch(each -> each.endsWith("/agents")));
        demo.signal(signal);
        Ended ended = demo.end();
        assertThat(ended.code()).as(ended.err()).isEqualTo(code);
        nothingIsLeft(temporary);
    }
}
