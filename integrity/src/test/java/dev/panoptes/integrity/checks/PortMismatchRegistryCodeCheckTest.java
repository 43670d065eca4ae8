package dev.panoptes.integrity.checks;

import static dev.panoptes.integrity.world.Worlds.agent;
import static dev.panoptes.integrity.world.Worlds.byDefault;
import static dev.panoptes.integrity.world.Worlds.compose;
import static dev.panoptes.integrity.world.Worlds.directory;
import static dev.panoptes.integrity.world.Worlds.dockerfile;
import static dev.panoptes.integrity.world.Worlds.program;
import static dev.panoptes.integrity.world.Worlds.service;
import static dev.panoptes.integrity.world.Worlds.start;
import static dev.panoptes.integrity.world.Worlds.unit;
import static dev.panoptes.integrity.world.Worlds.unresolved;
import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.code.PortValue;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import dev.panoptes.integrity.world.WorldBuilder;
import dev.panoptes.integrity.world.Worlds;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PortMismatchRegistryCodeCheckTest {
    private static final List<String> PASS = List.of("pass a");
    private static final List<String> FAIL = List.of("fail a [a, agents/a/main.py]");

    private final PortMismatchRegistryCodeCheck check = new PortMismatchRegistryCodeCheck();

    @TempDir
    private Path root;

    private static WorldBuilder declared(int port) {
        return new WorldBuilder().agent("a", "A", port);
    }

    private static Worlds.Directory binding(PortValue port) {
        return directory("a").program(program("main.py").binds(port));
    }

    private List<String> verdicts(WorldBuilder fleet) throws InterruptedException {
        return Verdicts.of(check, fleet.build());
    }

    @Test
    void anotherPortInTheCodeIsAMismatch() throws InterruptedException {
        World world = declared(8001).directory(binding(Worlds.known(8002))).build();

        assertThat(Verdicts.of(check, world)).isEqualTo(FAIL);
        Failure failure = Verdicts.failure(check, world, "a");
        assertThat(failure.port()).isEqualTo(8001);
        assertThat(failure.title()).isEqualTo("a is declared on 8001, its code binds 8002");
        assertThat(failure.evidence())
                .extracting(each -> each.source() + ":" + each.line())
                .containsExactly("registry:4", "code:40");
        assertThat(verdicts(declared(8001).directory(binding(Worlds.known(8001)))))
                .isEqualTo(PASS);
    }

    @Test
    void aVariableThatTheDeploymentSetsToTheDeclaredPortIsNoMismatch() throws InterruptedException {
        PortValue port = byDefault(8000, "APP_PORT");

        assertThat(verdicts(declared(8001).directory(binding(port)))).isEqualTo(FAIL);
        assertThat(verdicts(declared(8001)
                        .directory(binding(port))
                        .unit(unit("a.service")
                                .workingDirectory("/opt/fleet/agents/a")
                                .environment("APP_PORT", "8001"))))
                .isEqualTo(PASS);
        assertThat(verdicts(declared(8001)
                        .directory(binding(port))
                        .compose(compose("compose.yml", service("a").environment("APP_PORT", "8001")))))
                .isEqualTo(PASS);
        assertThat(verdicts(declared(8001)
                        .directory(binding(port))
                        .dockerfile(dockerfile("agents/a/Dockerfile").environment("APP_PORT", "8001"))))
                .isEqualTo(PASS);
        assertThat(verdicts(declared(8001)
                        .directory(binding(port))
                        .unit(unit("a.service")
                                .workingDirectory("/opt/fleet/agents/a")
                                .environment("PORT", "8001"))))
                .isEqualTo(FAIL);
        assertThat(verdicts(declared(8001)
                        .directory(binding(new PortValue.Unresolved("nothing sets it", "APP_PORT")))
                        .unit(unit("a.service")
                                .workingDirectory("/opt/fleet/agents/a")
                                .environment("APP_PORT", "8001"))))
                .isEqualTo(PASS);
    }

    @Test
    void onePortOfSeveralIsEnoughUnlessItIsKnownWhichProgramRuns() throws InterruptedException {
        Worlds.Directory two = directory("a")
                .program(program("main.py").binds(8000))
                .program(program("other.py").binds(8001));

        assertThat(verdicts(declared(8001).directory(two))).isEqualTo(PASS);
        assertThat(verdicts(declared(8001)
                        .directory(two)
                        .unit(unit("a.service")
                                .workingDirectory("/opt/fleet/agents/a")
                                .starts(start("python3 main.py", "python", "main.py", null)))))
                .isEqualTo(FAIL);
    }

    @Test
    void ofSeveralProgramsThatUnitsStartOneOnTheDeclaredPortIsEnough() throws InterruptedException {
        WorldBuilder fleet = declared(8001)
                .directory(directory("a")
                        .program(program("admin.py").binds(8000))
                        .program(program("main.py").binds(8001)))
                .unit(unit("a-admin.service")
                        .workingDirectory("/opt/fleet/agents/a")
                        .starts(start("python3 admin.py", "python", "admin.py", null)))
                .unit(unit("a.service")
                        .workingDirectory("/opt/fleet/agents/a")
                        .starts(start("python3 main.py", "python", "main.py", null)));

        assertThat(verdicts(fleet)).isEqualTo(PASS);
    }

    @Test
    void aWorkerThatBindsNothingDoesNotHideTheServerBesideIt() throws InterruptedException {
        WorldBuilder fleet = declared(8001)
                .directory(directory("a")
                        .program(program("worker.py"))
                        .program(program("main.py").binds(8002)))
                .unit(unit("a-worker.service")
                        .workingDirectory("/opt/fleet/agents/a")
                        .starts(start("python3 worker.py", "python", "worker.py", null)))
                .unit(unit("a.service")
                        .workingDirectory("/opt/fleet/agents/a")
                        .starts(start("python3 main.py", "python", "main.py", null)));

        assertThat(verdicts(fleet)).isEqualTo(FAIL);
    }

    @Test
    void whatTheDockerfilePassesToTheModuleCounts() throws InterruptedException {
        WorldBuilder fleet = declared(8001)
                .directory(
                        directory("a").program(program("main.py").definesApp().notRunnable()))
                .dockerfile(dockerfile("agents/a/Dockerfile")
                        .starts(start("uvicorn main:app --port 8002", "uvicorn", "main:app", 8002)));

        assertThat(verdicts(fleet)).containsExactly("fail a [a, agents/a/Dockerfile]");
    }

    @Test
    void composeMayLeadTheDeclaredPortToTheOneOfTheCode() throws InterruptedException {
        assertThat(verdicts(declared(8001)
                        .directory(binding(Worlds.known(80)))
                        .compose(compose("compose.yml", service("a").publishes(8001, 80)))))
                .isEqualTo(PASS);
        assertThat(verdicts(declared(8001)
                        .directory(binding(Worlds.known(80)))
                        .compose(compose("compose.yml", service("a").publishes(8002, 81)))))
                .isEqualTo(FAIL);
    }

    @Test
    void codeThatBindsNothingIsUnknownAndAProxyInFrontIsNotJudged() throws InterruptedException {
        assertThat(verdicts(declared(8001).directory(directory("a").program(program("main.py")))))
                .containsExactly("unknown a: No port is found that the code of a binds");
        assertThat(verdicts(declared(8001))).isEmpty();
        assertThat(verdicts(new WorldBuilder()
                        .agent(agent("a").url("https://a.example.com/api"))
                        .directory(binding(Worlds.known(8000)))))
                .isEmpty();
        assertThat(verdicts(new WorldBuilder().agent(agent("a")).directory(binding(Worlds.known(8000)))))
                .isEmpty();
    }

    @Test
    void aDefaultCountsForNobodyWhoseStartIsNotFollowed() throws InterruptedException {
        WorldBuilder world = declared(8001)
                .directory(binding(Worlds.known(8000)))
                .unit(unit("a.service").workingDirectory("/opt/fleet/agents/a").exec("/usr/local/bin/reload main.py"));
        assertThat(verdicts(world))
                .containsExactly(
                        "unknown a: a.service starts something in a by a command that is not followed to a port");
        assertThat(verdicts(declared(8001)
                        .directory(binding(Worlds.known(8000)))
                        .unit(unit("b@.service")
                                .workingDirectory("/opt/fleet/agents/a")
                                .exec("/usr/bin/python3 main.py --port %i"))))
                .containsExactly("unknown a: Which instances of b@.service are started is not known");
    }

    @Test
    void aPortThatIsNotKnownIsUnknown() throws InterruptedException {
        assertThat(verdicts(declared(8001).directory(binding(unresolved("it comes from a file")))))
                .containsExactly("unknown a: The port bound at agents/a/main.py:40 is not known: it comes from a file");
        assertThat(verdicts(declared(8001).directory(binding(Worlds.known(8000)).incomplete("x.py is too large"))))
                .containsExactly("unknown a: x.py is too large");
        assertThat(verdicts(new WorldBuilder()
                        .agent(agent("a").url("http://a:${PORT}"))
                        .directory(binding(Worlds.known(8000)))))
                .hasSize(1)
                .first()
                .asString()
                .startsWith("unknown a: ");
    }

    @Test
    void aPathBehindAPortThatAnotherServicePublishesMayBeLedOn() throws InterruptedException {
        for (String path : List.of("/a", "/", "")) {
            WorldBuilder fleet = new WorldBuilder()
                    .agent(agent("a").url("http://localhost:8080" + path))
                    .directory(binding(Worlds.known(8001)))
                    .compose(compose(
                            "compose.yml", service("proxy").image("nginx").publishes(8080, 80)));
            assertThat(verdicts(fleet))
                    .as(path)
                    .isEqualTo(
                            path.length() > 1
                                    ? List.of("unknown a: Another service publishes port 8080, so a proxy may stand"
                                            + " before")
                                    : FAIL);
        }
        assertThat(verdicts(new WorldBuilder()
                        .agent(agent("a").url("http://localhost:9090/a"))
                        .directory(binding(Worlds.known(8001)))
                        .compose(compose(
                                "compose.yml", service("proxy").image("nginx").publishes(8080, 80)))))
                .as("nobody publishes that one")
                .isEqualTo(FAIL);
    }

    @Test
    void anInstanceOfATemplateBindsWhatTheTemplatePasses() throws InterruptedException {
        java.util.function.Supplier<WorldBuilder> fleet = () -> new WorldBuilder()
                .agent(agent("a").port(8001).unit("worker@8001.service"))
                .directory(binding(Worlds.known(8000)));
        Worlds.Unit passing = unit("worker@.service").exec("/usr/bin/python3 /srv/serve.py --port %i");
        assertThat(verdicts(fleet.get().unit(passing))).isEqualTo(PASS);
        assertThat(verdicts(fleet.get().unit(unit("worker@.service").exec("/usr/bin/python3 /srv/serve.py"))))
                .containsExactly(
                        "unknown a: worker@8001.service is an instance of worker@.service, which decides what it"
                                + " binds");
        assertThat(verdicts(fleet.get().unit(unit("other@.service").exec("/usr/bin/python3 /srv/serve.py"))))
                .as("its template is not in the tree")
                .isEqualTo(FAIL);
    }

    @Test
    void ofADirectoryTheServersAtItsTopCount() throws InterruptedException {
        assertThat(verdicts(declared(8001)
                        .directory(directory("a")
                                .program(program("main.py").binds(8002))
                                .program(program("old/main.py").binds(8001))
                                .program(program("lib.py").binds(8001).notRunnable()))))
                .isEqualTo(FAIL);
        assertThat(verdicts(declared(8001)
                        .directory(directory("a")
                                .program(program("tool.py"))
                                .program(program("app/main.py").binds(8002)))))
                .as("none at the top binds a port")
                .containsExactly("fail a [a, agents/a/app/main.py]");
    }

    private FleetTree tree(String... urlsOfAgents) {
        return new FleetTree(root)
                .file(
                        "agents/a/main.py",
                        "import os, uvicorn",
                        "uvicorn.run('m:app', port=int(os.getenv('PORT', 8000)))")
                .agents(urlsOfAgents);
    }

    private static String[] started(String... lines) {
        return Stream.concat(Stream.of("[Service]", "WorkingDirectory=/opt/fleet/agents/a"), Arrays.stream(lines))
                .toArray(String[]::new);
    }

    @Test
    void ofALanguageThatIsNotReadWhatStartsItMayTellThePort() throws InterruptedException {
        FleetTree tree = new FleetTree(root)
                .agents("a", "http://localhost:8014")
                .file("agents/a/build.sbt", "name := \"a\"")
                .file("compose.yaml", "services: {a: {build: agents/a, ports: ['8014:80']}}")
                .file("agents/a/Dockerfile", "FROM scala:3", "COPY . .", "CMD [\"sbt\", \"run\"]");
        assertThat(tree.verdicts(check)).containsExactly("pass a");
        tree.file("compose.yaml", "services: {a: {build: agents/a, ports: ['8015:80']}}");
        assertThat(tree.verdicts(check))
                .containsExactly("unknown a: What the code of agents/a binds is not known: Scala is not read");
    }

    /** With a path in its URL an agent may stand behind a proxy, unless what starts it serves the port itself. */
    @Test
    void aPortThatAnotherServicePublishesMayLeadToIt() throws InterruptedException {
        FleetTree tree = tree("a", "http://localhost:9000/a")
                .file("agents/a/Dockerfile", "FROM python:3.12", "COPY . .", "CMD [\"python\", \"main.py\"]")
                .file("compose.yaml", "services: {a: {build: agents/a}, proxy: {image: x, ports: ['9000:80']}}");
        assertThat(tree.verdicts(check))
                .containsExactly("unknown a: Another service publishes port 9000, so a proxy may stand before");
        tree.file(
                "compose.yaml",
                "services: {a: {build: agents/a, ports: ['9000:8000']}, proxy: {image: x, ports: ['9000:80']}}");
        assertThat(tree.verdicts(check)).containsExactly("pass a");
        tree.file("compose.yaml", "services: {a: {build: agents/a}, proxy: {image: x, ports: ['9000:80']}}")
                .agents("a", "http://localhost:9000");
        assertThat(tree.verdicts(check)).as("no path").containsExactly("fail a [a, agents/a/main.py]");
    }

    @Test
    void whatOneOfItsLaunchesBindsMayBeOpen() throws InterruptedException {
        FleetTree tree = tree("a", "http://localhost:8014")
                .file("units/a.service", started("ExecStart=/usr/bin/python3 main.py"))
                .file("other/a.service", started("EnvironmentFile=/etc/a.env", "ExecStart=/usr/bin/python3 main.py"));
        assertThat(tree.verdicts(check))
                .containsExactly("unknown a: What a.service binds is not known: its environment file /etc/a.env is not"
                        + " in the scanned tree");
        tree.file("other/a.service", started("Environment=PORT=8015", "ExecStart=/usr/bin/python3 main.py"));
        assertThat(tree.verdicts(check)).containsExactly("fail a [a, agents/a/main.py]");
    }

    @Test
    void wherePartsOfTheTreeStartItTheyAreNamedAndNotTheCode() throws InterruptedException {
        FleetTree tree = new FleetTree(root)
                .agents("a", "http://localhost:8014")
                .file("q/a.container", "[Container]", "Image=x", "Network=host", "Exec=uvicorn m:app --port 8015")
                .file("agents/a/readme.py", "x = 1");
        assertThat(Verdicts.failure(check, tree.world(), "a").title())
                .isEqualTo("a is declared on 8014, what starts it binds 8015");
    }
}
