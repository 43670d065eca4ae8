package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.code.CodeReader;
import dev.panoptes.code.FactCache;
import dev.panoptes.core.registry.RegistryLoader;
import dev.panoptes.core.registry.RegistryResult;
import dev.panoptes.integrity.declared.DeclarationsReader;
import dev.panoptes.integrity.declared.Links;
import dev.panoptes.integrity.fleet.Profile;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.world.RegistryView;
import dev.panoptes.integrity.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small fleet with registry, code, Dockerfiles and compose files, all read by the product's own readers. */
class ComposeWithCodeTest {
    private static final List<Check> CHECKS = List.of(
            new ComposeHostPortConflictCheck(),
            new ComposeCrossFilePortConflictCheck(),
            new ComposeMissingContextCheck(),
            new ComposeMissingDockerfileCheck(),
            new PortMismatchRegistryComposeCheck(),
            new PortMismatchComposeContainerCheck(),
            new PortMismatchComposeHealthcheckCheck(),
            new DockerfileMissingModuleCheck());

    @TempDir
    private Path root;

    private void write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /** Three agents that start in three ways, each right. */
    @BeforeEach
    void writeFleet() throws IOException {
        write("agent-registry.yaml", """
            version: '1.0'
            agents:
              miller: {name: MILLER, connection: {url: 'http://miller:8301'}, actions: {a: {endpoint: /a}}}
              cooper: {name: COOPER, connection: {url: 'http://cooper:8302'}, actions: {a: {endpoint: /a}}}
              weaver: {name: WEAVER, connection: {url: 'http://weaver:8303'}, actions: {a: {endpoint: /a}}}
            """);
        write("agents/miller/miller.py", """
            import os
            import uvicorn
            from fastapi import FastAPI

            PORT = int(os.getenv("PORT", "8301"))
            app = FastAPI()

            @app.get("/health")
            def health():
                return {"agent": "MILLER"}

            if __name__ == "__main__":
                uvicorn.run(app, host="0.0.0.0", port=PORT)
            """);
        write("agents/miller/Dockerfile", """
            FROM python:3.12-slim
            WORKDIR /app
            COPY requirements.txt .
            RUN pip install --no-cache-dir -r requirements.txt
            COPY . .
            EXPOSE 9999
            CMD ["python", "miller.py"]
            """);
        write("agents/miller/requirements.txt", "fastapi\nuvicorn\n");
        write("agents/cooper/server.js", """
            const http = require("http");
            const port = process.env.COOPER_PORT || 8302;
            http.createServer((request, response) => response.end("{}")).listen(port);
            """);
        write("agents/cooper/Dockerfile", """
            FROM node:22-slim
            WORKDIR /srv
            COPY server.js ./
            CMD ["node", "server.js"]
            """);
        write("agents/weaver/weaver.py", "from fastapi import FastAPI\napp = FastAPI()\n");
        write("agents/weaver/Dockerfile", """
            FROM python:3.12-slim
            WORKDIR /app
            COPY agents/weaver/ ./
            CMD ["uvicorn", "weaver:app", "--host", "0.0.0.0", "--port", "8303"]
            """);
        write("docker-compose.yml", """
            x-check: &check {interval: 30s, timeout: 5s}
            services:
              miller:
                build: ./agents/miller
                ports: ["8301:8301"]
                healthcheck:
                  <<: *check
                  test: ["CMD", "curl", "-f", "http://localhost:8301/health"]
              cooper:
                build: agents/cooper
                environment: {COOPER_PORT: 3000}
                ports: ["${COOPER:-8302}:3000"]
                healthcheck: {test: "wget -qO- http://127.0.0.1:3000/ || exit 1"}
              weaver:
                build: {context: ., dockerfile: agents/weaver/Dockerfile}
                ports: ["127.0.0.1:8303:8303"]
            """);
        write("docker-compose.dev.yml", "services: {miller: {ports: ['5678:5678']}}\n");
    }

