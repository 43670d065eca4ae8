package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.integrity.adopt.AdoptedAgent;
import dev.panoptes.integrity.adopt.TreeAdoption;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs of Nomad and definitions of Consul. */
class NomadChecksTest {
    private final WorkloadPortConflictCheck conflict = new WorkloadPortConflictCheck();
    private final WorkloadPortMismatchCheck mismatch = new WorkloadPortMismatchCheck();
    private final WorkloadRefusedCheck refused = new WorkloadRefusedCheck();
    private final PortMismatchRegistryWorkloadCheck registry = new PortMismatchRegistryWorkloadCheck();
    private final PortMismatchConsulCheck consul = new PortMismatchConsulCheck();

    @TempDir
    private Path root;

    private FleetTree tree;

    @BeforeEach
    void begin() {
        tree = new FleetTree(root);
    }

    private static String[] job(String network, String task) {
        return ("job \"hermes\" {\n  group \"app\" {\n    network {\n" + network + "\n    }\n    task \"server\" {\n"
                        + task + "\n    }\n  }\n}")
                .split("\n");
    }

    @Test
    void aContainerIsPublishedWhereTheJobSays() throws InterruptedException {
        tree.file("hermes.nomad.hcl", job("port \"http\" { # the API\n static = 8014\n to = 8000\n}", """
            driver = "docker"
            config {
              image = "ghcr.io/fleet/hermes:1"
              ports = ["http"]
              command = "uvicorn"
              args = ["main:app", "--host", "0.0.0.0", "--port", "${NOMAD_PORT_http}"]
            }\
            """))
                .agents("hermes", "http://hermes:8014");
        assertThat(tree.verdicts(mismatch)).containsExactly("pass hermes.nomad.hcl#hermes");
        assertThat(tree.verdicts(registry)).containsExactly("pass hermes");
        tree.agents("hermes", "http://hermes:8015");
        assertThat(tree.verdicts(registry)).containsExactly("fail hermes [hermes, hermes.nomad.hcl#hermes]");
    }

    @Test
    void aPortThatTheContainerDoesNotBindIsTold() throws InterruptedException {
        tree.file("hermes.nomad", job("mode = \"bridge\"\nport \"http\" {\n static = 8014\n to = 9000\n}", """
            driver = "docker"
            config {
              image = "x"
              args = ["uvicorn", "main:app", "--port=8000"]
            }\
            """));
        assertThat(tree.verdicts(mismatch)).containsExactly("fail hermes.nomad#hermes [hermes.nomad#hermes]");
    }

    @Test
    void aProgramOnTheHostTakesTheStaticPortOrIsTold() throws InterruptedException {
        String task = """
            driver = "exec"
            config {
              command = "/usr/bin/uvicorn"
              args = ["main:app", "--port", "${PORT}"]
            }
            env {
              PORT = "${NOMAD_PORT_http}"
            }
            service {
              name = "hermes"
              port = "http"
              check {
                type = "http"
                path = "/health"
                port = "8500"
              }
            }\
            """;
        tree.file("hermes.nomad", job("port \"http\" { static = 8014 }", task.replace("port = \"8500\"", "")));
        assertThat(tree.verdicts(mismatch)).noneMatch(line -> line.startsWith("fail"));
        tree.file("hermes.nomad", job("port \"http\" { static = 8014 }", task.replace("\"${PORT}\"", "\"8013\"")));
        assertThat(tree.verdicts(mismatch)).containsExactly("fail hermes.nomad#hermes [hermes.nomad#hermes]");
    }

    @Test
    void variablesAndFunctionsAreNotFollowed() throws InterruptedException {
        tree.file("hermes.nomad", job("port \"http\" {\n static = var.port\n to = var.port + 1\n}", """
            driver = "docker"
            config {
              image = format("%s:%s", var.image, var.tag)
              ports = ["http"]
              args = ["uvicorn", "main:app", "--port=8000"]
            }\
            """))
                .agents("hermes", "http://hermes:8014");
        assertThat(tree.verdicts(mismatch))
                .containsExactly("unknown hermes.nomad#hermes: What hermes.nomad#hermes binds is not known: the port is"
                        + " var.port, which is not followed");
        assertThat(tree.verdicts(registry)).allMatch(line -> line.startsWith("unknown hermes"));
    }

    @Test
    void whatNomadRefusesIsTold() throws InterruptedException {
        tree.file("hermes.nomad", job("port \"http\" { static = 8014 }\nport \"metrics\" { static = 8014 }", """
            driver = "docker"
            config {
              image = "x"
              ports = ["htp"]
            }
            service {
              name = "hermes"
              port = "web"
            }\
            """));
        assertThat(tree.verdicts(refused)).containsExactly("fail hermes.nomad#hermes [hermes.nomad#hermes]");
        assertThat(Verdicts.failure(refused, tree.world(), "hermes.nomad#hermes")
                        .description())
                .contains("http and metrics are both 8014", "names the port htp", "names the port web");
        tree.file(
                "hermes.nomad",
                job(
                        "dynamic \"port\" {\n for_each = var.ports\n}",
                        "driver = \"docker\"\nconfig {\n ports = [\"a\"]\n}"));
        assertThat(tree.verdicts(refused)).containsExactly("pass hermes.nomad#hermes");
    }

