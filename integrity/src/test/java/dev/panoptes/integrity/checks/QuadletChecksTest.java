package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.integrity.judging.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What podman makes of quadlets, their pods, drop-ins, templates and images. */
class QuadletChecksTest {
    private final WorkloadPortConflictCheck conflict = new WorkloadPortConflictCheck();
    private final WorkloadPortMismatchCheck mismatch = new WorkloadPortMismatchCheck();
    private final WorkloadRefusedCheck refused = new WorkloadRefusedCheck();
    private final PortMismatchRegistryWorkloadCheck registry = new PortMismatchRegistryWorkloadCheck();

    @TempDir
    private Path root;

    private FleetTree tree;

    @BeforeEach
    void begin() {
        tree = new FleetTree(root)
                .file("agents/api/Containerfile", "FROM python:3.12", "COPY . .", "CMD [\"python\", \"main.py\"]")
                .file(
                        "agents/api/main.py",
                        "import os, uvicorn",
                        "from fastapi import FastAPI",
                        "app = FastAPI()",
                        "uvicorn.run(app, host='0.0.0.0', port=int(os.environ.get('PORT', 8000)))")
                .file("quadlets/api.build", "[Build]", "ImageTag=localhost/api", "File=../agents/api/Containerfile");
    }

    @Test
    void aPublishedPortAndAHealthCheckLeadToWhatTheContainerBinds() throws InterruptedException {
        tree.file(
                        "quadlets/api.container",
                        "[Unit]",
                        "Description=API",
                        "[Container]",
                        "Image=api.build",
                        "PublishPort=127.0.0.1:9000:8000",
                        "HealthCmd=curl -f http://localhost:8000/health")
                .file("quadlets/moved.container", "[Container]", "Image=api.build", "PublishPort=9001:8000")
                .file("quadlets/moved.container.d/10-port.conf", "[Container]", "Environment=PORT=8500")
                .file(
                        "quadlets/sick.container",
                        "[Container]",
                        "Image=api.build",
                        "Environment=\"PORT=8600\" OTHER=1",
                        "PublishPort=[::1]:9002:8600/tcp",
                        "HealthCmd=curl -f http://localhost:8000/health")
                .file(
                        "quadlets/open.container",
                        "[Container]",
                        "Image=api.build",
                        "EnvironmentFile=/etc/fleet/open.env",
                        "PublishPort=9003:8500");
        assertThat(tree.verdicts(mismatch))
                .containsExactly(
                        "fail quadlets/moved.container#moved [quadlets/moved.container#moved]",
                        "fail quadlets/sick.container#sick [quadlets/sick.container#sick]",
                        "pass quadlets/api.container#api",
                        "unknown quadlets/open.container#open: What quadlets/open.container#open binds is not known:"
                                + " its environment file /etc/fleet/open.env is not in the scanned tree");
    }

    @Test
    void portsOfOneFolderAreOfOneHost() throws InterruptedException {
        tree.file("quadlets/a.container", "[Container]", "Image=x", "PublishPort=8080:80", "PublishPort=53:53/udp")
                .file("quadlets/b.container", "[Container]", "Image=x", "PublishPort=127.0.0.1:8080:80")
                .file("quadlets/c.container", "[Container]", "Image=x", "PublishPort=53:53", "PublishPort=80")
                .file("quadlets/d.container", "[Container]", "Image=x", "PublishPort=${PORT}:80")
                .file("elsewhere/e.container", "[Container]", "Image=x", "PublishPort=8080:80")
                .file("quadlets/f.service", "[Service]", "ExecStart=/usr/bin/python3 -m http.server 8090")
                .file("quadlets/g.container", "[Container]", "Image=x", "PublishPort=8090-8091:80-81");
        assertThat(tree.verdicts(conflict))
                .containsExactly(
                        "fail quadlets:8080 [quadlets/a.container#a, quadlets/b.container#b]",
                        "fail quadlets:8090 [quadlets/g.container#g, quadlets/f.service]",
                        "pass elsewhere:8080",
                        "pass quadlets:53",
                        "pass quadlets:53/udp",
                        "pass quadlets:8091",
                        "unknown quadlets/d.container#d: Which ports of the host quadlets/d.container#d takes is not"
                                + " known: the port that it publishes is computed: ${PORT}:80");
    }

