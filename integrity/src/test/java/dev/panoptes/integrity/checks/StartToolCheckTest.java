package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartToolCheckTest {
    private static final String STATIC = "FROM gcr.io/distroless/static-debian12:nonroot";

    @TempDir
    private Path root;

    private FleetTree tree;
    private final StartToolCheck check = new StartToolCheck();

    @BeforeEach
    void plant() {
        tree = new FleetTree(root);
    }

    @Test
    void aShellThatTheImageLacksIsToldWhereItIsNeeded() throws InterruptedException {
        tree.file("cmd/Dockerfile", STATIC, "COPY server /server", "CMD /server --port 80")
                .file(
                        "run/Dockerfile",
                        "FROM scratch",
                        "COPY server /server",
                        "RUN chmod +x /server",
                        "CMD [\"/server\"]")
                .file("entry/Dockerfile", "FROM scratch", "ENTRYPOINT [\"/bin/sh\", \"-c\", \"/server\"]")
                .file("exec/Dockerfile", STATIC, "COPY server /server", "CMD [\"/server\"]")
                .file("given/Dockerfile", STATIC, "COPY --from=busybox:1 /bin/sh /bin/sh", "CMD /server")
                .file("debug/Dockerfile", "FROM gcr.io/distroless/static-debian12:debug", "CMD /server")
                .file("other/Dockerfile", STATIC, "SHELL [\"/busybox/sh\", \"-c\"]", "CMD /server")
                .file("own/Dockerfile", "FROM company/static", "CMD /server")
                .file("early/Dockerfile", "FROM alpine AS a", "RUN true", STATIC, "CMD [\"/server\"]");
        assertThat(tree.verdicts(check))
                .containsExactly(
                        "fail cmd/Dockerfile [cmd, cmd/Dockerfile]",
                        "fail entry/Dockerfile [entry, entry/Dockerfile]",
                        "fail run/Dockerfile [run, run/Dockerfile]",
                        "pass early/Dockerfile",
                        "pass exec/Dockerfile",
                        "pass given/Dockerfile",
                        "pass other/Dockerfile");
        assertThat(tree.accusations())
                .contains(
                        "start-tool: The container is started by sh, which the image of cmd/Dockerfile does not hold",
                        "start-tool: RUN of run/Dockerfile is run by sh, which the image of run/Dockerfile does not"
                                + " hold");
    }

    @Test
    void theFirstLineOfAScriptNamesWhatRunsIt() throws InterruptedException {
        for (String name : new String[] {"bash", "plain", "installed", "said"}) {
            tree.file(name + "/start.sh", name.equals("plain") ? "#!/bin/sh" : "#!/usr/bin/env bash", "exec true");
        }
        String copied = "WORKDIR /app\nCOPY start.sh ./";
        tree.file("bash/Dockerfile", "FROM python:3.12-alpine", copied, "CMD [\"./start.sh\"]")
                .file("plain/Dockerfile", "FROM python:3.12-alpine", copied, "CMD [\"./start.sh\"]")
                .file(
                        "installed/Dockerfile",
                        "FROM python:3.12-alpine",
                        copied,
                        "RUN apk add bash",
                        "CMD [\"./start.sh\"]")
                .file("said/Dockerfile", "FROM python:3.12-alpine", copied, "CMD [\"sh\", \"start.sh\"]");
        assertThat(tree.verdicts(check))
                .containsExactly(
                        "fail bash/Dockerfile [bash, bash/Dockerfile]",
                        "pass installed/Dockerfile",
                        "pass plain/Dockerfile",
                        "pass said/Dockerfile");
    }

    @Test
    void whatTheEntryPointIsAlreadyIsNotNamedAgain() throws InterruptedException {
        tree.file("twice/Dockerfile", "FROM gcr.io/distroless/nodejs22-debian12", "CMD [\"node\", \"server.js\"]")
                .file("once/Dockerfile", "FROM gcr.io/distroless/nodejs22-debian12", "CMD [\"server.js\"]")
                .file(
                        "own/Dockerfile",
                        "FROM gcr.io/distroless/java21",
                        "ENTRYPOINT [\"java\", \"-jar\", \"a.jar\"]",
                        "CMD [\"java\"]");
        assertThat(tree.verdicts(check))
                .containsExactly(
                        "fail twice/Dockerfile [twice, twice/Dockerfile]",
                        "pass once/Dockerfile",
                        "pass own/Dockerfile");
    }

    @Test
    void whatAServiceStartsInsteadIsJudgedThere() throws InterruptedException {
        tree.file("api/Dockerfile", STATIC, "CMD /server")
                .file("web/Dockerfile", STATIC, "CMD [\"/server\"]")
                .file(
                        "compose.yaml",
                        "services:",
                        "  api: {build: api, command: [/server]}",
                        "  web: {build: web, entrypoint: [sh, -c, /server]}",
                        "  bus: {image: nats, command: [sh]}",
                        "  log: {image: nats, entrypoint: [sh]}");
        assertThat(tree.verdicts(check))
                .containsExactly(
                        "fail compose.yaml#log [compose.yaml#log]",
                        "fail compose.yaml#web [compose.yaml#web, web]",
                        "pass api/Dockerfile",
                        "pass compose.yaml#api",
                        "pass web/Dockerfile");
    }
}