    @Test
    void twoProgramsOfOneGroupOnTheHostAreInEachOthersWay() throws InterruptedException {
        String two = """
            job "pair" {
              group "g" {
                task "a" {
                  driver = "raw_exec"
                  config {
                    command = "uvicorn"
                    args = ["a:app", "--port", "8100"]
                  }
                }
                task "b" {
                  driver = "raw_exec"
                  config {
                    command = "uvicorn"
                    args = ["b:app", "--port", "8100"]
                  }
                }
              }
            }\
            """;
        tree.file("jobs/pair.hcl", two.split("\n"));
        assertThat(tree.verdicts(conflict)).containsExactly("fail jobs/pair.hcl:8100 [jobs/pair.hcl#pair]");
        tree.file(
                "jobs/pair.hcl",
                two.replace("\"b:app\", \"--port\", \"8100\"", "\"b:app\", \"--port\", \"8101\"")
                        .split("\n"));
        assertThat(tree.verdicts(conflict)).containsExactly("pass jobs/pair.hcl:8100", "pass jobs/pair.hcl:8101");
    }

    @Test
    void aSidecarRunsAlongAndWhatPreparesDoesNot() throws InterruptedException {
        String job = """
            job "pair" {
              group "g" {
                network {
                  port "a" { static = 8100 }
                  port "b" { static = 8200 }
                }
                task "a" {
                  driver = "raw_exec"
                  config {
                    command = "uvicorn"
                    args = ["a:app", "--port", "8100"]
                  }
                }
                task "b" {
                  driver = "raw_exec"
                  lifecycle {
                    hook = "prestart"
                    sidecar = true
                  }
                  config {
                    command = "uvicorn"
                    args = ["b:app", "--port", "8200"]
                  }
                }
              }
            }\
            """;
        tree.file("pair.nomad", job.split("\n"));
        assertThat(tree.verdicts(mismatch)).containsExactly("pass pair.nomad#pair");
        tree.file("pair.nomad", job.replace("sidecar = true", "sidecar = false").split("\n"));
        assertThat(tree.verdicts(mismatch)).containsExactly("fail pair.nomad#pair [pair.nomad#pair]");
    }

    @Test
    void aDefinitionOfConsulAgreesWithTheRegistryAndTheUnit() throws InterruptedException {
        tree.file(
                        "consul.d/hermes.json",
                        "{\"service\": {\"name\": \"hermes\", \"port\": 8014,",
                        "  \"check\": {\"http\": \"http://localhost:8099/health\", \"interval\": \"10s\"}}}")
                .file(
                        "consul/services.hcl",
                        "services {",
                        "  name = \"argus\"",
                        "  port = 8020",
                        "}",
                        "services {",
                        "  name = \"atlas\"",
                        "  port = 8030",
                        "}",
                        "services {",
                        "  name = \"varys\"",
                        "  port = 8040",
                        "}")
                .file("units/hermes.service", "[Service]", "ExecStart=/usr/bin/uvicorn m:app --port 8014")
                .file("units/atlas.service", "[Service]", "ExecStart=/usr/bin/uvicorn m:app --port 8031")
                .file("units/varys.service", "[Service]", "ExecStart=/usr/bin/uvicorn m:app --port $PORT")
                .agents("argus", "http://argus:8021");
        assertThat(tree.verdicts(consul))
                .extracting(line -> line.replaceAll(": .*", ""))
                .containsExactly(
                        "fail consul.d/hermes.json#hermes [consul.d/hermes.json#hermes]",
                        "fail consul/services.hcl#argus [argus, consul/services.hcl#argus]",
                        "fail consul/services.hcl#atlas [consul/services.hcl#atlas, atlas.service]",
                        "unknown consul/services.hcl#varys");
        assertThat(tree.accusations()).anyMatch(line -> line.contains("Consul asks 8099"));
        tree.file(
                "consul.d/hermes.json",
                "{\"service\": {\"name\": \"hermes\", \"port\": 8014, \"check\": {\"tcp\": \"localhost:8014\"}}}");
        assertThat(tree.verdicts(consul)).contains("pass consul.d/hermes.json#hermes");
    }

