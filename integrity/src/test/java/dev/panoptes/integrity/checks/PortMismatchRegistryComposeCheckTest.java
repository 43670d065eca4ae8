package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.Worlds;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PortMismatchRegistryComposeCheckTest {
    private final PortMismatchRegistryComposeCheck check = new PortMismatchRegistryComposeCheck();

    @TempDir
    private Path root;

    private ComposeTree tree;

    @BeforeEach
    void begin() {
        tree = new ComposeTree(root);
    }

    @Test
    void anotherPublishedPortFails() throws InterruptedException {
        tree.agent("hermes", 8014).services("hermes: {image: x, ports: ['8015:8014']}");
        Failure failure = tree.failure(check);
        assertThat(failure.subject()).isEqualTo("hermes");
        assertThat(failure.port()).isEqualTo(8014);
        assertThat(failure.title()).isEqualTo("hermes is declared on 8014, compose publishes it on 8015");
        assertThat(failure.affected()).containsExactly("hermes", "compose.yml#hermes");
        assertThat(failure.evidence())
                .contains(new Evidence("compose", "compose.yml", 2, "8015:8014"))
                .anyMatch(evidence ->
                        evidence.source().equals("registry") && evidence.text().contains("8014"));
    }

    @Test
    void oneOfSeveralPublishedPortsIsEnough() throws InterruptedException {
        tree.agent("event_bus", 8099)
                .services("Event-Bus: {image: x, ports: ['9000:9000', '127.0.0.1:8099:80', '8000-8010:8000-8010']}");
        assertThat(tree.verdicts(check)).containsExactly("pass event_bus");
    }

    @Test
    void itDoesNotApplyWithoutPublishedPortsOrWithoutAnAgent() throws InterruptedException {
        tree.agent("a", 8014)
                .services(
                        "a: {image: x, expose: [80]}",
                        "b: {image: x, ports: ['80:80']}",
                        "A: {image: x, ports: ['53:53/udp']}");
        assertThat(tree.run(check)).isEmpty();
    }

    @Test
    void onTheHostsNetworkWhatTheContainerBindsCounts() throws InterruptedException {
        tree.agent("a", 8014)
                .agent("b", 8014)
                .agent("c", 8014)
                .agent("d", 8014)
                .python("a", 8014)
                .python("b", 8020)
                .python("c", 0)
                .services(
                        "a: {build: agents/a, network_mode: host, ports: ['1:1']}",
                        "b: {build: agents/b, network_mode: host}",
                        "c: {build: agents/c, network_mode: host}",
                        "d: {image: x, network_mode: host}");
        assertThat(tree.verdicts(check)).containsExactly("pass a", "fail b", "unknown c");
        assertThat(tree.failure(check).evidence())
                .extracting(Evidence::file)
                .contains("agents/b/Dockerfile", "agents/b/main.py");
    }

    @Test
    void whatIsNotKnownIsUnknown() throws InterruptedException {
        tree.agent("a", 8014)
                .agent("b", 8014)
                .services("a: {image: x, ports: ['${P}:80', '8015:80']}", "b: {image: x, ports: ['80']}");
        tree.world().agent(Worlds.agent("c").url("http://c:${PORT}"));
        assertThat(tree.run(check))
                .containsExactly(
                        new CheckResult.Unknown(
                                "a",
                                "What compose.yml#a publishes is not known: the variable P is not set here and has no"
                                        + " default"),
                        new CheckResult.Unknown(
                                "b",
                                "What compose.yml#b publishes is not known: Docker picks the host port when the"
                                        + " container starts"));
    }

    @Test
    void severalFilesAreOneIssue() throws InterruptedException {
        tree.agent("a", 8014)
                .file("one/compose.yml", "services: {a: {image: x, ports: ['8015:80']}}")
                .file("two/compose.yml", "services: {a: {image: x, ports: ['8016:80']}}")
                .file("three/compose.yml", "services: {b: {image: x, ports: ['8014:80']}}");
        Failure failure = tree.failure(check);
        assertThat(failure.affected()).containsExactly("a", "one/compose.yml#a", "two/compose.yml#a");
        assertThat(failure.title()).isEqualTo("a is declared on 8014, compose publishes it on 8015 and 8016");
    }

    @Test
    void oneLaunchThatServesTheDeclaredPortIsEnough() throws InterruptedException {
        tree.agent("a", 8014)
                .file("one/compose.yml", "services: {a: {image: x, ports: ['8015:80']}}")
                .file("two/compose.yml", "services: {a: {image: x, ports: ['8014:80']}}");
        assertThat(tree.verdicts(check)).containsExactly("pass a");
    }

    @Test
    void aFileThatOnlyAddsAPortIsNotAccused() throws InterruptedException {
        tree.agent("a", 8014)
                .services("a: {image: x, ports: ['8014:80']}")
                .file("docker-compose.debug.yml", "services: {a: {ports: ['5678:5678']}}");
        assertThat(tree.verdicts(check)).containsExactly("pass a");
    }

    @Test
    void aProxyMayStandBeforeAPublishedPort() throws InterruptedException {
        tree.services("a: {image: x, ports: ['8014:80']}", "b: {image: x, ports: ['8015:80']}");
        tree.world()
                .agent(Worlds.agent("a").url("https://a.example.org"))
                .agent(Worlds.agent("b").url("http://b"));
        assertThat(tree.verdicts(check)).containsExactly("unknown a", "fail b");
    }

    @Test
    void anAgentOfAnotherHostIsNamedWithIt() throws InterruptedException {
        tree.services("a: {image: x, ports: ['8015:80']}");
        tree.world()
                .host("web-1", "10.0.0.5")
                .agent(Worlds.agent("a").port(8014).host("web-1"));
        assertThat(tree.failure(check).host()).isEqualTo("web-1");
    }

    /** A service whose container's port is not told, and what its URL names. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://hermes:8014    | hermes: {build: agents/hermes, ports: ['8015:8014']} | unknown",
                "http://HERMES:8014    | hermes: {build: agents/hermes, ports: ['8015:8014']} | unknown",
                "http://post:8014      | hermes: {build: agents/hermes, container_name: post, ports: ['8015:8014']} |"
                        + " unknown",
                "http://localhost:8014 | hermes: {build: agents/hermes, ports: ['8015:8014']} | fail",
                "http://hermes:8013    | hermes: {build: agents/hermes, ports: ['8015:8014']} | fail",
                "http://hermes:8013    | hermes: {build: agents/hermes, ports: ['8015:8014', '8016:${P}']} | fail",
                "http://hermes:8014    | hermes: {image: x, ports: ['8015:8014']} | fail",
                "http://hermes:8015    | hermes: {build: agents/hermes, ports: ['8015:8014']} | pass",
            })
    void aUrlThatNamesTheContainerCountsWhereItIsNotKnownWhatThatListensOn(String url, String service, String verdict)
            throws InterruptedException {
        tree.world().agent(Worlds.agent("hermes").url(url));
        tree.python("hermes", 0).services(service);
        assertThat(tree.verdicts(check)).containsExactly(verdict + " hermes");
        if (verdict.equals("unknown")) {
            assertThat(tree.run(check))
                    .containsExactly(new CheckResult.Unknown(
                            "hermes",
                            "The URL names compose.yml#hermes by its name in its network, and whether its container"
                                    + " listens on 8014 is not known"));
        }
    }

    @Test
    void whatSeveralServicesPublishIsToldOfAll() throws InterruptedException {
        tree.agent("hermes", 8014)
                .file("compose.yml", "services: {hermes: {image: x, ports: ['8015:1']}}")
                .file("other/compose.yml", "services: {hermes: {image: x, ports: ['8016:1']}}");
        assertThat(tree.failure(check).description())
                .isEqualTo("The registry declares hermes on port 8014, but compose.yml#hermes and"
                        + " other/compose.yml#hermes publish 8015 and 8016 on the host: callers that trust the"
                        + " registry do not reach it.");
        tree.file("other/compose.yml", "services: {other: {image: x}}");
        assertThat(tree.failure(check).description())
                .isEqualTo(
                        "The registry declares hermes on port 8014, but compose.yml#hermes publishes 8015 on the host:"
                                + " callers that trust the registry do not reach it.");
    }
}
