package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where paths begin, which variables count, what a later file takes away: rules of the Compose Specification. */
class ComposeRulesTest {
    private static final List<String> PROGRAM = List.of(
            "import os, uvicorn",
            "from fastapi import FastAPI",
            "app = FastAPI()",
            "if __name__ == '__main__':",
            "    uvicorn.run(app, host='0.0.0.0', port=int(os.environ.get('PORT', '8006')))");

    private final ComposeHostPortConflictCheck conflict = new ComposeHostPortConflictCheck();
    private final ComposeMissingContextCheck context = new ComposeMissingContextCheck();
    private final PortMismatchComposeContainerCheck container = new PortMismatchComposeContainerCheck();

    @TempDir
    private Path root;

    private FleetTree tree;

    @BeforeEach
    void begin() {
        tree = new FleetTree(root);
    }

    private void image(String folder, String... lines) {
        tree.file(
                        folder + "/Dockerfile",
                        lines.length > 0
                                ? lines
                                : new String[] {
                                    "FROM python:3.12", "WORKDIR /app", "COPY . .", "CMD [\"python\", \"main.py\"]"
                                })
                .file(folder + "/main.py", PROGRAM.toArray(String[]::new));
    }

    @Test
    void pathsOfWhatIsIncludedBeginWhereItsProjectDoes() throws InterruptedException {
        image("svc");
        tree.file("compose.yaml", "include: [{path: infra/a.yaml, project_directory: .}]")
                .file("infra/a.yaml", "services: {a: {build: ./svc}}");
        assertThat(tree.verdicts(context)).containsExactly("pass infra/a.yaml#a");
        tree.file("compose.yaml", "include: [infra/a.yaml]");
        assertThat(tree.verdicts(context)).allMatch(line -> line.startsWith("fail infra/a.yaml#a"));
    }

    @Test
    void pathsOfAllFilesOfAProjectBeginBesideTheFirst() throws InterruptedException {
        image("svc");
        tree.file(".env", "COMPOSE_FILE=compose.yaml:deploy/more.yaml")
                .file("compose.yaml", "services: {a: {image: x}}")
                .file("deploy/more.yaml", "services: {b: {build: ./svc}}");
        assertThat(tree.verdicts(context)).containsExactly("pass deploy/more.yaml#b");
    }

    @Test
    void theIncludingProjectsVariablesComeFirst() throws InterruptedException {
        tree.file(
                        "compose.yaml",
                        "include: [{path: infra/r.yaml, env_file: infra/r.env}]",
                        "services: {a: {image: x, ports: ['7001:80']}}")
                .file("infra/r.yaml", "services: {r: {image: redis, ports: ['${RP:-6379}:6379']}}")
                .file("infra/r.env", "RP=7001");
        assertThat(tree.verdicts(conflict)).containsExactly("fail compose.yaml#7001 [compose.yaml#a, infra/r.yaml#r]");
        tree.file(".env", "RP=7002");
        assertThat(tree.verdicts(conflict)).allMatch(line -> line.startsWith("pass"));
    }

    @Test
    void aLaterFileTakesAwayAndReplaces() throws InterruptedException {
        tree.file(
                        "compose.yaml",
                        "services:",
                        "  a: {image: x, ports: ['8080:80']}",
                        "  b: {image: x, ports: ['8080:80'], volumes: ['./old.conf:/etc/b.conf']}")
                .file("compose.override.yaml", "services: {a: !reset null}");
        assertThat(tree.verdicts(conflict)).containsExactly("pass compose.yaml#8080");
        tree.file("compose.override.yaml", "services: {a: !override {image: y}}");
        assertThat(tree.verdicts(conflict)).containsExactly("pass compose.yaml#8080");
        tree.file("new.conf", "x")
                .file("compose.override.yaml", "services: {b: {volumes: ['./new.conf:/etc/b.conf']}}");
        assertThat(tree.verdicts(new ComposeMissingMountCheck())).containsExactly("pass compose.yaml#b");
    }

    @Test
    void aVariableThatIsResetIsNotSet() throws InterruptedException {
        image("svc");
        tree.file("compose.yaml", "services: {a: {build: svc, environment: {PORT: 8081}, ports: ['8006:8006']}}")
                .file("compose.override.yaml", "services: {a: {environment: {PORT: !reset null}}}");
        assertThat(tree.verdicts(container)).containsExactly("pass compose.yaml#a");
    }

    @Test
    void anEnvironmentFileMayHaveColons() throws InterruptedException {
        image("svc");
        tree.file("a.env", "PORT: 8081", "URL=http://x:1")
                .file("compose.yaml", "services: {a: {build: svc, env_file: a.env, ports: ['8081:8081']}}");
        assertThat(tree.verdicts(container)).containsExactly("pass compose.yaml#a");
    }

