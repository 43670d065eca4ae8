package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ports that only the configuration of a server says: HAProxy's own, and where a gateway of Spring leads. */
class ConfiguredPortsTest {
    @TempDir
    private Path root;

    private FleetTree tree;

    @BeforeEach
    void begin() {
        tree = new FleetTree(root);
    }

    /** What is said of a service that publishes two ports, with this configuration. */
    private List<String> balanced(String service, String... configuration) throws InterruptedException {
        tree.file("compose.yaml", "services:", "  lb:", "    ports: ['8080:80', '8404:8405']", service);
        tree.file("lb/haproxy.cfg", configuration);
        return tree.verdicts(new PortMismatchComposeContainerCheck()).stream()
                .map(line -> line.replaceAll(" \\[.*", "").replaceAll(": .* is not known", ""))
                .toList();
    }

    private static final String MOUNTED =
            "    image: haproxy:3.0\n    volumes: ['./lb/haproxy.cfg:/usr/local/etc/haproxy/haproxy.cfg:ro']";

    @Test
    void haproxyListensWhereItsMountedConfigurationBinds() throws InterruptedException {
        assertThat(balanced(MOUNTED, "frontend a", "  bind *:80", "frontend b", "  bind :8404"))
                .containsExactly("fail compose.yaml#lb");
        assertThat(balanced(MOUNTED, "frontend a", "  bind *:80,[::]:8405 v4v6"))
                .containsExactly("pass compose.yaml#lb");
        assertThat(balanced(MOUNTED, "frontend a", "  bind ipv4@0.0.0.0:80", "  bind unix@/run/b.sock", "  bind :8405"))
                .containsExactly("pass compose.yaml#lb");
    }

    @Test
    void whatMayOpenAnotherPortOfHaproxyLeavesItOpen() throws InterruptedException {
        for (String line : List.of(
                "  bind *:\"${STATS}\"", "listen stats :8405", "  bind :8400-8410", ".if defined(X)", "peers p")) {
            assertThat(balanced(MOUNTED, "frontend a", "  bind *:80", line))
                    .as(line)
                    .singleElement()
                    .asString()
                    .startsWith("unknown compose.yaml#lb");
        }
        assertThat(balanced(MOUNTED + "\n    command: -f /x.cfg", "frontend a", "  bind *:81"))
                .singleElement()
                .asString()
                .startsWith("unknown compose.yaml#lb");
        assertThat(balanced("    image: 'haproxy:3.0'", "frontend a", "  bind *:81"))
                .singleElement()
                .asString()
                .startsWith("unknown compose.yaml#lb");
        assertThat(balanced(MOUNTED, "# nothing binds"))
                .singleElement()
                .asString()
                .startsWith("unknown compose.yaml#lb");
    }

    private List<String> routed(String environment, String file, String... configuration) throws InterruptedException {
        tree.file(
                        "api/Dockerfile",
                        "FROM python:3.12",
                        "COPY . .",
                        "CMD [\"uvicorn\", \"main:app\", \"--port\", \"8000\"]")
                .file("api/main.py", "from fastapi import FastAPI", "app = FastAPI()")
                .file(
                        "gate/Dockerfile",
                        "FROM eclipse-temurin:21",
                        "COPY a.jar /",
                        "CMD [\"java\", \"-jar\", \"/a.jar\"]")
                .file(
                        "compose.yaml",
                        "services:",
                        "  api: {build: api}",
                        "  gate: {build: gate, environment: {" + environment + "}}")
                .file("gate/src/main/resources/" + file, configuration);
        return tree.verdicts(new ComposeNeighbourCheck()).stream()
                .map(line -> line.replaceAll("( \\[|: ).*", ""))
                .toList();
    }

    @Test
    void aGatewayOfSpringLeadsToAnotherPort() throws InterruptedException {
        assertThat(routed(
                        "A: b",
                        "application.yml",
                        "spring:",
                        "  cloud:",
                        "    gateway:",
                        "      routes:",
                        "        - id: a",
                        "          uri: http://api:8001",
                        "        - id: b",
                        "          uri: 'http://api:8000/x' # fine",
                        "        - uri: lb://api",
                        "        - uri: http://elsewhere:1234"))
                .containsExactlyInAnyOrder("fail compose.yaml#gate-api-8001", "pass compose.yaml#gate-api-8000");
    }

    @Test
    void aRouteThatAProfileOrAVariableMayMoveIsNotJudged() throws InterruptedException {
        String[] routes = {"spring.cloud.gateway.routes[0].uri=http://api:8001"};
        assertThat(routed("A: b", "application.properties", routes)).containsExactly("fail compose.yaml#gate-api-8001");
        assertThat(routed("SPRING_PROFILES_ACTIVE: docker", "application.properties", routes))
                .isEmpty();
        assertThat(routed("JAVA_OPTS: -Dx=y", "application.properties", routes)).isEmpty();
        assertThat(routed("A: b", "application.properties", routes[0], "spring.config.import=configserver:"))
                .isEmpty();
        assertThat(routed("A: b", "application.properties", "other.routes[0].uri=http://api:8001"))
                .isEmpty();
    }

    /** What is said of the rules of a Prometheus with these mounts. */
    private List<String> rules(String mounts) throws InterruptedException {
        tree.file(
                        "compose.yaml",
                        "services:",
                        "  prom: {image: 'prom/prometheus:v2.54.1', volumes:"
                                + " ['./p/prometheus.yml:/etc/prometheus/prometheus.yml:ro'"
                                + mounts + "]}")
                .file("p/rules/a.yml", "groups: []")
                .file(
                        "p/prometheus.yml",
                        "rule_files:",
                        "  - /etc/prometheus/rules/*.yml",
                        "  # - 'commented.yml'",
                        "  - 'nowhere.yml'",
                        "scrape_configs:",
                        "  - job_name: x");
        return tree.verdicts(new ComposeMissingMountCheck()).stream()
                .map(line -> line.replaceAll("( \\[|: ).*", ""))
                .toList();
    }

    @Test
    void rulesOfPrometheusThatLieBesideItsConfigurationAreMounted() throws InterruptedException {
        assertThat(rules(""))
                .containsExactlyInAnyOrder(
                        "fail compose.yaml#prom-/etc/prometheus/rules/*.yml",
                        "unknown compose.yaml#prom-nowhere.yml",
                        "pass compose.yaml#prom");
        assertThat(rules(", './p/rules:/etc/prometheus/rules'"))
                .containsExactlyInAnyOrder("unknown compose.yaml#prom-nowhere.yml", "pass compose.yaml#prom");
        assertThat(rules(", './p:/etc/prometheus'")).containsExactly("pass compose.yaml#prom");
    }
}
