package dev.panoptes.integrity.checks;

import static dev.panoptes.integrity.world.Worlds.agent;
import static dev.panoptes.integrity.world.Worlds.directory;
import static dev.panoptes.integrity.world.Worlds.program;
import static dev.panoptes.integrity.world.Worlds.start;
import static dev.panoptes.integrity.world.Worlds.unit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.integrity.world.WorldBuilder;
import dev.panoptes.integrity.world.Worlds;
import java.util.List;
import org.junit.jupiter.api.Test;

final class IdentityNameMismatchCheckTest {
    private final IdentityNameMismatchCheck check = new IdentityNameMismatchCheck();

    private List<String> reporting(String name) throws InterruptedException {
        return Verdicts.of(
                check,
                new WorldBuilder()
                        .agent("samwell-tarly", "Port Manager", 8021)
                        .directory(directory("samwell-tarly")
                                .program(program("main.py").binds(8021).reports(name)))
                        .build());
    }

    @Test
    void nameAndKeyAreRightWhateverTheirCaseAndSeparators() throws InterruptedException {
        for (String name : List.of("Port Manager", "PORT-MANAGER", "port_manager", "portmanager", "Samwell Tarly")) {
            assertThat(reporting(name)).containsExactly("pass samwell-tarly");
        }
    }

    @Test
    void anotherNameAnAddedWordAndAVersionAreWrong() throws InterruptedException {
        for (String name : List.of("VARYS", "Port Manager Agent", "port-manager-v2", "Port", "Samwell")) {
            assertThat(reporting(name))
                    .containsExactly("fail samwell-tarly [samwell-tarly, agents/samwell-tarly/main.py]");
        }
    }

    @Test
    void theProgramThatRunsCountsNotTheOthers() throws InterruptedException {
        Worlds.Directory two = directory("a")
                .program(program("legacy.py").binds(8001).reports("OLD"))
                .program(program("main.py").binds(8002).reports("A"));

        assertThat(Verdicts.of(
                        check,
                        new WorldBuilder().agent("a", "A", 8002).directory(two).build()))
                .containsExactly("pass a");
        assertThat(Verdicts.of(
                        check,
                        new WorldBuilder().agent("a", "A", 9999).directory(two).build()))
                .containsExactly("pass a");
        assertThat(Verdicts.of(
                        check,
                        new WorldBuilder()
                                .agent("a", "A", 8002)
                                .directory(two)
                                .unit(unit("a.service")
                                        .workingDirectory("/opt/fleet/agents/a")
                                        .starts(start("python3 legacy.py", "python", "legacy.py", null)))
                                .build()))
                .containsExactly("fail a [a, agents/a/legacy.py]");
    }

    @Test
    void aProgramThatReportsNoNameIsNotJudged() throws InterruptedException {
        assertThat(Verdicts.of(
                        check,
                        new WorldBuilder()
                                .agent("a", "A", 8002)
                                .agent(agent("b"))
                                .directory(directory("a")
                                        .program(program("main.py").binds(8002)))
                                .build()))
                .isEmpty();
    }

    @Test
    void aNameThatIsNotKnownIsUnknown() throws InterruptedException {
        assertThat(Verdicts.of(
                        check,
                        new WorldBuilder()
                                .agent("a", "A", 8002)
                                .agent("b", "B", 8003)
                                .directory(directory("a")
                                        .program(program("main.py")
                                                .binds(8002)
                                                .nameUnknown("main.py:9 returns self.name")))
                                .directory(directory("b").incomplete("b/main.py cannot be read"))
                                .build()))
                .containsExactly("unknown a: main.py:9 returns self.name", "unknown b: b/main.py cannot be read");
    }
}
