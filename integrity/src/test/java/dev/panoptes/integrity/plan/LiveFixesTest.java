package dev.panoptes.integrity.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.issue.Issue;
import dev.panoptes.core.issue.IssueState;
import dev.panoptes.core.issue.Severity;
import dev.panoptes.core.registry.Registry;
import dev.panoptes.core.registry.RegistryLoader;
import dev.panoptes.core.registry.RegistryResult;
import dev.panoptes.integrity.world.RegistryView;
import dev.panoptes.integrity.world.Seen;
import dev.panoptes.integrity.world.World;
import dev.panoptes.integrity.world.WorldBuilder;
import dev.panoptes.integrity.world.Worlds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fixes of what only a running fleet shows, on records of what was seen and with real files to edit. */
class LiveFixesTest {
    @TempDir
    private Path root;

    private Workspace workspace;

    private LiveFixesTest file(String path, String text) throws IOException {
        Files.createDirectories(root.resolve(path).getParent());
        Files.writeString(root.resolve(path), text);
        return this;
    }

    private PlanContext context(World world, Issue... issues) {
        workspace = new Workspace(root);
        return new PlanContext(world, workspace, List.of(issues), " --root .");
    }

    private String now(String path) {
        return String.join("\n", workspace.lines(path).orElseThrow());
    }

    /** An issue of this check about these. */
    static Issue issue(String check, Integer port, String... affected) {
        return new Issue(
                check + "-1",
                check,
                "live",
                Severity.HIGH,
                "The title",
                "",
                List.of(affected),
                "",
                List.of(),
                "f",
                "local",
                port,
                WorldBuilder.NOW,
                null,
                IssueState.NEW,
                null);
    }

    private static FixStep only(Optional<FixPlan> plan) {
        assertThat(plan).isPresent();
        assertThat(plan.get().steps()).hasSize(1);
        return plan.get().steps().getFirst();
    }

    // What runs and is not declared.

    private static WorldBuilder strays() {
        return new WorldBuilder()
                .agent("hermes", "HERMES", 8701)
                .directory(Worlds.directory("stray")
                        .program(Worlds.program("main.py").binds(8702).reports("it's")))
                .directory(Worlds.directory("nameless")
                        .program(Worlds.program("main.py").binds(8703)))
                .directory(Worlds.directory("both")
                        .program(Worlds.program("main.py").binds(8704, 8705)))
                .directory(Worlds.directory("hermes")
                        .program(Worlds.program("main.py").binds(8701)));
    }

    private LiveFixesTest strayFiles(String registry) throws IOException {
        for (String name : List.of("stray", "nameless", "both", "hermes")) {
            file("agents/" + name + "/main.py", "# " + name + "\n");
        }
        return file("agent-registry.yaml", registry);
    }

    @Test
    void whatListensIsDeclaredAsItsCodeSaysItIs() throws IOException {
        strayFiles("version: 1\nagents:\n\n    # the first\n    hermes:\n        core: true\n");
        PlanContext context = context(strays().build());
        Issue issue = issue("undeclared-listener", 8702, "stray");
        Optional<FixPlan> plan = new DeclareFix().plan(issue, context);
        assertThat(plan.orElseThrow().patched()).isTrue();
        assertThat(only(plan))
                .isEqualTo(new FixStep(
                        "Declare stray on port 8702 in the registry, or stop it",
                        "",
                        "somebody owns it: git log --format='%an %ad' -- agents/stray",
                        "take the entry out again",
                        Risk.LOW));
        assertThat(now("agent-registry.yaml")).isEqualTo("""
            version: 1
            agents:
                stray:
                  name: 'it''s'
                  connection: {url: 'http://stray:8702', health_endpoint: /health}
                  actions:
                    health: {endpoint: /health, method: GET}


                # the first
                hermes:
                    core: true
            """);
        // A second issue about the same directory adds no second entry.
        assertThat(new DeclareFix().plan(issue, context).orElseThrow().patched())
                .isTrue();
        assertThat(now("agent-registry.yaml")).containsOnlyOnce("stray:\n");
        assertThat(new DeclareFix()
                        .plan(issue("undeclared-listener", 8703, "unknown", "nameless"), context)
                        .orElseThrow()
                        .patched())
                .isTrue();
        assertThat(now("agent-registry.yaml"))
                .contains("    nameless:\n      connection: {url: 'http://nameless:8703'");
    }

