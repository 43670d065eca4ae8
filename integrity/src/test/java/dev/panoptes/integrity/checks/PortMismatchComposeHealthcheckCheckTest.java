package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortMismatchComposeHealthcheckCheckTest {
    private final PortMismatchComposeHealthcheckCheck check = new PortMismatchComposeHealthcheckCheck();

    @TempDir
    private Path root;

    private ComposeTree tree;

    @BeforeEach
    void begin() {
        tree = new ComposeTree(root);
    }

    @Test
    void anotherPortFails() throws InterruptedException {
        tree.python("hermes", 8014)
                .services(
                        "hermes:",
                        "  build: agents/hermes",
                        "  ports: ['8015:8014']",
                        "  healthcheck:",
                        "    test: ['CMD', 'curl', '-f', 'http://localhost:8015/health']");
        Failure failure = tree.failure(check);
        assertThat(failure.subject()).isEqualTo("compose.yml#hermes");
        assertThat(failure.port()).isEqualTo(8015);
        assertThat(failure.title())
                .isEqualTo("The health check of compose.yml#hermes asks 8015, its container listens on 8014");
        assertThat(failure.affected()).containsExactly("compose.yml#hermes", "hermes");
        assertThat(failure.evidence())
                .startsWith(new Evidence("compose", "compose.yml", 6, "curl -f http://localhost:8015/health"));
    }

    @Test
    void aPortThatDoesNotSpeakHttpIsNotAskedByIt() throws InterruptedException {
        tree.services(
                "a: {image: 'nats:2', command: '-m 8222', healthcheck: {test: 'wget -qO- http://localhost:4222/healthz'}}",
                "b: {image: 'nats:2', command: '-m 8222', healthcheck: {test: 'wget -qO- http://localhost:8222/healthz'}}",
                "c: {image: 'nats:2', healthcheck: {test: 'nc -z localhost 4222'}}");
        assertThat(tree.run(check).stream()
                        .filter(CheckResult.Fail.class::isInstance)
                        .map(CheckResult::subject))
                .containsExactly("compose.yml#a");
    }

    @Test
    void thePortOfTheContainerPasses() throws InterruptedException {
        tree.dockerfile("a", "ENV PORT=8014", "CMD uvicorn main:app --port $PORT")
                .program("a", 1)
                .services(
                        "a: {build: agents/a, healthcheck: {test: curl localhost:8014}}",
                        "b: {build: agents/a, environment: {PORT: 8020}, healthcheck: {test: curl localhost:8020}}",
                        "c: {build: agents/a, healthcheck: {test: 'curl http://localhost:$$PORT/'}}",
                        "d: {build: agents/a, healthcheck: {test: 'curl http://localhost:$${PORT:-9}/'}}",
                        "e: {build: agents/a, network_mode: host, healthcheck: {test: curl localhost:8014}}");
        assertThat(tree.run(check)).hasSize(5).allMatch(CheckResult.Pass.class::isInstance);
    }

    @Test
    void silentWithoutAPortAndUnknownWithoutAnImageOfTheTree() throws InterruptedException {
        tree.python("a", 8014)
                .services(
                        "a: {build: agents/a, healthcheck: {test: /health.sh}}",
                        "b: {build: agents/a, healthcheck: {test: [NONE]}}",
                        "c: {build: agents/a, healthcheck: {test: curl localhost:1, disable: true}}",
                        "d: {image: x, healthcheck: {test: curl localhost:1}}",
                        "e: {build: agents/a, healthcheck: {test: 'curl http://other:1/'}}");
        assertThat(tree.run(check))
                .containsExactly(
                        new CheckResult.Unknown(
                                "compose.yml#a",
                                "Whether the health check of compose.yml#a asks the right port is not known: the script"
                                        + " /health.sh that it runs is not in the tree"),
                        new CheckResult.Unknown(
                                "compose.yml#d",
                                "Nothing tells on what port the container listens: no code of its image is in the"
                                        + " tree, and the table of images does not say on what port it listens"));
    }

    @Test
    void whatIsNotKnownIsUnknown() throws InterruptedException {
        tree.python("a", 8014)
                .python("b", 0)
                .services(
                        "a: {build: agents/a, healthcheck: {test: 'curl localhost:$$PORT'}}",
                        "b: {build: agents/b, healthcheck: {test: curl localhost:1}}",
                        "c: {build: agents/a, network_mode: 'service:b', healthcheck: {test: curl localhost:1}}",
                        "d: {build: agents/a, healthcheck: {test: curl localhost:1 || curl localhost:2}}");
        assertThat(tree.run(check)).hasSize(4).allMatch(CheckResult.Unknown.class::isInstance);
    }
}
