package dev.panoptes.integrity.checks;

import static dev.panoptes.integrity.world.Worlds.directory;
import static dev.panoptes.integrity.world.Worlds.program;
import static dev.panoptes.integrity.world.Worlds.unresolved;
import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.integrity.world.World;
import dev.panoptes.integrity.world.WorldBuilder;
import org.junit.jupiter.api.Test;

final class DuplicateIdentityCheckTest {
    private final DuplicateIdentityCheck check = new DuplicateIdentityCheck();

    @Test
    void oneNameFromTwoDifferentAgentsIsAccused() throws InterruptedException {
        World world = new WorldBuilder()
                .directory(directory("a").program(program("a.py").binds(1000).reports("MUSE")))
                .directory(directory("b").program(program("b.py").binds(2000).reports("muse")))
                .directory(directory("c").program(program("c.py").binds(3000).reports("CLIO")))
                .directory(directory("d").program(program("d.py").binds(4000)))
                .build();

        assertThat(Verdicts.of(check, world)).containsExactly("fail a-b [a, b]", "pass c");
        assertThat(Verdicts.failure(check, world, "a-b").evidence())
                .anyMatch(each -> "agents/a/a.py".equals(each.file()) && each.line() == 20);
    }

    @Test
    void aDuplicateDirectoryIsNotAccusedAgain() throws InterruptedException {
        World world = new WorldBuilder()
                .directory(directory("a")
                        .program(program("a.py").binds(1000).reports("MUSE").codeLines(90)))
                .directory(directory("b")
                        .program(program("b.py").binds(1000).reports("MUSE").codeLines(20)))
                .build();

        assertThat(Verdicts.of(check, world)).containsExactly("pass a", "pass b");
    }

    @Test
    void whatIsNotKnownIsUnknown() throws InterruptedException {
        World world = new WorldBuilder()
                .directory(directory("a").program(program("a.py").binds(1000).reports("MUSE")))
                .directory(directory("b")
                        .program(program("b.py").binds(unresolved("x")).reports("MUSE")))
                .directory(directory("c").program(program("c.py").binds(3000).nameUnknown("c.py:9 returns self.name")))
                .build();

        assertThat(Verdicts.of(check, world))
                .containsExactly(
                        "unknown a-b: The port bound at agents/b/b.py:40 is not known: x",
                        "unknown c: c.py:9 returns self.name");
    }
}