    @Test
    void aConfigIsAFileOfTheContainer() throws InterruptedException {
        tree.file("n.conf", "server { listen 8080; }")
                .file(
                        "compose.yaml",
                        "services:",
                        "  a:",
                        "    image: nginx:1.27",
                        "    ports: ['80:8080']",
                        "    configs: [{source: site, target: /etc/nginx/conf.d/default.conf}]",
                        "  b:",
                        "    image: nginx:1.27",
                        "    ports: ['81:80']",
                        "    configs: [{source: site, target: /etc/nginx/conf.d/default.conf}]",
                        "  c:",
                        "    image: nginx:1.27",
                        "    ports: ['82:8080']",
                        "    configs: [{source: text, target: /etc/nginx/conf.d/default.conf}]",
                        "configs: {site: {file: n.conf}, text: {content: 'server { listen 8080; }'}}");
        assertThat(tree.verdicts(container))
                .extracting(line -> line.replaceAll("[:\\[].*", "").strip())
                .containsExactly("fail compose.yaml#b", "pass compose.yaml#a", "unknown compose.yaml#c");
    }

    @Test
    void aMountLiesOverTheImage() throws InterruptedException {
        image("svc");
        tree.file("dev/main.py", "import uvicorn", "uvicorn.run('a:b', host='0.0.0.0', port=8001)")
                .file("data/x.txt", "x")
                .file("compose.yaml", "services: {a: {build: svc, ports: ['8006:8006'], volumes: ['./dev:/app']}}");
        assertThat(tree.verdicts(container)).containsExactly("fail compose.yaml#a [compose.yaml#a, svc]");
        tree.file("compose.yaml", "services: {a: {build: svc, ports: ['8006:8006'], volumes: ['./data:/app']}}");
        assertThat(tree.verdicts(new DockerfileMissingModuleCheck()))
                .containsExactly("unknown svc/Dockerfile: Whether the started module is there cannot be told: a compose"
                        + " file mounts /app over what the image holds, without it");
    }

    @Test
    void containersThatShareNoNetworkDoNotFindEachOther() throws InterruptedException {
        image("api");
        String web = "  web: {image: x, environment: {API: 'http://api:8006'}, networks: [front]}";
        tree.file(
                "compose.yaml",
                "services:",
                web,
                "  api: {build: api, networks: [back]}",
                "networks: {front: {}, back: {}}");
        assertThat(tree.verdicts(new ComposeNeighbourCheck()))
                .containsExactly("fail compose.yaml#web-api-8006 [compose.yaml#web]");
        for (String other :
                List.of("  api: {build: api, networks: [back, front]}", "  api: {build: api, networks: {front: {}}}")) {
            tree.file("compose.yaml", "services:", web, other, "networks: {front: {}, back: {}}");
            assertThat(tree.verdicts(new ComposeNeighbourCheck())).containsExactly("pass compose.yaml#web-api-8006");
        }
    }

    @Test
    void containersWantMorePortsThanTheirRangeHas() throws InterruptedException {
        image("svc");
        tree.file(
                "compose.yaml",
                "services:",
                "  a: {image: x, ports: ['8080-8081:80'], deploy: {replicas: 3}}",
                "  b: {image: x, ports: ['8090-8092:80'], deploy: {replicas: 3}}",
                "  c: {build: svc, network_mode: host, deploy: {replicas: 2}}");
        assertThat(tree.verdicts(new ComposeReplicasPortCheck()))
                .containsExactly(
                        "fail compose.yaml#a [compose.yaml#a]",
                        "fail compose.yaml#c [compose.yaml#c, svc]",
                        "pass compose.yaml#b");
    }

    @Test
    void whatComposeRefusesIsTold() throws InterruptedException {
        tree.file(
                        "compose.yaml",
                        "include: [more.yaml]",
                        "services:",
                        "  a: {image: x, depends_on: {db: {condition: service_ready}}, volumes_from: ['gone:ro']}",
                        "  b: {image: x, depends_on: {db: {condition: service_healthy}}}",
                        "  db: {image: postgres:16, healthcheck: {test: pg_isready, disable: true}}",
                        "  r: {image: x}",
                        "  s: {build: {context: ., dockerfile_inline: 'FROM x', secrets: [token]}}")
                .file("more.yaml", "services: {r: {image: redis}}");
        assertThat(tree.verdicts(new ComposeRefusedCheck()))
                .filteredOn(line -> line.startsWith("fail"))
                .extracting(line -> line.replaceAll(" \\[.*", ""))
                .containsExactly(
                        "fail compose.yaml#a-condition-service_ready",
                        "fail compose.yaml#b-no_health-db",
                        "fail compose.yaml#r-included_twice-more.yaml#r");
        assertThat(tree.verdicts(new ComposeUndeclaredNameCheck()))
                .filteredOn(line -> line.startsWith("fail"))
                .extracting(line -> line.replaceAll(" \\[.*", ""))
                .containsExactly("fail compose.yaml#a-service-gone", "fail compose.yaml#s-secret-token");
    }
}
