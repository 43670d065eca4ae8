package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of empty lines, as long as texts are read, and one long line: a pattern must not look at each place from each. */
class EmptyLinesTest {
    private static final String EMPTY = "\n".repeat(60_000);
    private static final Duration LONGEST = Duration.ofSeconds(10);

    @TempDir
    private Path root;

    private FleetTree tree;

    @BeforeEach
    void plant() {
        tree = new FleetTree(root);
    }

    private void takesNoLonger() {
        assertTimeoutPreemptively(LONGEST, () -> assertThat(tree.accusations()).isNotNull());
    }

    @Test
    void ofDockerfiles() {
        tree.file("Dockerfile", "FROM gcr.io/distroless/static" + EMPTY + "CMD [\"/server\"]");
        takesNoLonger();
    }

    @Test
    void ofCaddyfiles() {
        tree.file("Caddyfile", EMPTY + ":8080 {", "}")
                .file(
                        "compose.yaml",
                        "services:",
                        "  web: {image: caddy:2, ports: ['8080'], volumes: ['./Caddyfile:/etc/caddy/Caddyfile']}");
        takesNoLonger();
    }

    @Test
    void ofMakefiles() {
        tree.file("Makefile", "%".repeat(60_000));
        takesNoLonger();
    }

    @Test
    void ofSourcesWhoseRoutesAreLookedFor() {
        tree.file("main.py", "app = Flask(x)", "get" + EMPTY + "import" + EMPTY + "'/x'" + EMPTY, "\"a ".repeat(20_000))
                .file("gunicorn.conf.py", EMPTY)
                .file(
                        "Dockerfile",
                        "FROM python:3.12",
                        "COPY . .",
                        "HEALTHCHECK CMD curl -f http://localhost:8000/health",
                        "CMD [\"gunicorn\", \"main:app\"]")
                .file("compose.yaml", "services:", "  web: {build: ., ports: ['8000:8000']}");
        takesNoLonger();
    }

    @Test
    void ofConfigurationsOfFrameworks() {
        tree.file("Gemfile", "gem 'puma'")
                .file("config.ru", "run App")
                .file("config/puma.rb", EMPTY)
                .file(
                        "Dockerfile",
                        "FROM ruby:3.3",
                        "WORKDIR /app",
                        "COPY . .",
                        "CMD [\"puma\", \"-C\", \"config/puma.rb\"]")
                .file("compose.yaml", "services:", "  web: {build: ., ports: ['3000:9292']}");
        takesNoLonger();
    }
}
