package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ComposeHostPortConflictCheckTest {
    private final ComposeHostPortConflictCheck check = new ComposeHostPortConflictCheck();

    @TempDir
    private Path root;

    private ComposeTree tree;

    @BeforeEach
    void begin() {
        tree = new ComposeTree(root);
    }

    @Test
    void twoServicesOnOnePortFail() throws InterruptedException {
        tree.agent("hermes", 8014)
                .services(
                        "hermes: {image: x, ports: ['8014:80']}",
                        "varys:",
                        "  image: y",
                        "  ports:",
                        "    - ${P:-8014}:81",
                        "other: {image: z, ports: ['8015:80']}");
        Failure failure = tree.failure(check);

        assertThat(failure.subject()).isEqualTo("compose.yml#8014");
        assertThat(failure.port()).isEqualTo(8014);
        assertThat(failure.title()).isEqualTo("Host port 8014 is wanted by hermes and varys in compose.yml");
        assertThat(failure.affected()).containsExactly("compose.yml#hermes", "hermes", "compose.yml#varys");
        assertThat(failure.evidence())
                .containsExactly(
                        new Evidence("compose", "compose.yml", 2, "8014:80"),
                        new Evidence("compose", "compose.yml", 6, "${P:-8014}:81"));
        assertThat(tree.verdicts(check)).containsExactly("pass compose.yml#8015", "fail compose.yml#8014");
    }

    @Test
    void addressesAndProtocolsDecide() throws InterruptedException {
        tree.services(
                "a: {image: x, ports: ['53:53/udp', '127.0.0.1:80:80', '81:80', '[::1]:82:80', '10.0.0.1:83:80']}",
                "b: {image: x, ports: ['53:53/tcp', '127.0.0.2:80:80', '127.0.0.1:81:80', '127.0.0.1:82:80', '0.0.0.0:83:80']}");
        assertThat(tree.verdicts(check))
                .containsExactlyInAnyOrder(
                        "pass compose.yml#53/udp",
                        "pass compose.yml#53",
                        "pass compose.yml#80",
                        "pass compose.yml#82",
                        "fail compose.yml#81",
                        "fail compose.yml#0.0.0.0:83");
    }

    @Test
    void severalConflictsOnOnePortStayApart() throws InterruptedException {
        tree.services(
                "a: {image: x, ports: ['127.0.0.1:80:80', '53:53/udp', '53:53']}",
                "b: {image: x, ports: ['127.0.0.1:80:80', '53:53/udp']}",
                "c: {image: x, ports: ['10.0.0.1:80:80', '53:53']}",
                "d: {image: x, ports: ['10.0.0.1:80:80']}");
        assertThat(tree.verdicts(check))
                .containsExactlyInAnyOrder(
                        "fail compose.yml#127.0.0.1:80",
                        "fail compose.yml#10.0.0.1:80",
                        "fail compose.yml#53",
                        "fail compose.yml#53/udp");
    }

    @Test
    void disjointProfilesNeverRunTogether() throws InterruptedException {
        tree.services(
                "a: {image: x, ports: ['80:80', '81:80', '82:80'], profiles: [one]}",
                "b: {image: x, ports: ['80:80'], profiles: [two, three]}",
                "c: {image: x, ports: ['81:80'], profiles: [two, one]}",
                "d: {image: x, ports: ['82:80']}");
        assertThat(tree.verdicts(check))
                .containsExactly("pass compose.yml#80", "fail compose.yml#81", "fail compose.yml#82");
    }

    @Test
    void aRangeIsOneIssue() throws InterruptedException {
        tree.services(
                "a: {image: x, ports: ['9000-9010:9000-9010/udp', '9020-9030:80']}",
                "b: {image: x, ports: ['9005-9015:1-11/udp', '9025:80']}");
        Failure failure = tree.failure(check);
        assertThat(failure.subject()).isEqualTo("compose.yml#9005/udp");
        assertThat(failure.title()).isEqualTo("Host port 9005-9010/udp is wanted by a and b in compose.yml");
        assertThat(tree.verdicts(check)).contains("pass compose.yml#9000/udp", "pass compose.yml#9025");
    }

    @Test
    void theHostsNetworkPublishesWhatTheContainerBinds() throws InterruptedException {
        tree.python("a", 8020)
                .python("b", 0)
                .services(
                        "a: {build: agents/a, network_mode: host}",
                        "b: {build: agents/b, network_mode: host}",
                        "c: {image: x, network_mode: host}",
                        "d: {image: x, ports: ['127.0.0.1:8020:80']}");
        assertThat(tree.verdicts(check)).containsExactly("fail compose.yml#8020", "unknown compose.yml#b");
        assertThat(tree.failure(check).affected()).containsExactly("compose.yml#a", "a", "compose.yml#d");
    }

    @Test
    void aPortThatIsNotKnownIsUnknown() throws InterruptedException {
        tree.services("a: {image: x, ports: ['${A}:80', '${B}:81']}", "b: {image: x, ports: ['80', '80:80']}");
        List<CheckResult> results = tree.run(check);
        assertThat(results)
                .containsExactly(
                        new CheckResult.Pass("compose.yml#80"),
                        new CheckResult.Unknown(
                                "compose.yml#a",
                                "Which ports of the host compose.yml#a takes is not known: the variable B is not set here"
                                        + " and has no default"));
    }

    @Test
    void oneServiceCannotPublishAPortTwice() throws InterruptedException {
        tree.services("a: {image: x, ports: ['80:80', '80:80', '81:80', '81:81']}");
        assertThat(tree.failure(check).title()).isEqualTo("Host port 81 is wanted by a twice in compose.yml");
    }

    @Test
    void anOverrideFileAddsToTheSameServices() throws InterruptedException {
        tree.file("docker-compose.yml", "services:", "  a: {image: x, ports: ['80:80']}", "  b: {image: x}")
                .file("docker-compose.override.yml", "services:", "  a: {ports: ['80:80']}", "  b: {ports: ['80:80']}")
                .file("docker-compose.prod.yml", "services: {a: {ports: ['81:80']}}");
        assertThat(tree.verdicts(check))
                .containsExactly("pass docker-compose.prod.yml#81", "fail docker-compose.yml#80");
    }

    @Test
    void aServiceDoesNotConflictWithItsOwnOverride() throws InterruptedException {
        tree.file("docker-compose.yml", "services:", "  redis: {image: x, ports: ['127.0.0.1:6379:6379']}")
                .file("docker-compose.override.yml", "services:", "  redis: {ports: ['6379:6379']}");
        assertThat(tree.verdicts(check)).containsExactly("pass docker-compose.yml#6379");
    }

    @Test
    void silentWithoutComposeFiles() throws InterruptedException {
        assertThat(tree.run(check)).isEmpty();
        tree.world().withoutDeclarations();
        assertThat(tree.run(check)).isEmpty();
    }

    @Test
    @Timeout(20)
    void manyServicesOnOnePortEndInTime() throws InterruptedException {
        String[] services = new String[1_500];
        for (int i = 0; i < services.length; i++) {
            services[i] = "s" + i + ": {image: x, ports: ['80:80', '127.0.0." + i % 200 + ":81:81']}";
        }
        tree.services(services);
        assertThat(tree.failures(check)).hasSize(201);
    }
}