    @Test
    void whatCannotBeToldIsNotDeclared() throws IOException {
        strayFiles("agents:\n  hermes: {core: true}\n");
        PlanContext context = context(strays().build());
        DeclareFix fix = new DeclareFix();
        assertThat(fix.plan(issue("undeclared-listener", 8704, "both"), context))
                .isEmpty();
        assertThat(fix.plan(issue("dir-without-registry", null, "stray"), context))
                .isEmpty();
        assertThat(fix.plan(issue("undeclared-listener", 8709, "nobody"), context))
                .isEmpty();
        assertThat(fix.plan(
                        issue("undeclared-listener", 8702, "stray"),
                        new PlanContext(strays().build(), null, List.of(), "")))
                .isEmpty();
        // The key is declared already, so that a person has to say what is meant.
        assertThat(fix.plan(issue("undeclared-listener", 8701, "hermes"), context)
                        .orElseThrow()
                        .patched())
                .isFalse();
        assertThat(workspace.changed(List.of("agent-registry.yaml"))).isFalse();
    }

    @Test
    void aRegistryInAnotherStyleIsLeftToAPerson() throws IOException {
        for (String registry : List.of("agents: {hermes: {core: true}}\n", "agents:\nhermes:\n", "{}\n")) {
            strayFiles(registry);
            PlanContext context = context(strays().build());
            assertThat(new DeclareFix()
                            .plan(issue("undeclared-listener", 8702, "stray"), context)
                            .orElseThrow()
                            .patched())
                    .as(registry)
                    .isFalse();
            assertThat(workspace.changed(List.of("agent-registry.yaml"))).isFalse();
        }
    }

    @Test
    void anEmptyListOfAgentsTakesTheFirst() throws IOException {
        strayFiles("agents:");
        PlanContext context = context(strays().build());
        assertThat(new DeclareFix()
                        .plan(issue("undeclared-listener", 8702, "stray"), context)
                        .orElseThrow()
                        .patched())
                .isTrue();
        assertThat(now("agent-registry.yaml")).startsWith("agents:\n  stray:\n    name:");
    }

    @Test
    void aDirectoryThatAnEarlierStepRetiresNeedsNoEntry() throws IOException {
        file("agent-registry.yaml", "agents:\n  hermes: {core: true}\n");
        PlanContext context = context(strays().build());
        Issue issue = issue("dir-without-registry", null, "stray");
        Optional<FixPlan> plan = new DeclareFix().plan(issue, context);
        assertThat(plan.orElseThrow().patched()).isTrue();
        assertThat(only(plan).what()).isEqualTo("Nothing of its own: the steps before retire agents/stray");
        assertThat(only(plan).check()).isEqualTo("panoptes scan --root . --only dir-without-registry");
    }

    // What an agent says of itself.

    private static WorldBuilder hermes(Seen seen) {
        return new WorldBuilder()
                .agent("hermes", "HERMES", 8701)
                .agent("iris", "IRIS", 8710)
                .directory(Worlds.directory("hermes")
                        .program(Worlds.program("main.py").binds(8701)))
                .directory(Worlds.directory("iris")
                        .program(Worlds.program("main.py").binds(8710).reports("IRIS")))
                .snapshot(seen.build());
    }

    @Test
    void aWrongReportedPortIsMendedInTheCode() throws IOException {
        file("agents/hermes/main.py", "PORT = 8701\nanswer = {'port': 8799}\n");
        PlanContext context = context(hermes(Seen.here()
                        .probe("iris", 8710, Seen.healthy("IRIS", 8798, null))
                        .probe("hermes", 8701, Seen.healthy("HERMES", 8799, null)))
                .build());
        Optional<FixPlan> plan = new ReportedPortFix().plan(issue("port-mismatch", 8701, "hermes"), context);
        assertThat(plan.orElseThrow().patched()).isTrue();
        assertThat(only(plan))
                .isEqualTo(new FixStep(
                        "Let the health answer of hermes report 8701 instead of 8799",
                        "grep -rnw 8799 agents/hermes",
                        "it listens on 8701: ss -ltn 'sport = :8701'",
                        "let it report 8799 again",
                        Risk.MEDIUM));
        assertThat(now("agents/hermes/main.py")).isEqualTo("PORT = 8701\nanswer = {'port': 8701}\n");
        assertThat(new ReportedPortFix().checks()).containsExactly("port-mismatch");
    }

