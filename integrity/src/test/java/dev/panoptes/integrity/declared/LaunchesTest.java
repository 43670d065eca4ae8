package dev.panoptes.integrity.declared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.panoptes.code.PortValue;
import dev.panoptes.core.issue.Evidence;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which launches a small tree declares, to which directory and port space they belong, and what their records answer. */
class LaunchesTest {
    private static final String SERVER = """
        import os
        from http.server import HTTPServer, BaseHTTPRequestHandler

        if __name__ == "__main__":
            HTTPServer(("", int(os.environ.get("PORT", "8000"))), BaseHTTPRequestHandler).serve_forever()
        """;
    private static final Evidence HERE = new Evidence("code", "main.py", 5, "bind");
    private static final Evidence THERE = new Evidence("compose", "compose.yaml", 3, "8000:8000");

    @TempDir
    private Path root;

    private Declarations declarations;
    private Launches launches;

    private LaunchesTest file(String path, String text) throws IOException {
        new DeclaredTree(root).file(path, text);
        return this;
    }

    private void read() throws IOException, InterruptedException {
        declarations = new DeclaredTree(root).read();
        launches = DeclaredTree.launches(declarations);
    }

    private Launch launch(String id) {
        return launches.all().stream()
                .filter(launch -> launch.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new AssertionError(id + " is none of "
                        + launches.all().stream().map(Launch::id).toList()));
    }

    private Map<String, String> directories() {
        return launches.all().stream()
                .collect(Collectors.toMap(Launch::id, launch -> String.valueOf(launch.directory())));
    }

    @Test
    void aProcessFileThatAnImageTakesInLivesInItsContainer() throws IOException, InterruptedException {
        String supervised = "[program:web]\ncommand=python main.py\ndirectory=/app\n";
        file("agents/copied/main.py", SERVER)
                .file("agents/copied/supervisord.conf", supervised)
                .file(
                        "agents/copied/Dockerfile",
                        "FROM python:3.12\nCOPY supervisord.conf /etc/\nCMD [\"supervisord\"]\n")
                .file("agents/hosted/main.py", SERVER)
                .file("agents/hosted/supervisord.conf", "[program:hosted]\ncommand=python main.py\n")
                .file("agents/asked/main.py", SERVER)
                .file("agents/asked/supervisord.conf", supervised)
                .file(
                        "agents/asked/Dockerfile",
                        "FROM python:3.12\nCOPY . /srv\nCMD [\"supervisord\", \"-c\", \"/srv/supervisord.conf\"]\n")
                .file("agents/apart/server.js", "require('http').createServer((q, r) => r.end()).listen(3002);\n")
                .file("agents/apart/package.json", "{\"scripts\": {\"start\": \"node server.js & node server.js\"}}")
                .file("agents/package/server.js", "require('http').createServer((q, r) => r.end()).listen(3000);\n")
                .file("agents/package/package.json", "{\"scripts\": {\"start\": \"node server.js & node server.js\"}}")
                .file("agents/package/Dockerfile", "FROM node:22\nCOPY . .\nCMD [\"npm\", \"start\"]\n")
                .file("agents/plain/server.js", "require('http').createServer((q, r) => r.end()).listen(3001);\n")
                .file("agents/plain/package.json", "{\"scripts\": {\"start\": \"node server.js\"}}")
                .file("agents/plain/Dockerfile", "FROM node:22\nCOPY . .\nCMD [\"node\", \"server.js\"]\n")
                .file("agents/named/main.py", SERVER)
                .file("agents/named/Procfile", "web: python main.py\n")
                .file(
                        "agents/named/Dockerfile",
                        "FROM python:3.12\nCOPY Procfile main.py /app/\nCMD [\"honcho\", \"start\"]\n")
                .read();
        assertThat(launches.all())
                .filteredOn(launch -> launch.kind() == Launch.Kind.PROCESS)
                .extracting(launch -> launch.id().replaceAll("#.*", "") + " "
                        + (launch.space() instanceof Launch.Space.Container(String owner) ? owner : "host"))
                .containsExactlyInAnyOrder(
                        "agents/copied/supervisord.conf agents/copied/Dockerfile",
                        "agents/asked/supervisord.conf agents/asked/Dockerfile",
                        "agents/hosted/supervisord.conf host",
                        "agents/package/package.json agents/package/Dockerfile",
                        "agents/package/package.json agents/package/Dockerfile",
                        "agents/apart/package.json host",
                        "agents/apart/package.json host",
                        "agents/named/Procfile host");
        assertThat(declarations.processes())
                .allSatisfy(process -> assertThat(launches.of(process))
                        .isPresent()
                        .get()
                        .extracting(Launch::id)
                        .isEqualTo(process.id()));
    }

