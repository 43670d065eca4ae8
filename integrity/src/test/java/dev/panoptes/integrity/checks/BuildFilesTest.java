package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What bake files and devcontainers name. */
class BuildFilesTest {
    private final BakeMissingCheck bake = new BakeMissingCheck();
    private final DevcontainerMissingCheck devcontainer = new DevcontainerMissingCheck();

    @TempDir
    private Path root;

    private FleetTree tree;

    @BeforeEach
    void begin() {
        tree = new FleetTree(root);
    }

    @Test
    void targetsWithWhatTheyInheritAreBuiltFromWhatIsThere() throws InterruptedException {
        tree.file(
                        "docker-bake.hcl",
                        "variable \"DIR\" { default = \"docker\" }",
                        "group \"default\" { targets = [\"api\", \"worker\", \"gone\", \"web\", \"more\"] }",
                        "group \"more\" { targets = [\"staged\", \"unstaged\"] }",
                        "target \"_common\" {",
                        "  context = \".\"",
                        "  dockerfile = \"nothing\"",
                        "}",
                        "target \"docker-metadata-action\" {}",
                        "target \"api\" {",
                        "  inherits = [\"_common\", \"docker-metadata-action\"]",
                        "  dockerfile = \"${DIR}/Dockerfile.api\"",
                        "}",
                        "target \"worker\" {",
                        "  inherits = [\"_common\"]",
                        "  dockerfile = \"docker/worker.Dockerfile\"",
                        "}",
                        "target \"nowhere\" { context = \"absent\" }",
                        "target \"remote\" { context = \"https://example.org/x.git\" }",
                        "target \"computed\" { context = \"${ELSEWHERE}\" }",
                        "target \"inline\" {",
                        "  context = \".\"",
                        "  dockerfile-inline = \"FROM scratch\"",
                        "}",
                        "target \"staged\" {",
                        "  dockerfile = \"docker/Dockerfile.api\"",
                        "  target = \"RUN\"",
                        "}",
                        "target \"unstaged\" {",
                        "  dockerfile = \"docker/Dockerfile.api\"",
                        "  target = \"prod\"",
                        "}")
                .file("docker/Dockerfile.api", "FROM python:3.12 AS run", "COPY x.py .")
                .file("x.py", "")
                .file("compose.yaml", "services: {web: {image: x}}");
        assertThat(tree.verdicts(bake))
                .extracting(line -> line.replaceAll("( \\[|: ).*", ""))
                .containsExactlyInAnyOrder(
                        "pass docker-bake.hcl#target-api",
                        "pass docker-bake.hcl#target-worker",
                        "pass docker-bake.hcl#target-web",
                        "pass docker-bake.hcl#target-more",
                        "pass docker-bake.hcl#target-staged",
                        "pass docker-bake.hcl#target-unstaged",
                        "fail docker-bake.hcl#target-gone",
                        "pass docker-bake.hcl#api",
                        "fail docker-bake.hcl#worker",
                        "fail docker-bake.hcl#nowhere",
                        "unknown docker-bake.hcl#computed",
                        "pass docker-bake.hcl#staged",
                        "fail docker-bake.hcl#unstaged");
        assertThat(tree.verdicts(new CopyMissingSourceCheck())).containsExactly("pass docker/Dockerfile.api");
    }

    @Test
    void anotherFileOfTheFolderAndJsonCountToo() throws InterruptedException {
        tree.file(
                        "build/docker-bake.json",
                        "{\"group\": {\"default\": {\"targets\": [\"a\", \"b\", \"c\"]}},",
                        " \"target\": {\"a\": {\"context\": \"app\"}, \"b\": {\"context\": \"gone\"}}}")
                .file(
                        "build/docker-bake.override.hcl",
                        "target \"b\" { context = \"../app\" }",
                        "target \"c\" {",
                        "matrix = { x = [1] }",
                        "}")
                .file("app/Dockerfile", "FROM alpine");
        assertThat(tree.verdicts(bake))
                .extracting(line -> line.replaceAll("( \\[|: ).*", ""))
                .containsExactlyInAnyOrder(
                        "pass build/docker-bake.json#target-a",
                        "pass build/docker-bake.json#target-b",
                        "pass build/docker-bake.json#target-c",
                        "pass build/docker-bake.json#a",
                        "pass build/docker-bake.json#b");
    }

    @Test
    void whatBakeSaysOfAServiceCountsBeforeCompose() throws InterruptedException {
        tree.file("compose.yaml", "services: {api: {build: {context: app}}, job: {build: app}, web: {image: x}}")
                .file("app/Dockerfile", "FROM alpine AS run")
                .file(
                        "docker-bake.hcl",
                        "target \"api\" { target = \"runner\" }",
                        "target \"job\" { dockerfile = \"job.Dockerfile\" }",
                        "target \"web\" { tags = [\"x\"] }");
        assertThat(tree.verdicts(bake))
                .extracting(line -> line.replaceAll("( \\[|: ).*", ""))
                .containsExactlyInAnyOrder("fail docker-bake.hcl#api", "fail docker-bake.hcl#job");
    }

