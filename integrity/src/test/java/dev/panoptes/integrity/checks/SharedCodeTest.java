package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Code whose default port is not that of the agent: of several agents, of one that is switched off, behind a proxy. */
class SharedCodeTest {
    private static final String[] SERVER = {
        "import argparse",
        "from http.server import HTTPServer, SimpleHTTPRequestHandler",
        "p = argparse.ArgumentParser()",
        "p.add_argument('--port', type=int, default=8100)",
        "HTTPServer(('127.0.0.1', p.parse_args().port), SimpleHTTPRequestHandler).serve_forever()"
    };

    private final PortMismatchRegistryCodeCheck mismatch = new PortMismatchRegistryCodeCheck();

    @TempDir
    private Path root;

    private FleetTree tree;

    @BeforeEach
    void begin() {
        tree = new FleetTree(root);
    }

    @Test
    void anInstanceOfATemplateIsJudgedByItsNumber() throws InterruptedException {
        tree.file("agents/render/main.py", SERVER)
                .file(
                        "units/render@.service",
                        "[Service]",
                        "WorkingDirectory=/srv/x/agents/render",
                        "ExecStart=/usr/bin/python3 main.py --port %i")
                .file(
                        "agent-registry.yaml",
                        "agents:",
                        "  a: {path: agents/render, unit: render@8101, connection: {url: 'http://localhost:8101'}}",
                        "  b: {path: agents/render, unit: render@b, connection: {url: 'http://localhost:8102'}}");
        assertThat(tree.verdicts(mismatch))
                .containsExactly(
                        "pass a",
                        "unknown b: What render@b.service binds is not known: the port on the command line is no"
                                + " number from 1 to 65535");
    }

    @Test
    void theDefaultOfCodeThatSeveralAgentsRunIsNobodys() throws InterruptedException {
        tree.file("agents/render/main.py", SERVER)
                .file(
                        "agent-registry.yaml",
                        "agents:",
                        "  a: {path: agents/render, connection: {url: 'http://localhost:8101'}}",
                        "  b: {path: agents/render, connection: {url: 'http://localhost:8102'}}");
        assertThat(tree.verdicts(mismatch)).hasSize(2).allMatch(line -> line.contains("Several agents run the code"));
    }

    @Test
    void oneAgentIsStillJudgedByItsCode() throws InterruptedException {
        tree.file("agents/render/main.py", SERVER).agents("render", "http://localhost:8101");
        assertThat(tree.verdicts(mismatch)).hasSize(1).allMatch(line -> line.startsWith("fail render"));
    }

    @Test
    void whatIsSwitchedOffTakesNoPort() throws InterruptedException {
        tree.file("agents/one/main.py", SERVER)
                .file("agents/two/main.py", SERVER)
                .file(
                        "agent-registry.yaml",
                        "agents:",
                        "  one: {connection: {url: 'http://localhost:8100'}}",
                        "  two: {retired: true, connection: {url: 'http://localhost:8100'}}");
        assertThat(tree.verdicts(new CodePortConflictCheck())).containsExactly("pass 8100");
        assertThat(tree.verdicts(new PortConflictCheck())).containsExactly("pass 8100");
    }

    @Test
    void aPortThatAnotherServicePublishesIsAProxys() throws InterruptedException {
        tree.file("agents/one/main.py", SERVER)
                .file("agents/one/Dockerfile", "FROM python:3.12", "COPY . .", "CMD [\"python\", \"main.py\"]")
                .file(
                        "compose.yaml",
                        "services:",
                        "  gateway: {image: nginx, ports: ['8700:80']}",
                        "  one: {build: agents/one}")
                .agents("one", "http://localhost:8700/one");
        assertThat(tree.verdicts(mismatch))
                .containsExactly("unknown one: Another service publishes port 8700, so a proxy may stand before");
        tree.agents("one", "http://localhost:8701/one");
        assertThat(tree.verdicts(mismatch)).hasSize(1).allMatch(line -> line.startsWith("fail one"));
    }
}
