package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What compose and Docker refuse of a project, what they take, and what cannot be told of a part of one. */
class ComposeRefusalsTest {
    private final ComposeUndeclaredNameCheck names = new ComposeUndeclaredNameCheck();
    private final ComposeRefusedCheck refused = new ComposeRefusedCheck();

    @TempDir
    private Path root;

    private FleetTree tree;

    @BeforeEach
    void begin() {
        tree = new FleetTree(root);
    }

    @Test
    void namesThatNothingDeclaresAreTold() throws InterruptedException {
        tree.file(
                "compose.yaml",
                "services:",
                "  web:",
                "    image: x",
                "    depends_on: [postgres]",
                "    links: ['cache:c']",
                "    volumes: ['data:/d', './here:/h', '/abs:/a', {type: volume, source: other, target: /o}]",
                "    networks: [back]",
                "    secrets: [token, {source: key}]",
                "    configs: [settings]",
                "  db: {image: x, network_mode: 'service:gone'}",
                "volumes: {date: {}}");
        assertThat(tree.verdicts(names))
                .extracting(line -> line.replaceAll(" \\[.*", ""))
                .containsExactlyInAnyOrder(
                        "fail compose.yaml#web-service-postgres",
                        "fail compose.yaml#web-service-cache",
                        "fail compose.yaml#web-volume-data",
                        "fail compose.yaml#web-volume-other",
                        "fail compose.yaml#web-network-back",
                        "fail compose.yaml#web-secret-token",
                        "fail compose.yaml#web-secret-key",
                        "fail compose.yaml#web-config-settings",
                        "fail compose.yaml#db-service-gone");
    }

    @Test
    void whatIsDeclaredSomewhereInTheProjectPasses() throws InterruptedException {
        tree.file(
                        "compose.yaml",
                        "include: [infra/compose.yaml]",
                        "x-base: &base {networks: [default, back], volumes: ['data:/d', anonymous, '/a:/b']}",
                        "services:",
                        "  web: {<<: *base, image: x, depends_on: {db: {condition: service_started}, opt: {required: false}}}",
                        "  more: {image: x, volumes: ['${WHICH}:/d', '${ONE:-data}:/e']}",
                        "volumes: {data: }")
                .file("compose.override.yaml", "networks: {back: {external: true}}")
                .file("infra/compose.yaml", "services: {db: {image: postgres}}");
        assertThat(tree.verdicts(names)).containsExactly("pass compose.yaml");
        assertThat(tree.verdicts(refused)).containsExactly("pass compose.yaml");
    }

    @Test
    void aPartOfAProjectIsNotJudged() throws InterruptedException {
        tree.file("docker-compose.yml", "services: {db: {image: x}, web: {image: x, volumes: ['shared:/s']}}")
                .file(
                        "docker-compose.prod.yml",
                        "services: {proxy: {image: x, depends_on: [web, db], networks: [edge]}}",
                        "volumes: {shared: {}}")
                .file("dev/compose.yaml", "services: {web: {depends_on: [db]}}");
        assertThat(tree.verdicts(names)).doesNotContain("fail").allMatch(line -> line.startsWith("pass"));
    }

