package dev.panoptes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.cli.Session.Run;
import dev.panoptes.cli.shell.ExitCode;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(RunningServer.Shared.class)
final class SuppressCommandTest {
    @TempDir
    private Path directory;

    private Session session;

    @BeforeEach
    void startASession() {
        session = new Session(directory);
    }

    @Test
    void aSuppressionIsMadeListedAndEnded(RunningServer server) {
        Run made = session.run(server.withAdmin(
                "suppress",
                "add",
                "--rule",
                "process_memory_dump",
                "--host",
                "web-9",
                "--reason",
                "the heap is looked at every week",
                "--expires-in",
                "30d"));
        assertThat(made.code()).as(made.err()).isEqualTo(ExitCode.OK);
        assertThat(made.out()).matches("[0-9a-f-]{36}\n");
        assertThat(session.run(server.withAdmin("suppress")).out())
                .contains("process_memory_dump")
                .contains("in force")
                .contains("the heap is looked at every week");
        assertThat(session.run(server.withAdmin("suppress", "end", made.out().strip()))
                        .code())
                .isEqualTo(ExitCode.OK);
        assertThat(session.run(server.withAdmin("suppress", "list")).out()).contains("ended");
    }

    @Test
    void aCommandLineThatMakesNoSenseIsRefused(RunningServer server) {
        assertThat(session.run(server.withAdmin("suppress", "add", "--host", "x", "--reason", "y"))
                        .err())
                .contains("--rule or --entity");
        assertThat(session.run(server.withAdmin("suppress", "add", "--rule", "x", "--reason", "y"))
                        .err())
                .contains("--expires-in");
        assertThat(session.run(server.withAdmin("suppress", "end", "x")).code()).isEqualTo(ExitCode.USAGE);
        assertThat(session.run(server.withAdmin("suppress", "forget")).code()).isEqualTo(ExitCode.USAGE);
    }
}
