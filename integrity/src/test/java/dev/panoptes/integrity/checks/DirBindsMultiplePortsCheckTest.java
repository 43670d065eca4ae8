package dev.panoptes.integrity.checks;

import static dev.panoptes.integrity.world.Worlds.byDefault;
import static dev.panoptes.integrity.world.Worlds.directory;
import static dev.panoptes.integrity.world.Worlds.dockerfile;
import static dev.panoptes.integrity.world.Worlds.program;
import static dev.panoptes.integrity.world.Worlds.start;
import static dev.panoptes.integrity.world.Worlds.unresolved;
import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.integrity.world.WorldBuilder;
import dev.panoptes.integrity.world.Worlds;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DirBindsMultiplePortsCheckTest {
    private final DirBindsMultiplePortsCheck check = new DirBindsMultiplePortsCheck();

    private List<String> verdicts(Worlds.Directory directory) throws InterruptedException {
        return Verdicts.of(
                check,
                new WorldBuilder()
                        .directory(directory)
                        .dockerfile(dockerfile("agents/a/Dockerfile")
                                .exposes(9999)
                                .starts(start("uvicorn main:app --port 9998", "uvicorn", "main:app", 9998)))
                        .build());
    }

    @Test
    void severalPortsOfTheProgramsInADirectoryAreAccused() throws InterruptedException {
        assertThat(verdicts(directory("a")
                        .program(program("main.py").binds(8001))
                        .program(program("two.py").binds(byDefault(8002, "PORT")))))
                .containsExactly("fail a [a, agents/a/main.py, agents/a/two.py]");
        assertThat(verdicts(directory("a").program(program("main.py").binds(8001, 9100))))
                .containsExactly("fail a [a, agents/a/main.py]");
    }

    @Test
    void onePortHoweverOftenAndPortsOfFoldersBelowAreNot() throws InterruptedException {
        assertThat(verdicts(directory("a")
                        .program(program("main.py").binds(8001))
                        .program(program("again.py").binds(8001))
                        .program(program("lib.py").binds(8005).notRunnable())
                        .program(program("tools/x.py").binds(8002))))
                .containsExactly("pass a");
        assertThat(verdicts(directory("a").file("x.py", 5))).isEmpty();
    }

    @Test
    void aPortThatIsNotKnownMayBeAnother() throws InterruptedException {
        assertThat(verdicts(directory("a").program(program("main.py").binds(unresolved("?")))))
                .containsExactly("pass a");
        assertThat(verdicts(directory("a")
                        .program(program("main.py").binds(8001))
                        .program(program("two.py").binds(unresolved("it comes from a file")))))
                .containsExactly("unknown a: The port bound at agents/a/two.py:40 is not known: it comes from a file");
        assertThat(verdicts(
                        directory("a").program(program("main.py").binds(8001)).incomplete("too many files")))
                .containsExactly("unknown a: too many files");
    }
}
