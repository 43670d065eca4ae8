package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files for a Swarm, trees whose package is called like the directory that they are deployed in, programs that are compiled. */
class DeploymentKindsTest {
    @TempDir
    private Path root;

    private FleetTree tree;

    @BeforeEach
    void begin() {
        tree = new FleetTree(root);
    }

    @Test
    void aSwarmLeadsAPublishedPortToEveryReplica() throws InterruptedException {
        tree.file("a/compose.yaml", "services:", "  web: {image: x, ports: ['80:80'], deploy: {replicas: 3}}");
        tree.file(
                "b/compose.yaml",
                "services:",
                "  web: {image: x, ports: ['81:80'], deploy: {replicas: 3, update_config: {parallelism: 1}}}");
        tree.file(
                "c/compose.yaml",
                "services:",
                "  web: {image: x, ports: [{target: 80, published: 82, mode: ingress}], deploy: {replicas: 3}}");
        tree.file("d/stack.compose.yml", "services:", "  web: {image: x, ports: ['83:80'], deploy: {replicas: 3}}");
        assertThat(tree.verdicts(new ComposeReplicasPortCheck()))
                .containsExactly("fail a/compose.yaml#web [a/compose.yaml#web]");
    }

    private FleetTree shop(String module) {
        return tree.file("shop/__init__.py", "")
                .file("shop/tasks.py", "")
                .file("wsgi.py", "from flask import Flask\napp = Flask('shop')")
                .file(
                        "etc/shop.service",
                        "[Service]",
                        "WorkingDirectory=/srv/shop",
                        "ExecStart=/srv/shop/venv/bin/gunicorn --bind 127.0.0.1:8000 " + module);
    }

    @Test
    void aPackageCalledLikeTheDirectoryOfTheDeploymentIsNotTakenForIt() throws InterruptedException {
        // A folder speaks for /srv, a file for /srv/shop.
        shop("wsgi:app");
        assertThat(tree.verdicts(new SystemdMissingModuleCheck())).containsExactly("pass shop");
        shop("gone:app");
        assertThat(tree.verdicts(new SystemdMissingModuleCheck())).noneMatch(line -> line.startsWith("pass"));
    }

    @Test
    void theApplicationOfCeleryVotesToo() throws InterruptedException {
        shop("wsgi:app")
                .file(
                        "etc/worker.service",
                        "[Service]",
                        "WorkingDirectory=/srv/shop",
                        "ExecStart=/srv/shop/venv/bin/celery -A shop.tasks worker");
        assertThat(tree.verdicts(new SystemdMissingModuleCheck())).containsExactly("pass shop");
    }

    @Test
    void whatABuildMakesOfUnreadCodeBindsWhatIsNotKnown() throws InterruptedException {
        tree.file("api/main.py", "import time")
                .file(
                        "etc/api.service",
                        "[Service]",
                        "WorkingDirectory=/srv/x/api",
                        "ExecStart=/srv/x/target/release/api")
                .file(
                        "etc/py.service",
                        "[Service]",
                        "WorkingDirectory=/srv/x/api",
                        "ExecStart=/usr/bin/python3 main.py");
        assertThat(tree.verdicts(new SystemdPortConflictCheck()))
                .anyMatch(line -> line.startsWith("unknown api: The port of api.service is not known:"
                        + " /srv/x/target/release/api lies in target"))
                .noneMatch(line -> line.startsWith("unknown py"));
    }
}