    @Test
    void whatIsNotUnderstoodIsUnknown() throws InterruptedException {
        tree.file("docker-bake.hcl", "target \"a\" { context = ")
                .file("deep/docker-bake.hcl", "x = " + "[".repeat(5_000))
                .file(
                        "round/docker-bake.hcl",
                        "target \"a\" { inherits = [\"b\"] }",
                        "target \"b\" { inherits = [\"a\"] }")
                .file(".devcontainer/devcontainer.json", "{ \"service\": ");
        assertThat(tree.verdicts(bake)).hasSize(2).allMatch(line -> line.startsWith("unknown "));
        assertThat(tree.verdicts(devcontainer)).hasSize(1).allMatch(line -> line.startsWith("unknown "));
    }

    @Test
    void furtherContextsAreNoStages() throws InterruptedException {
        tree.file("docker-bake.hcl", "target \"a\" {", "context = \".\"", "contexts = { builder = \"target:b\" }", "}")
                .file("Dockerfile", "FROM alpine", "COPY --from=builder /x /x");
        assertThat(tree.verdicts(new CopyMissingSourceCheck())).isEmpty();
    }

    @Test
    void aDevcontainerNamesServicesAndPortsOfItsComposeFiles() throws InterruptedException {
        tree.file(
                        "compose.yaml",
                        "services: {db: {image: 'postgres:16'}, odd: {image: someone/odd}, cache: {image: redis}}")
                .file(
                        ".devcontainer/compose.dev.yaml",
                        "services:",
                        "  dev: {build: {context: ., dockerfile: Dockerfile.dev}, command: sleep infinity}",
                        "  out: {build: {context: ../..}}",
                        "  side: {build: ., ports: ['5432:5432']}")
                .file(".devcontainer/Dockerfile", "FROM alpine", "COPY gone .")
                .file(
                        ".devcontainer/devcontainer.json",
                        "{",
                        "  // a comment",
                        "  \"dockerComposeFile\": [\"../compose.yaml\", \"compose.dev.yaml\"],",
                        "  \"service\": \"workspace\",",
                        "  \"runServices\": [\"db\"],",
                        "  \"forwardPorts\": [8000, \"db:5432\", \"cache:6380\", \"odd:1\", \"lost:2\"],",
                        "}");
        assertThat(tree.verdicts(devcontainer))
                .extracting(line -> line.replaceAll("( \\[|: ).*", ""))
                .containsExactlyInAnyOrder(
                        "pass .devcontainer/devcontainer.json#compose file-compose.yaml",
                        "pass .devcontainer/devcontainer.json#compose file-.devcontainer/compose.dev.yaml",
                        "fail .devcontainer/devcontainer.json#service-workspace",
                        "pass .devcontainer/devcontainer.json#service-db",
                        "fail .devcontainer/devcontainer.json#service-lost",
                        "pass .devcontainer/devcontainer.json#db:5432",
                        "fail .devcontainer/devcontainer.json#cache:6380",
                        "unknown .devcontainer/devcontainer.json#odd:1",
                        "fail .devcontainer/compose.dev.yaml#dev",
                        "pass .devcontainer/compose.dev.yaml#side");
        assertThat(tree.accusations()).allMatch(line -> line.startsWith("devcontainer-missing"));
    }

    @Test
    void aDevcontainerNamesFilesBesideIt() throws InterruptedException {
        tree.file(".gitignore", "made/")
                .file(
                        ".devcontainer/a/devcontainer.json",
                        "{\"build\": {\"dockerfile\": \"Dockerfile\", \"context\": \"../..\"}}")
                .file(".devcontainer/a/Dockerfile", "FROM alpine")
                .file(".devcontainer/b/devcontainer.json", "{\"dockerFile\": \"Dockerfile\"}")
                .file(
                        ".devcontainer/c/devcontainer.json",
                        "{\"dockerComposeFile\": \"../../compose.yml\", \"service\": \"x\"}")
                .file(".devcontainer/d/devcontainer.json", "{\"build\": {\"dockerfile\": \"${localEnv:X}\"}}")
                .file(".devcontainer.json", "{\"dockerFile\": \"made/Dockerfile\"}");
        assertThat(tree.verdicts(devcontainer))
                .extracting(line -> line.replaceAll("( \\[|: ).*", ""))
                .containsExactlyInAnyOrder(
                        "pass .devcontainer/a/devcontainer.json#Dockerfile-.devcontainer/a/Dockerfile",
                        "pass .devcontainer/a/devcontainer.json#build context-",
                        "fail .devcontainer/b/devcontainer.json#Dockerfile-.devcontainer/b/Dockerfile",
                        "fail .devcontainer/c/devcontainer.json#compose file-compose.yml",
                        "unknown .devcontainer/c/devcontainer.json#service-x",
                        "unknown .devcontainer/d/devcontainer.json#dockerfile-dockerfile",
                        "unknown .devcontainer.json#Dockerfile-made/Dockerfile");
    }
}