    private World world() throws InterruptedException {
        var loaded = (RegistryResult.Loaded) new RegistryLoader().load(root.resolve("agent-registry.yaml"));
        var read = (DeclarationsReader.Result.Read) new DeclarationsReader(new CodeReader(FactCache.none()))
                .read(new DeclarationsReader.Request(root, "agents", null, loaded.registry(), Duration.ofSeconds(30)));
        assertThat(read.declarations().problems()).isEmpty();
        return new World(
                new RegistryView(loaded.registry(), false, List.of()),
                read.declarations(),
                List.of(),
                Profile.NONE,
                new Links(loaded.registry(), read.declarations()),
                Duration.ofMinutes(3),
                null,
                Instant.parse("2026-03-01T12:00:00Z"));
    }

    /** {@code check subject} of all that did not pass. */
    private List<String> wrong() throws InterruptedException {
        World world = world();
        List<String> wrong = new ArrayList<>();
        for (Check check : CHECKS) {
            for (CheckResult result : check.run(world)) {
                switch (result) {
                    case CheckResult.Pass pass -> assertThat(pass.subject()).isNotBlank();
                    case CheckResult.Fail fail -> wrong.add(check.info().id() + " " + fail.subject());
                    case CheckResult.Unknown unknown -> wrong.add("unknown: " + unknown.reason());
                }
            }
        }
        return wrong;
    }

    private void replace(String path, String from, String to) throws IOException {
        Path file = root.resolve(path);
        String text = Files.readString(file);
        assertThat(text).contains(from);
        Files.writeString(file, text.replace(from, to));
    }

    @Test
    void aFleetThatIsRightAccusesNobodyAndKnowsEverything() throws InterruptedException {
        assertThat(wrong()).isEmpty();
    }

    @Test
    void codeThatMovesToAnotherPort() throws IOException, InterruptedException {
        replace("agents/miller/miller.py", "8301", "8311");
        assertThat(wrong())
                .containsExactly(
                        "port-mismatch-compose-container docker-compose.dev.yml#miller",
                        "port-mismatch-compose-container docker-compose.yml#miller",
                        "port-mismatch-compose-healthcheck docker-compose.yml#miller");
    }

    @Test
    void aPublishedPortThatMoves() throws IOException, InterruptedException {
        replace("docker-compose.yml", "${COOPER:-8302}", "${COOPER:-8303}");
        assertThat(wrong())
                .containsExactly(
                        "compose-host-port-conflict docker-compose.yml#8303", "port-mismatch-registry-compose cooper");
    }

    @Test
    void aVariableThatMoves() throws IOException, InterruptedException {
        replace("docker-compose.yml", "COOPER_PORT: 3000", "COOPER_PORT: 3001");
        assertThat(wrong())
                .containsExactly(
                        "port-mismatch-compose-container docker-compose.yml#cooper",
                        "port-mismatch-compose-healthcheck docker-compose.yml#cooper");
    }

    @Test
    void aModuleThatMoves() throws IOException, InterruptedException {
        Files.move(root.resolve("agents/weaver/weaver.py"), root.resolve("agents/weaver/weaver_agent.py"));
        assertThat(wrong())
                .containsExactlyInAnyOrder(
                        "dockerfile-missing-module agents/weaver/Dockerfile",
                        "unknown: Nothing tells on what port the container listens: what its Dockerfile starts does not"
                                + " exist");
    }

    @Test
    void aFolderThatMoves() throws IOException, InterruptedException {
        Files.move(root.resolve("agents/cooper"), root.resolve("agents/cooper-old"));
        assertThat(wrong())
                .containsExactly(
                        "compose-missing-context docker-compose.yml#cooper",
                        "compose-missing-dockerfile docker-compose.yml#cooper",
                        "unknown: What the container of docker-compose.yml#cooper listens on is not known: its build"
                                + " context does not exist",
                        "unknown: Whether the health check of docker-compose.yml#cooper asks the right port is not"
                                + " known: its build context does not exist");
    }
}
