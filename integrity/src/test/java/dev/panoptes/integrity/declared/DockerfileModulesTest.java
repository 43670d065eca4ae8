package dev.panoptes.integrity.declared;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.integrity.declared.DockerfileModules.Module;
import dev.panoptes.integrity.world.WorldBuilder;
import dev.panoptes.integrity.world.Worlds;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DockerfileModulesTest {
    private static final String DIRECTORY = "agents/hermes";

    /** The verdict on a Dockerfile of agents/hermes, where these files are. */
    private static Module find(List<String> files, String... lines) {
        WorldBuilder world = new WorldBuilder();
        files.forEach(file -> world.exists(DIRECTORY + "/" + file, false));
        return find(world, Texts.dockerfile(DIRECTORY + "/Dockerfile", lines));
    }

    private static Module find(WorldBuilder world, Dockerfile dockerfile) {
        Declarations declarations = world.build().declarations();
        return new Images(declarations).modules().find(dockerfile);
    }

    private static void exists(Module module, String rootPath) {
        assertThat(module).isEqualTo(new Module.Exists(rootPath));
    }

    private static void missing(Module module, String lookedFor) {
        assertThat(module).isInstanceOf(Module.Missing.class);
        assertThat(((Module.Missing) module).lookedFor()).isEqualTo(lookedFor);
    }

    private static void unclear(Module module, String reason) {
        assertThat(module).isInstanceOf(Module.Unclear.class);
        assertThat(((Module.Unclear) module).reason()).contains(reason);
    }

    @Test
    void aModuleThatIsCopiedWithItsFolder() {
        String[] lines = {"FROM python:3.12-slim", "WORKDIR /app", "COPY . .", "CMD uvicorn hermes:app --port 8014"};
        exists(find(List.of("hermes.py"), lines), "agents/hermes/hermes.py");
        exists(find(List.of("hermes/__init__.py"), lines), "agents/hermes/hermes/__init__.py");
        missing(find(List.of("hermes_agent.py"), lines), "agents/hermes/hermes.py");
    }

    @Test
    void everyWayToNameAModule() {
        String[] head = {"FROM python:3.12-slim", "WORKDIR /app", "COPY . /app/"};
        List<String> files =
                List.of("main.py", "pkg/api.py", "start.sh", "server.js", "lib/index.js", "run/__main__.py");
        for (String command : List.of(
                "python main.py",
                "python -u /app/main.py",
                "python -m main",
                "python -m pkg.api",
                "python -m run",
                "uvicorn pkg.api:app --port 1",
                "uvicorn --app-dir pkg api:app",
                "gunicorn -w 2 -b :80 main:app",
                "cd pkg && python api.py",
                "sh start.sh",
                "./start.sh",
                "node server.js",
                "node server",
                "node lib",
                "exec python main.py")) {
            assertThat(find(files, head[0], head[1], head[2], "CMD " + command))
                    .as(command)
                    .isInstanceOf(Module.Exists.class);
        }
        for (String command : List.of(
                "python mian.py",
                "python -m pkg.apis",
                "uvicorn pkg.apis:app --port 1",
                "uvicorn api:app",
                "gunicorn -w 2 -b :80 mian:app",
                "sh stop.sh",
                "node serve.js",
                "cd pkg && python main.py")) {
            assertThat(find(files, head[0], head[1], head[2], "CMD " + command))
                    .as(command)
                    .isNotInstanceOfAny(Module.Exists.class, Module.None.class);
        }
        missing(find(files, head[0], head[1], head[2], "CMD python mian.py"), "agents/hermes/mian.py");
        missing(find(files, head[0], head[1], head[2], "CMD node serve.js"), "agents/hermes/serve.js");
        missing(find(files, head[0], head[1], head[2], "CMD python -m pkg.apis"), "agents/hermes/pkg/apis.py");
    }

    @Test
    void aDockerfileThatStartsNoModule() {
        assertThat(find(List.of(), "FROM python:3", "COPY . .")).isEqualTo(new Module.None());
        assertThat(find(List.of(), "FROM node:22", "COPY . .", "CMD [\"npm\", \"start\"]"))
                .isEqualTo(new Module.None());
        assertThat(find(List.of(), "FROM golang:1", "COPY . .", "CMD [\"/server\"]"))
                .isEqualTo(new Module.None());
    }

    @Test
    void filesCopiedOneByOne() {
        String[] lines = {
            "FROM python:3.12-slim",
            "WORKDIR /app",
            "COPY requirements.txt .",
            "RUN pip install --no-cache-dir -r requirements.txt && apt-get update && apt-get install -y curl",
            "COPY hermes.py *.json ./",
            "CMD [\"python\", \"hermes.py\"]"
        };
        exists(find(List.of("hermes.py", "requirements.txt"), lines), "agents/hermes/hermes.py");
        missing(find(List.of("main.py", "requirements.txt"), lines), "agents/hermes/hermes.py");
        lines[5] = "CMD [\"python\", \"other.py\"]";
        missing(find(List.of("hermes.py"), lines), "agents/hermes/other.py");
        // Not copied, yet there: a mount may bring it.
        exists(find(List.of("hermes.py", "other.py"), lines), "agents/hermes/other.py");
    }

    @Test
    void copiesThatRenameOrMove() {
        exists(
                find(
                        List.of("agent.py"),
                        "FROM python:3",
                        "WORKDIR /srv",
                        "COPY agent.py main.py",
                        "CMD python main.py"),
                "agents/hermes/agent.py");
        exists(
                find(
                        List.of("src/main.py"),
                        "FROM python:3",
                        "COPY src/ /code/app",
                        "WORKDIR /code",
                        "CMD python app/main.py"),
                "agents/hermes/src/main.py");
        exists(
                find(List.of("src/a.py"), "FROM python:3", "WORKDIR /x", "COPY src/*.py ./", "CMD python a.py"),
                "agents/hermes/src/a.py");
        exists(
                find(
                        List.of("lib/m.py"),
                        "FROM python:3",
                        "WORKDIR /x",
                        "COPY lib /y/lib",
                        "ENV PYTHONPATH=/z:/y/lib",
                        "CMD python -m m"),
                "agents/hermes/lib/m.py");
        missing(
                find(
                        List.of("src/main.py"),
                        "FROM python:3",
                        "WORKDIR /app",
                        "COPY src/ /app/",
                        "CMD python src/main.py"),
                "/app/src/main.py");
    }

    @Test
    void whatIsCopiedLastCounts() {
        exists(
                find(
                        List.of("main.py", "prod.py"),
                        "FROM python:3",
                        "WORKDIR /app",
                        "COPY main.py .",
                        "COPY prod.py main.py",
                        "CMD python main.py"),
                "agents/hermes/prod.py");
    }

    @Test
    void aFileMayBeCalledLikeAFolder() {
        unclear(
                find(List.of("main.py"), "FROM python:3", "COPY main.py /app", "CMD python /app/main.py"),
                "which is then the file");
        for (String line : List.of("WORKDIR /app", "RUN mkdir /app")) {
            exists(
                    find(List.of("main.py"), "FROM python:3", line, "COPY main.py /app", "CMD python /app/main.py"),
                    "agents/hermes/main.py");
        }
        exists(
                find(List.of("main.py"), "FROM python:3", "COPY main.py /app/", "CMD python /app/main.py"),
                "agents/hermes/main.py");
    }

    @Test
    void aScriptWithoutAFolderIsFoundWhereProgramsAre() {
        String copy = "COPY start.sh /usr/local/bin/";
        exists(
                find(List.of("start.sh"), "FROM python:3-slim", "WORKDIR /app", copy, "ENTRYPOINT [\"start.sh\"]"),
                "agents/hermes/start.sh");
    }

    @Test
    void gunicornsOwnConfigurationMaySayWhereItLooks() {
        String[] lines = {
            "FROM python:3", "ENV GUNICORN_CMD_ARGS='--chdir src'", "WORKDIR /app", "COPY . .", "CMD gunicorn wsgi:app"
        };
        unclear(find(List.of("src/wsgi.py"), lines), "gunicorn");
        lines[1] = "ENV OTHER=1";
        missing(find(List.of("src/wsgi.py"), lines), "agents/hermes/wsgi.py");
    }

    @Test
    void whateverMayHoldItMakesItUnclear() {
        String from = "FROM python:3.12";
        String work = "WORKDIR /app";
        String copy = "COPY . .";
        String run = "CMD uvicorn hermes:app";
        List<String> files = List.of("other.py");
        unclear(find(files, "FROM registry.example/agents/base:2", work, copy, run), "base image");
        unclear(find(files, "FROM $BASE", work, copy, run), "base image");
        unclear(find(files, from, work, "COPY --from=builder /app .", run), "copies it from builder");
        unclear(find(files, from, work, copy, "RUN git clone https://example.org/x .", run), "line 4 may make it");
        unclear(find(files, from, work, copy, "RUN mv other.py hermes.py", run), "may make it");
        unclear(find(files, from, work, copy, "RUN echo 'x' > hermes.py", run), "may make it");
        unclear(find(files, from, work, copy, "RUN cat <<E > hermes.py", "x", "E", run), "may make it");
        unclear(find(files, from, work, copy, "RUN pip install .", run), "installed package");
        unclear(find(files, from, work, copy, "RUN pip install hermes==1.2", run), "installed package");
        unclear(find(files, from, work, copy, "RUN poetry install", run), "installed package");
        unclear(find(files, from, work, "ADD app.tar.gz .", run), "line 3");
        unclear(find(files, from, work, run), "copies nothing");
        unclear(find(files, from, "WORKDIR $HOME_DIR", copy, run), "variable");
        unclear(find(files, "FROM golang:1", "COPY . /app", run), "WORKDIR");
        unclear(find(files, from, work, copy, "CMD python {MODULE}.py"), "computed");
        unclear(find(files, from, work, copy, "CMD node dist/index.js"), "dist");
        unclear(find(files, from, work, copy, "CMD java -jar app.jar"), "compiled");
        unclear(find(files, from, work, copy, "CMD python /opt/tool/run.py"), "no COPY");
        unclear(find(files, from, work, copy, "CMD python -m http.server"), "interpreter");
    }

    @Test
    void ordinaryPreparationsMakeNothing() {
        missing(
                find(
                        List.of("other.py"),
                        "FROM python:3.12-slim",
                        "RUN apt-get update && apt-get install -y --no-install-recommends curl git gcc && rm -rf /var/lib/apt/lists/*",
                        "WORKDIR /app",
                        "RUN pip install fastapi uvicorn[standard] httpx",
                        "RUN useradd -m agent && chown -R agent /app && mkdir -p /app/data",
                        "RUN curl -LsSf https://example.org/uv/install.sh | sh && mv /root/.local/bin/uv /usr/local/bin/uv",
                        "COPY . .",
                        "RUN cp .env.example .env && chmod +x hermes.py",
                        "CMD [\"python\", \"hermes.py\"]"),
                "agents/hermes/hermes.py");
    }

    @Test
    void aModuleThatAnEarlierStageCopied() {
        String[] lines = {
            "FROM python:3.12 AS builder",
            "WORKDIR /src",
            "COPY . .",
            "FROM python:3.12-slim",
            "WORKDIR /app",
            "COPY --from=builder /src /app",
            "CMD python main.py"
        };
        exists(find(List.of("main.py"), lines), "agents/hermes/main.py");
        missing(find(List.of("other.py"), lines), "agents/hermes/main.py");
        lines[1] = "WORKDIR /src\nRUN git clone https://example.org/x .";
        unclear(find(List.of("other.py"), lines), "copies it from builder");
        lines[1] = "WORKDIR /src";
        lines[0] = "FROM registry.example/tools AS builder";
        unclear(find(List.of("other.py"), lines), "copies it from builder");
    }

    @Test
    void theBuildContextOfAComposeFile() {
        Dockerfile dockerfile = Texts.dockerfile(
                "docker/hermes.Dockerfile",
                "FROM python:3",
                "WORKDIR /app",
                "COPY agents/hermes/ ./",
                "CMD python main.py");
        WorldBuilder world = new WorldBuilder()
                .exists("agents/hermes/main.py", false)
                .exists("docker/hermes.Dockerfile", false)
                .compose(Worlds.compose(
                        "deploy/compose.yml", Worlds.service("hermes").builds("..", "docker/hermes.Dockerfile")));
        exists(find(world, dockerfile), "agents/hermes/main.py");
        // Without a compose file the nearest folder that holds what is copied.
        exists(find(new WorldBuilder().exists("agents/hermes/main.py", false), dockerfile), "agents/hermes/main.py");
        missing(find(new WorldBuilder().exists("agents/hermes/x.py", false), dockerfile), "agents/hermes/main.py");
    }

    @Test
    void patternsOfCopy() {
        assertThat(ModuleSearch.matches("*.py", "a.py")).isTrue();
        assertThat(ModuleSearch.matches("a?[0-9]*.py", "ab7x.py")).isTrue();
        assertThat(ModuleSearch.matches("*.py", "a.pyc")).isFalse();
        assertThat(ModuleSearch.matches("*", "")).isTrue();
        assertThat(ModuleSearch.matches("a", "ab")).isFalse();
        assertThat(ModuleSearch.matches("[a", "[a")).isTrue();
    }

    @Test
    @Timeout(20)
    void aHostileDockerfileEndsInTime() {
        String[] lines = new String[9_000];
        lines[0] = "FROM python:3 AS a0";
        for (int i = 1; i < lines.length - 1; i++) {
            lines[i] =
                    i < 100 ? "FROM python:3 AS a" + i : "COPY --from=a" + i % 100 + " " + "*a".repeat(20) + " /app/";
        }
        lines[lines.length - 1] = "CMD python /app/" + "a".repeat(200) + ".py";
        unclear(find(List.of(), lines), "");
    }
}
