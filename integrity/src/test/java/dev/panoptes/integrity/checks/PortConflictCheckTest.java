package dev.panoptes.integrity.checks;

import static dev.panoptes.integrity.checks.RegistryWorlds.evidence;
import static dev.panoptes.integrity.checks.RegistryWorlds.failure;
import static dev.panoptes.integrity.checks.RegistryWorlds.run;
import static dev.panoptes.integrity.checks.RegistryWorlds.verdicts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.judging.Scanner;
import dev.panoptes.integrity.world.WorldBuilder;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PortConflictCheckTest {
    private static final String IMAGE = "FROM python:3.12\nWORKDIR /app\nCOPY . .\nCMD [\"python\", \"main.py\"]";
    private static final String SERVER =
            "from http.server import HTTPServer, BaseHTTPRequestHandler as H\nHTTPServer(('', 8000), H).serve_forever()";

    private final PortConflictCheck check = new PortConflictCheck();

    @TempDir
    private Path root;

    private static String agents(String... urls) {
        StringBuilder text = new StringBuilder("agents:\n");
        for (int i = 0; i < urls.length; i++) {
            text.append("  a")
                    .append(i + 1)
                    .append(": {connection: {url: '")
                    .append(urls[i])
                    .append("'}}\n");
        }
        return text.toString();
    }

    @Test
    void twoNamesOfTheScannedHostOnOnePortConflict() throws InterruptedException {
        String registry = agents("http://varys:8020", "http://cerberus:8020/", "http://other:8021");

        Failure failure = failure(check, registry);
        assertThat(failure.subject()).isEqualTo("8020");
        assertThat(failure.port()).isEqualTo(8020);
        assertThat(failure.host()).isEqualTo("local");
        assertThat(failure.affected()).containsExactly("a1", "a2");
        assertThat(evidence(failure))
                .containsExactly("2: a1: url http://varys:8020", "3: a2: url http://cerberus:8020/");
        assertThat(verdicts(check, registry)).containsExactly("fail 8020", "pass 8021");
    }

    @Test
    void theIssueIdEndsInTheHostUnlessItIsLocal() throws InterruptedException {
        String registry = agents("http://10.0.0.5:80", "http://10.0.0.5", "http://x:81", "http://y:81");
        var judged = run(check, registry).stream()
                .map(result -> new Scanner.Judged(check.info(), result))
                .toList();
        assertThat(Scanner.issues(judged, WorldBuilder.NOW))
                .extracting(issue -> issue.id())
                .containsExactly("port-conflict-80@10.0.0.5", "port-conflict-81");
    }

    @Test
    void onePortOnDifferentHostsIsNoConflict() throws InterruptedException {
        assertThat(verdicts(check, """
                        hosts:
                          web-1: {address: 10.0.0.1}
                          web-2: {address: 10.0.0.2}
                        agents:
                          one: {connection: {url: 'http://web-1:80'}}
                          two: {connection: {url: 'http://10.0.0.2:80'}}
                          three: {host: web-3, connection: {url: 'http://three:80'}}
                          four: {connection: {url: 'http://four.example.org'}}
                          five: {connection: {url: 'http://localhost:80'}}
                        """))
                .containsExactly(
                        "pass 80@four.example.org", "pass 80", "pass 80@web-1", "pass 80@web-2", "pass 80@web-3");
    }

    @Test
    void aHostIsTheSameUnderItsNameAndItsAddress() throws InterruptedException {
        Failure failure = failure(check, """
                hosts: {web-1: {address: 10.0.0.1}}
                agents:
                  one: {host: web-1, connection: {url: 'http://one:80'}}
                  two: {connection: {url: 'http://10.0.0.1:80'}}
                """);
        assertThat(failure.host()).isEqualTo("web-1");
        assertThat(failure.affected()).containsExactly("one", "two");
    }

    @Test
    void agentsBehindOneGatewayShareItsPort() throws InterruptedException {
        assertThat(verdicts(check, agents("http://gateway/a", "http://gateway:80/b/", "http://gateway")))
                .containsExactly("pass 80");
        assertThat(failure(check, agents("http://gateway/a", "http://gateway/b", "http://gateway/a/"))
                        .affected())
                .containsExactly("a1", "a3");
        assertThat(failure(check, agents("http://varys:8020/api", "http://cerberus:8020/v1"))
                        .affected())
                .containsExactly("a1", "a2");
    }

    @Test
    void servicesOfKubernetesHaveAddressesOfTheirOwn() throws InterruptedException {
        assertThat(verdicts(check, """
                hosts: {cluster: {address: x}}
                agents:
                  one: {host: cluster, connection: {url: 'http://one.agents.svc.cluster.local:80'}}
                  two: {host: cluster, connection: {url: 'http://two.agents.svc:80'}}
                """)).containsExactly("pass 80@cluster");
        assertThat(failure(check, """
                hosts: {cluster: {address: x}}
                agents:
                  one: {host: cluster, connection: {url: 'http://one.agents.svc:80'}}
                  two: {host: cluster, connection: {url: 'http://one.agents.svc:80'}}
                """).affected()).containsExactly("one", "two");
    }

    @Test
    void addressesOfTheLoopbackNetworkAreApart() throws InterruptedException {
        assertThat(verdicts(check, agents("http://127.0.0.2:80", "http://127.0.0.3:80")))
                .containsExactly("pass 80");
        assertThat(failure(check, agents("http://127.0.0.2:80", "http://127.0.0.3:80", "http://127.0.0.2:80"))
                        .affected())
                .containsExactly("a1", "a3");
        assertThat(failure(check, agents("http://127.0.0.2:80", "http://hermes:80"))
                        .affected())
                .containsExactly("a1", "a2");
    }

    @Test
    void replicasOfOneAgentDoNotConflictWithEachOther() throws InterruptedException {
        assertThat(verdicts(
                        check, "agents: {one: {placement: {replicas: {max: 3}}, connection: {url: 'http://one:80'}}}"))
                .containsExactly("pass 80");
    }

    @Test
    void placementDecidesTheHost() throws InterruptedException {
        String registry = """
                hosts: {web-1: {labels: {zone: a}}, web-2: {labels: {zone: b}}}
                agents:
                  one: {placement: {hosts: [web-1]}, connection: {url: 'http://one:80'}}
                  two: {placement: {selector: {zone: b}}, connection: {url: 'http://two:80'}}
                  gone: {placement: {hosts: [web-1], replicas: 0}, connection: {url: 'http://gone:80'}}
                """;
        assertThat(verdicts(check, registry)).containsExactly("pass 80@web-1", "pass 80@web-2");
        assertThat(failure(check, registry.replace("zone: b}}, connection", "zone: a}}, connection"))
                        .affected())
                .containsExactly("one", "two");
    }

    @Test
    void whetherCopiesMeetIsUnknownWherePlacementLeavesItOpen() throws InterruptedException {
        String registry = """
                agents:
                  one: {placement: {hosts: [web-1, web-2]}, connection: {url: 'http://one:80'}}
                  two: {placement: {hosts: [web-2, web-3]}, connection: {url: 'http://two:80'}}
                """;
        assertThat(verdicts(check, registry)).containsExactly("pass 80@web-1", "unknown 80@web-2", "pass 80@web-3");
        assertThat(verdicts(check, registry.replace("]}", "], replicas: 2}")))
                .containsExactly("pass 80@web-1", "fail 80", "pass 80@web-3");
    }

    @Test
    void aPortBehindAPlaceholderIsUnknown() throws InterruptedException {
        assertThat(run(check, agents("http://one:${PORT}")))
                .containsExactly(new CheckResult.Unknown(
                        "a1", "the URL holds a placeholder where its host or port would stand"));
    }

    @Test
    void agentsWithoutAUsablePortAreNotJudged() throws InterruptedException {
        assertThat(verdicts(check, agents("http://one:0", "http://two:0", "x", "x", "")))
                .isEmpty();
    }

    @Test
    void evidenceHidesPasswords() throws InterruptedException {
        assertThat(evidence(failure(check, agents("http://me:hunter2@one:80", "http://two")))
                        .toString())
                .doesNotContain("hunter2");
    }

    @Test
    void theHostIsNamedUnlessItIsTheScannedOne() throws InterruptedException {
        assertThat(failure(check, agents("http://varys:8020", "http://cerberus:8020"))
                        .description())
                .isEqualTo(
                        "'a1' and 'a2' are declared on port 8020 of one host. Only one program can listen there, so the"
                                + " others cannot be reached or another answers for them.");
        assertThat(failure(check, agents("http://10.0.0.5:80", "http://10.0.0.5"))
                        .description())
                .startsWith("'a1' and 'a2' are declared on port 80 of 10.0.0.5. ");
    }

    /** Agents of compose services of which each binds 8000 in a network of its own, and what their URLs say. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ports: []|ports: []|http://one:8000|http://two:8000|pass 8000",
                "ports: ['8000:8000']|ports: []|http://one:8000|http://two:8000|pass 8000",
                "ports: ['8000:8000']|ports: ['8001:8000']|http://localhost:8000|http://localhost:8001|pass 8000, pass"
                        + " 8001",
                "ports: ['8000:8000']|ports: ['8000:8000']|http://one:8000|http://two:8000|fail 8000 [one, two]",
                "ports: []|ports: []|http://localhost:9000|http://localhost:9000/b|pass 9000",
                "ports: []|ports: []|http://localhost:9000|http://localhost:9000|fail 9000 [one, two]",
                "ports: []|ports: []|http://one:9000|http://two:9000|pass 9000",
                "network_mode: host|network_mode: host|http://one:8000|http://two:8000|fail 8000 [one, two]",
            })
    void aPortOfAContainersOwnNetworkIsTakenThereAlone(
            String one, String two, String urlOfOne, String urlOfTwo, String verdicts) throws InterruptedException {
        FleetTree tree = new FleetTree(root)
                .file("agents/one/main.py", SERVER)
                .file("agents/one/Dockerfile", IMAGE)
                .file("agents/two/main.py", SERVER)
                .file("agents/two/Dockerfile", IMAGE)
                .file(
                        "compose.yaml",
                        "services:",
                        "  one: {build: agents/one, " + one + "}",
                        "  two: {build: agents/two, " + two + "}")
                .agents("one", urlOfOne, "two", urlOfTwo);
        assertThat(String.join(", ", tree.verdicts(check))).isEqualTo(verdicts);
    }
}
