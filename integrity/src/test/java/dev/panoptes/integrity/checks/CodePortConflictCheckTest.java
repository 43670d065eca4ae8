package dev.panoptes.integrity.checks;

import static dev.panoptes.integrity.world.Worlds.agent;
import static dev.panoptes.integrity.world.Worlds.byDefault;
import static dev.panoptes.integrity.world.Worlds.directory;
import static dev.panoptes.integrity.world.Worlds.dockerfile;
import static dev.panoptes.integrity.world.Worlds.program;
import static dev.panoptes.integrity.world.Worlds.start;
import static dev.panoptes.integrity.world.Worlds.unit;
import static dev.panoptes.integrity.world.Worlds.unresolved;
import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import dev.panoptes.integrity.world.WorldBuilder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CodePortConflictCheckTest {
    private final CodePortConflictCheck check = new CodePortConflictCheck();

    @TempDir
    private Path root;

    @Test
    void namesTheDirectoriesThatBindOnePortAndWhere() throws InterruptedException {
        World world = new WorldBuilder()
                .agent("daedalus", "daedalus", 8202)
                .agent("alone", "alone", 8203)
                .directory(directory("daedalus").program(program("main.py").binds(8202)))
                .directory(directory("gendry").program(program("app.py").binds(byDefault(8202, "PORT"))))
                .directory(directory("alone").program(program("main.py").binds(8203)))
                .build();

        assertThat(Verdicts.of(check, world)).containsExactly("fail 8202 [daedalus, gendry]", "pass 8203");
        Failure failure = Verdicts.failure(check, world, "8202");
        assertThat(failure.port()).isEqualTo(8202);
        assertThat(failure.evidence())
                .extracting(each -> each.file() + ":" + each.line())
                .containsExactly("agents/daedalus/main.py:40", "agents/gendry/app.py:40");
    }

    @Test
    void aDockerfileClaimsThePortThatItPassesToAModuleThatIsThere() throws InterruptedException {
        World world = new WorldBuilder()
                .agent("b", "b", 8300)
                .directory(
                        directory("a").program(program("main.py").notRunnable().definesApp()))
                .directory(directory("b").program(program("main.py").binds(8300)))
                .directory(directory("c").file("other.py", 10))
                .directory(directory("d").file("main.py", 10))
                .dockerfile(dockerfile("agents/a/Dockerfile")
                        .starts(start("uvicorn main:app --port 8300", "uvicorn", "main:app", 8300)))
                .dockerfile(dockerfile("agents/c/Dockerfile")
                        .starts(start("uvicorn main:app --port 8300", "uvicorn", "main:app", 8300)))
                .dockerfile(dockerfile("agents/d/Dockerfile").exposes(8300))
                .build();

        assertThat(Verdicts.of(check, world)).containsExactly("fail 8300 [a, b]");
    }

    @Test
    void twoProgramsOfOneDirectoryAndProgramsThatCannotBeRunAreNoConflict() throws InterruptedException {
        World world = new WorldBuilder()
                .agent("a", "a", 8300)
                .agent("b", "b", 8301)
                .directory(directory("a")
                        .program(program("main.py").binds(8300))
                        .program(program("old.py").binds(8300)))
                .directory(directory("shared")
                        .program(program("serve.py").binds(8300).notRunnable()))
                .build();

        assertThat(Verdicts.of(check, world)).containsExactly("pass 8300");
    }

    @Test
    void aFileCopiedIntoFoldersOfSeveralDirectoriesClaimsNothingThere() throws InterruptedException {
        World world = new WorldBuilder()
                .agent("a", "a", 8300)
                .agent("b", "b", 8301)
                .directory(directory("a")
                        .program(program("main.py").binds(8300))
                        .file("common/base.py", 30, "same", dev.panoptes.code.LineSketch.EMPTY)
                        .program(program("common/base.py").binds(9000)))
                .directory(directory("b")
                        .program(program("main.py").binds(8301))
                        .file("common/base.py", 30, "same", dev.panoptes.code.LineSketch.EMPTY)
                        .program(program("common/base.py").binds(9000)))
                .build();

        assertThat(Verdicts.of(check, world)).containsExactly("pass 8300", "pass 8301");
    }

    @Test
    void whatIsNotKnownIsNotPassed() throws InterruptedException {
        World world = new WorldBuilder()
                .agent("b", "b", 8300)
                .directory(directory("a").program(program("main.py").binds(unresolved("it comes from settings.yaml"))))
                .directory(
                        directory("b").program(program("main.py").binds(8300)).incomplete("b/x.py cannot be read"))
                .build();

        assertThat(Verdicts.of(check, world))
                .containsExactly(
                        "pass 8300",
                        "unknown a: The port bound at agents/a/main.py:40 is not known: it comes from settings.yaml",
                        "unknown b: b/x.py cannot be read");
    }

    @Test
    void directoriesOfAgentsOnDifferentHostsDoNotConflict() throws InterruptedException {
        WorldBuilder fleet = new WorldBuilder()
                .host("web-1", "10.0.0.5")
                .agent(agent("a").port(8300).host("web-1"))
                .agent(agent("b").port(8300))
                .agent(agent("c").port(8300).host("web-1"))
                .directory(directory("a").program(program("main.py").binds(8300)))
                .directory(directory("b").program(program("main.py").binds(8300)));

        assertThat(Verdicts.of(check, fleet.build())).isEqualTo(List.of("pass 8300", "pass 8300@web-1"));
        fleet.directory(directory("c").program(program("main.py").binds(8300)));
        assertThat(Verdicts.of(check, fleet.build())).isEqualTo(List.of("fail 8300@web-1 [a, c]", "pass 8300"));
    }

    @Test
    void samplesThatNobodyDeclaresOrStartsAreNoFleet() throws InterruptedException {
        WorldBuilder samples = new WorldBuilder()
                .directory(directory("a").program(program("main.py").binds(8300)))
                .directory(directory("b").program(program("main.py").binds(8300)));

        assertThat(Verdicts.of(check, samples.build())).isEmpty();
        samples.unit(unit("a.service").workingDirectory("/opt/fleet/agents/a").exec("/usr/bin/python3 main.py"));
        assertThat(Verdicts.of(check, samples.build())).containsExactly("fail 8300 [a, b]");
    }

    @Test
    void whatIsStartedOnOtherPortsKeepsItsDefaultForNobody() throws InterruptedException {
        World world = new WorldBuilder()
                .agent("a", "a", 8301)
                .agent("b", "b", 8302)
                .directory(directory("a").program(program("main.py").binds(byDefault(8300, "PORT"))))
                .directory(directory("b").program(program("main.py").binds(byDefault(8300, "PORT"))))
                .unit(unit("a.service")
                        .workingDirectory("/opt/fleet/agents/a")
                        .environment("PORT", "8301")
                        .exec("/usr/bin/python3 main.py"))
                .unit(unit("b.service")
                        .workingDirectory("/opt/fleet/agents/b")
                        .environment("PORT", "8302")
                        .exec("/usr/bin/python3 main.py"))
                .build();

        assertThat(Verdicts.of(check, world)).containsExactly("pass 8301", "pass 8302");
    }

    private static final String[] BINDS = {
        "from http.server import HTTPServer",
        "if __name__ == '__main__':",
        "    HTTPServer(('', 8300), None).serve_forever()"
    };

    private static final String[] ASKS = {
        "import os",
        "from http.server import HTTPServer",
        "if __name__ == '__main__':",
        "    HTTPServer(('', int(os.environ['PORT'])), None).serve_forever()"
    };

    private FleetTree tree(String name) {
        return new FleetTree(root.resolve(name)).file("agents/a/main.py", BINDS).file("agents/b/main.py", BINDS);
    }

    private static FleetTree withUnit(FleetTree tree, String directory) {
        return tree.file(
                "units/" + directory + ".service",
                "[Service]",
                "WorkingDirectory=/opt/fleet/agents/" + directory,
                "ExecStart=/usr/bin/python3 main.py");
    }

    @Test
    void whatEachStartsByAFileOfItsOwnIsRunTogetherOnlyWhereTheRegistrySaysSo() throws InterruptedException {
        String[] own = {"web: python3 main.py"};
        String conflict = "fail 8300 [a, b]";
        FleetTree apart = tree("apart").file("agents/a/Procfile", own).file("agents/b/Procfile", own);
        assertThat(apart.verdicts(check)).isEmpty();
        assertThat(apart.agents("a", "http://localhost:8300").verdicts(check)).containsExactly("pass 8300");
        assertThat(apart.agents("a", "http://localhost:8300", "b", "http://localhost:8300")
                        .verdicts(check))
                .containsExactly(conflict);

        FleetTree common =
                tree("common").file("Procfile", "a: python3 agents/a/main.py", "b: python3 agents/b/main.py");
        assertThat(common.verdicts(check)).containsExactly(conflict);
        assertThat(common.file("agents/a/Procfile", own).verdicts(check))
                .as("one of two files of a starts b too")
                .containsExactly(conflict);
        assertThat(withUnit(tree("unit").file("agents/a/Procfile", own), "b").verdicts(check))
                .as("units of one host are run together")
                .containsExactly(conflict);
        assertThat(tree("one").file("agents/a/Procfile", own).verdicts(check))
                .as("nobody says how b is started")
                .containsExactly(conflict);
    }

    @Test
    void oneDirectoryThatAFileOfItsOwnStartsHasThePort() throws InterruptedException {
        assertThat(new FleetTree(root)
                        .file("agents/a/main.py", BINDS)
                        .file("agents/a/Procfile", "web: python3 main.py")
                        .verdicts(check))
                .containsExactly("pass 8300");
    }

    @Test
    void samplesStaySoWhereSomethingElseIsStarted() throws InterruptedException {
        assertThat(withUnit(tree("fleet").file("agents/c/main.py", "print(1)"), "c")
                        .verdicts(check))
                .isEmpty();
    }

    @Test
    void whatAProcessBindsMayBeOpen() throws InterruptedException {
        FleetTree tree = new FleetTree(root)
                .file("agents/a/main.py", ASKS)
                .file("agents/b/main.py", BINDS)
                .agents("b", "http://localhost:8300")
                .file("agents/a/Procfile", "web: python3 main.py");
        String open = "unknown a: What agents/a/Procfile#web binds is not known: whoever runs it chooses PORT";
        assertThat(tree.verdicts(check)).containsExactly("pass 8300", open);
        assertThat(tree.file("agents/b/Procfile", "web: python3 main.py").verdicts(check))
                .containsExactly("pass 8300", open);
        assertThat(tree.file("agents/a/other.py", BINDS)
                        .file("agents/a/Procfile", "web: python3 main.py", "other: python3 other.py")
                        .verdicts(check))
                .as("where it has a port, that is judged")
                .noneMatch(line -> line.startsWith("unknown"));
    }

    @Test
    void ofAUnitItsOwnCheckSaysWhatIsOpen() throws InterruptedException {
        assertThat(withUnit(new FleetTree(root).file("agents/a/main.py", ASKS), "a")
                        .verdicts(check))
                .isEmpty();
    }

    /** A default in the code that no launch uses is no claim. */
    @Test
    void instancesOfATemplateAreStartedOnThePortsOfTheirOwnFiles(@TempDir Path root) throws InterruptedException {
        String main = "uvicorn.run(app, port=8000)";
        FleetTree tree = new FleetTree(root)
                .file("agents/finch/main.py", "import uvicorn", "app = None", main)
                .file("agents/heron/main.py", "import uvicorn", "app = None", main)
                .file(
                        "deploy/agent@.service",
                        "[Service]",
                        "WorkingDirectory=/opt/birds/agents/%i",
                        "EnvironmentFile=/opt/birds/deploy/env/%i.env",
                        "ExecStart=/opt/birds/venv/bin/uvicorn main:app --port ${PORT}");
        CodePortConflictCheck check = new CodePortConflictCheck();
        tree.agents("finch", "http://localhost:8411", "heron", "http://localhost:8412");
        assertThat(tree.verdicts(check))
                .containsExactly(
                        "unknown finch: Which instances of agent@.service are started is not known",
                        "unknown heron: Which instances of agent@.service are started is not known");

        // A file and a directory of its own make an instance.
        tree.file("deploy/env/finch.env", "PORT=8411")
                .file("deploy/env/heron.env", "PORT=8412")
                .file("deploy/env/common.env", "PORT=1");
        assertThat(tree.verdicts(check)).containsExactly("pass 8411", "pass 8412");
        assertThat(tree.verdicts(new PortMismatchSystemdRegistryCheck())).containsExactly("pass finch", "pass heron");
        assertThat(tree.verdicts(new SystemdMissingWorkdirCheck())).noneMatch(line -> line.startsWith("fail"));
        tree.file("deploy/env/heron.env", "PORT=8411");
        assertThat(tree.verdicts(check)).containsExactly("fail 8411 [finch, heron]");
        assertThat(tree.verdicts(new SystemdPortConflictCheck())).anyMatch(line -> line.startsWith("fail 8411"));

        // So does a name that the registry or another unit gives.
        tree.file(
                "agent-registry.yaml",
                "agents:",
                "  finch: {unit: agent@finch.service, connection: {url: 'http://localhost:8411'}}",
                "  heron: {unit: agent@heron, connection: {url: 'http://localhost:8412'}}");
        tree.file(
                "deploy/agent@.service",
                "[Service]",
                "WorkingDirectory=/opt/birds/agents/%i",
                "EnvironmentFile=/opt/birds/deploy/env/%i.env",
                "ExecStart=/opt/birds/venv/bin/uvicorn main:app --port ${PORT}");
        assertThat(tree.verdicts(new PortMismatchSystemdRegistryCheck()))
                .containsExactly("fail heron [heron, deploy/agent@.service]", "pass finch");
    }
}
