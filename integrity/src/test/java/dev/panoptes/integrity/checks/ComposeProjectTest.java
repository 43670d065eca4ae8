package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What compose makes one project of, and how many containers of it run. */
class ComposeProjectTest {
    private final ComposeHostPortConflictCheck conflict = new ComposeHostPortConflictCheck();

    @TempDir
    private Path root;

    private FleetTree tree;

    @BeforeEach
    void begin() {
        tree = new FleetTree(root);
    }

    @Test
    void containersOfOneServiceCannotShareAFixedPort() throws InterruptedException {
        tree.file(
                "compose.yml",
                "services:",
                "  web: {image: x, ports: ['8080:80'], deploy: {replicas: 3}}",
                "  old: {image: x, ports: ['8081:80'], scale: 2}",
                "  range: {image: x, ports: ['8090-8092:80'], deploy: {replicas: 3}}",
                "  open: {image: x, ports: ['${P}:80'], deploy: {replicas: 2}}",
                "  one: {image: x, ports: ['8093:80']}");
        assertThat(tree.verdicts(new ComposeReplicasPortCheck()))
                .containsExactly(
                        "fail compose.yml#old [compose.yml#old]",
                        "fail compose.yml#web [compose.yml#web]",
                        "pass compose.yml#range",
                        "unknown compose.yml#open: Which ports of the host compose.yml#open takes is not known: the"
                                + " variable P is not set here and has no default");
    }

    @Test
    void aServiceWithoutContainersTakesNothing() throws InterruptedException {
        tree.file(
                "compose.yml",
                "services:",
                "  a: {image: x, ports: ['80:80'], deploy: {replicas: 0}}",
                "  b: {image: x, ports: ['80:80']}");
        assertThat(tree.verdicts(conflict)).containsExactly("pass compose.yml#80");
    }

    @Test
    void whatIsIncludedIsOneProject() throws InterruptedException {
        tree.file("compose.yml", "include: [infra/redis.yaml]", "services: {app: {image: x, ports: ['6379:6379']}}")
                .file("infra/redis.yaml", "services: {redis: {image: redis, ports: ['6379:6379']}}");
        assertThat(tree.verdicts(conflict))
                .containsExactly("fail compose.yml#6379 [compose.yml#app, infra/redis.yaml#redis]");
        assertThat(tree.verdicts(new ComposeIncludeMissingCheck())).containsExactly("pass compose.yml");
    }

    @Test
    void filesThatIncludeEachOtherAreReadAndEnd() throws InterruptedException {
        tree.file("compose.yml", "include: [sub/compose.yml]", "services: {a: {image: x, ports: ['80:80']}}")
                .file("sub/compose.yml", "include: [../compose.yml]", "services: {b: {image: x, ports: ['80:80']}}");
        assertThat(tree.verdicts(conflict)).isNotEmpty();
    }

    @Test
    void anIncludeOfWhatIsNotThereFailsAndOneFromElsewhereIsUnknown() throws InterruptedException {
        tree.file(
                        "compose.yml",
                        "include:",
                        "  - gone/compose.yaml",
                        "  - path: [here.yml]",
                        "services: {a: {image: x}}")
                .file("here.yml", "services: {b: {image: x}}")
                .file(
                        "other/compose.yml",
                        "include: ['oci://x/y', '${WHERE}/compose.yml']",
                        "services: {c: {image: x}}");
        assertThat(tree.verdicts(new ComposeIncludeMissingCheck()))
                .containsExactly("fail compose.yml#gone/compose.yaml [compose.yml]");
        assertThat(tree.world().declarations().problems())
                .extracting(problem -> problem.file() + " " + problem.code())
                .containsExactly("other/compose.yml compose-include", "other/compose.yml compose-include");
    }

    @Test
    void whatIsExtendedMustBeThere() throws InterruptedException {
        tree.file(
                        "compose.yml",
                        "services:",
                        "  a: {extends: {file: base.yml, service: gone}}",
                        "  b: {extends: {file: none.yml, service: x}}",
                        "  c: {extends: {file: base.yml, service: there}}",
                        "  d: {extends: {file: made.yml, service: there}}")
                .file("base.yml", "services: {there: {image: x}}")
                .file(".gitignore", "made.yml");
        assertThat(tree.verdicts(new ComposeExtendsMissingCheck()))
                .containsExactly("fail compose.yml#a [compose.yml#a]", "fail compose.yml#b [compose.yml#b]");
        assertThat(tree.world().declarations().problems())
                .singleElement()
                .extracting(problem -> problem.message())
                .asString()
                .contains("made.yml is excluded by .gitignore");
    }

    @Test
    void theEnvironmentNamesTheFilesAndTheProfiles() throws InterruptedException {
        tree.file("base.yaml", "services: {a: {image: x, ports: ['8080:80'], profiles: [one]}}")
                .file("dev.yaml", "services: {b: {image: x, ports: ['8080:80'], profiles: [two]}}")
                .file(".env", "COMPOSE_FILE=base.yaml:dev.yaml");
        assertThat(tree.verdicts(conflict)).containsExactly("pass base.yaml#8080");
        tree.file(".env", "COMPOSE_FILE=base.yaml:dev.yaml", "COMPOSE_PROFILES=one,two");
        assertThat(tree.verdicts(conflict)).containsExactly("fail base.yaml#8080 [base.yaml#a, dev.yaml#b]");
    }

    @Test
    void alternativesOfOneFolderAreNotJoined() throws InterruptedException {
        tree.file("docker-compose.dev.yml", "services: {pg-dev: {image: x, ports: ['5432:5432']}}")
                .file("docker-compose.prod.yml", "services: {postgres: {image: x, ports: ['5432:5432']}}");
        assertThat(tree.accusations()).isEmpty();
    }

    @Test
    void theFirstFormatIsSaidToBeUnread() throws InterruptedException {
        tree.file("docker-compose.yml", "web: {image: x, ports: ['80:80']}");
        assertThat(tree.world().declarations().problems())
                .singleElement()
                .extracting(problem -> problem.code())
                .isEqualTo("compose-first-format");
    }
}
