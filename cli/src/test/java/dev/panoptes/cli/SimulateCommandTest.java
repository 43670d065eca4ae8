package dev.panoptes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.cli.Session.Run;
import dev.panoptes.cli.StartedProgram.Ended;
import dev.panoptes.cli.child.TemporaryFolder;
import dev.panoptes.cli.client.ServerClient;
import dev.panoptes.cli.client.ServerUrl;
import dev.panoptes.cli.client.Token;
import dev.panoptes.cli.server.Await;
import dev.panoptes.cli.shell.ExitCode;
import dev.panoptes.cli.shell.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(RunningServer.Own.class)
final class SimulateCommandTest {
    @TempDir
    private Path directory;

    @Test
    void agentsEnrolBeatReportAndEnd(RunningServer server) {
        Run run = new Session(directory)
                .now()
                .run(server.withAdmin(
                        "simulate", "--agents", "12", "--seconds", "4", "--interval", "500ms", "--chaos"));

        assertThat(run.err()).isEmpty();
        assertThat(run.code()).as(run.out()).isEqualTo(ExitCode.OK);
        assertThat(run.out())
                .containsPattern("registrations +12 done .* 0 failed")
                .containsPattern("heartbeats +[1-9][0-9]+ done +[0-9.]+/s +p50 +[0-9.]+ ms +p99 +[0-9.]+ ms +0 failed")
                .containsPattern("metrics +[1-9][0-9]+ done .* 0 failed")
                .containsPattern("ends +12 done .* 0 failed");
    }

    @Test
    void aSignalEndsItWithItsReportAndLeavesNoAgentEnrolled(RunningServer server)
            throws IOException, InterruptedException, UsageException {
        StartedProgram simulation = StartedProgram.in(
                directory, server.withAdmin("simulate", "--agents", "5", "--seconds", "600", "--interval", "300ms"));
        try (ServerClient client =
                new ServerClient(ServerUrl.of(server.url()), new Token.Given(server.adminToken()), null)) {
            Await.until("all beat", () -> enrolled(client, "&status=running") == 5);
            simulation.signal("INT");
            Ended ended = simulation.end();
            assertThat(ended.code()).as(ended.err()).isZero();
            assertThat(ended.out())
                    .containsPattern("heartbeats +[1-9][0-9]* done .* 0 failed")
                    .containsPattern("ends +5 done .* 0 failed");
            assertThat(enrolled(client, "")).isZero();
        }
    }

    private static int enrolled(ServerClient client, String more) throws UsageException, InterruptedException {
        return client.get("/api/v1/agents?limit=1&search=simulated" + more)
                .orRefuse()
                .path("total")
                .asInt();
    }

    @Test
    void replicasThatAreKilledUnderLoadLoseNothingAndCallNobodyLost() {
        Run run = new Session(directory)
                .now()
                .run(
                        "simulate",
                        "--replicas",
                        "2",
                        "--chaos",
                        "--agents",
                        "10",
                        "--seconds",
                        "24",
                        "--interval",
                        "400ms");

        assertThat(run.out())
                .containsPattern("replicas +2 servers, killed and started again [1-9] times")
                .containsPattern("heartbeats +[1-9][0-9]+ acknowledged, [0-9]+ stored, 0 lost, 0 too many")
                .containsPattern("metrics +[1-9][0-9]+ acknowledged, [0-9]+ stored, 0 lost, 0 too many")
                .containsPattern("findings +[1-9][0-9]* acknowledged, [0-9]+ stored, 0 lost, 0 too many")
                .containsPattern("findings +0 counted twice")
                .containsPattern("lost agents +0 falsely in [1-9][0-9]* looks");
        assertThat(run.code()).as(run.out()).isEqualTo(ExitCode.OK);
    }

    @Test
    void aSimulationThatIsKilledLeavesNoServerNoDatabaseAndNoFolder() throws IOException, InterruptedException {
        // The path of a socket may have 107 characters.
        Path folders = Files.createTempDirectory("s");
        List<String> command = StartedProgram.command(
                List.of("-Djava.io.tmpdir=" + folders),
                "simulate",
                "--replicas",
                "1",
                "--agents",
                "2",
                "--seconds",
                "600");
        StartedProgram simulation = StartedProgram.of(directory, command);
        Await.until(
                "a server runs",
                () -> StartedProgram.runningBelow(folders).stream().anyMatch(path -> path.contains("/server-")));
        simulation.signal("KILL");

        Await.until("nothing runs", () -> StartedProgram.runningBelow(folders).isEmpty());
        Await.until("nothing is left", () -> {
            try (var left = Files.list(folders)) {
                return left.noneMatch(path -> path.getFileName().toString().startsWith("panoptes-sim-"));
            }
        });
        try (TemporaryFolder _ = new TemporaryFolder(folders)) {
            assertThat(folders).isDirectory();
        }
    }

    @Test
    void replicasAreItsOwnAndNoneThatRunsAlready() {
        Session session = new Session(directory);
        assertThat(session.run("simulate", "--replicas", "2", "--server", "http://127.0.0.1:1")
                        .code())
                .isEqualTo(ExitCode.USAGE);
        assertThat(session.run("simulate", "--replicas", "9").code()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void noAgentsAreNoSimulation() {
        assertThat(new Session(directory).run("simulate", "--agents", "0").code())
                .isEqualTo(ExitCode.USAGE);
    }
}
