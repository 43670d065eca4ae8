package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.integrity.declared.Texts;
import dev.panoptes.integrity.judging.CheckResult;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import dev.panoptes.integrity.world.WorldBuilder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DockerfileMissingModuleCheckTest {
    private static List<CheckResult> run(WorldBuilder world, String... commands) throws InterruptedException {
        String[] lines = {"FROM python:3.12-slim", "WORKDIR /app", "COPY . .", ""};
        lines[3] = String.join("\n", commands);
        return new DockerfileMissingModuleCheck()
                .run(world.dockerfile(Texts.dockerfile("agents/hermes/Dockerfile", lines))
                        .build());
    }

    @Test
    void aMissingModuleFailsAndNamesDirectoryAndFile() throws InterruptedException {
        List<CheckResult> results = run(
                new WorldBuilder().exists("agents/hermes/hermes_agent.py", false),
                "CMD [\"uvicorn\", \"hermes:app\", \"--port\", \"8014\"]");

        Failure failure = ((CheckResult.Fail) results.getFirst()).failure();
        assertThat(results).hasSize(1);
        assertThat(failure.subject()).isEqualTo("agents/hermes/Dockerfile");
        assertThat(failure.affected()).containsExactly("hermes", "agents/hermes/Dockerfile");
        assertThat(failure.title()).isEqualTo("agents/hermes/Dockerfile starts hermes:app, which does not exist");
        assertThat(failure.evidence())
                .containsExactly(
                        new Evidence("dockerfile", "agents/hermes/Dockerfile", 4, "uvicorn hermes:app --port 8014"));
    }

    @Test
    void aModuleThatIsThereOrMayBeThereAccusesNobody() throws InterruptedException {
        assertThat(run(new WorldBuilder().exists("agents/hermes/main.py", false), "CMD python main.py"))
                .containsExactly(new CheckResult.Pass("agents/hermes/Dockerfile"));
        assertThat(run(new WorldBuilder(), "RUN make", "CMD python main.py"))
                .containsExactly(new CheckResult.Unknown(
                        "agents/hermes/Dockerfile",
                        "Whether the started module is there cannot be told: line 4 may make it"));
    }

    @Test
    void aFolderOfTheTreeThatIsMountedOverTheImageHidesNothing(@TempDir Path root) throws InterruptedException {
        ComposeTree tree = new ComposeTree(root)
                .program("hermes", 8014)
                .dockerfile("hermes", "CMD python hermes.py")
                .services("hermes: {build: agents/hermes, volumes: ['./agents/hermes:/app']}");
        assertThat(tree.verdicts(new DockerfileMissingModuleCheck())).containsExactly("fail agents/hermes/Dockerfile");
        tree.services("hermes: {build: agents/hermes, volumes: ['/somewhere/else:/app']}");
        assertThat(tree.verdicts(new DockerfileMissingModuleCheck()))
                .containsExactly("unknown agents/hermes/Dockerfile");
    }

    @Test
    void aDockerfileForManyIsMissingNothingThatOneOfThemHas(@TempDir Path root) throws InterruptedException {
        ComposeTree tree = new ComposeTree(root)
                .program("hermes", 8014)
                .file(
                        "docker/python.Dockerfile",
                        "FROM python:3.12-slim",
                        "WORKDIR /app",
                        "COPY . .",
                        "CMD python main.py");
        assertThat(tree.verdicts(new DockerfileMissingModuleCheck()))
                .containsExactly("unknown docker/python.Dockerfile");
        tree.file(
                "docker/python.Dockerfile", "FROM python:3.12-slim", "WORKDIR /app", "COPY . .", "CMD python mian.py");
        assertThat(tree.verdicts(new DockerfileMissingModuleCheck())).containsExactly("fail docker/python.Dockerfile");
    }

    @Test
    void silentWhereItDoesNotApply() throws InterruptedException {
        assertThat(run(new WorldBuilder(), "EXPOSE 80")).isEmpty();
        assertThat(run(new WorldBuilder(), "CMD [\"npm\", \"start\"]")).isEmpty();
        World nothing = new WorldBuilder().withoutDeclarations().build();
        assertThat(new DockerfileMissingModuleCheck().run(nothing)).isEmpty();
    }
}
