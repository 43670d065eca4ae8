package dev.panoptes.integrity.checks;

import static dev.panoptes.integrity.Worlds.directory;
import static dev.panoptes.integrity.Worlds.dockerfile;
import static dev.panoptes.integrity.Worlds.program;
import static dev.panoptes.integrity.Worlds.start;
import static dev.panoptes.integrity.Worlds.unit;
import static dev.panoptes.integrity.Worlds.unresolved;
import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.integrity.Failure;
import dev.panoptes.integrity.World;
import dev.panoptes.integrity.WorldBuilder;
import dev.panoptes.integrity.Worlds;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EntryHasNoBindCheckTest {
    private final EntryHasNoBindCheck check = new EntryHasNoBindCheck();

    private List<String> verdicts(WorldBuilder fleet) throws InterruptedException {
        return Verdicts.of(check, fleet.build());
    }

    private static Worlds.Directory app() {
        return directory("a").program(program("main.py").definesApp().notRunnable());
    }

    @Test
    void aPortThatOnlyTheDockerfileKnowsIsAccused() throws InterruptedException {
        World world = new WorldBuilder()
                .directory(app())
                .dockerfile(dockerfile("agents/a/Dockerfile")
                        .starts(start("uvicorn main:app --port 8001", "uvicorn", "main:app", 8001)))
                .build();

        assertThat(Verdicts.of(check, world)).containsExactly("fail a [a, agents/a/Dockerfile]");
        Failure failure = Verdicts.failure(check, world, "a");
        assertThat(failure.port()).isEqualTo(8001);
        assertThat(failure.evidence()).extracting("line").containsExactly(3);
        assertThat(verdicts(new WorldBuilder()
                        .directory(app())
                        .dockerfile(dockerfile("agents/a/Dockerfile").exposes(8001))))
                .containsExactly("fail a [a, agents/a/Dockerfile]");
    }

    @Test
    void aPortThatOnlyTheUnitKnowsIsAccused() throws InterruptedException {
        assertThat(verdicts(new WorldBuilder()
                        .directory(app())
                        .unit(unit("a.service")
                                .workingDirectory("/opt/fleet/agents/a")
                                .starts(start("uvicorn main:app --port 8001", "uvicorn", "main:app", 8001)))))
                .containsExactly("fail a [a, units/a.service]");
        assertThat(verdicts(new WorldBuilder()
                        .directory(app())
                        .unit(unit("x.service")
                                .workingDirectory("/opt/fleet/agents/a")
                                .environment("PORT", "8001"))))
                .containsExactly("fail a [a, units/x.service]");
    }

    @Test
    void codeThatBindsPassesAndWhereNothingSaysAPortNothingIsJudged() throws InterruptedException {
        assertThat(verdicts(new WorldBuilder()
                        .directory(directory("a").program(program("main.py").binds(unresolved("?"))))
                        .dockerfile(dockerfile("agents/a/Dockerfile").exposes(8001))))
                .containsExactly("pass a");
        assertThat(verdicts(new WorldBuilder().directory(app()))).isEmpty();
        assertThat(verdicts(new WorldBuilder()
                        .exists("agents/a", true)
                        .dockerfile(dockerfile("agents/a/Dockerfile").exposes(8001))))
                .isEmpty();
    }

    @Test
    void settingsOfGunicornMaySayThePort() throws InterruptedException {
        assertThat(verdicts(new WorldBuilder()
                        .directory(app().file("gunicorn.conf.py", 3))
                        .dockerfile(dockerfile("agents/a/Dockerfile").exposes(8001))))
                .containsExactly("unknown a: What agents/a/gunicorn.conf.py binds is not read");
    }

    @Test
    void codeOfWhichNothingIsRunIsNotJudged() throws InterruptedException {
        WorldBuilder frontend = new WorldBuilder()
                .directory(directory("a").file("page.ts", 80))
                .dockerfile(
                        dockerfile("agents/a/Dockerfile").exposes(3000).starts(start("npm start", "npm", null, null)));

        assertThat(verdicts(frontend)).isEmpty();
        assertThat(verdicts(new WorldBuilder()
                        .directory(directory("a").file("loop.py", 80))
                        .dockerfile(dockerfile("agents/a/Dockerfile")
                                .exposes(3000)
                                .starts(start("python loop.py", "python", "loop.py", null)))))
                .containsExactly("fail a [a, agents/a/Dockerfile]");
    }

    @Test
    void aDockerfileWhoseModuleIsMissingClaimsNoPort() throws InterruptedException {
        assertThat(verdicts(new WorldBuilder()
                        .directory(app())
                        .dockerfile(dockerfile("agents/a/Dockerfile")
                                .exposes(8001)
                                .starts(start("uvicorn gone:app --port 8001", "uvicorn", "gone:app", 8001)))))
                .isEmpty();
    }

    @Test
    void codeThatCouldNotAllBeReadIsUnknown() throws InterruptedException {
        assertThat(verdicts(new WorldBuilder()
                        .directory(app().incomplete("a/x.py cannot be read"))
                        .dockerfile(dockerfile("agents/a/Dockerfile").exposes(8001))))
                .containsExactly("unknown a: a/x.py cannot be read");
    }
}