    @Test
    void aServiceBelongsToTheDirectoryThatItsImageIsMadeOf() throws IOException, InterruptedException {
        String image = "FROM python:3.12\nWORKDIR /app\nCMD [\"python\", \"main.py\"]\n";
        file("agents/one/main.py", SERVER)
                .file("agents/two/main.py", SERVER)
                .file("agents/two/Dockerfile", image)
                .file(
                        "docker/one.Dockerfile",
                        "FROM python:3.12\nWORKDIR /app\nCOPY agents/one .\nCMD [\"python\", \"main.py\"]\n")
                .file(
                        "docker/both.Dockerfile",
                        "FROM python:3.12\nCOPY agents/one agents/two /app/\nCMD [\"python\", \"main.py\"]\n")
                .file("docker/none.Dockerfile", image)
                .file("docker/twice.Dockerfile", "FROM python:3.12\nCOPY agents/one/main.py agents/one/more.py /app/\n")
                .file("agents/one/more.py", SERVER)
                .file(
                        "docker/stage.Dockerfile",
                        "FROM python:3.12 AS made\n"
                                + "COPY agents/one /one\n"
                                + "FROM python:3.12\n"
                                + "COPY --from=made agents/two /two\n")
                .file("compose.yaml", """
                    services:
                      context: {build: agents/one}
                      beside: {build: {context: ., dockerfile: agents/two/Dockerfile}}
                      copied: {build: {context: ., dockerfile: docker/one.Dockerfile}}
                      both: {build: {context: ., dockerfile: docker/both.Dockerfile}}
                      stage: {build: {context: ., dockerfile: docker/stage.Dockerfile}}
                      twice: {build: {context: ., dockerfile: docker/twice.Dockerfile}}
                      nothing: {build: {context: ., dockerfile: docker/none.Dockerfile}}
                      pulled: {image: postgres}
                      gone: {build: {context: agents/one}, scale: 0}
                    """)
                .read();
        assertThat(directories())
                .containsEntry("compose.yaml#context", "agents/one")
                .containsEntry("compose.yaml#beside", "agents/two")
                .containsEntry("compose.yaml#copied", "agents/one")
                .containsEntry("compose.yaml#twice", "agents/one")
                .containsEntry("compose.yaml#both", "null")
                .containsEntry("compose.yaml#stage", "agents/one")
                .containsEntry("compose.yaml#nothing", "null")
                .containsEntry("compose.yaml#pulled", "null")
                .doesNotContainKey("compose.yaml#gone");
        ComposeFile file = declarations.composeFiles().getFirst();
        assertThat(file.services())
                .allSatisfy(service -> assertThat(launches.of(service))
                        .isEqualTo(
                                service.name().equals("gone") ? Optional.empty() : Optional.of(launch(service.id()))));
        assertThat(declarations.code().directories())
                .allSatisfy(directory -> assertThat(launches.starts(directory)).isTrue());
    }

    @Test
    void theOnlyCodeBelowABuildContextIsItsOwn() throws IOException, InterruptedException {
        file("agents/one/main.py", SERVER)
                .file("Dockerfile", "FROM python:3.12\nCOPY . /app\nCMD [\"python\", \"agents/one/main.py\"]\n")
                .file("compose.yaml", "services:\n  one: {build: .}\n")
                .read();
        assertThat(directories()).containsEntry("compose.yaml#one", "agents/one");
    }

    @Test
    void ofAContextWithSeveralAgentsTheProgramTellsWhoseAServiceIs() throws IOException, InterruptedException {
        file("agents/one/main.py", SERVER)
                .file("agents/two/main.py", SERVER)
                .file("tool.py", SERVER)
                .file(
                        "Dockerfile",
                        "FROM python:3.12\nWORKDIR /app\nCOPY . .\nCMD [\"python\", \"agents/two/main.py\"]\n")
                .file(
                        "agents/one/Dockerfile",
                        "FROM python:3.12\nWORKDIR /app\nCOPY . .\nCMD [\"python\", \"agents/two/main.py\"]\n")
                .file("compose.yaml", """
                    services:
                      told: {build: .}
                      moved: {build: {context: ., dockerfile: agents/one/Dockerfile}}
                      tool: {build: {context: ., dockerfile: agents/one/Dockerfile}, command: python tool.py}
                    """)
                .read();
        assertThat(directories())
                .containsEntry("compose.yaml#told", "agents/two")
                .containsEntry("compose.yaml#moved", "agents/two")
                .containsEntry("compose.yaml#tool", "agents/one");
    }

