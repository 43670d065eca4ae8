package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Containers that are built or started and cannot work: each check with what must fail, what must not, what is not known. */
class StartsButCannotWorkTest {
    private static final String APP = "from fastapi import FastAPI\napp = FastAPI()";

    @TempDir
    private Path root;

    private FleetTree tree;

    @BeforeEach
    void begin() {
        tree = new FleetTree(root);
    }

    private FleetTree image(String agent, String... lines) {
        return tree.file("agents/" + agent + "/main.py", APP)
                .file(
                        "agents/" + agent + "/Dockerfile",
                        "FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\n" + String.join("\n", lines));
    }

    private FleetTree services(String... lines) {
        return tree.file("compose.yaml", "services:\n  " + String.join("\n  ", lines));
    }

    @Test
    void aVariableInExecFormReachesTheProgramAsItIsWritten() throws InterruptedException {
        image("a", "CMD [\"uvicorn\", \"main:app\", \"--port\", \"$PORT\"]");
        image("b", "CMD [\"sh\", \"-c\", \"exec uvicorn main:app --port $PORT\"]");
        image("c", "CMD uvicorn main:app --port $PORT");
        image("d", "ENTRYPOINT [\"uvicorn\", \"main:app\"]", "CMD [\"--port\", \"8000\", \"&&\", \"echo\", \"done\"]");
        image("e", "CMD [\"npm\", \"run\", \"start\", \"--\", \"--port\", \"$PORT\"]");
        assertThat(tree.verdicts(new ExecFormVariableCheck()))
                .containsExactly(
                        "fail agents/a/Dockerfile [a, agents/a/Dockerfile]",
                        "fail agents/d/Dockerfile [d, agents/d/Dockerfile]",
                        "pass agents/b/Dockerfile",
                        "pass agents/e/Dockerfile");
    }

    @Test
    void composeWordsAreReadByNoShellEither() throws InterruptedException {
        image("a", "CMD [\"uvicorn\", \"main:app\"]");
        services(
                "a: {build: agents/a, command: [uvicorn, 'main:app', --port, '$$PORT']}",
                "b: {image: x, command: sh -c 'serve --port $$PORT'}",
                "c: {image: x, command: [serve, --port, '${PORT}']}",
                "d: {image: x, healthcheck: {test: [CMD, curl, 'http://localhost:$$PORT/health']}}");
        assertThat(tree.verdicts(new ExecFormVariableCheck()))
                .containsExactly(
                        "fail compose.yaml#a [compose.yaml#a, a]",
                        "fail compose.yaml#d [compose.yaml#d]",
                        "pass compose.yaml#b",
                        "pass compose.yaml#c");
    }

    @Test
    void aPublishedPortBehindTheContainersLoopbackReachesNobody() throws InterruptedException {
        image("a", "CMD [\"uvicorn\", \"main:app\", \"--port\", \"8000\"]");
        image("b", "CMD [\"uvicorn\", \"main:app\", \"--host\", \"0.0.0.0\", \"--port\", \"8000\"]");
        image("c", "CMD [\"python\", \"main.py\"]");
        services(
                "a: {build: agents/a, ports: ['8000:8000']}",
                "b: {build: agents/b, ports: ['8001:8000']}",
                "c: {build: agents/c, ports: ['8002:8000']}",
                "host: {build: agents/a, network_mode: host}",
                "inner: {build: agents/a}");
        assertThat(tree.verdicts(new LoopbackBehindPublishCheck()))
                .containsExactly("fail compose.yaml#a [compose.yaml#a, a]", "pass compose.yaml#b");
    }

    @Test
    void whatIsCopiedMustBeInTheContext() throws InterruptedException {
        image("a", "COPY requirements.txt .", "COPY gone.conf /etc/");
        tree.file("agents/a/requirements.txt", "x");
        image("b", "COPY requirements.txt .");
        tree.file("agents/b/requirements.txt", "x");
        image("c", "COPY secret.env made/ ./");
        tree.file("agents/c/.gitignore", "secret.env", "made");
        image("d", "COPY nowhere.txt /");
        tree.file("compose.yaml", "services: {a: {build: agents/a}, b: {build: agents/b}, c: {build: agents/c}}");
        assertThat(tree.verdicts(new CopyMissingSourceCheck()))
                .containsExactly(
                        "fail agents/a/Dockerfile [a, agents/a/Dockerfile]",
                        "pass agents/b/Dockerfile",
                        "pass agents/c/Dockerfile",
                        "unknown agents/d/Dockerfile: Whether all that it copies is there is not known: no compose"
                                + " file says what the image is built from, and nowhere.txt is not in the folders that it"
                                + " may be built from");
    }

    @Test
    void whatDockerignoreKeepsOutIsNotThere() throws InterruptedException {
        image("a", "COPY main.py /srv/", "CMD [\"python\", \"main.py\"]");
        tree.file("agents/a/.dockerignore", "*", "!requirements.txt");
        image("b", "CMD [\"python\", \"main.py\"]");
        tree.file("agents/b/.dockerignore", "*", "!main.py");
        tree.file("compose.yaml", "services: {a: {build: agents/a}, b: {build: agents/b}}");
        assertThat(tree.verdicts(new CopyMissingSourceCheck()))
                .containsExactly("fail agents/a/Dockerfile [a, agents/a/Dockerfile]");
        assertThat(tree.verdicts(new DockerfileMissingModuleCheck()))
                .containsExactly("fail agents/a/Dockerfile [a, agents/a/Dockerfile]", "pass agents/b/Dockerfile");
    }