    @Test
    void aReportedPortThatIsNotToldOrNotWrongIsNotMended() throws IOException {
        file("agents/hermes/main.py", "PORT = 8701\n");
        ReportedPortFix fix = new ReportedPortFix();
        Issue issue = issue("port-mismatch", 8701, "hermes");
        assertThat(fix.plan(issue, context(hermes(Seen.here()).build()))).isEmpty();
        assertThat(fix.plan(
                        issue,
                        context(hermes(Seen.here().probe("hermes", 8701, Seen.healthy("HERMES")))
                                .build())))
                .isEmpty();
        assertThat(fix.plan(
                        issue,
                        context(hermes(Seen.here().probe("hermes", 8701, Seen.healthy("HERMES", 8701, null)))
                                .build())))
                .isEmpty();
        assertThat(fix.plan(
                        issue("port-mismatch", 1, "nobody"),
                        context(hermes(Seen.here()).build())))
                .isEmpty();
        World withoutCode = new WorldBuilder()
                .agent("hermes", "HERMES", 8701)
                .snapshot(Seen.here()
                        .probe("hermes", 8701, Seen.healthy("HERMES", 8799, null))
                        .build())
                .build();
        assertThat(fix.plan(issue, context(withoutCode))).isEmpty();
        // The number stands nowhere: a person has to look.
        assertThat(fix.plan(
                                issue,
                                context(hermes(Seen.here().probe("hermes", 8701, Seen.healthy("HERMES", 8799, null)))
                                        .build()))
                        .orElseThrow()
                        .patched())
                .isFalse();
    }

    @Test
    void aNameThatOnlyTheAnswerToldIsMendedInTheCode() throws IOException {
        file("agents/hermes/main.py", "NAME = 'mercury'\n");
        PlanContext context = context(hermes(Seen.here()
                        .probe("iris", 8710, Seen.healthy("elsewhere"))
                        .probe("hermes", 8701, Seen.healthy("mercury")))
                .build());
        Optional<FixPlan> plan = new ReportedNameFix().plan(issue("identity-mismatch", 8701, "hermes"), context);
        assertThat(plan.orElseThrow().patched()).isTrue();
        assertThat(only(plan).what()).isEqualTo("Let the code in agents/hermes report HERMES instead of mercury");
        assertThat(only(plan).check()).isEqualTo("it is the code of hermes and not of mercury");
        assertThat(now("agents/hermes/main.py")).isEqualTo("NAME = 'HERMES'\n");
        // Another issue of the same cause has nothing left to do.
        Optional<FixPlan> second = new ReportedNameFix().plan(issue("identity-name-mismatch", 8701, "hermes"), context);
        assertThat(second.orElseThrow().patched()).isTrue();
        assertThat(only(second).what()).isEqualTo("Nothing of its own: a step before lets it report HERMES");
    }

    @Test
    void aNameThatTheCodeDoesNotHoldIsTheDeployedCodesFault() throws IOException {
        file("agents/hermes/main.py", "NAME = read()\n");
        Seen seen = Seen.here().probe("hermes", 8701, Seen.healthy("mercury"));
        ReportedNameFix fix = new ReportedNameFix();
        assertThat(fix.plan(
                        issue("identity-mismatch", 8701, "hermes"),
                        context(hermes(seen).build())))
                .isEmpty();
        assertThat(fix.plan(
                                issue("identity-name-mismatch", 8701, "hermes"),
                                context(hermes(seen).build()))
                        .orElseThrow()
                        .patched())
                .isFalse();
        assertThat(fix.plan(
                        issue("identity-mismatch", 8701, "hermes"),
                        context(hermes(Seen.here().probe("hermes", 8701, Seen.healthy("HERMES")))
                                .build())))
                .isEmpty();
        assertThat(fix.plan(
                        issue("identity-mismatch", 8701, "nobody"),
                        context(hermes(seen).build())))
                .isEmpty();
    }

    // Who keeps a port that several want.

    private static WorldBuilder pair() {
        return new WorldBuilder()
                .agent("hermes", "HERMES", 8701)
                .agent("iris", "IRIS", 8701)
                .directory(Worlds.directory("hermes")
                        .program(Worlds.program("main.py").binds(8701)))
                .directory(Worlds.directory("iris")
                        .program(Worlds.program("main.py").binds(8701)));
    }

    private LiveFixesTest pairFiles() throws IOException {
        return file("agents/hermes/main.py", "PORT = 8701\n")
                .file("agents/iris/main.py", "PORT = 8701\n")
                .file("agent-registry.yaml", "agents: {}\n");
    }

    private static Issue conflict() {
        return issue("port-conflict", 8701, "hermes", "iris");
    }

    private static String mover(Optional<FixPlan> plan) {
        return plan.orElseThrow().steps().stream()
                .map(FixStep::what)
                .reduce((first, second) -> first + "; " + second)
                .orElseThrow();
    }

