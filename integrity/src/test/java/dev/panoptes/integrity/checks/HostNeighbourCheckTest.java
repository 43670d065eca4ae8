package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostNeighbourCheckTest {
    private final HostNeighbourCheck check = new HostNeighbourCheck();

    @TempDir
    private Path root;

    private FleetTree tree;

    @BeforeEach
    void begin() {
        tree = new FleetTree(root);
        tree.file(
                        "units/desk-triage.service",
                        "[Service]",
                        "WorkingDirectory=/srv/desk/triage",
                        "ExecStart=/srv/venv/bin/uvicorn app:app --host 127.0.0.1 --port 9302")
                .file("triage/app.py", "from fastapi import FastAPI", "app = FastAPI()");
    }

    @Test
    void anotherPortThanTheNeighbourHasIsTold() throws InterruptedException {
        asking("Environment=TRIAGE_URL=http://127.0.0.1:9312/v1");
        assertThat(tree.accusations())
                .contains("host-neighbour: units/desk-mail.service asks triage on port 9312, but desk-triage.service"
                        + " listens on 9302");
    }

    @Test
    void anApplicationOfPm2IsToldAddressesToo() throws InterruptedException {
        tree.file(
                "ecosystem.config.cjs",
                "module.exports = { apps: [",
                "  { name: 'front', script: './front.js', env: {",
                "    PORT: 4100,",
                "    PRICING_API_URL: 'http://localhost:4202',",
                "    CATALOG_URL: 'http://localhost:4101',",
                "  } },",
                "  { name: 'pricing', script: './pricing.js', env: { PORT: 4102 } },",
                "  { name: 'catalog', script: './catalog.js', env: { PORT: 4101 } },",
                "] };");
        for (String name : new String[] {"front", "pricing", "catalog"}) {
            tree.file(name + ".js", "require('express')().listen(process.env.PORT);");
        }
        assertThat(tree.verdicts(check))
                .extracting(line -> line.replaceAll("( \\[|: ).*", ""))
                .containsExactlyInAnyOrder(
                        "pass ecosystem.config.cjs#front#CATALOG_URL",
                        "fail ecosystem.config.cjs#front#PRICING_API_URL");
    }

    @Test
    void theNeighboursPortIsRight() throws InterruptedException {
        asking("Environment=TRIAGE_URL=http://127.0.0.1:9302");
        assertThat(tree.verdicts(check)).containsExactly("pass units/desk-mail.service#TRIAGE_URL");
    }

    @Test
    void thePortOfAnotherNeighbourIsToldWhereThatIsAskedToo() throws InterruptedException {
        tree.file(
                        "units/desk-archive.service",
                        "[Service]",
                        "WorkingDirectory=/srv/desk/archive",
                        "ExecStart=/srv/venv/bin/uvicorn app:app --host 127.0.0.1 --port 9304")
                .file("archive/app.py", "from fastapi import FastAPI", "app = FastAPI()");
        asking("Environment=TRIAGE_URL=http://127.0.0.1:9304", "Environment=ARCHIVE_URL=http://127.0.0.1:9304");
        assertThat(tree.verdicts(check))
                .extracting(line -> line.replaceAll("( \\[|: ).*", ""))
                .containsExactlyInAnyOrder(
                        "fail units/desk-mail.service#TRIAGE_URL", "pass units/desk-mail.service#ARCHIVE_URL");
        asking("Environment=TRIAGE_URL=http://127.0.0.1:9304");
        assertThat(tree.verdicts(check)).singleElement().asString().startsWith("unknown ");
    }

    @Test
    void whatNothingOfTheTreeIsCalledIsNotAccused() throws InterruptedException {
        asking(
                "Environment=OLLAMA_URL=http://127.0.0.1:11434",
                "Environment=PUBLIC_URL=http://127.0.0.1:9000",
                "Environment=DATABASE_URL=postgres://127.0.0.1:5432/desk",
                "Environment=TRIAGE_URL=http://triage.example:9312");
        assertThat(tree.verdicts(check)).isEmpty();
    }

    @Test
    void anotherDeclarationOfTheNumberLeavesItOpen() throws InterruptedException {
        asking("Environment=TRIAGE_URL=http://127.0.0.1:9312");
        tree.file(
                "docker-compose.yml",
                "services:",
                "  tunnel:",
                "    image: example/tunnel",
                "    network_mode: host",
                "    command: --listen 9312");
        assertThat(tree.verdicts(check))
                .containsExactly(
                        "unknown units/desk-mail.service#TRIAGE_URL: Whether anything listens on port 9312, which"
                                + " TRIAGE_URL of units/desk-mail.service asks, is not known: another declaration has that number");
    }

    private void asking(String... environment) {
        String[] lines = new String[environment.length + 2];
        lines[0] = "[Service]";
        System.arraycopy(environment, 0, lines, 1, environment.length);
        lines[lines.length - 1] = "ExecStart=/usr/bin/true";
        tree.file("units/desk-mail.service", lines);
    }
}