    @Test
    void codeOutsideOfABuildContextIsNotItsOwn() throws IOException, InterruptedException {
        file("agents/one/main.py", SERVER)
                .file("tools/Dockerfile", "FROM python:3.12\nCMD [\"python\", \"-m\", \"http.server\"]\n")
                .file("compose.yaml", "services:\n  one: {build: tools}\n")
                .read();
        assertThat(directories()).containsEntry("compose.yaml#one", "null");
    }

    @Test
    void anImageIsALaunchOnlyWhereNothingBuildsItOrStartsItsProgram() throws IOException, InterruptedException {
        String image = "FROM python:3.12\nWORKDIR /app\nCOPY . .\nCMD [\"python\", \"main.py\"]\n";
        file("agents/built/main.py", SERVER)
                .file("agents/built/other.py", SERVER)
                .file("agents/built/Dockerfile", image)
                .file("agents/unit/main.py", SERVER)
                .file("agents/unit/Dockerfile", image)
                .file("agents/alone/main.py", SERVER)
                .file("agents/alone/Dockerfile", image)
                .file(
                        "units/unit.service",
                        "[Service]\nWorkingDirectory=/opt/fleet/agents/unit\nExecStart=/usr/bin/python3 main.py\n")
                .file("compose.yaml", "services:\n  built: {build: agents/built, command: python other.py}\n")
                .read();
        assertThat(launches.all())
                .filteredOn(launch -> launch.kind() == Launch.Kind.IMAGE)
                .extracting(Launch::id, Launch::program, Launch::directory)
                .containsExactly(tuple("agents/alone/Dockerfile", "agents/alone/main.py", "agents/alone"));
    }

    /** A quadlet starts another program of it than its own command, and a job of a cluster runs it to its end. */
    @Test
    void anImageThatAQuadletOrAJobTakesIsNoLaunchOfItsOwn() throws IOException, InterruptedException {
        String image = "FROM python:3.12\nWORKDIR /app\nCOPY . .\nCMD [\"python\", \"main.py\"]\n";
        file("agents/quadlet/main.py", SERVER)
                .file("agents/quadlet/other.py", SERVER)
                .file("agents/quadlet/Dockerfile", image)
                .file("q/quadlet.build", "[Build]\nSetWorkingDirectory=../agents/quadlet\n")
                .file("q/quadlet.container", "[Container]\nImage=quadlet.build\nExec=python other.py\n")
                .file("agents/job/main.py", SERVER)
                .file("agents/job/Dockerfile", image)
                .file(
                        "compose.yaml",
                        "services:\n  job: {build: agents/job, image: example/job, deploy: {replicas: 0}}\n")
                .read();
        assertThat(launches.all())
                .extracting(launch -> launch.kind() + " " + launch.program())
                .containsExactly("WORKLOAD agents/quadlet/other.py");
    }

    @Test
    void aScriptThatAnImageStartsIsNoLaunchOfItsOwn() throws IOException, InterruptedException {
        file("agents/one/main.py", SERVER)
                .file(
                        "agents/one/start.sh",
                        "#!/bin/sh\nPORT=8100 python main.py &\nPORT=8101 python main.py &\nwait\n")
                .file("agents/one/Dockerfile", "FROM python:3.12\nWORKDIR /app\nCOPY . .\nCMD [\"sh\", \"start.sh\"]\n")
                .file("agents/two/main.py", SERVER)
                .file(
                        "agents/two/start.sh",
                        "#!/bin/sh\nPORT=8200 python main.py &\nPORT=8201 python main.py &\nwait\n")
                .read();
        assertThat(launches.all())
                .filteredOn(launch -> launch.kind() == Launch.Kind.PROCESS)
                .extracting(launch -> launch.id().replaceAll("#.*", ""))
                .containsOnly("agents/two/start.sh");
    }

    @Test
    void aUnitBelongsToWhatItStartsElseToWhereItWorks() throws IOException, InterruptedException {
        file("agents/one/main.py", SERVER)
                .file("agents/one/deep/tool.sh", "echo\n")
                .file("agents/two/main.py", SERVER)
                .file(
                        "units/one.service",
                        "[Service]\n"
                                + "WorkingDirectory=/opt/fleet/agents/two\n"
                                + "ExecStart=/usr/bin/python3 /opt/fleet/agents/one/main.py\n")
                .file(
                        "units/binary.service",
                        "[Service]\nWorkingDirectory=/opt/fleet/agents/two\nExecStart=/usr/local/bin/two\n")
                .file("units/nowhere.service", "[Service]\nWorkingDirectory=/srv\nExecStart=/usr/local/bin/two\n")
                .file("units/job.service", "[Service]\nType=oneshot\nExecStart=/usr/bin/true\n")
                .read();
        assertThat(directories())
                .containsEntry("one.service", "agents/one")
                .containsEntry("binary.service", "agents/two")
                .containsEntry("nowhere.service", "null");
        UnitFile job = unit("job.service");
        assertThat(launches.of(job)).isEmpty();
        assertThat(launches.of(unit("one.service"))).contains(launch("one.service"));
    }

