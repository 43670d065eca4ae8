package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlyPortCheckTest {
    @TempDir
    private Path root;

    private FleetTree tree;
    private final FlyPortCheck check = new FlyPortCheck();

    @BeforeEach
    void plant() {
        tree = new FleetTree(root);
    }

    private void app(String name, String... fly) {
        tree.file(name + "/fly.toml", fly)
                .file(
                        name + "/Dockerfile",
                        "FROM python:3.12",
                        "COPY . .",
                        "CMD uvicorn main:app --host 0.0.0.0 --port ${PORT:-8000}")
                .file(name + "/main.py", "from fastapi import FastAPI", "app = FastAPI()");
    }

    @Test
    void theInternalPortIsComparedWithTheProgramAsFlyStartsIt() throws InterruptedException {
        app("right", "app = 'x'", "[http_service]", "  internal_port = 8000 # here", "  force_https = true");
        app(
                "moved",
                "[env]",
                "  PORT = \"8080\"",
                "[[services]]",
                "  internal_port = 8080",
                "  [[services.ports]]",
                "    port = 443");
        app("wrong", "[env]", "PORT = '4000'", "[http_service]", "internal_port = 8080");
        app("silent", "app = 'worker'");
        assertThat(tree.verdicts(check))
                .containsExactly(
                        "fail wrong/fly.toml#8080 [wrong/fly.toml]",
                        "pass moved/fly.toml#8080",
                        "pass right/fly.toml#8000");
        assertThat(tree.accusations())
                .contains("fly-port: wrong/fly.toml leads to port 8080, the program listens on 4000");
    }

    @Test
    void whoListensOnTheLoopbackIsNotReachedByTheProxy() throws InterruptedException {
        app("local", "[http_service]", "internal_port = 8000");
        tree.file("local/Dockerfile", "FROM python:3.12", "COPY . .", "CMD uvicorn main:app --port 8000");
        assertThat(tree.verdicts(check)).containsExactly("fail local/fly.toml#8000 [local/fly.toml]");
        assertThat(tree.accusations())
                .contains(
                        "fly-port: local/fly.toml leads to port 8000, on which the program listens on 127.0.0.1 only");
    }

    @Test
    void whatRunsThereMayNotBeKnown() throws InterruptedException {
        String[] leads = {"[http_service]", "internal_port = 1"};
        app("processes", "[processes]", "web = 'serve'", leads[0], leads[1]);
        app("image", "[build]", "image = 'nginx'", leads[0], leads[1]);
        app("elsewhere", "[build]", "dockerfile = 'gone/Dockerfile'", leads[0], leads[1]);
        app("target", "[build]", "build-target = 'x'", leads[0], leads[1]);
        app("broken", "[[http_service", "internal_port = 1", "internal_port = x");
        tree.file("compiled/fly.toml", leads).file("compiled/Dockerfile", "FROM company/server:1");
        assertThat(tree.verdicts(check))
                .extracting(line -> line.replaceFirst("Whether .* not known: ", ""))
                .containsExactlyInAnyOrder(
                        "unknown processes/fly.toml#1: its processes have commands of their own",
                        "unknown image/fly.toml#1: it runs an image from elsewhere",
                        "unknown elsewhere/fly.toml#1: no Dockerfile of it was found in the tree",
                        "unknown target/fly.toml#1: another stage than the last may be built",
                        "unknown compiled/fly.toml#1: its base image decides what it starts");
    }
}
