package dev.panoptes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.cli.Session.Run;
import dev.panoptes.cli.client.Reply;
import dev.panoptes.cli.client.ServerClient;
import dev.panoptes.cli.client.ServerUrl;
import dev.panoptes.cli.client.Token;
import dev.panoptes.cli.gitops.Declaration;
import dev.panoptes.cli.gitops.Step;
import dev.panoptes.cli.gitops.Steps;
import dev.panoptes.cli.shell.ExitCode;
import dev.panoptes.cli.shell.UsageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@ExtendWith(RunningServer.Own.class)
final class ApplyCommandTest {
    @TempDir
    private Path directory;

    private Session session;

    @BeforeEach
    void startASession() {
        session = new Session(directory).now();
    }

    @Test
    void whatFilesDeclareIsShownAppliedOnceAndExported(RunningServer server)
            throws IOException, InterruptedException, UsageException {
        enroll(server, "apply-me");
        Path files = directory.resolve("declared");
        write(files, "configs/one.yaml", "agent: apply-me\nrules: []\nsettings: {interval: 10, word: 'true'}\n");
        write(files, "limits/one.yaml", "agent: apply-me\nlimits: {cpu: 90}\n");
        write(files, "schemas/one.yaml", "agent_name: apply-me\nschema: {type: object}\n");
        write(
                files,
                "waivers.yaml",
                "- {issue: port-conflict-8020, owner: eva, reason: moves, expires: "
                        + soon().substring(0, 10) + "}\n"
                        + "- {issue: port-conflict-8021, owner: eva, reason: moved, expires: 2020-03-20}\n");
        write(files, "silences.yaml", "- {matcher: {host: web-1}, reason: disk, expires_at: '" + soon() + "'}\n");

        Run dry = session.run(server.withAdmin("apply", files.toString(), "--dry-run"));
        assertThat(dry.err()).isEmpty();
        assertThat(dry.code()).isEqualTo(ExitCode.FAILED);
        assertThat(dry.out())
                .contains("configuration of apply-me\n  /limits/cpu: nothing -> 90\n")
                .endsWith("4 changes would be made.\n");
        assertThat(history(server, "apply-me").path("items")).isEmpty();

        Run applied = session.run(server.withAdmin("apply", files.toString()));
        assertThat(applied.err()).isEmpty();
        assertThat(applied.code()).isEqualTo(ExitCode.OK);
        assertThat(applied.out()).endsWith("4 changes made, 0 refused.\n");
        JsonNode version = history(server, "apply-me").path("items").path(0);
        assertThat(version.path("managed").asBoolean()).isTrue();
        assertThat(version.path("config").path("limits").path("cpu").asInt()).isEqualTo(90);

        Run again = session.run(server.withAdmin("apply", files.toString(), "--dry-run"));
        assertThat(again.code()).isEqualTo(ExitCode.OK);
        assertThat(again.out()).isEqualTo("Nothing differs.\n");

        Path exported = directory.resolve("exported");
        assertThat(session.run(server.withAdmin("export", exported.toString())).code())
                .isEqualTo(ExitCode.OK);
        assertThat(Files.readString(exported.resolve("configs/apply-me.yaml"))).contains("word: 'true'");
        assertThat(Files.readString(exported.resolve("limits/apply-me.yaml"))).contains("cpu: 90");
        assertThat(session.run(server.withAdmin("apply", exported.toString())).out())
                .isEqualTo("Nothing differs.\n");

        write(files, "waivers.yaml", "[]\n");
        write(files, "silences.yaml", "[]\n");
        assertThat(session.run(server.withAdmin("apply", files.toString())).out())
                .isEqualTo("Nothing differs.\n");
        Run pruned = session.run(server.withAdmin("apply", files.toString(), "--prune"));
        assertThat(pruned.out())
                .contains("port-conflict-8020")
                .contains("web-1")
                .endsWith("refused.\n");
        assertThat(session.run(server.withAdmin("apply", files.toString(), "--prune"))
                        .out())
                .isEqualTo("Nothing differs.\n");
    }

    @Test
    void whatTheServerRefusesIsSaidAndTheRestIsDone(RunningServer server)
            throws IOException, InterruptedException, UsageException {
        enroll(server, "fits");
        enroll(server, "fits-not");
        Path files = directory.resolve("declared");
        write(
                files,
                "schemas/one.yaml",
                "agent_name: fits-not\nschema: {properties: {settings: {required: [must]}}}\n");
        write(files, "configs/fits-not.yaml", "agent: fits-not\nsettings: {may: 1}\n");
        write(files, "configs/fits.yaml", "agent: fits\nsettings: {may: 1}\n");

        Run run = session.run(server.withAdmin("apply", files.toString()));

        assertThat(run.code()).isEqualTo(ExitCode.FAILED);
        assertThat(run.out()).endsWith("2 changes made, 1 refused.\n");
        assertThat(run.err()).contains("configuration of fits-not is refused").contains("must");
        assertThat(history(server, "fits-not").path("items")).isEmpty();
    }

