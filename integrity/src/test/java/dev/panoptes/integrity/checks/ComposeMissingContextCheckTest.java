package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.integrity.judging.Check;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Contexts and Dockerfiles of build sections. */
class ComposeMissingContextCheckTest {
    private final Check context = new ComposeMissingContextCheck();
    private final Check dockerfile = new ComposeMissingDockerfileCheck();

    @TempDir
    private Path root;

    private ComposeTree tree;

    @BeforeEach
    void begin() {
        tree = new ComposeTree(root);
    }

    @Test
    void aMissingContextFailsAndSoDoesItsDockerfile() throws InterruptedException {
        tree.agent("hermes", 8014)
                .file("deploy/compose.yml", "services:", "  hermes:", "    build:", "      context: ../agents/hermes");
        Failure failure = tree.failure(context);
        assertThat(failure.subject()).isEqualTo("deploy/compose.yml#hermes");
        assertThat(failure.title())
                .isEqualTo("The build context ../agents/hermes of deploy/compose.yml#hermes does not exist");
        assertThat(failure.affected()).containsExactly("deploy/compose.yml#hermes", "hermes");
        assertThat(failure.evidence())
                .containsExactly(new Evidence("compose", "deploy/compose.yml", 4, "build ../agents/hermes"));
        assertThat(tree.failure(dockerfile).description()).contains("agents/hermes/Dockerfile, which does not exist");
    }

    @Test
    void aMissingDockerfileFails() throws InterruptedException {
        tree.file("agents/a/x", "")
                .file("agents/b/Dockerfile.prod", "FROM x")
                .services(
                        "a: {build: ./agents/a}",
                        "b: {build: {context: agents/b, dockerfile: Dockerfile.prd}}",
                        "c: {build: {context: agents/b, dockerfile: Dockerfile.prod}}");
        assertThat(tree.verdicts(context))
                .containsExactly("pass compose.yml#a", "pass compose.yml#b", "pass compose.yml#c");
        assertThat(tree.verdicts(dockerfile))
                .containsExactly("fail compose.yml#a", "fail compose.yml#b", "pass compose.yml#c");
        assertThat(tree.failures(dockerfile).getFirst().affected()).containsExactly("compose.yml#a", "a");
    }

    @Test
    void contextsThatCannotBeJudged() throws InterruptedException {
        tree.services(
                "a: {build: 'https://example.org/x.git#main'}",
                "b: {build: 'git@example.org:x/y.git'}",
                "c: {build: '../../../outside'}",
                "d: {build: /srv/elsewhere}",
                "e: {image: x}");
        assertThat(tree.run(context)).isEmpty();
        assertThat(tree.run(dockerfile)).isEmpty();
        tree.services("a: {build: './$WHERE'}", "b: {build: './web/dist'}", "c: {build: '~/x'}");
        assertThat(tree.run(context))
                .containsExactly(
                        new CheckResult.Unknown(
                                "compose.yml#a",
                                "Where the build context of compose.yml#a lies is not known: the variable WHERE is not set"
                                        + " here and has no default"),
                        new CheckResult.Unknown(
                                "compose.yml#b",
                                "Where the build context of compose.yml#b lies is not known: it goes through dist, which a"
                                        + " build makes"),
                        new CheckResult.Unknown(
                                "compose.yml#c",
                                "Where the build context of compose.yml#c lies is not known: it lies in the home directory"
                                        + " of whoever runs compose"));
        assertThat(tree.verdicts(dockerfile))
                .containsExactly("unknown compose.yml#a", "unknown compose.yml#b", "unknown compose.yml#c");
    }

    @Test
    void absolutePathsAreThoseOfTheDeployedMachine() throws InterruptedException {
        tree.file("agents/a/Dockerfile", "FROM x")
                .services(
                        "a: {build: /opt/fleet/agents/a}",
                        "b: {build: /opt/fleet/agents/b}",
                        "c: {build: {context: ., dockerfile: /opt/fleet/agents/a/Dockerfile}}");
        assertThat(tree.verdicts(context))
                .containsExactly("pass compose.yml#a", "fail compose.yml#b", "pass compose.yml#c");
        assertThat(tree.verdicts(dockerfile))
                .containsExactly("pass compose.yml#a", "fail compose.yml#b", "pass compose.yml#c");
    }

    @Test
    void otherNamesThatBuildersTake() throws InterruptedException {
        tree.file("a/dockerfile", "FROM x")
                .file("b/Containerfile", "FROM x")
                .file("c/x", "")
                .services(
                        "a: {build: a}",
                        "b: {build: b}",
                        "c: {build: {context: c, dockerfile_inline: 'FROM x'}}",
                        "d: {build: {context: c, dockerfile: '$D'}}");
        assertThat(tree.verdicts(dockerfile))
                .containsExactly("pass compose.yml#a", "pass compose.yml#b", "unknown compose.yml#d");
    }

    @Test
    void aBuildThatAnotherFileWritesIsJudgedThere() throws InterruptedException {
        tree.services("a: {build: gone}").file("docker-compose.prod.yml", "services: {a: {ports: ['80:80']}}");
        assertThat(tree.verdicts(context)).containsExactly("fail compose.yml#a");
    }

    @Test
    void aContextThatIsAFile() throws InterruptedException {
        tree.file("a", "").services("a: {build: a}");
        assertThat(tree.failure(context).title()).endsWith("is no folder");
    }
}