    @Test
    void whoAnswersOnThePortKeepsIt() throws IOException {
        pairFiles();
        PlanContext context = context(pair().snapshot(Seen.here()
                        .probe("hermes", 8701, Seen.healthy("IRIS"))
                        .probe("iris", 8701, Seen.healthy("IRIS"))
                        .build())
                .build());
        assertThat(mover(new MovePortFix().plan(conflict(), context)))
                .contains("hermes on 8702")
                .doesNotContain("iris");
        PlanContext other = context(pair().snapshot(Seen.here()
                        .probe("hermes", 8701, Seen.healthy("HERMES"))
                        .probe("iris", 8701, Seen.healthy("HERMES"))
                        .build())
                .build());
        assertThat(mover(new MovePortFix().plan(conflict(), other)))
                .contains("iris on 8702")
                .doesNotContain("hermes");
    }

    @Test
    void nobodyAnswersSoTheFirstKeepsIt() throws IOException {
        pairFiles();
        PlanContext context = context(pair().snapshot(
                        Seen.here().probe("iris", 8701, Seen.healthy(null)).build())
                .build());
        assertThat(mover(new MovePortFix().plan(conflict(), context)))
                .contains("iris on 8702")
                .doesNotContain("hermes");
    }

    @Test
    void aPortThatSomebodyListensOnIsNotFree() throws IOException {
        pairFiles();
        PlanContext context = context(pair().agent("argus", "ARGUS", 8703)
                .snapshot(Seen.here().listener(8702).build())
                .build());
        assertThat(mover(new MovePortFix().plan(conflict(), context))).contains("iris on 8704");
        assertThat(context.nextFreePort(8701)).isEqualTo(8705);
        assertThat(context.nextFreePort(65_535)).isEqualTo(65_534);
    }

    @Test
    void whoWasMovedByAnEarlierStepIsNotMovedAgain() throws IOException {
        pairFiles();
        PlanContext context = context(pair().build());
        context.move("Hermes", 8701);
        Optional<FixPlan> plan = new MovePortFix().plan(conflict(), context);
        assertThat(only(plan).what()).isEqualTo("Nothing of its own: the steps before free the port");
        assertThat(plan.orElseThrow().patched()).isTrue();
        assertThat(context.moved("hermes", 8701)).isTrue();
        assertThat(context.moved("hermes", 8702)).isFalse();
    }

    @Test
    void aDuplicateIsMendedBeforeAPort() throws IOException {
        pairFiles();
        Issue duplicate = issue("duplicate-dir", null, "hermes", "iris");
        PlanContext context = context(pair().build(), conflict(), duplicate);
        Optional<FixPlan> plan = new MovePortFix().plan(conflict(), context);
        assertThat(plan.orElseThrow().patched()).isFalse();
        assertThat(only(plan).what())
                .isEqualTo("Mend duplicate-dir-1 first: two of the directories hold one agent's code");
        assertThat(only(plan).command()).isEqualTo("panoptes plan --root . duplicate-dir-1");
        PlanContext others = context(pair().build(), issue("duplicate-dir", null, "hermes", "argus"));
        assertThat(mover(new MovePortFix().plan(conflict(), others))).contains("8702");
        assertThat(new MovePortFix().plan(issue("port-conflict", null, "hermes", "iris"), context))
                .isEmpty();
    }

    @Test
    void aRegistryThatCanBeEditedIsAndItsAnchorsAreNot() throws IOException {
        String text = """
            agents:
              hermes: {connection: {url: &u 'http://hermes:8701'}}
              iris: {connection: {url: *u}}
              argus: {connection: {url: "http://argus:8701/"}}
              zeus: {connection: {url: http://zeus:87010}}
              juno: {connection: {url: "http://\\x6auno:8701"}}
              vesta: {connection: {url: 'http://vesta:8701'}}
            """;
        file("agent-registry.yaml", text);
        RegistryResult result = new RegistryLoader().load(root.resolve("agent-registry.yaml"), "agent-registry.yaml");
        Registry registry = ((RegistryResult.Loaded) result).registry();
        World plain = new WorldBuilder().build();
        PlanContext context = context(new World(
                new RegistryView(registry, false, List.of()),
                plain.declarations(),
                List.of(),
                plain.profile(),
                plain.links(),
                plain.snapshotMaxAge(),
                null,
                WorldBuilder.NOW,
                List.of()));
        assertThat(registry.agents())
                .extracting(agent -> agent.key() + " " + MovePortFix.registryLine(agent, 8701, 8709, context))
                .as("escaped, a URL does not stand there as it reads")
                .containsExactly("hermes false", "iris false", "argus true", "zeus false", "juno false", "vesta true");
        assertThat(now("agent-registry.yaml"))
                .isEqualTo(text.replace("argus:8701", "argus:8709").replace("vesta:8701", "vesta:8709"));
        assertThat(context.registryFile()).contains("agent-registry.yaml");
    }
}
