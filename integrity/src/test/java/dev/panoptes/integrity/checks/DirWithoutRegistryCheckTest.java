package dev.panoptes.integrity.checks;

import static dev.panoptes.integrity.world.Worlds.directory;
import static dev.panoptes.integrity.world.Worlds.dockerfile;
import static dev.panoptes.integrity.world.Worlds.program;
import static dev.panoptes.integrity.world.Worlds.start;
import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.integrity.world.World;
import dev.panoptes.integrity.world.WorldBuilder;
import org.junit.jupiter.api.Test;

final class DirWithoutRegistryCheckTest {
    private final DirWithoutRegistryCheck check = new DirWithoutRegistryCheck();

    @Test
    void aProgramWithoutAKeyIsAccused() throws InterruptedException {
        World world = new WorldBuilder()
                .agent("a_b", "AB", 8001)
                .agent("gandalf", "ACADEMIC-GUIDE", 8103)
                .directory(directory("A-B").program(program("main.py").binds(8001)))
                .directory(directory("academic-guide")
                        .program(program("main.py").binds(8103).reports("Academic Guide")))
                .directory(directory("loader")
                        .program(program("main.py").notRunnable().definesApp()))
                .directory(directory("worker").program(program("worker.py")))
                .dockerfile(dockerfile("agents/worker/Dockerfile")
                        .starts(start("python worker.py", "python", "worker.py", null)))
                .build();

        assertThat(Verdicts.of(check, world))
                .containsExactly(
                        "fail academic-guide [academic-guide]",
                        "fail loader [loader]",
                        "fail worker [worker]",
                        "pass A-B");
        assertThat(Verdicts.failure(check, world, "academic-guide").description())
                .endsWith("It says that it is gandalf, which has no directory of its own.");
    }

    @Test
    void aWorkerIsAProgramThoughItBindsNothing() throws InterruptedException {
        World world = new WorldBuilder()
                .agent("other", "other", 9000)
                .directory(directory("queue-reader").program(program("worker.py")))
                .directory(directory("file-watch").program(program("file_watch.py")))
                .directory(directory("library").program(program("app.py").notRunnable()))
                .directory(directory("tools").program(program("lib/main.py")))
                .build();

        assertThat(Verdicts.of(check, world))
                .containsExactly("fail file-watch [file-watch]", "fail queue-reader [queue-reader]");
    }

    @Test
    void codeThatServesNothingIsNoAgent() throws InterruptedException {
        World world = new WorldBuilder()
                .directory(directory("shared").file("models.py", 200))
                .directory(directory("scripts").program(program("backup.py")))
                .build();

        assertThat(Verdicts.of(check, world)).isEmpty();
    }

    @Test
    void withoutARegistryNothingIsKnown() throws InterruptedException {
        World world = new WorldBuilder()
                .brokenRegistry()
                .directory(directory("a").program(program("main.py").binds(8001)))
                .build();

        assertThat(Verdicts.of(check, world)).containsExactly("unknown a: The registry cannot be read");
    }
}
