package dev.panoptes.integrity.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.issue.Issue;
import dev.panoptes.integrity.world.World;
import dev.panoptes.integrity.world.WorldBuilder;
import dev.panoptes.integrity.world.Worlds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fixes of what the declarations alone show, and what leaves them to a person. */
class DeclaredFixesTest {
    @TempDir
    private Path root;

    private Fleet fleet;
    private Workspace workspace;

    @BeforeEach
    void makeAFolder() {
        fleet = new Fleet(root);
    }

    private Optional<FixPlan> plan(Fix fix, World world, Issue issue) {
        workspace = new Workspace(root);
        return fix.plan(issue, new PlanContext(world, workspace, List.of(issue), ""));
    }

    private static List<String> what(Optional<FixPlan> plan) {
        return plan.stream()
                .flatMap(found -> found.steps().stream())
                .map(FixStep::what)
                .toList();
    }

    private String now(String path) {
        return String.join("\n", workspace.lines(path).orElseThrow());
    }

    private static Worlds.Directory code(String directory, int... ports) {
        return Worlds.directory(directory).program(Worlds.program("main.py").binds(ports));
    }

    // The port of the registry.

    private static WorldBuilder hermes() {
        return new WorldBuilder().agent("hermes", "HERMES", 8701).directory(code("hermes", 8702));
    }

    private Optional<FixPlan> registryPort(WorldBuilder world) throws IOException {
        fleet.write("agent-registry.yaml", "agents:\n  hermes:\n    url:\n    http://hermes:8701\n");
        return plan(
                new RegistryPortFix(),
                world.build(),
                LiveFixesTest.issue("port-mismatch-registry-code", 8701, "hermes"));
    }

    @Test
    void theRegistryIsGivenThePortThatTheCodeBinds() throws IOException {
        Optional<FixPlan> plan =
                registryPort(hermes().agent("atlas", "ATLAS", 8703).directory(code("atlas", 8703)));
        assertThat(what(plan)).containsExactly("Declare hermes on 8702, which its code binds, instead of 8701");
        assertThat(plan.orElseThrow().patched()).isTrue();
        assertThat(now("agent-registry.yaml")).isEqualTo("agents:\n  hermes:\n    url:\n    http://hermes:8702\n");
    }

    @Test
    void aPortThatOthersUseOrOneOfSeveralIsLeftToAPerson() throws IOException {
        assertThat(registryPort(hermes().agent("atlas", "ATLAS", 8702)))
                .as("another agent is declared on it")
                .isEmpty();
        assertThat(registryPort(hermes().directory(code("other", 8702))))
                .as("other code binds it")
                .isEmpty();
        assertThat(registryPort(
                        new WorldBuilder().agent("hermes", "HERMES", 8701).directory(code("hermes", 8702, 8703))))
                .as("its code binds two")
                .isEmpty();
        assertThat(registryPort(new WorldBuilder().agent("hermes", "HERMES", 8701)))
                .as("it has no code")
                .isEmpty();
        assertThat(workspace.changed(List.of("agent-registry.yaml"))).isFalse();
    }

    // The name that code reports.

    private Optional<FixPlan> reportedName(String reported, WorldBuilder others) throws IOException {
        fleet.write("agents/hermes/main.py", "NAMES = ['HERMES', '" + reported + "']\n");
        return plan(
                new ReportedNameFix(),
                others.agent("hermes", "HERMES", 8701)
                        .directory(Worlds.directory("hermes")
                                .program(Worlds.program("main.py")
                                        .binds(8701)
                                        .reports("hermes")
                                        .reports(reported)))
                        .build(),
                LiveFixesTest.issue("identity-name-mismatch", 8701, "hermes"));
    }

    @Test
    void theNameThatIsNotItsOwnIsReplaced() throws IOException {
        Optional<FixPlan> plan = reportedName("mercury", new WorldBuilder());
        assertThat(what(plan)).containsExactly("Let the code in agents/hermes report HERMES instead of mercury");
        assertThat(now("agents/hermes/main.py")).isEqualTo("NAMES = ['HERMES', 'HERMES']\n");
        assertThat(reportedName("Hermes", new WorldBuilder()))
                .as("both are its own")
                .isEmpty();
    }

    /** The code of two agents may have been exchanged, where one reports the other's name and binds the other's port. */
    @Test
    void codeThatMayBeAnotherAgentsIsNotRenamed() throws IOException {
        assertThat(reportedName(
                        "iris", new WorldBuilder().agent("iris", "IRIS", 8702).directory(code("iris", 8701))))
                .isEmpty();
        assertThat(what(reportedName(
                        "iris", new WorldBuilder().agent("iris", "IRIS", 8702).directory(code("iris", 8702)))))
                .as("iris has code of its own")
                .containsExactly("Let the code in agents/hermes report HERMES instead of iris");
        assertThat(what(reportedName(
                        "nobody", new WorldBuilder().agent("iris", "IRIS", 8702).directory(code("iris", 8701)))))
                .as("no agent is called so")
                .containsExactly("Let the code in agents/hermes report HERMES instead of nobody");
    }

