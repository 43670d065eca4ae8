package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.Worlds;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComposeCrossFilePortConflictCheckTest {
    private final ComposeCrossFilePortConflictCheck check = new ComposeCrossFilePortConflictCheck();

    @TempDir
    private Path root;

    private ComposeTree tree;

    @BeforeEach
    void begin() {
        tree = new ComposeTree(root);
    }

    @Test
    void declaredAgentsOfDifferentProjectsFail() throws InterruptedException {
        tree.agent("a", 8090).agent("b", 3000);
        tree.file("compose.yml", "services: {a: {image: x, ports: ['8090:80']}}")
                .file("monitoring/compose.yml", "services: {b: {image: x, ports: ['8090:3000']}}");
        Failure failure = tree.failure(check);
        assertThat(failure.subject()).isEqualTo("8090");
        assertThat(failure.title())
                .isEqualTo("Host port 8090 is wanted by services of compose.yml and monitoring/compose.yml");
        assertThat(failure.affected()).containsExactly("compose.yml#a", "a", "monitoring/compose.yml#b", "b");
        assertThat(failure.evidence())
                .containsExactly(
                        new Evidence("compose", "compose.yml", 1, "8090:80"),
                        new Evidence("compose", "monitoring/compose.yml", 1, "8090:3000"));
    }

    @Test
    void whatAScriptStartsTogetherConflictsAndAlternativesDoNot() throws InterruptedException {
        tree.file("app/compose.yml", "services: {a: {image: x, ports: ['8090:80']}}")
                .file("monitoring/compose.yml", "services: {b: {image: x, ports: ['8090:3000']}}");
        tree.file(
                "README.md",
                "```",
                "docker compose -f app/compose.yml up -d",
                "```",
                "",
                "# or",
                "",
                "```",
                "docker compose -f monitoring/compose.yml up -d",
                "```");
        assertThat(tree.verdicts(check)).containsExactly("pass 8090");
        tree.file(
                "up.sh",
                "if [ -n \"$ALL\" ]; then",
                "  docker compose -f app/compose.yml up -d",
                "else",
                "  docker compose -f monitoring/compose.yml up -d",
                "fi");
        assertThat(tree.verdicts(check)).containsExactly("pass 8090");
        tree.file(
                "up.sh", "set -e", "docker compose -f app/compose.yml up -d", "cd monitoring && docker compose up -d");
        assertThat(tree.failure(check).evidence()).contains(new Evidence("launch", "up.sh", 1, "starts both"));
    }

    @Test
    void theSecondSentenceOfALineMayStartBoth() throws InterruptedException {
        tree.file("app/compose.yml", "services: {a: {image: x, ports: ['8090:80']}}")
                .file("monitoring/compose.yml", "services: {b: {image: x, ports: ['8090:3000']}}")
                .file(
                        "README.md",
                        "Alone: docker compose -f app/compose.yml up. All: docker compose -f app/compose.yml up -d &&"
                                + " docker compose -f monitoring/compose.yml up -d");
        assertThat(tree.failure(check).evidence()).contains(new Evidence("launch", "README.md", 1, "starts both"));
    }

    @Test
    void filesOfOneFolderThatOneCommandNamesAreOneProject() throws InterruptedException {
        tree.file("compose.yml", "services: {a: {image: x, ports: ['8090:80']}, web: {image: x, ports: ['80:80']}}")
                .file("compose.extra.yml", "services: {b: {image: x, ports: ['8090:3000']}}")
                .file(
                        "compose.dev.yml",
                        "services: {web: {image: x, ports: !override ['81:80']}, p: {image: x, ports: ['80:80']}}");
        assertThat(tree.verdicts(check)).containsExactlyInAnyOrder("pass 80", "pass 81", "pass 8090");
        tree.file(
                "Makefile",
                "up:",
                "\tdocker compose -f compose.yml -f compose.extra.yml up -d",
                "dev:",
                "\tdocker-compose -f compose.yml -f compose.dev.yml up");
        assertThat(tree.failure(check).affected()).containsExactly("compose.extra.yml#b", "compose.yml#a");
    }

    @Test
    void oneServiceInSeveralEnvironmentsIsNoConflict() throws InterruptedException {
        tree.file("docker-compose.dev.yml", "services: {event-bus: {image: x, ports: ['80:80']}}")
                .file("docker-compose.prod.yml", "services: {event_bus: {image: x, ports: ['80:80']}}")
                .file("docker-compose.yml", "services: {event-bus: {image: x, ports: ['80:80']}}");
        assertThat(tree.verdicts(check)).containsExactly("pass 80");
    }

    @Test
    void whatConflictsWithinAFileIsNotRepeated() throws InterruptedException {
        tree.file("a/compose.yml", "services: {a: {image: x, ports: ['80:80']}, b: {image: x, ports: ['80:80']}}")
                .file("b/compose.yml", "services: {c: {image: x, ports: ['81:80']}}");
        assertThat(tree.verdicts(check)).containsExactly("pass 80", "pass 81");
    }

    @Test
    void addressesProtocolsAndProfilesDecide() throws InterruptedException {
        tree.file(
                        "a/compose.yml",
                        "services:",
                        "  a: {image: x, ports: ['53:53/udp', '127.0.0.1:80:80', '81:80'], profiles: [p]}")
                .file(
                        "b/compose.yml",
                        "services:",
                        "  b: {image: x, ports: ['53:53', '10.0.0.1:80:80'], profiles: [p]}",
                        "  c: {image: x, ports: ['81:80'], profiles: [q]}");
        assertThat(tree.failures(check)).isEmpty();
    }

    @Test
    void whatIsExtendedOrCompletedIsTheSameService() throws InterruptedException {
        tree.file("base-compose.yml", "services:", "  base: {image: x, ports: ['80:80']}", "  other: {image: x}")
                .file(
                        "compose.yml",
                        "services:",
                        "  a: {extends: {file: base-compose.yml, service: base}}",
                        "  other: {image: x}")
                .file("docker-compose.prod.yml", "services: {other: {environment: {A: b}}}");
        assertThat(tree.failures(check)).isEmpty();
    }

    @Test
    void aPortThatIsNotKnownIsUnknown() throws InterruptedException {
        tree.agent("a", 81).agent("b", 80);
        tree.file("a/compose.yml", "services: {a: {image: x, ports: ['${P}:80']}}");
        assertThat(tree.verdicts(check)).isEmpty();
        tree.file("b/compose.yml", "services: {b: {image: x, ports: ['80:80']}}");
        assertThat(tree.verdicts(check)).containsExactly("unknown a/compose.yml#a", "pass 80");
    }

    @Test
    void projectsOfWhichNobodySaysThatBothRunMayWantOnePort() throws InterruptedException {
        tree.file("one/compose.yml", "services: {a: {image: x, ports: ['80:80']}}")
                .file("two/compose.yml", "services: {b: {image: x, ports: ['80:80']}}");
        assertThat(tree.verdicts(check)).containsExactly("pass 80");
    }

    @Test
    void aNetworkOfTheOtherProjectJoinsBoth() throws InterruptedException {
        tree.file("one/compose.yml", "services: {a: {image: x, ports: ['80:80']}}")
                .file(
                        "two/compose.yml",
                        "services: {b: {image: x, ports: ['80:80']}}",
                        "networks: {one: {external: true, name: one_default}}");
        assertThat(tree.failure(check).affected()).containsExactly("one/compose.yml#a", "two/compose.yml#b");
    }

    private static final String OPEN = "unknown a/compose.yml#a";

    private static ComposeTree open(Path root) {
        return new ComposeTree(root)
                .file("a/compose.yml", "services: {a: {image: x, ports: ['${P}:80']}}")
                .file("b/compose.yml", "services: {b: {image: x, ports: ['80:80']}}");
    }

    @Test
    void anOpenPortIsToldWhereSomethingSaysThatBothRun() throws InterruptedException {
        assertThat(open(root.resolve("1")).verdicts(check)).containsExactly("pass 80");
        assertThat(open(root.resolve("2")).agent("a", 81).verdicts(check)).containsExactly("pass 80");
        assertThat(open(root.resolve("3")).agent("b", 80).verdicts(check)).containsExactly("pass 80");
        assertThat(open(root.resolve("4"))
                        .file("up.sh", "docker compose -f a/compose.yml up -d", "docker compose -f b/compose.yml up -d")
                        .verdicts(check))
                .containsExactly(OPEN, "pass 80");
        assertThat(open(root.resolve("5"))
                        .file(
                                "a/compose.yml",
                                "services: {a: {image: x, ports: ['${P}:80']}}",
                                "networks: {one: {external: true, name: b_default}}")
                        .verdicts(check))
                .containsExactly(OPEN, "pass 80");
        assertThat(open(root.resolve("6"))
                        .file(
                                "b/compose.yml",
                                "services: {b: {image: x, ports: ['80:80']}}",
                                "networks: {one: {external: true, name: a_default}}")
                        .verdicts(check))
                .containsExactly(OPEN, "pass 80");
        assertThat(open(root.resolve("7"))
                        .file(
                                "b/compose.yml",
                                "services: {b: {image: x, ports: ['80:80']}}",
                                "networks: {one: {external: true, name: elsewhere_default}}")
                        .verdicts(check))
                .containsExactly("pass 80");
    }

    @Test
    void filesOfOneFolderAreNotWeighedByTheirAgents() throws InterruptedException {
        tree.agent("a", 81)
                .agent("b", 80)
                .file("compose.yml", "services: {a: {image: x, ports: ['${P}:80']}}")
                .file("compose.extra.yml", "services: {b: {image: x, ports: ['80:80']}}");
        assertThat(tree.verdicts(check)).containsExactly("pass 80");
    }

    @Test
    void servicesOfOneAgentOrOfAgentsOnDifferentHostsAreNotRunTogether() throws InterruptedException {
        tree.world()
                .host("web-1", "10.0.0.1")
                .host("web-2", "10.0.0.2")
                .agent(Worlds.agent("a").port(80).host("web-1"))
                .agent(Worlds.agent("b").port(80).host("web-2"))
                .agent(Worlds.agent("c").port(80).host("web-1"));
        tree.file("a/compose.yml", "services: {a: {image: x, ports: ['80:80']}}")
                .file("b/compose.yml", "services: {b: {image: x, ports: ['80:80']}}");
        assertThat(tree.verdicts(check)).containsExactly("pass 80");
        tree.file("a/compose.yml", "services: {a: {image: x, container_name: one, ports: ['80:80']}}")
                .file("b/compose.yml", "services: {other: {image: x, container_name: a, ports: ['80:80']}}");
        assertThat(tree.verdicts(check)).as("both are a").containsExactly("pass 80");
        tree.file("b/compose.yml", "services: {c: {image: x, ports: ['80:80']}}");
        assertThat(tree.verdicts(check)).containsExactly("fail 80");
    }

    @Test
    void thePlaceThatStartsBothIsShownAndNoneThatStartsOne() throws InterruptedException {
        tree.file("app/compose.yml", "services: {a: {image: x, ports: ['127.0.0.1:8090:80']}}")
                .file("monitoring/compose.yml", "services: {b: {image: x, ports: ['127.0.0.1:8090:3000']}}")
                .file("one.sh", "docker compose -f app/compose.yml up -d")
                .file(
                        "up.sh",
                        "docker compose -f app/compose.yml up -d",
                        "docker compose -f monitoring/compose.yml up -d");
        Failure failure = tree.failure(check);
        assertThat(failure.description())
                .isEqualTo("app/compose.yml#a and monitoring/compose.yml#b want port 8090 on 127.0.0.1 of the host."
                        + " Brought up on one host, all but one of them do not start.");
        assertThat(failure.evidence())
                .containsExactly(
                        new Evidence("compose", "app/compose.yml", 1, "127.0.0.1:8090:80"),
                        new Evidence("compose", "monitoring/compose.yml", 1, "127.0.0.1:8090:3000"),
                        new Evidence("launch", "up.sh", 1, "starts both"));
    }
}