    @Test
    void contradictionsAreTold() throws InterruptedException {
        tree.file(
                        "compose.yaml",
                        "services:",
                        "  self: {image: x, depends_on: [self]}",
                        "  twice: {image: x, container_name: one, deploy: {replicas: 2}}",
                        "  vpn: {image: x, ports: ['80:80']}",
                        "  inside: {image: x, network_mode: 'service:vpn', ports: ['81:81']}",
                        "  both: {image: x, network_mode: host, networks: [default]}",
                        "  test: {image: x, healthcheck: {test: [curl, localhost]}}",
                        "  extra: {image: x, profiles: [debug]}",
                        "  needs: {image: x, depends_on: [extra]}",
                        "  db: {image: 'postgres:16'}",
                        "  custom: {image: mine}",
                        "  built: {build: app}",
                        "  sound: {build: sound}",
                        "  waits:",
                        "    image: x",
                        "    configs: [a, b]",
                        "    depends_on:",
                        "      db: {condition: service_healthy}",
                        "      custom: {condition: service_healthy}",
                        "      built: {condition: service_healthy}",
                        "      sound: {condition: service_healthy}",
                        "configs: {a: {file: ./a.toml}, b: {file: ./b.toml}}")
                .file("app/Dockerfile", "FROM node:20", "CMD [\"node\", \"x.js\"]")
                .file("sound/Dockerfile", "FROM node:20", "HEALTHCHECK CMD node x.js", "CMD [\"node\", \"x.js\"]")
                .file("b.toml", "");
        assertThat(tree.verdicts(refused))
                .extracting(line -> line.replaceAll(" \\[.*", ""))
                .containsExactlyInAnyOrder(
                        "fail compose.yaml#self-itself-self",
                        "fail compose.yaml#twice-one_name-2",
                        "fail compose.yaml#inside-ports_of_another-vpn",
                        "fail compose.yaml#both-two_networks-both",
                        "fail compose.yaml#test-test-curl",
                        "fail compose.yaml#needs-inactive-extra",
                        "fail compose.yaml#waits-no_health-db",
                        "fail compose.yaml#waits-no_health-built",
                        "fail compose.yaml#waits-no_config_file-./a.toml");
    }

    @Test
    void aConfigFileThatIsPlacedByHandIsNotMissed() throws InterruptedException {
        tree.file("compose.yaml", "services: {a: {image: x, configs: [c]}}", "configs: {c: {file: ./made/c.toml}}")
                .file(".gitignore", "made/");
        assertThat(tree.verdicts(refused)).containsExactly("pass compose.yaml");
    }

    @Test
    void servicesThatWaitForEachOtherAreTold() throws InterruptedException {
        tree.file(
                "compose.yaml",
                "services:",
                "  a: {image: x, depends_on: [b]}",
                "  b: {image: x, depends_on: {c: {condition: service_started}}}",
                "  c: {image: x, depends_on: [a]}",
                "  d: {image: x, depends_on: [a, b]}",
                "  e: {extends: {service: gone}}");
        assertThat(tree.verdicts(refused)).containsExactly("fail compose.yaml#a-itself-a [compose.yaml#a]");
        tree.file(
                "compose.yaml",
                "services:",
                "  a: {image: x, depends_on: [b, c]}",
                "  b: {image: x, depends_on: [c]}",
                "  c: {image: x}");
        assertThat(tree.verdicts(refused)).containsExactly("pass compose.yaml");
    }

    @Test
    void oddShapesAreNoAccusation() throws InterruptedException {
        tree.file(
                "compose.yaml",
                "services:",
                "  a: {image: x, depends_on: {}, volumes: {a: b}, networks: , secrets: 3, configs: [[x]], healthcheck: {test: []}}",
                "volumes: [x]",
                "networks: 7");
        assertThat(tree.verdicts(names)).containsExactly("pass compose.yaml");
        assertThat(tree.verdicts(refused)).containsExactly("pass compose.yaml");
    }

    @Test
    void whatComposeReplacesBeforeTheContainerKnowsItIsTold() throws InterruptedException {
        tree.file(
                "compose.yaml",
                "services:",
                "  db:",
                "    image: postgres:16",
                "    environment: {POSTGRES_USER: shop, SET: '${SET}'}",
                "    healthcheck: {test: [CMD-SHELL, 'pg_isready -U ${POSTGRES_USER} -d $${POSTGRES_USER} ${SET}']}",
                "  web: {image: x, ports: ['80:80']}",
                "  job: {image: x}",
                "  seed:",
                "    image: x",
                "    depends_on:",
                "      web: {condition: service_completed_successfully}",
                "      job: {condition: service_completed_successfully}");
        assertThat(tree.verdicts(refused))
                .extracting(line -> line.replaceAll(" \\[.*", ""))
                .containsExactlyInAnyOrder(
                        "fail compose.yaml#db-replaced-POSTGRES_USER", "fail compose.yaml#seed-never_ends-web");
    }
}
