package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
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
    void whatEvaluatesItsArgumentsIsNotAccused() throws InterruptedException {
        image("a", "ENTRYPOINT [\"./e.sh\"]", "CMD [\"uvicorn\", \"main:app\", \"--port\", \"$PORT\"]")
                .file("agents/a/e.sh", "#!/bin/sh", "eval exec \"$@\"");
        image("b", "ENTRYPOINT [\"./e.sh\"]", "CMD [\"uvicorn\", \"main:app\", \"--port\", \"$PORT\"]")
                .file("agents/b/e.sh", "#!/bin/sh", "exec \"$@\"");
        image("c", "CMD [\"powershell\", \"-Command\", \"./run.ps1 -Port $env:PORT\"]");
        assertThat(tree.verdicts(new ExecFormVariableCheck()))
                .filteredOn(line -> line.startsWith("fail"))
                .containsExactly("fail agents/b/Dockerfile [b, agents/b/Dockerfile]");
    }

    @Test
    void aFileThatIsKeptOutAfterItWasTakenBackIsNotThere() throws InterruptedException {
        image("a", "CMD [\"python\", \"main.py\"]").file("agents/a/.dockerignore", "!main.py", "*.py");
        image("b", "CMD [\"python\", \"main.py\"]").file("agents/b/.dockerignore", "*.py", "!main.py");
        assertThat(tree.verdicts(new DockerfileMissingModuleCheck()))
                .containsExactly("fail agents/a/Dockerfile [a, agents/a/Dockerfile]", "pass agents/b/Dockerfile");
    }

    @Test
    void aScriptThatNoLineCopiesIsNotThere() throws InterruptedException {
        tree.file(
                        "a/Dockerfile",
                        "FROM python:3.12-slim",
                        "WORKDIR /app",
                        "COPY src ./src",
                        "ENTRYPOINT [\"./start.sh\"]")
                .file("a/src/x.py", "x")
                .file("a/start.sh", "#!/bin/sh");
        tree.file(
                        "b/Dockerfile",
                        "FROM python:3.12-slim",
                        "WORKDIR /app",
                        "COPY req.txt .",
                        "CMD [\"python\", \"m.py\"]")
                .file("b/req.txt", "x")
                .file("b/m.py", "x");
        assertThat(tree.verdicts(new DockerfileMissingModuleCheck()))
                .extracting(line -> line.replaceAll(" \\[.*", ""))
                .containsExactly("fail a/Dockerfile", "pass b/Dockerfile");
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
    void aHealthCheckThatRunsAScriptAsksWhatTheScriptAsks() throws InterruptedException {
        String starts = "CMD [\"uvicorn\", \"main:app\", \"--host\", \"0.0.0.0\", \"--port\", \"8080\"]";
        String runs = "HEALTHCHECK CMD [\"/usr/local/bin/health.sh\"]";
        for (String name : List.of("right", "wrong", "silent", "several")) {
            image(name, "COPY health.sh /usr/local/bin/health.sh", runs, starts);
        }
        image("gone", runs, starts);
        image("node", "HEALTHCHECK CMD node check.js", starts);
        image("exec", "HEALTHCHECK CMD [\"curl\", \"http://localhost:$PORT/\"]", starts);
        image("none", "HEALTHCHECK CMD pg_isready", starts);
        tree.file(
                        "agents/right/health.sh",
                        "#!/bin/sh",
                        "# not 127.0.0.1:1",
                        "wget -q http://127.0.0.1:${PORT:-8080}/health")
                .file("agents/wrong/health.sh", "#!/bin/sh", "wget -q http://127.0.0.1:9091/health || exit 1")
                .file("agents/silent/health.sh", "#!/bin/sh", "pgrep uvicorn")
                .file("agents/several/health.sh", "curl http://localhost:8080/", "curl http://localhost:1/")
                .file("agents/node/check.js", "require('http').get({host: 'localhost', port: 8080})");
        assertThat(tree.verdicts(new HealthcheckPortCheck()))
                .extracting(line -> line.replaceAll("(Dockerfile) \\[.*", "$1"))
                .containsExactlyInAnyOrder(
                        "pass agents/right/Dockerfile",
                        "fail agents/wrong/Dockerfile",
                        "unknown agents/silent/Dockerfile: Whether the image's health check asks the right port is not"
                                + " known: the script agents/silent/health.sh that it runs names no port that can be seen",
                        "unknown agents/several/Dockerfile: Whether the image's health check asks the right port is"
                                + " not known: it asks several ports",
                        "unknown agents/gone/Dockerfile: Whether the image's health check asks the right port is not"
                                + " known: the script /usr/local/bin/health.sh that it runs is not in the tree",
                        "pass agents/node/Dockerfile",
                        "unknown agents/exec/Dockerfile: Whether the image's health check asks the right port is not"
                                + " known: its variables are not replaced, for no shell runs it");
    }

    @Test
    void aComposeHealthCheckThatRunsAScriptAsksWhatTheScriptAsks() throws InterruptedException {
        String starts = "CMD [\"uvicorn\", \"main:app\", \"--host\", \"0.0.0.0\", \"--port\", \"8080\"]";
        image("a", "COPY . /", starts);
        tree.file("agents/a/right.sh", "wget -q http://127.0.0.1:8080/")
                .file("agents/a/wrong.py", "urlopen('http://localhost:9091/')")
                .file("agents/a/two.sh", "nc -z localhost 8080; nc -z localhost 81");
        services(
                "right: {build: agents/a, healthcheck: {test: [CMD, sh, /right.sh]}}",
                "wrong: {build: agents/a, healthcheck: {test: python /wrong.py}}",
                "two: {build: agents/a, healthcheck: {test: /two.sh}}",
                "gone: {build: agents/a, healthcheck: {test: /gone.sh}}",
                "off: {build: agents/a, healthcheck: {test: /wrong.py, disable: true}}",
                "own: {image: 'mariadb:11', healthcheck: {test: [CMD, healthcheck.sh, --connect]}}",
                "redis: {image: 'redis:7', healthcheck: {test: redis-cli -p 6380 ping}}",
                "pg: {image: 'postgres:16', healthcheck: {test: 'pg_isready -U x -p 5432'}}",
                "mysql: {image: 'mysql:8', healthcheck: {test: [CMD, mysqladmin, ping, -h, 127.0.0.1, -P, '3307',"
                        + " -psecret]}}",
                "socket: {image: 'mysql:8', healthcheck: {test: mysqladmin ping -h localhost -P 3307}}",
                "other: {image: 'redis:7', healthcheck: {test: redis-cli -h sentinel -p 26379 ping}}",
                "tool: {build: agents/a, healthcheck: {test: pg_isready}}");
        assertThat(tree.verdicts(new PortMismatchComposeHealthcheckCheck()))
                .extracting(line -> line.replaceAll("(#\\w+) \\[.*", "$1").replaceAll(": .* is not known", ""))
                .containsExactlyInAnyOrder(
                        "pass compose.yaml#right",
                        "fail compose.yaml#wrong",
                        "fail compose.yaml#redis",
                        "pass compose.yaml#pg",
                        "fail compose.yaml#mysql",
                        "unknown compose.yaml#two: it asks several ports",
                        "unknown compose.yaml#gone: the script /gone.sh that it runs is not in the tree");
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

    @Test
    void theVirtualMachineReplacesNoVariableAmongItsOwnOptions() throws InterruptedException {
        String base = "FROM eclipse-temurin:21-jre\nCOPY app.jar /app.jar\n";
        tree.file("app.jar", "PK");
        tree.file("a/Dockerfile", base + "CMD [\"java\", \"-jar\", \"$JAR\"]");
        tree.file("b/Dockerfile", base + "CMD [\"java\", \"$JAVA_OPTS\", \"-jar\", \"/app.jar\"]");
        tree.file("c/Dockerfile", base + "CMD [\"tini\", \"--\", \"java\", \"-Xmx${HEAP}\", \"-jar\", \"/app.jar\"]");
        tree.file(
                "d/Dockerfile",
                base + "CMD [\"java\", \"-Dserver.port=${PORT}\", \"-jar\", \"/app.jar\", \"--name=${NAME}\"]");
        tree.file("e/Dockerfile", base + "CMD java $JAVA_OPTS -jar /app.jar");
        tree.file("f/Dockerfile", base + "ENTRYPOINT [\"/entry.sh\"]\nCMD [\"java\", \"-jar\", \"$JAR\"]");
        assertThat(tree.verdicts(new ExecFormVariableCheck()))
                .containsExactly(
                        "fail a/Dockerfile [a, a/Dockerfile]",
                        "fail b/Dockerfile [b, b/Dockerfile]",
                        "fail c/Dockerfile [c, c/Dockerfile]",
                        "pass d/Dockerfile",
                        "pass f/Dockerfile");
    }

    private FleetTree spa(String name, String script, String configuration, String compose) {
        tree.file(
                name + "/package.json",
                "{\"scripts\": {\"dev\": \"" + script + "\"}, \"devDependencies\": {\"vite\": \"^5.1.0\"}}");
        if (!configuration.isEmpty()) {
            tree.file(name + "/vite.config.ts", configuration);
        }
        return tree.file(name + "/compose.yaml", "services:", "  web:", compose);
    }

    @Test
    void vitesServerListensOnLocalhostUnlessItIsTold() throws InterruptedException {
        String mounted =
                "    {image: 'node:20', working_dir: /app, volumes: ['.:/app'], command: %s, ports: ['5173:5173']}";
        spa("a", "vite", "", mounted.formatted("npm run dev"));
        spa("b", "vite --host", "", mounted.formatted("npm run dev"));
        spa("c", "vite --host 0.0.0.0 --port 5173", "", mounted.formatted("npm run dev"));
        spa("d", "vite", "export default { server: { host: true } }", mounted.formatted("npm run dev"));
        spa("e", "vite", "export default { server: { strictPort: true } }", mounted.formatted("yarn dev"));
        spa("f", "vite", "", mounted.formatted("npm run dev -- --host"));
        spa("g", "vite preview", "", mounted.formatted("npm run dev"));
        spa("h", "vite", "", "    {image: 'node:20', working_dir: /app, command: npm run dev, ports: ['5173:5173']}");
        spa("i", "vite", "", "    {build: ., ports: ['5173:5173']}");
        tree.file("i/Dockerfile", "FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD [\"npm\", \"run\", \"dev\"]");
        assertThat(tree.verdicts(new LoopbackBehindPublishCheck()))
                .containsExactly(
                        "fail a/compose.yaml#web [a/compose.yaml#web]",
                        "fail e/compose.yaml#web [e/compose.yaml#web]",
                        "fail i/compose.yaml#web [i/compose.yaml#web, i]",
                        "pass b/compose.yaml#web",
                        "pass c/compose.yaml#web",
                        "pass f/compose.yaml#web",
                        // It listens on another port, which is told elsewhere.
                        "pass g/compose.yaml#web");
    }

    @Test
    void aScriptThatIsCopiedBesideTheWorkingDirectoryIsNotThere() throws InterruptedException {
        for (String name : java.util.List.of("a", "b", "c", "d")) {
            tree.file(name + "/load.py", "print(1)");
        }
        String base = "FROM python:3.12-slim\nWORKDIR /data\n";
        tree.file("a/Dockerfile", base + "COPY load.py /opt/load.py\nCMD [\"python\", \"load.py\"]");
        tree.file("b/Dockerfile", base + "COPY load.py /opt/load.py\nCMD [\"python\", \"/opt/load.py\"]");
        tree.file(
                "c/Dockerfile",
                base + "COPY load.py /opt/load.py\nRUN mv /opt/load.py /data/\nCMD [\"python\", \"load.py\"]");
        tree.file(
                "d/Dockerfile",
                base + "COPY --from=other /x /data\nCOPY load.py /opt/load.py\nCMD [\"python\", \"load.py\"]");
        assertThat(tree.verdicts(new DockerfileMissingModuleCheck()))
                .contains("fail a/Dockerfile [a, a/Dockerfile]", "pass b/Dockerfile")
                .noneMatch(line -> line.matches("fail [bcd]/.*"));
    }

    @Test
    void aMissingStageHidesNoMissingSource() throws InterruptedException {
        tree.file(
                "a/Dockerfile",
                "FROM golang:1.22 AS build\nCOPY cmd/worker ./cmd/worker\nRUN go build -o /w ./cmd/worker",
                "FROM alpine:3.19\nCOPY --from=builder /w /w\nCMD [\"/w\"]");
        tree.file("a/cmd/work/main.go", "package main\nfunc main() {}");
        tree.file("compose.yaml", "services:\n  a: {build: a}");
        assertThat(tree.verdicts(new CopyMissingSourceCheck()))
                .containsExactly(
                        "fail a/Dockerfile [a, a/Dockerfile]", "fail a/Dockerfile-from-builder [a, a/Dockerfile]");
    }

    @Test
    void theApplicationOfCeleryIsAModule() throws InterruptedException {
        tree.file("app/tasks.py", "from celery import Celery\napp = Celery('x')")
                .file("app/proj/__init__.py", "");
        tree.file(
                "app/Dockerfile",
                "FROM python:3.12-slim\n"
                        + "WORKDIR /app\n"
                        + "RUN pip install celery\n"
                        + "COPY . .\n"
                        + "CMD [\"celery\", \"-A\", \"tasks\", \"worker\"]");
        services(
                "gone: {build: app, command: celery -A task worker -l info}",
                "attribute: {build: app, command: 'celery --app=tasks.app beat'}",
                "package: {build: app, command: [celery, -A, 'proj:app', worker]}",
                "none: {build: app, command: celery inspect ping}");
        assertThat(tree.verdicts(new ComposeMissingModuleCheck()))
                .containsExactly("fail compose.yaml#gone [compose.yaml#gone, app]");
    }

    @Test
    void containersOfOneNetworkShareItsPorts() throws InterruptedException {
        image("a", "CMD [\"uvicorn\", \"main:app\", \"--host\", \"0.0.0.0\", \"--port\", \"8080\"]");
        image("b", "CMD [\"uvicorn\", \"main:app\", \"--host\", \"0.0.0.0\", \"--port\", \"8081\"]");
        image("c", "CMD [\"./start\"]");
        services(
                "vpn: {image: qmcgaw/gluetun}",
                "one: {build: agents/a, network_mode: 'service:vpn'}",
                "two: {build: agents/a, network_mode: 'service:vpn'}",
                "three: {build: agents/b, network_mode: 'service:vpn'}",
                "four: {build: agents/c, network_mode: 'service:vpn'}",
                "apart: {build: agents/a}",
                "owner: {build: agents/b}",
                "guest: {build: agents/b, network_mode: 'service:owner', profiles: [x]}",
                "third: {build: agents/b, network_mode: 'service:third'}");
        assertThat(tree.verdicts(new ContainerPortConflictCheck()))
                .contains(
                        "fail compose.yaml#vpn:8080 [compose.yaml#one, a, compose.yaml#two]",
                        "fail compose.yaml#owner:8081 [compose.yaml#owner, b, compose.yaml#guest]",
                        "pass compose.yaml#vpn:8081")
                .anyMatch(line -> line.startsWith("unknown compose.yaml#four: What"))
                .hasSize(4);
    }

    private FleetTree go(String name, String dockerfile, String address) {
        tree.file(name + "/go.mod", "module x", "go 1.22");
        tree.file(
                name + "/main.go",
                "package main",
                "import \"net/http\"",
                "func main() { http.ListenAndServe(\"" + address + "\", nil) }");
        return tree.file(name + "/Dockerfile", dockerfile);
    }

    @Test
    void aCompiledGoProgramIsFollowedToTheSourceThatTheImageBuilds() throws InterruptedException {
        String build = "FROM golang:1.22 AS build\nWORKDIR /s\nCOPY . .\n";
        go(
                "a",
                build
                        + "RUN CGO_ENABLED=0 go build -ldflags '-s -w' -o /out/a .\n"
                        + "FROM scratch\n"
                        + "COPY --from=build /out/a /a\n"
                        + "ENTRYPOINT [\"/a\"]",
                ":9000");
        go("b", build + "RUN go build -o /usr/local/bin/b\nCMD [\"b\"]", "127.0.0.1:8080");
        go("c", build + "RUN go build -o /c ./cmd/c\nCMD [\"/c\"]", ":9000");
        go("d", build + "RUN cd x && go build -o /d .\nCMD [\"/d\"]", ":9000");
        go("e", build + "RUN go build -o /one . && go build -o /two ./two\nCMD [\"/one\"]", ":9000");
        services(
                "a: {build: ./a, ports: ['8080:8080']}",
                "b: {build: ./b, ports: ['8080:8080']}",
                "c: {build: ./c, ports: ['8080:8080']}",
                "d: {build: ./d, ports: ['8080:8080']}",
                "e: {build: ./e, ports: ['8080:8080']}");
        assertThat(tree.verdicts(new PortMismatchComposeContainerCheck()))
                .contains("fail compose.yaml#a [compose.yaml#a, a]", "pass compose.yaml#b")
                .anyMatch(line -> line.startsWith("unknown compose.yaml#c"))
                .anyMatch(line -> line.startsWith("unknown compose.yaml#d"))
                .anyMatch(line -> line.startsWith("unknown compose.yaml#e"));
        assertThat(tree.verdicts(new LoopbackBehindPublishCheck()))
                .containsExactly("fail compose.yaml#b [compose.yaml#b, b]");
    }

    @Test
    void anImageWithoutAShellRunsNoHealthCheckInShellForm() throws InterruptedException {
        HealthcheckToolCheck check = new HealthcheckToolCheck();
        String[] lines = {
            "FROM golang:1.23 AS build",
            "FROM gcr.io/distroless/static-debian12:nonroot",
            "COPY --from=build /out/shortener /shortener",
            "HEALTHCHECK CMD wget -qO- http://localhost:8080/ || exit 1"
        };
        tree.file("Dockerfile", lines);
        assertThat(tree.verdicts(check)).containsExactly("fail Dockerfile [Dockerfile]");
        lines[1] = "FROM gcr.io/distroless/static-debian12:debug";
        tree.file("Dockerfile", lines);
        assertThat(tree.verdicts(check)).isEmpty();
        lines[1] = "FROM gcr.io/distroless/static-debian12:nonroot";
        lines[2] = "COPY --from=busybox:1.36-uclibc /bin/sh /bin/sh";
        tree.file("Dockerfile", lines);
        assertThat(tree.verdicts(check)).containsExactly("pass Dockerfile");
        lines[1] = "FROM eclipse-temurin:21-jre-alpine";
        lines[2] = "RUN adduser -S app";
        tree.file("Dockerfile", lines);
        assertThat(tree.verdicts(check)).containsExactly("pass Dockerfile");
        lines[3] = "HEALTHCHECK CMD curl -f http://localhost:8080/";
        tree.file("Dockerfile", lines);
        assertThat(tree.verdicts(check)).containsExactly("fail Dockerfile [Dockerfile]");
        lines[2] = "RUN apk add --no-cache curl";
        tree.file("Dockerfile", lines);
        assertThat(tree.verdicts(check)).containsExactly("pass Dockerfile");
    }

    @Test
    void aFolderThatIsOnlyReadMustBeThere() throws InterruptedException {
        ComposeMissingMountCheck check = new ComposeMissingMountCheck();
        tree.file("haproxy/haproxy.cfg", "x").file("there/a.json", "{}");
        services(
                "a: {image: x, volumes: ['./grafana/provisioning:/etc/grafana/provisioning:ro']}",
                "b: {image: x, volumes: ['./errors.http:/usr/local/etc/haproxy/errors/503.http']}",
                "c: {image: x, volumes: ['./init:/docker-entrypoint-initdb.d']}",
                "d: {image: x, volumes: ['./there:/etc/grafana/dashboards:ro']}");
        assertThat(tree.verdicts(check))
                .containsExactly(
                        "fail compose.yaml#a [compose.yaml#a]",
                        "fail compose.yaml#b [compose.yaml#b]",
                        "fail compose.yaml#c [compose.yaml#c]",
                        "pass compose.yaml#d");
        // What the container or another fills, what people place there, and what Docker makes on purpose.
        services(
                "a: {image: x, volumes: ['./pihole:/etc/pihole']}",
                "b: {image: x, volumes: ['./certs:/etc/nginx/certs:ro', './data:/srv:ro']}",
                "c: {image: x, volumes: ['./shared:/in:ro']}",
                "d: {image: x, volumes: ['./shared:/out']}");
        assertThat(tree.verdicts(check)).isEmpty();
    }

    @Test
    void aScriptThatThePackageFileDoesNotHaveIsTold() throws InterruptedException {
        ProcessMissingNpmScriptCheck check = new ProcessMissingNpmScriptCheck();
        tree.file("package.json", "{\"scripts\": {\"build:css\": \"x\"}}")
                .file(
                        "Procfile.dev",
                        "css: npm run watch:css",
                        "other: npm run build:css",
                        "opt: npm run gone --if-present")
                .file("server/package.json", "{\"scripts\": {\"dev\": \"tsx watch src/index.ts\"}}")
                .file(
                        "server/Dockerfile",
                        "FROM node:22-alpine",
                        "WORKDIR /app",
                        "COPY package.json ./",
                        "RUN npm install",
                        "CMD [\"npm\", \"run\", \"serve\"]");
        assertThat(tree.verdicts(check))
                .containsExactly(
                        "fail Procfile.dev#css [Procfile.dev#css]",
                        "fail server/Dockerfile [server/Dockerfile]",
                        "pass Procfile.dev#opt",
                        "pass Procfile.dev#other");
        tree.file("server/package.json", "{\"scripts\": {\"serve\": \"node .\"}}")
                .file("Procfile.dev", "css: npm start");
        assertThat(tree.verdicts(check)).containsExactly("pass server/Dockerfile");
        tree.file("server/package.json", "no JSON").file("package.json", "[]").file("Procfile.dev", "css: npm run x");
        assertThat(tree.verdicts(check)).noneMatch(line -> line.startsWith("fail"));
        tree.file("server/package.json", "{}")
                .file(
                        "server/Dockerfile",
                        "FROM node:22-alpine",
                        "WORKDIR /app",
                        "COPY package.json ./",
                        "RUN npm pkg set scripts.serve='node .'",
                        "CMD [\"npm\", \"run\", \"serve\"]");
        assertThat(tree.verdicts(check)).noneMatch(line -> line.contains("server"));
    }

    @Test
    void theClusterPortOfAlertmanagerIsNotItsApi() throws InterruptedException {
        ComposeNeighbourCheck check = new ComposeNeighbourCheck();
        services(
                "am: {image: 'prom/alertmanager:v0.27.0'}",
                "prom: {image: 'prom/prometheus', volumes: ['./prometheus.yml:/etc/prometheus/prometheus.yml']}");
        tree.file("prometheus.yml", "alerting:", "  alertmanagers:", "    - static_configs: [{targets: ['am:9094']}]");
        assertThat(tree.verdicts(check)).anyMatch(line -> line.startsWith("fail compose.yaml#prom-am-9094"));
        tree.file("prometheus.yml", "alerting:", "  alertmanagers:", "    - static_configs: [{targets: ['am:9093']}]");
        assertThat(tree.verdicts(check)).noneMatch(line -> line.startsWith("fail"));
    }
}
