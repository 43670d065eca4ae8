package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AskedPortCheckTest {
    private static final String NOBODY =
            ": Nothing of the tree is known to listen on the port of its own machine that is asked; something else may";

    @TempDir
    private Path root;

    private FleetTree tree;
    private final AskedPortCheck check = new AskedPortCheck();

    @BeforeEach
    void plant() {
        tree = new FleetTree(root);
    }

    private FleetTree compose(String... services) {
        return tree.file("compose.yml", "services:\n  " + String.join("\n  ", services))
                .file("agents/a/Dockerfile", "FROM python:3.12", "COPY . .", "CMD uvicorn main:app --port 8014")
                .file("agents/a/main.py", "from fastapi import FastAPI", "app = FastAPI()");
    }

    @Test
    void aScriptAsksThePublishedPort() throws InterruptedException {
        compose("a: {build: agents/a, ports: ['18014:8014']}")
                .file("smoke.sh", "#!/bin/sh", "# localhost:1", "curl -f http://localhost:18014/health")
                .file("wait.sh", "until nc -z localhost:8014; do sleep 1; done")
                .file("Makefile", "smoke:", "\tcurl http://127.0.0.1:9999/")
                .file("fleet.yaml", "agents:", "  b: {connection: {url: 'http://localhost:1234'}}")
                .file("tunnel.sh", "ssh -L 5433:localhost:5432 db", "serve --bind 127.0.0.1:7000")
                .file(
                        "monitoring/prometheus.yml",
                        "scrape_configs:",
                        "  - static_configs: [{targets: ['localhost:8014']}]",
                        "listen: 127.0.0.1:8803");
        assertThat(tree.verdicts(check))
                .containsExactlyInAnyOrder(
                        "pass smoke.sh#18014",
                        "fail wait.sh#8014 [wait.sh, compose.yml#a]",
                        "unknown Makefile#9999" + NOBODY,
                        "unknown monitoring/prometheus.yml#8014" + NOBODY);
        assertThat(tree.accusations())
                .contains("asked-port: wait.sh asks port 8014 of the machine, which is published as 18014");
    }

    @Test
    void theDevelopmentServerOfViteAsksWhatIsStartedBesideIt() throws InterruptedException {
        tree.file("web/package.json", "{\"scripts\": {\"dev\": \"vite\"}}")
                .file(
                        "web/vite.config.ts",
                        "export default { server: { origin: 'http://localhost:5000',",
                        "  proxy: {",
                        "    // 'http://localhost:1234'",
                        "    '/api': 'http://localhost:4000',",
                        "    '/b': { target: 'http://localhost:4001' } } } };")
                .file("agents/server/package.json", "{\"scripts\": {\"dev\": \"node index.js\"}}")
                .file("agents/server/index.js", "require('http').createServer(() => {}).listen(4001)");
        assertThat(tree.verdicts(check))
                .containsExactlyInAnyOrder("unknown web/vite.config.ts#4000" + NOBODY, "pass web/vite.config.ts#4001");
    }

    @Test
    void whatLiesInAContainerAsksTheContainer() throws InterruptedException {
        compose(
                        "a: {build: agents/a}",
                        "p: {image: some/scraper, volumes: ['./scrape.yml:/etc/scrape.yml', './ask.sh:/ask.sh']}")
                .file("scrape.yml", "targets: ['localhost:8014', 'host.docker.internal:9100', 'localhost:9100x']")
                .file("ask.sh", "curl localhost:8015")
                .file(
                        ".devcontainer/devcontainer.json",
                        "{",
                        "  // 1",
                        "  \"forwardPorts\": [8014, 40000, \"db:5432\"]",
                        "}");
        assertThat(tree.verdicts(check))
                .containsExactlyInAnyOrder(
                        "pass scrape.yml#8014",
                        "unknown scrape.yml#9100" + NOBODY,
                        "unknown ask.sh#8015" + NOBODY,
                        "pass .devcontainer/devcontainer.json#8014",
                        "unknown .devcontainer/devcontainer.json#40000" + NOBODY);
    }

    @Test
    void nobodyIsAccusedWhereSomethingIsOpen() throws InterruptedException {
        compose("a: {build: agents/a, ports: ['18014:8014']}", "b: {image: x}").file("wait.sh", "nc -z localhost:8014");
        assertThat(tree.verdicts(check)).containsExactly("unknown wait.sh#8014" + NOBODY);
    }
}
