package dev.panoptes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.cli.Session.Run;
import dev.panoptes.cli.shell.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(RunningServer.Shared.class)
final class TokensCommandTest {
    @TempDir
    private Path directory;

    private Session session;

    @BeforeEach
    void startASession() {
        session = new Session(directory);
    }

    @Test
    void aTokenIsMadeListedUsedAndRevoked(RunningServer server) throws IOException {
        Run made = session.run(server.withAdmin(
                "tokens", "create", "--name", "of a script", "--role", "admin", "--expires-in", "90d"));
        assertThat(made.code()).isEqualTo(ExitCode.OK);
        assertThat(made.out()).matches("pnt_[A-Za-z0-9_-]{43}\n");
        assertThat(made.err()).contains("the only time");

        Path file = Files.writeString(directory.resolve("token"), made.out());
        Run listed = session.run("tokens", "--server", server.url(), "--token-file", file.toString());
        assertThat(listed.code()).isEqualTo(ExitCode.OK);
        String line = listed.out()
                .lines()
                .filter(each -> each.contains("of a script"))
                .findFirst()
                .orElseThrow();
        assertThat(line).contains("admin").endsWith("in force").matches(".*  -  +20\\d\\d-.*Z  .*Z  in force");
        assertThat(listed.out()).doesNotContain(made.out().strip());

        Run revoked = session.run(server.withAdmin("tokens", "revoke", line.substring(0, 36)));
        assertThat(revoked.code()).isEqualTo(ExitCode.OK);
        Run refused = session.variable("PANOPTES_TOKEN", made.out().strip()).run("tokens", "--server", server.url());
        assertThat(refused.code()).isEqualTo(ExitCode.USAGE);
        assertThat(refused.err())
                .startsWith("panoptes: the server refuses: The token is unknown, expired or revoked (401)\n")
                .doesNotContain(made.out().strip());
    }

    @Test
    void anObserversTokenIsForOneHost(RunningServer server) {
        Run made = session.run(
                server.withAdmin("tokens", "create", "--name", "web", "--role", "observer", "--host", "web-7"));
        assertThat(made.out()).startsWith("pno_");
        assertThat(session.run(server.withAdmin("tokens")).out()).contains("web-7");

        assertThat(session.run(server.withAdmin("tokens", "create", "--name", "web", "--role", "observer"))
                        .err())
                .contains("--host goes with --role observer");
        assertThat(session.run(server.withAdmin("tokens", "create", "--name", "web", "--host", "web-7"))
                        .code())
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void whatTheServerRefusesIsSaidInItsWordsAndOnce(RunningServer server) {
        Run run = session.run(server.withAdmin("tokens", "create", "--name", "x", "--expires-in", "3 weeks"));

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).containsOnlyOnce("expires_in").endsWith(" (400)\n");
    }

    @Test
    void aCommandLineThatMakesNoSenseReachesNoServer() {
        assertThat(session.run("tokens", "burn").err()).contains("Verbs: list, create, revoke");
        assertThat(session.run("tokens", "list", "x").err()).contains("takes no further word");
        assertThat(session.run("tokens", "revoke", "../users").err()).contains("needs the id");
        assertThat(session.run("tokens", "list", "--role", "admin").err()).contains("--role is for create");
        assertThat(session.run("tokens", "create").err()).contains("needs --name");
        assertThat(session.run("tokens", "create", "--name", "x", "--role", "root")
                        .code())
                .isEqualTo(ExitCode.USAGE);
    }
}
