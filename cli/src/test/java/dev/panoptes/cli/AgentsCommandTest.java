package dev.panoptes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.cli.Session.Run;
import dev.panoptes.cli.client.ServerClient;
import dev.panoptes.cli.client.ServerUrl;
import dev.panoptes.cli.client.Token;
import dev.panoptes.cli.shell.ExitCode;
import dev.panoptes.cli.shell.UsageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** agents, enroll and tickets against a real server, and what people get wrong. */
@ExtendWith(RunningServer.Own.class)
final class AgentsCommandTest {
    @TempDir
    private Path directory;

    private Session session;

    @BeforeEach
    void startASession() {
        session = new Session(directory).now();
    }

    private Run run(RunningServer server, String... words) {
        return session.run(server.withAdmin(words));
    }

    private String good(RunningServer server, String... words) {
        Run run = run(server, words);
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isEqualTo(ExitCode.OK);
        return run.out();
    }

    /** Enrolls with the token that the command gives. */
    private void enroll(RunningServer server, String name) throws IOException, UsageException, InterruptedException {
        String token = good(server, "enroll", name, "--token-only").strip();
        try (ServerClient client = new ServerClient(ServerUrl.of(server.url()), new Token.Given(token), null)) {
            client.call(
                            "POST",
                            "/api/v1/agents/register",
                            ("{\"agent_name\": \"" + name + "\"}").getBytes(StandardCharsets.UTF_8),
                            Duration.ofSeconds(30))
                    .orRefuse();
        }
    }

    @Test
    void anAgentIsListedConfiguredLimitedRolledBackAndEnded(RunningServer server)
            throws IOException, UsageException, InterruptedException {
        assertThat(run(server, "enroll", "it is").out())
                .contains("PANOPTES_ENROLLMENT_TOKEN=pne_")
                .contains("'it is'");
        enroll(server, "one-agent");
        assertThat(good(server, "agents")).containsPattern("one-agent +unknown +unknown +- +- +- +- +[0-9a-f-]{36}");
        Path file = Files.writeString(directory.resolve("config.json"), "{\"settings\": {\"a\": 1}}");
        assertThat(good(server, "agents", "config", "set", "one-agent", file.toString()))
                .contains("\"a\" : 1");
        assertThat(good(server, "agents", "limits", "one-agent", "cpu=90,network=5"))
                .containsPattern("cpu +90")
                .containsPattern("network +5")
                .containsPattern("disk +80");
        assertThat(good(server, "agents", "config", "get", "one-agent")).contains("\"a\" : 1", "\"cpu\" : 90");
        assertThat(good(server, "agents", "config", "rollback", "one-agent", "1"))
                .doesNotContain("cpu");
        assertThat(good(server, "agents", "config", "history", "one-agent")).contains("back to version 1");
        assertThat(good(server, "agents", "show", "one-agent"))
                .contains("write_findings")
                .doesNotContain("description");

        assertThat(good(server, "agents", "rollouts")).contains("There was no roll-out");
        good(server, "agents", "config", "set", "one-agent", file.toString(), "--stages", "50,100");
        String rollouts = good(server, "agents", "rollouts");
        assertThat(rollouts).containsPattern("one-agent +running +\\[50,100]");
        String[] words = rollouts.strip().split("\\s+");
        good(server, "agents", "cancel", words[words.length - 1]);
        assertThat(good(server, "agents", "rollouts")).containsPattern("one-agent +cancelled");

        good(server, "agents", "revoke", "one-agent");
        good(server, "agents", "decommission", "one-agent");
        assertThat(good(server, "agents")).doesNotContain("one-agent");
    }

    @Test
    void whatPeopleGetWrongIsSaidInOneSentence(RunningServer server)
            throws IOException, UsageException, InterruptedException {
        enroll(server, "another");
        Files.writeString(directory.resolve("broken.json"), "{\n\"settings\": 1");
        Files.writeString(directory.resolve("other.json"), "{\"setting\": {}}");
        wrong(run(server, "agents", "shwo", "another"), "there is no verb shwo");
        wrong(run(server, "agents", "show", "nobody"), "There is no agent under this id or name (404)");
        wrong(run(server, "agents", "show"), "show needs an agent's id or name");
        wrong(run(server, "agents", "config", "set", "another", "gone.json"), "gone.json: there is no such file");
        wrong(
                run(server, "agents", "config", "set", "another", "broken.json"),
                "broken.json is no JSON, at line 2: Unexpected");
        wrong(run(server, "agents", "config", "set", "another", "other.json"), "/setting is not known (400)");
        wrong(run(server, "agents", "limits", "another", "cpu"), "a limit is NAME=NUMBER: cpu");
        wrong(run(server, "agents", "cancel", "another"), "cancel needs the id of a roll-out");
        wrong(run(server, "enroll", "system"), "an agent cannot be called system");
        wrong(run(server, "enroll", "hermes", "--expires-in", "3x"), "/expires_in must be a length of time");
        wrong(run(server, "tickets", "open", "x", "--issue", "no-such-issue"), "There is no issue of this");
        wrong(run(server, "tickets", "close", "77"), "There is no ticket under this id (404)");
    }

    private static void wrong(Run run, String sentence) {
        assertThat(run.err()).contains(sentence).doesNotContain("Exception").doesNotContain("REDACTED");
        assertThat(run.out()).isEmpty();
        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void aTicketOfAnIssueHasItsSeverityAndAgent(RunningServer server)
            throws IOException, UsageException, InterruptedException {
        Files.writeString(server.registry(), """
                version: '1.0'
                agents:
                  hermes: {name: HERMES, connection: {url: 'http://hermes:8014'}}
                """);
        try (ServerClient client =
                new ServerClient(ServerUrl.of(server.url()), new Token.Given(server.adminToken()), null)) {
            client.call("POST", "/scan", null, Duration.ofSeconds(60)).orRefuse();
            var issues = client.get("/api/v1/integrity/issues?agent=hermes")
                    .orRefuse()
                    .path("items");
            assertThat(issues).isNotEmpty();
            var issue = issues.path(0);
            String ticket = good(
                            server,
                            "tickets",
                            "open",
                            "look",
                            "--issue",
                            issue.path("id").asString(),
                            "--assignee",
                            "eva")
                    .strip();
            String shown = good(server, "tickets", "show", ticket);
            assertThat(shown)
                    .containsPattern("severity +" + issue.path("severity").asString());
            assertThat(shown)
                    .containsPattern("agent +" + issue.path("affected").path(0).asString());
            good(server, "tickets", "close", ticket, "--note", "seen");
            assertThat(good(server, "tickets", "show", ticket)).containsPattern("closed, seen");
        }
    }
}