    @Test
    void aCollectionToChooseFromIsNotAccused() throws InterruptedException {
        for (String name : new String[] {"a", "b", "c"}) {
            tree.file("q/" + name + ".container", "[Container]", "Image=x", "PublishPort=8880:80");
        }
        assertThat(tree.verdicts(conflict)).hasSize(1).allMatch(line -> line.startsWith("unknown q:8880: 3 quadlets"));
    }

    @Test
    void onesThatConflictByChoiceAreNotAccused() throws InterruptedException {
        tree.file("q/a.container", "[Container]", "Image=x", "PublishPort=8080:80")
                .file(
                        "q/b.container",
                        "[Unit]",
                        "Conflicts=a.service",
                        "[Container]",
                        "Image=x",
                        "PublishPort=8080:80");
        assertThat(tree.verdicts(conflict)).noneMatch(line -> line.startsWith("fail"));
    }

    @Test
    void theContainersOfAPodShareItsNetwork() throws InterruptedException {
        tree.file("q/fleet.pod", "[Pod]", "PublishPort=9000:8000", "PublishPort=9001:8700")
                .file("q/api.build", "[Build]", "SetWorkingDirectory=../agents/api")
                .file("q/one.container", "[Container]", "Image=api.build", "Pod=fleet.pod")
                .file("q/two.container", "[Container]", "Image=api.build", "Pod=fleet.pod", "Environment=PORT=8700")
                .agents("one", "http://one:9000", "two", "http://two:9900");
        assertThat(tree.verdicts(mismatch)).containsExactly("pass q/fleet.pod#fleet");
        assertThat(tree.verdicts(registry)).containsExactly("fail two [two, q/two.container#two]", "pass one");
        tree.file("q/two.container", "[Container]", "Image=api.build", "Pod=fleet.pod", "PublishPort=9001:8700");
        assertThat(tree.verdicts(refused)).containsExactly("fail q/fleet.pod#fleet [q/fleet.pod#fleet, one, two]");
    }

    @Test
    void theHostsNetworkIsTheHosts() throws InterruptedException {
        tree.file("quadlets/api.container", "[Container]", "Image=api.build", "Network=host", "Exec=python main.py")
                .agents("api", "http://api:8001");
        assertThat(tree.verdicts(registry)).containsExactly("fail api [api, quadlets/api.container#api]");
        tree.agents("api", "http://api:8000");
        assertThat(tree.verdicts(registry)).containsExactly("pass api");
    }

    @Test
    void aTemplateIsStartedAsItsDefaultInstanceOnly() throws InterruptedException {
        tree.file(
                        "quadlets/api@.container",
                        "[Container]",
                        "Image=api.build",
                        "ContainerName=api-%i",
                        "Environment=PORT=%i",
                        "PublishPort=%i:%i",
                        "[Install]",
                        "DefaultInstance=8300")
                .file("quadlets/other@.container", "[Container]", "Image=api.build", "PublishPort=%i:1");
        assertThat(tree.verdicts(mismatch)).containsExactly("pass quadlets/api@.container#api@8300");
        assertThat(tree.verdicts(conflict)).containsExactly("pass quadlets:8300");
    }

    @Test
    void whatIsNamedAndNotThereIsRefused() throws InterruptedException {
        tree.file(
                        "q/a.container",
                        "[Container]",
                        "Image=a.build",
                        "Network=net.network",
                        "Network=made.network",
                        "Volume=data.volume:/data:Z",
                        "Volume=there.volume:/there",
                        "Pod=none.pod",
                        "PublishPort=80:99999")
                .file("q/there.volume", "[Volume]")
                .file("q/b.container", "[Container]", "Exec=true")
                .file("q/c.container", "[Container]", "Image=docker.io/library/nginx", "Network=bridge")
                .file("install.sh", "cat > /etc/containers/systemd/made.network <<EOF", "[Network]", "EOF");
        assertThat(tree.verdicts(refused))
                .containsExactly(
                        "fail q/a.container#a [q/a.container#a]",
                        "fail q/b.container#b [q/b.container#b]",
                        "pass q/c.container#c");
        assertThat(Verdicts.failure(refused, tree.world(), "q/a.container#a").description())
                .contains("names a.build,", "names net.network,", "names data.volume,", "names none.pod,", "99999")
                .doesNotContain("made.network", "there.volume");
    }

