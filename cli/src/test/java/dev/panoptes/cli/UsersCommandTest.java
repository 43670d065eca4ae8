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
final class UsersCommandTest {
    @TempDir
    private Path directory;

    private Session session;

    @BeforeEach
    void startASession() {
        session = new Session(directory);
    }

    private String state(RunningServer server, String name) {
        return session.run(server.withAdmin("users"))
                .out()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aPersonIsAddedGivenANewPasswordDisabledAndEnabled(RunningServer server) {
        Run added = session.run(server.withAdmin("users", "add", "eva", "--role", "operator"));
        assertThat(added.code()).isEqualTo(ExitCode.OK);
        assertThat(added.out().strip()).isNotEmpty();
        assertThat(added.err()).contains("the only time");
        assertThat(state(server, "eva")).contains("operator").endsWith("one-time password  password");

        Run again = session.run(server.withAdmin("users", "password", "eva"));
        assertThat(again.code()).isEqualTo(ExitCode.OK);
        assertThat(again.out().strip()).isNotEmpty().isNotEqualTo(added.out().strip());

        assertThat(session.run(server.withAdmin("users", "disable", "eva")).out())
                .isEmpty();
        assertThat(state(server, "eva")).contains("  disabled ");
        session.run(server.withAdmin("users", "enable", "eva"));
        assertThat(state(server, "eva")).doesNotContain("disabled");
        assertThat(session.run(server.withAdmin("users", "oidc", "eva")).err()).contains("No provider is configured");
    }

    @Test
    void whatMakesNoSenseIsRefused(RunningServer server) {
        assertThat(session.run("users", "burn").err()).contains("Verbs: list, add");
        assertThat(session.run("users", "add").err()).contains("add needs a name");
        assertThat(session.run("users", "list", "eva").err()).contains("takes no further word");
        assertThat(session.run("users", "disable", "eva", "--role", "admin").err())
                .contains("--role is for add");
        assertThat(session.run(server.withAdmin("users", "disable", "nobody")).err())
                .contains("nobody called nobody");
        assertThat(session.run(server.withAdmin("users", "add", "__main__")).err())
                .contains("must begin with a letter or digit");
    }
}