    @Test
    void anEntryIsRightWhereTheRegistryOrItsLaunchHasThePort() throws InterruptedException {
        tree.file(
                        "consul/services.hcl",
                        "services {",
                        "  name = \"argus\"",
                        "  port = 8020",
                        "}",
                        "services {",
                        "  name = \"atlas\"",
                        "  port = 8030",
                        "}",
                        "services {",
                        "  name = \"nobody\"",
                        "  port = 8040",
                        "}")
                .file("units/atlas.service", "[Service]", "ExecStart=/usr/bin/uvicorn m:app --port 8030")
                .agents("argus", "http://argus:8020");
        assertThat(tree.verdicts(consul))
                .containsExactly("pass consul/services.hcl#argus", "pass consul/services.hcl#atlas");
        tree.file("units/atlas.service", "[Service]", "ExecStart=/usr/bin/uvicorn m:app --port 8031");
        Failure failure = Verdicts.failure(consul, tree.world(), "consul/services.hcl#atlas");
        assertThat(failure.title()).isEqualTo("Consul sends callers of atlas to 8030, atlas.service has 8031");
        assertThat(failure.evidence())
                .extracting(evidence -> evidence.file() + ":" + evidence.line())
                .contains("units/atlas.service:2");
    }

    @Test
    void whatIsAdoptedAgreesWithTheNextScan() throws InterruptedException {
        tree.file("agents/other/main.py", "print('a directory beside')")
                .file(
                        "hermes.nomad",
                        job(
                                "port \"http\" {\n static = 8014\n to = 8000\n}",
                                "driver = \"docker\"\nconfig {\n image = \"x\"\n ports = [\"http\"]\n}"))
                .file("q/argus.container", "[Container]", "Image=docker.io/fleet/argus", "PublishPort=9000:80");
        World world = tree.world();
        List<AdoptedAgent> adopted = TreeAdoption.of(
                        world.declarations(), world.links().launches().all())
                .agents();
        assertThat(adopted)
                .extracting(agent -> agent.key() + " " + agent.port())
                .containsExactly("argus 9000", "hermes 8014");
        tree.agents("argus", "http://argus:9000", "hermes", "http://hermes:8014");
        assertThat(tree.accusations()).noneMatch(line -> line.contains("hermes") || line.contains("argus"));
    }

    @Test
    void aFileThatIsNoJobIsTold() throws InterruptedException {
        tree.file("broken.nomad", "job \"x\" {", "  group \"g\" {", "    count = ")
                .file("other.hcl", "this is { no job");
        assertThat(tree.world().declarations().problems())
                .extracting(problem -> problem.code() + " " + problem.file())
                .containsExactly("syntax broken.nomad");
    }

    private FleetTree consul(String rest) {
        return tree.file("consul.d/hermes.json", "{\"service\": {\"name\": \"hermes\", \"port\": 8014" + rest + "}}");
    }

    @Test
    void ofAnEntryWithAnAddressThePortOfTheContainerCountsToo() throws InterruptedException {
        tree.file("agents/hermes/main.py", "import uvicorn", "uvicorn.run('m:app', host='0.0.0.0', port=8014)")
                .file("agents/hermes/Dockerfile", "FROM python:3.12", "COPY . .", "CMD [\"python\", \"main.py\"]")
                .file("compose.yaml", "services: {hermes: {build: agents/hermes, ports: ['9014:8014']}}");
        consul("");
        assertThat(tree.verdicts(consul))
                .containsExactly("fail consul.d/hermes.json#hermes [consul.d/hermes.json#hermes, compose.yaml#hermes]");
        consul(", \"address\": \"hermes\"");
        assertThat(tree.verdicts(consul)).containsExactly("pass consul.d/hermes.json#hermes");
    }

    @Test
    void aCheckMayAskAnyPortOfTheServiceAndWhereNotAllAreKnownAnyAtAll() throws InterruptedException {
        String asks = ", \"check\": {\"http\": \"http://localhost:8015/health\"}";
        consul(asks);
        tree.file("units/hermes.service", "[Service]", "ExecStart=/usr/bin/uvicorn m:app --port 8014");
        assertThat(tree.verdicts(consul))
                .containsExactly("fail consul.d/hermes.json#hermes [consul.d/hermes.json#hermes]");
        tree.file("other/hermes.service", "[Service]", "ExecStart=/usr/bin/uvicorn m:admin --port 8015");
        assertThat(tree.verdicts(consul))
                .as("another of its launches has the port")
                .containsExactly("pass consul.d/hermes.json#hermes");
        tree.file("other/hermes.service", "[Service]", "ExecStart=/usr/bin/uvicorn m:admin --port $ADMIN");
        assertThat(tree.verdicts(consul))
                .as("another of its launches may have it")
                .containsExactly("pass consul.d/hermes.json#hermes");
        consul(", \"check\": {\"http\": \"http://elsewhere:8015/health\"}");
        tree.file("other/hermes.service", "[Service]", "ExecStart=/usr/bin/uvicorn m:admin --port 8014");
        assertThat(tree.verdicts(consul))
                .as("what is asked there is not its own")
                .containsExactly("pass consul.d/hermes.json#hermes");
    }

    @Test
    void anImageThatNothingStartsIsNobody() throws InterruptedException {
        consul("");
        tree.file("hermes/main.py", "import uvicorn", "uvicorn.run('m:app', port=8001)")
                .file("hermes/Dockerfile", "FROM python:3.12", "COPY . .", "CMD [\"python\", \"main.py\"]");
        assertThat(tree.verdicts(consul)).isEmpty();
    }
}