    @Test
    void whatIsNotReadIsSaid() throws InterruptedException {
        tree.file("q/k.kube", "[Kube]", "Yaml=pods.yaml", "PublishPort=8080:80")
                .file("q/api.build", "[Build]", "SetWorkingDirectory=../agents/api")
                .file(
                        "q/p.container",
                        "[Container]",
                        "Image=api.build",
                        "PodmanArgs=--publish 8000:8000",
                        "PublishPort=1:2")
                .file("q/no.container", "# another program's", "kind: box");
        assertThat(tree.verdicts(mismatch))
                .containsExactly(
                        "unknown q/p.container#p: What q/p.container#p binds is not known: PodmanArgs= publishes or"
                                + " sets more");
        assertThat(tree.world().declarations().workloads()).hasSize(2);
    }

    @Test
    void hostileFilesAreBounded() throws InterruptedException, IOException {
        Files.createDirectories(root.resolve("q"));
        Files.write(root.resolve("q/binary.container"), new byte[] {0, (byte) 0xff, 1, 2});
        Files.writeString(root.resolve("q/long.container"), "[Container]\nImage=x\nPublishPort=1-65535:1-65535\n");
        Files.writeString(
                root.resolve("q/many.container"), "[Container]\nImage=x\n" + "PublishPort=${A\n".repeat(20_000));
        Files.createSymbolicLink(root.resolve("q/loop.container"), Path.of("loop.container"));
        assertThat(tree.world().declarations().workloads())
                .extracting(workload ->
                        workload.name() + " " + Math.min(3_000, workload.ports().size()))
                .contains("long 2000");
    }

    @Test
    void whatAContainerHasOfTheHostIsToldWithItsPlaces() throws InterruptedException {
        tree.file(
                        "quadlets/api.container",
                        "[Container]",
                        "Image=api.build",
                        "PublishPort=9000:8000",
                        "PublishPort=9001:8000")
                .agents("api", "http://api:9002");
        Failure failure = Verdicts.failure(registry, tree.world(), "api");
        assertThat(failure.title()).isEqualTo("api is declared on 9002, quadlets/api.container#api has 9000 and 9001");
        assertThat(failure.description())
                .isEqualTo("The registry declares api on port 9002, but quadlets/api.container#api has 9000 and 9001 of"
                        + " the host: callers that trust the registry do not reach it.");
        assertThat(failure.evidence())
                .extracting(evidence -> evidence.file() + ":" + evidence.line())
                .containsExactly("agent-registry.yaml:2", "quadlets/api.container:3", "quadlets/api.container:4");
        tree.file("quadlets/api.container", "[Container]", "Image=api.build", "Network=host");
        assertThat(Verdicts.failure(registry, tree.world(), "api").evidence())
                .extracting(evidence -> evidence.file() + ":" + evidence.line())
                .as("on the network of the host its code's own port counts")
                .containsExactly("agent-registry.yaml:2", "agents/api/main.py:4");
    }

    @Test
    void whatLeadsElsewhereIsToldWithWhatItsProgramBinds() throws InterruptedException {
        tree.file(
                "q/api.container",
                "[Container]",
                "Image=api.build",
                "PublishPort=9000:8001",
                "PublishPort=9053:8053/udp",
                "HealthCmd=curl -f http://localhost:8002/health");
        tree.file("q/api.build", "[Build]", "SetWorkingDirectory=../agents/api");
        Failure failure = Verdicts.failure(mismatch, tree.world(), "q/api.container#api");
        assertThat(failure.title()).isEqualTo("q/api.container#api publishes 8001 and 8002, what it starts binds 8000");
        assertThat(failure.evidence())
                .extracting(evidence -> evidence.file() + ":" + evidence.line())
                .containsExactly("q/api.container:3", "q/api.container:5", "agents/api/main.py:4");

        tree.file(
                "q/api.container",
                "[Container]",
                "Image=api.build",
                "PublishPort=9000:8000",
                "PublishPort=9001:8001",
                "HealthCmd=curl -f http://localhost:8002/health");
        assertThat(Verdicts.failure(mismatch, tree.world(), "q/api.container#api")
                        .title())
                .as("one of its published ports leads to the program, which is enough")
                .isEqualTo("q/api.container#api asks 8002, what it starts binds 8000");

        tree.file("q/api.container", "[Container]", "Image=api.build", "PublishPort=9053:8053/udp");
        assertThat(tree.verdicts(mismatch))
                .as("nothing that is TCP is asked for")
                .isEmpty();
        tree.file("q/api.container", "[Container]", "Image=api.build", "PublishPort=8001");
        assertThat(tree.verdicts(mismatch))
                .as("which port of the host leads to it does not matter")
                .containsExactly("fail q/api.container#api [q/api.container#api]");
    }
}
