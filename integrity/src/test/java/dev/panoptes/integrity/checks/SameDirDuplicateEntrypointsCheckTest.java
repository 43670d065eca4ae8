package dev.panoptes.integrity.checks;

import static dev.panoptes.integrity.world.Worlds.byDefault;
import static dev.panoptes.integrity.world.Worlds.directory;
import static dev.panoptes.integrity.world.Worlds.known;
import static dev.panoptes.integrity.world.Worlds.program;
import static dev.panoptes.integrity.world.Worlds.unresolved;
import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.code.Language;
import dev.panoptes.integrity.world.WorldBuilder;
import dev.panoptes.integrity.world.Worlds;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SameDirDuplicateEntrypointsCheckTest {
    private final SameDirDuplicateEntrypointsCheck check = new SameDirDuplicateEntrypointsCheck();

    private List<String> verdicts(Worlds.Directory directory) throws InterruptedException {
        return Verdicts.of(check, new WorldBuilder().directory(directory).build());
    }

    @Test
    void twoRunnableServersForOnePortAreAccusedWithTheirFiles() throws InterruptedException {
        assertThat(verdicts(directory("a")
                        .program(program("main.py").binds(8001))
                        .program(program("a.py").binds(byDefault(8001, "PORT")))
                        .program(program("other.py").binds(8002))))
                .containsExactly("fail a [a, agents/a/a.py, agents/a/main.py]");
    }

    @Test
    void differentPortsFoldersBelowAndModulesAreNone() throws InterruptedException {
        assertThat(verdicts(directory("a")
                        .program(program("main.py").binds(8001))
                        .program(program("two.py").binds(8002))
                        .program(program("old/main.py").binds(8001))
                        .program(program("lib.py").binds(8001).notRunnable())))
                .containsExactly("pass a");
        assertThat(verdicts(directory("b").file("x.py", 5))).isEmpty();
    }

    @Test
    void aProgramThatRunsAnothersServerIsNoSecondOne() throws InterruptedException {
        assertThat(verdicts(directory("a")
                        .program(program("server.py").binds(8001))
                        .program(program("main.py").bindsIn("agents/a/server.py", known(8001)))
                        .program(program("start.sh").language(Language.SHELL).binds(8001))))
                .containsExactly("pass a");
    }

    @Test
    void aPortThatIsNotKnownMayBeTheSame() throws InterruptedException {
        assertThat(verdicts(directory("a")
                        .program(program("main.py").binds(8001))
                        .program(program("two.py").binds(unresolved("?")))))
                .containsExactly("unknown a: The port bound at agents/a/two.py:40 is not known");
        assertThat(verdicts(directory("a").program(program("main.py").binds(unresolved("?")))))
                .containsExactly("pass a");
        assertThat(verdicts(
                        directory("a").program(program("main.py").binds(8001)).incomplete("too many files")))
                .containsExactly("unknown a: too many files");
    }

    @Test
    void theFileThatBindsIsNamedNotTheOneThatRunsIt() throws InterruptedException {
        assertThat(verdicts(directory("a")
                        .program(program("main.py").bindsIn("agents/a/server.py", known(8001)))
                        .program(program("other.py").binds(8001))
                        .program(program("server.py").binds(8001))))
                .containsExactly("fail a [a, agents/a/other.py, agents/a/server.py]");
    }

    @Test
    void aServerThatBindsOnePortInTwoPlacesIsOne() throws InterruptedException {
        assertThat(verdicts(directory("a").program(program("main.py").binds(8001, 8001))))
                .containsExactly("pass a");
    }
}
