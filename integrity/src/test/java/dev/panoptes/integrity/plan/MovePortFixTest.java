package dev.panoptes.integrity.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.issue.Issue;
import dev.panoptes.integrity.world.World;
import dev.panoptes.integrity.world.WorldBuilder;
import dev.panoptes.integrity.world.Worlds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who keeps a port that several directories bind, and where the others go. */
class MovePortFixTest {
    @TempDir
    private Path root;

    private Fleet fleet;
    private PlanContext context;

    @BeforeEach
    void makeAFolder() {
        fleet = new Fleet(root);
    }

    /** The agent beta has the directory second, and gamma is declared on another port than its directory binds. */
    private static WorldBuilder agents() {
        return new WorldBuilder()
                .agent(Worlds.agent("beta").port(8704).path("agents/second"))
                .agent(Worlds.agent("gamma").port(8709).path("agents/third"))
                .directory(Worlds.directory("first")
                        .program(Worlds.program("main.py").binds(8704)))
                .directory(Worlds.directory("second")
                        .program(Worlds.program("main.py").binds(8704)))
                .directory(Worlds.directory("third")
                        .program(Worlds.program("main.py").binds(8704)));
    }

    private FixPlan plan(WorldBuilder builder, String... affected) {
        World world = builder.build();
        context = new PlanContext(world, new Workspace(root), List.of(), "");
        Issue issue = LiveFixesTest.issue("code-port-conflict", 8704, affected);
        return new MovePortFix().plan(issue, context).orElseThrow();
    }

    private static List<String> what(FixPlan plan) {
        return plan.steps().stream().map(FixStep::what).toList();
    }

    private MovePortFixTest code(String... directories) throws IOException {
        for (String directory : directories) {
            fleet.write("agents/" + directory + "/main.py", "PORT = 8704\n");
        }
        return this;
    }

    @Test
    void theDirectoryOfTheAgentThatIsDeclaredOnThePortKeepsIt() throws IOException {
        code("first", "second", "third");
        FixPlan plan = plan(agents(), "first", "second", "third");
        assertThat(what(plan))
                .containsExactly(
                        "Let first use 8705 instead of 8704 in agents/first/main.py",
                        "Let third use 8709 instead of 8704 in agents/third/main.py");
        assertThat(plan.patched()).isTrue();
        assertThat(context.moved("first", 8704)).isTrue();
        assertThat(context.moved("second", 8704)).isFalse();
        assertThat(context.moved("third", 8704)).isTrue();
    }

    @Test
    void whereNobodyIsDeclaredOnItTheFirstKeepsIt() throws IOException {
        code("first", "third");
        assertThat(what(plan(agents(), "third", "first")))
                .containsExactly("Let first use 8705 instead of 8704 in agents/first/main.py");
        WorldBuilder undeclared = new WorldBuilder()
                .directory(Worlds.directory("first")
                        .program(Worlds.program("main.py").binds(8704)))
                .directory(Worlds.directory("third")
                        .program(Worlds.program("main.py").binds(8704)));
        assertThat(what(plan(undeclared, "first", "third")))
                .containsExactly("Let third use 8705 instead of 8704 in agents/third/main.py");
    }

    @Test
    void anAgentIsMovedInItsDirectoryWhateverThatIsCalled() throws IOException {
        code("first", "second");
        fleet.write("agent-registry.yaml", "agents:\n  beta:\n    url:\n    http://beta:8704\n");
        FixPlan plan = plan(
                new WorldBuilder()
                        .agent(Worlds.agent("beta").port(8704).path("agents/second"))
                        .agent(Worlds.agent("alpha").port(8704).path("agents/first"))
                        .directory(Worlds.directory("first")
                                .program(Worlds.program("main.py").binds(8704)))
                        .directory(Worlds.directory("second")
                                .program(Worlds.program("main.py").binds(8704))),
                "alpha",
                "beta");
        assertThat(what(plan))
                .containsExactly(
                        "Declare beta on 8705 in the registry",
                        "Let beta use 8705 instead of 8704 in agents/second/main.py");
        assertThat(plan.patched()).isTrue();
    }

    @Test
    void aMoveThatOneOfThemNeedsByHandIsNotPatched() throws IOException {
        code("first", "second", "third");
        fleet.write("agents/first/main.py", "PORT = 8704\nLIMIT = 8704\n");
        FixPlan plan = plan(agents(), "first", "second", "third");
        assertThat(what(plan))
                .containsExactly(
                        "Let the code in agents/first bind 8705 instead of 8704",
                        "Let third use 8709 instead of 8704 in agents/third/main.py");
        assertThat(plan.patched()).isFalse();
    }

    @Test
    void whatAnEarlierStepRetiredIsNotMoved() throws IOException {
        code("second", "third");
        assertThat(what(plan(agents(), "first", "second", "third")))
                .as("no file of first is there")
                .containsExactly("Let third use 8709 instead of 8704 in agents/third/main.py");
        Files.delete(root.resolve("agents/third/main.py"));
        FixPlan plan = plan(agents(), "first", "second", "third");
        assertThat(what(plan)).containsExactly("Nothing of its own: the steps before free the port");
        assertThat(plan.patched()).isTrue();
        assertThat(context.moved("first", 8704)).isFalse();
    }
}
