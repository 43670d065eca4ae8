package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dependencies on services with profiles, as Makefiles, scripts and documents start them. */
class ComposeProfilesTest {
    private final ComposeRefusedCheck refused = new ComposeRefusedCheck();

    @TempDir
    private Path root;

    private FleetTree tree;

    @BeforeEach
    void begin() {
        tree = new FleetTree(root)
                .file(
                        "compose.yaml",
                        "services:",
                        "  api: {image: x, depends_on: [db]}",
                        "  db: {image: postgres, profiles: [full]}");
    }

    @Test
    void whatNothingStartsOtherwiseIsRefused() throws InterruptedException {
        assertThat(tree.verdicts(refused)).containsExactly("fail compose.yaml#api-inactive-db [compose.yaml#api]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "up:\n\tdocker compose --profile full up -d",
                "DC := docker compose --profile full\nup:\n\t$(DC) up -d",
                "export COMPOSE_PROFILES = full\nup:\n\tdocker compose up -d",
                "up:\n\tCOMPOSE_PROFILES=full,other docker compose up -d",
                "up:\n\tdocker compose --profile $(PROFILE) up",
                "up:\n\tdocker compose --profile \"*\" up",
                "up:\n\tdocker compose --profile full \\\n\t\tup -d\nonly-api:\n\tdocker compose up api"
            })
    void aProfileThatIsAlwaysPassedIsActive(String makefile) throws InterruptedException {
        tree.file("Makefile", makefile.split("\n"));
        assertThat(tree.verdicts(refused)).containsExactly("pass compose.yaml");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "up:\n\tdocker compose up -d\nfull:\n\tdocker compose --profile full up -d",
                "up:\n\tdocker compose --profile dev up -d",
                "up:\n\tdocker compose -f other.yaml --profile full up -d"
            })
    void oneWithoutItIsRefused(String makefile) throws InterruptedException {
        tree.file("Makefile", makefile.split("\n"));
        assertThat(tree.verdicts(refused)).anyMatch(line -> line.startsWith("fail compose.yaml#api"));
    }

    @Test
    void anotherProfileThanTheOneThatIsPassedIsRefused() throws InterruptedException {
        tree.file(
                "compose.yaml",
                "services:",
                "  api: {image: x, profiles: [app], depends_on: [db]}",
                "  db: {image: postgres, profiles: [data]}");
        assertThat(tree.verdicts(refused)).containsExactly("pass compose.yaml");
        tree.file("run.sh", "docker compose --profile app --profile data up");
        assertThat(tree.verdicts(refused)).containsExactly("pass compose.yaml");
        tree.file("run.sh", "docker compose --profile app up");
        assertThat(tree.verdicts(refused)).anyMatch(line -> line.startsWith("fail compose.yaml#api"));
        tree.file("run.sh", "docker compose --profile data up");
        assertThat(tree.verdicts(refused)).containsExactly("pass compose.yaml");
    }

    @Test
    void whatSupervisordStartsInAnImageIsKnown() throws InterruptedException {
        tree.file(
                        "compose.yaml",
                        "services:",
                        "  both:",
                        "    build: app",
                        "    ports: ['9000:8000', '9001:8100']",
                        "  wrong:",
                        "    build: app",
                        "    ports: ['9002:8200']")
                .file(
                        "app/Dockerfile",
                        "FROM python:3.12",
                        "WORKDIR /srv",
                        "COPY supervisord.conf /etc/supervisor/supervisord.conf",
                        "COPY programs/ /etc/supervisor/conf.d/",
                        "COPY programs/web.conf /etc/supervisor/conf.d/web.conf",
                        "COPY main.py worker.py ./",
                        "CMD [\"/usr/bin/supervisord\", \"-n\", \"-c\", \"/etc/supervisor/supervisord.conf\"]")
                .file(
                        "app/supervisord.conf",
                        "[supervisord]",
                        "nodaemon=true",
                        "[program:api]",
                        "command=uvicorn main:app --host 0.0.0.0 --port 8000",
                        "directory=/srv",
                        "[include]",
                        "files = conf.d/*.conf")
                .file(
                        "app/programs/web.conf",
                        "[program:web]",
                        "command=python worker.py",
                        "directory=/srv",
                        "environment=PORT=\"8100\"")
                .file("app/main.py", "from fastapi import FastAPI", "app = FastAPI()")
                .file(
                        "app/worker.py",
                        "import os",
                        "from http.server import HTTPServer, BaseHTTPRequestHandler",
                        "HTTPServer(('', int(os.environ['PORT'])), BaseHTTPRequestHandler).serve_forever()");
        assertThat(tree.verdicts(new PortMismatchComposeContainerCheck()))
                .extracting(line -> line.replaceAll(" \\[.*", ""))
                .containsExactly("fail compose.yaml#wrong", "pass compose.yaml#both");
        tree.file("app/programs/web.conf", "[program:web]", "command=/opt/vendor/bin/server");
        assertThat(tree.verdicts(new PortMismatchComposeContainerCheck()))
                .anyMatch(line -> line.startsWith("unknown compose.yaml#wrong"));
    }
}