    @Test
    void theHealthCheckOfAnImageAsksAPortOfTheContainer() throws InterruptedException {
        String asks = "HEALTHCHECK --interval=5s CMD wget -q http://localhost:8080/health || exit 1";
        String starts = "CMD [\"sh\", \"-c\", \"exec uvicorn main:app --host 0.0.0.0 --port ${PORT:-8080}\"]";
        image("a", asks, starts);
        image("b", asks, starts);
        image("c", asks, "CMD [\"python\", \"main.py\"]");
        image("alone", asks, starts);
        services(
                "a: {build: agents/a, environment: {PORT: 8081}}",
                "b: {build: agents/b}",
                "c: {build: agents/c}",
                "own: {build: agents/a, environment: {PORT: 8081}, healthcheck: {test: [CMD, 'true']}}");
        assertThat(tree.verdicts(new HealthcheckPortCheck()))
                .anyMatch(line -> line.startsWith("fail compose.yaml#a "))
                .contains("pass compose.yaml#b", "pass agents/alone/Dockerfile")
                .anyMatch(line -> line.startsWith("unknown compose.yaml#c: "))
                .hasSize(4);
    }

    @Test
    void aHealthCheckRunsWhatTheImageHolds() throws InterruptedException {
        image("a", "HEALTHCHECK CMD curl -f http://localhost:8000/ || exit 1");
        image("b", "RUN apt-get update && apt-get install -y curl", "HEALTHCHECK CMD curl -f http://localhost:8000/");
        services(
                "pg: {image: 'postgres:16', healthcheck: {test: [CMD-SHELL, pg_isready -U x]}}",
                "q: {image: 'qdrant/qdrant:v1.9', healthcheck: {test: [CMD, curl, -f, 'http://localhost:6333']}}",
                "other: {image: 'example/own', healthcheck: {test: [CMD, curl, 'http://localhost']}}",
                "both: {image: 'alpine:3', healthcheck: {test: 'curl localhost || wget -q localhost'}}",
                "none: {image: 'gcr.io/distroless/static', healthcheck: {test: 'probe -x'}}");
        assertThat(tree.verdicts(new HealthcheckToolCheck()))
                .containsExactly(
                        "fail agents/a/Dockerfile [a, agents/a/Dockerfile]",
                        "fail compose.yaml#none [compose.yaml#none]",
                        "fail compose.yaml#q [compose.yaml#q]",
                        "pass agents/b/Dockerfile",
                        "pass compose.yaml#both",
                        "pass compose.yaml#pg");
    }

    @Test
    void aMountedFileMustBeThere() throws InterruptedException {
        tree.file("conf/there.yml", "x").file(".gitignore", "conf/made.yml");
        services(
                "a: {image: x, volumes: ['./conf/there.yml:/etc/a.yml']}",
                "b: {image: x, volumes: ['./conf/gone.yml:/etc/b.yml:ro']}",
                "c: {image: x, volumes: ['./conf/made.yml:/etc/c.yml']}",
                "d: {image: x, volumes: ['./data:/var/lib/d', 'named:/x',"
                        + " '/var/run/docker.sock:/var/run/docker.sock']}");
        assertThat(tree.verdicts(new ComposeMissingMountCheck()))
                .containsExactly(
                        "fail compose.yaml#b [compose.yaml#b]",
                        "pass compose.yaml#a",
                        "unknown compose.yaml#c: Whether ./conf/made.yml is there is not known: the path conf/made.yml"
                                + " is excluded by .gitignore, so it is made or placed by hand where it is deployed");
    }

    @Test
    void aLaunchThatPublishesAPortServes() throws InterruptedException {
        image("a", "CMD [\"python\", \"job.py\"]");
        tree.file("agents/a/job.py", "import time", "print('done')", "time.sleep(1)");
        image("b", "CMD [\"python\", \"serve.py\"]");
        tree.file(
                "agents/b/serve.py",
                "from http.server import HTTPServer, BaseHTTPRequestHandler",
                "HTTPServer(('', 8000), BaseHTTPRequestHandler).serve_forever()");
        image("c", "CMD [\"python\", \"lib.py\"]");
        tree.file("agents/c/lib.py", "import ourlib", "ourlib.go()");
        services(
                "a: {build: agents/a, ports: ['8000:8000']}",
                "b: {build: agents/b, ports: ['8001:8000']}",
                "c: {build: agents/c, ports: ['8002:8000']}",
                "job: {build: agents/a}");
        assertThat(tree.verdicts(new LaunchServesNothingCheck()))
                .containsExactly(
                        "fail compose.yaml#a [compose.yaml#a, agents/a/job.py]",
                        "unknown compose.yaml#c: Whether agents/c/lib.py serves is not known: what it imports may");
    }
}