    @Test
    void whoeverAppliesAtTheSameTimeOverwritesNobody(RunningServer server)
            throws IOException, InterruptedException, UsageException, ExecutionException {
        enroll(server, "wanted-by-two");
        int made = 0;
        int refused = 0;
        for (int round = 0; round < 8; round++) {
            List<Callable<Run>> appliers = new ArrayList<>();
            for (String who : List.of("eva", "tom")) {
                Path files = directory.resolve(who);
                write(files, "configs/one.yaml", "agent: wanted-by-two\nsettings: {" + who + ": " + round + "}\n");
                appliers.add(() -> new Session(directory).now().run(server.withAdmin("apply", files.toString())));
            }
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (Future<Run> each : threads.invokeAll(appliers)) {
                    Run run = each.get();
                    if (run.code() == ExitCode.OK) {
                        assertThat(run.out()).endsWith("1 change made, 0 refused.\n");
                        made++;
                    } else {
                        assertThat(run.err()).contains("was changed by somebody else meanwhile");
                        refused++;
                    }
                }
            }
        }
        assertThat(history(server, "wanted-by-two").path("items")).hasSize(made);
        assertThat(made + refused).isEqualTo(16);

        // What was compared is what is replaced, and nothing else.
        Path files = directory.resolve("eva");
        write(files, "configs/one.yaml", "agent: wanted-by-two\nsettings: {late: true}\n");
        try (ServerClient client =
                new ServerClient(ServerUrl.of(server.url()), new Token.Given(server.adminToken()), null)) {
            Step step = Steps.of(
                            Declaration.read(files),
                            client,
                            InstantSource.system().instant(),
                            false)
                    .getFirst();
            String path = "/api/v1/agents/wanted-by-two/config";
            assertThat(client.call(
                            "PUT", path, "{\"settings\": {}}".getBytes(StandardCharsets.UTF_8), Duration.ofSeconds(30)))
                    .isInstanceOf(Reply.Done.class);
            assertThat(client.callIf(
                            String.valueOf(step.tag()),
                            step.method(),
                            step.path(),
                            ServerClient.bytes(step.body()),
                            Duration.ofSeconds(30)))
                    .isInstanceOfSatisfying(
                            Reply.Refused.class,
                            late -> assertThat(late.status()).isEqualTo(412));
        }
    }

    @Test
    void filesThatAreNotAsTheyMustBeChangeNothing(RunningServer server)
            throws IOException, InterruptedException, UsageException {
        Path files = directory.resolve("declared");
        Files.createDirectories(files);
        assertThat(session.run(server.withAdmin("apply", files.toString())).err())
                .contains("nothing to apply");
        write(files, "configs/a.yaml", "agent: a\nsetting: {}\n");
        assertThat(session.run(server.withAdmin("apply", files.toString())).err())
                .contains("a.yaml must hold agent");
        write(files, "configs/a.yaml", "agent: [\n");
        assertThat(session.run(server.withAdmin("apply", files.toString())).err())
                .contains("a.yaml cannot be read");
        write(files, "configs/a.yaml", "agent: nobody-knows-it\nsettings: {}\n");
        Run run = session.run(server.withAdmin("apply", files.toString()));
        assertThat(run.err()).contains("nobody-knows-it cannot be read");
        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        write(files, "limits/a.yaml", "agent: nobody-knows-it\nlimits: {cpu: 1}\n");
        write(files, "configs/a.yaml", "agent: nobody-knows-it\nlimits: {}\n");
        assertThat(session.run(server.withAdmin("apply", files.toString())).err())
                .contains("declared twice");
    }

    private static String soon() {
        return InstantSource.system()
                .instant()
                .plus(Duration.ofDays(100))
                .truncatedTo(ChronoUnit.SECONDS)
                .toString();
    }

    private static void write(Path directory, String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static JsonNode history(RunningServer server, String agent)
            throws IOException, InterruptedException, UsageException {
        try (ServerClient client = client(server, server.adminToken())) {
            return client.get("/api/v1/agents/" + agent + "/config/history").orRefuse();
        }
    }

    private static ServerClient client(RunningServer server, String token) throws UsageException {
        return new ServerClient(ServerUrl.of(server.url()), new Token.Given(token), null);
    }

    private static void enroll(RunningServer server, String agent)
            throws IOException, InterruptedException, UsageException {
        String token;
        try (ServerClient client = client(server, server.adminToken())) {
            token = client.call("POST", "/api/v1/enrollment-tokens", bytes("{}"), Duration.ofSeconds(30))
                    .orRefuse()
                    .path("token")
                    .asString();
        }
        try (ServerClient client = client(server, token)) {
            client.call(
                            "POST",
                            "/api/v1/agents/register",
                            bytes("{\"name\": \"" + agent + "\"}"),
                            Duration.ofSeconds(30))
                    .orRefuse();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