    private UnitFile unit(String name) {
        return declarations.units().stream()
                .filter(unit -> unit.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aServiceWhosePortsCannotBeToldSaysWhy() throws IOException, InterruptedException {
        file("compose.yaml", """
            services:
              picked: {image: company/database, ports: ["5432"]}
              known: {image: postgres, ports: ["5432"]}
              unset: {image: postgres, ports: ["${NOWHERE:?}:5432"]}
              both: {image: company/database, ports: ["${NOWHERE:?}:5432"]}
              build: {build: ./absent, ports: ["${NOWHERE:?}:5432"]}
              host: {image: postgres, network_mode: host, ports: ["5432:5432"]}
              beside: {image: postgres, network_mode: "service:picked"}
            """).read();
        assertThat(launch("compose.yaml#picked").unknown()).isEqualTo("only its image knows what it binds");
        assertThat(launch("compose.yaml#known").bound()).containsExactly(5432);
        assertThat(launch("compose.yaml#unset").unknown()).contains("NOWHERE");
        assertThat(launch("compose.yaml#both").unknown()).contains("NOWHERE");
        assertThat(launch("compose.yaml#build").unknown()).isEqualTo("its build context does not exist");
        assertThat(launch("compose.yaml#host").published()).isEmpty();
        assertThat(launch("compose.yaml#host").onHost()).isTrue();
        assertThat(launch("compose.yaml#beside").space()).isEqualTo(new Launch.Space.Container("compose.yaml#picked"));
    }

    @Test
    void aScriptThatIsNotThereIsTold() throws IOException, InterruptedException {
        file("agents/one/main.py", SERVER)
                .file("agents/one/Procfile", "web: python main.py\ngone: python absent.py\n")
                .read();
        assertThat(declarations.processes())
                .extracting(process ->
                        process.id() + " " + launches.missing(process).orElse("-"))
                .containsExactlyInAnyOrder(
                        "agents/one/Procfile#web -", "agents/one/Procfile#gone agents/one/absent.py");
    }

    @Test
    void aLaunchAnswersForItsClaims() {
        Launch.Claim loopback = new Launch.Claim(8000, HERE, "127.0.0.1");
        Launch.Claim open = new Launch.Claim(8001, HERE, "0.0.0.0");
        Launch.Claim published = new Launch.Claim(9000, THERE);
        assertThat(loopback.onLoopback()).isTrue();
        assertThat(open.onLoopback()).isFalse();
        assertThat(published.onLoopback()).isFalse();
        Launch contained = launch(new Launch.Space.Container("c#s"), List.of(loopback, open), List.of(published), null);
        assertThat(contained.hostPorts()).containsExactly(9000);
        assertThat(contained.bound()).containsExactly(8000, 8001);
        assertThat(List.of(contained.serves(9000), contained.serves(8001), contained.serves(8002)))
                .containsExactly(true, true, false);
        assertThat(contained.evidence()).containsExactly(HERE, THERE);
        Launch hosted = launch(new Launch.Space.Host(), List.of(open), List.of(), null);
        assertThat(hosted.hostPorts()).containsExactly(8001);
        assertThat(List.of(hosted.serves(8001), hosted.serves(9000))).containsExactly(true, false);
        assertThat(launch(new Launch.Space.Host(), List.of(), List.of(), Launch.IMAGE_ONLY)
                        .onlyItsImageKnows())
                .isTrue();
        assertThat(launch(new Launch.Space.Host(), List.of(open), List.of(), Launch.IMAGE_ONLY)
                        .onlyItsImageKnows())
                .isFalse();
        assertThat(hosted.onlyItsImageKnows()).isFalse();
    }

    private static Launch launch(
            Launch.Space space, List<Launch.Claim> claims, List<Launch.Claim> published, String unknown) {
        return new Launch(Launch.Kind.SERVICE, "c#s", null, null, space, List.of("s"), claims, published, unknown);
    }

    @Test
    void portClaimsAnswerWithTheirPlaces() {
        PortClaims.Unresolved open = new PortClaims.Unresolved(new PortValue.Unresolved("it is read", null), HERE);
        PortClaims claims = new PortClaims(
                List.of(
                        new PortClaims.Claim(new PortValue.Known(8000, null), HERE),
                        new PortClaims.Claim(new PortValue.Known(8001, null), THERE),
                        new PortClaims.Claim(new PortValue.Known(8000, null), THERE)),
                List.of(open));
        assertThat(claims.ports()).containsExactly(8000, 8001);
        assertThat(claims.evidence(8000)).containsExactly(HERE, THERE);
        assertThat(claims.evidence(8002)).isEmpty();
        assertThat(claims.firstUnresolved()).contains(open);
        assertThat(open.reason()).isEqualTo("The port bound at main.py:5 is not known: it is read");
        assertThat(new PortClaims(List.of(), List.of()).firstUnresolved()).isEmpty();
    }

    @Test
    void theEnvironmentOfAContainerIsLaidInLayers() {
        Dockerfile.Stage stage = new Dockerfile.Stage(
                null,
                null,
                "/app",
                Map.of("A", "image", "B", "image", "C", "image"),
                Set.of("D"),
                Map.of("B", "GIVEN", "C", "OPEN"),
                null,
                null,
                null,
                List.of(),
                List.of(),
                List.of());
        ComposeFile.Environment service =
                new ComposeFile.Environment(Map.of("D", "service"), Set.of("A"), "a file is missing");
        ContainerEnvironment plain = ContainerEnvironment.of(stage, null, ComposeFile.Environment.EMPTY);
        assertThat(plain.known()).isEqualTo(Map.of("A", "image", "B", "image", "C", "image"));
        assertThat(plain.unclear()).containsExactly("D");
        ContainerEnvironment layered = ContainerEnvironment.of(stage, null, service);
        assertThat(layered.known()).isEqualTo(Map.of("B", "image", "C", "image", "D", "service"));
        assertThat(layered.unclear()).containsExactly("A");
        assertThat(layered.incomplete()).isEqualTo("a file is missing");
        ContainerEnvironment assigned = layered.with(Map.of("A", "command", "E", "command"));
        assertThat(assigned.known()).containsEntry("A", "command").containsEntry("E", "command");
        assertThat(assigned.unclear()).isEmpty();
        assertThat(layered.with(Map.of())).isSameAs(layered);
        assertThat(layered.resolve(new PortValue.Known(80, "A")))
                .isEqualTo(new PortValue.Unresolved("the variable A has a value that is not known", "A"));
        assertThat(new ContainerEnvironment(Map.of("P", "", "Q", " 81 ", "R", "1", "S", "0"), Set.of(), null))
                .satisfies(given -> {
                    assertThat(given.resolve(new PortValue.Known(80, "P"))).isEqualTo(new PortValue.Known(80, "P"));
                    assertThat(given.resolve(new PortValue.Known(80, "Q"))).isEqualTo(new PortValue.Known(81, null));
                    assertThat(given.resolve(new PortValue.Known(80, "R"))).isEqualTo(new PortValue.Known(1, null));
                    assertThat(given.resolve(new PortValue.Known(80, "S"))).isInstanceOf(PortValue.Unresolved.class);
                    assertThat(given.resolve(new PortValue.Known(80, null))).isEqualTo(new PortValue.Known(80, null));
                });
    }

    @Test
    void pathsInContainersAreResolvedAsText() {
        assertThat(ContainerPath.resolve("/app", "../srv/./x/")).isEqualTo("/srv/x");
        assertThat(ContainerPath.resolve("/app", "/srv")).isEqualTo("/srv");
        assertThat(ContainerPath.resolve("/", "..")).isEqualTo("/");
        assertThat(ContainerPath.resolve("?", "app")).isEqualTo("?/app");
        assertThat(ContainerPath.resolve("?/app", "..")).isEqualTo("?");
        assertThat(ContainerPath.resolve("?!/app", "x")).isEqualTo("?!/app/x");
        assertThat(ContainerPath.below("/app", "/app")).isEmpty();
        assertThat(ContainerPath.below("/app", "/app/x")).isEqualTo("x");
        assertThat(ContainerPath.below("/", "/x")).isEqualTo("x");
        assertThat(ContainerPath.below("/app", "/application")).isNull();
        assertThat(ContainerPath.belowRoot("a/b", "../c")).isEqualTo("a/c");
        assertThat(ContainerPath.belowRoot("a", "..")).isEmpty();
        assertThat(ContainerPath.belowRoot("a", "../..")).isNull();
        assertThat(ContainerPath.belowRoot("", "./x/")).isEqualTo("x");
    }
}