    @Test
    void aNameThatAStepBeforeLeftInPlaceIsStillThere() throws IOException {
        fleet.write("agents/hermes/main.py", "A = 'mercury'\nB = 'mercury'\nC = 1\n");
        World world = new WorldBuilder()
                .agent("hermes", "HERMES", 8701)
                .directory(Worlds.directory("hermes")
                        .program(Worlds.program("main.py").binds(8701).reports("mercury")))
                .build();
        workspace = new Workspace(root);
        workspace.replaceLine("agents/hermes/main.py", 2, "C = 2");
        Issue issue = LiveFixesTest.issue("identity-name-mismatch", 8701, "hermes");
        Optional<FixPlan> plan =
                new ReportedNameFix().plan(issue, new PlanContext(world, workspace, List.of(issue), ""));
        assertThat(what(plan)).containsExactly("Let the code in agents/hermes report HERMES instead of mercury");
        assertThat(plan.orElseThrow().patched()).isFalse();
    }

    // A unit that is missing.

    private static WorldBuilder neighbours() {
        return new WorldBuilder()
                .agent("hermes", "HERMES", 8701)
                .directory(code("hermes", 8701))
                .directory(code("atlas", 8702))
                .unit(Worlds.unit("atlas.service")
                        .workingDirectory("/opt/fleet/agents/atlas")
                        .exec("/usr/bin/python3 main.py"));
    }

    private Optional<FixPlan> unit(String check, WorldBuilder world) throws IOException {
        fleet.write("units/atlas.service", """
            [Service]
            User=fleet
            WorkingDirectory=/opt/fleet/agents/atlas
            ExecStart=/usr/bin/python3 main.py
            """);
        return plan(new MissingUnitFix(), world.build(), LiveFixesTest.issue(check, null, "hermes"));
    }

    @Test
    void aUnitIsWrittenLikeItsNeighbours() throws IOException {
        for (String check : List.of("no-systemd", "registry-missing-unit")) {
            Optional<FixPlan> plan = unit(check, neighbours());
            assertThat(what(plan))
                    .as(check)
                    .containsExactly("Write units/hermes.service for hermes", "Install and enable it");
            assertThat(plan.orElseThrow().patched()).isTrue();
            assertThat(now("units/hermes.service")).isEqualTo("""
                [Unit]
                Description=HERMES
                After=network.target

                [Service]
                User=fleet
                WorkingDirectory=/opt/fleet/agents/hermes
                ExecStart=/usr/bin/python3 main.py
                Restart=on-failure

                [Install]
                WantedBy=multi-user.target
                """);
        }
    }

    @Test
    void whereSomethingStartsItAlreadyItsDeclaredNameIsWrongAndNoUnitMissing() throws IOException {
        WorldBuilder started = neighbours()
                .unit(Worlds.unit("other.service")
                        .workingDirectory("/opt/fleet/agents/hermes")
                        .exec("/usr/bin/python3 main.py"));
        assertThat(unit("registry-missing-unit", started)).isEmpty();
        assertThat(what(unit("no-systemd", started)))
                .containsExactly("Write units/hermes.service for hermes", "Install and enable it");
    }

    @Test
    void whatCannotBeRunIsGivenNoUnit() throws IOException {
        Optional<FixPlan> plan = unit(
                "no-systemd",
                new WorldBuilder()
                        .agent("hermes", "HERMES", 8701)
                        .directory(Worlds.directory("hermes")
                                .program(Worlds.program("lib.py").binds(8701).notRunnable())
                                .program(Worlds.program("tool.py")))
                        .directory(code("atlas", 8702))
                        .unit(Worlds.unit("atlas.service")
                                .workingDirectory("/opt/fleet/agents/atlas")
                                .exec("/usr/bin/python3 main.py")));
        assertThat(what(plan)).containsExactly("Write hermes.service for hermes", "Install and enable it");
        assertThat(plan.orElseThrow().patched()).isFalse();
        assertThat(workspace.diff()).isEmpty();
    }

    // Ports that compose publishes.

    @Test
    void ofAnAgentThatIsDeclaredElsewhereOnlyThePublishedPortMoves() throws IOException {
        String compose = "services:\n"
                + "  atlas:\n"
                + "    image: x\n"
                + "    ports: ['8704:80']\n"
                + "  hermes:\n"
                + "    image: x\n"
                + "    ports: ['8704:80']\n";
        fleet.write("compose.yaml", compose)
                .write("agent-registry.yaml", "agents:\n  hermes:\n    url:\n    http://hermes:8704\n");
        Issue issue =
                LiveFixesTest.issue("compose-host-port-conflict", 8704, "compose.yaml#atlas", "compose.yaml#hermes");
        Optional<FixPlan> elsewhere = plan(
                new ComposePortFix(),
                new WorldBuilder().agent("hermes", "HERMES", 8709).in(root).build(),
                issue);
        assertThat(what(elsewhere)).containsExactly("Publish hermes on host port 8705 instead of 8704");
        assertThat(elsewhere.orElseThrow().patched()).isTrue();
        Optional<FixPlan> there = plan(
                new ComposePortFix(),
                new WorldBuilder().agent("hermes", "HERMES", 8704).in(root).build(),
                issue);
        assertThat(what(there))
                .containsExactly(
                        "Declare hermes on 8705 in the registry",
                        "Let hermes use 8705 instead of 8704 in compose.yaml");
        assertThat(there.orElseThrow().patched()).isTrue();
        assertThat(now("compose.yaml")).endsWith("['8705:80']\n").contains("['8704:80']\n  hermes");
        fleet.write("agent-registry.yaml", "agents: {}\n");
        Optional<FixPlan> byHand = plan(
                new ComposePortFix(),
                new WorldBuilder().agent("hermes", "HERMES", 8704).in(root).build(),
                issue);
        assertThat(byHand.orElseThrow().patched()).isFalse();
    }
}
