package dev.panoptes.integrity.checks;

import static dev.panoptes.integrity.world.Worlds.compose;
import static dev.panoptes.integrity.world.Worlds.directory;
import static dev.panoptes.integrity.world.Worlds.program;
import static dev.panoptes.integrity.world.Worlds.service;
import static dev.panoptes.integrity.world.Worlds.unit;
import static dev.panoptes.integrity.world.Worlds.unresolved;
import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.integrity.declared.Sketches;
import dev.panoptes.integrity.judging.Failure;
import dev.panoptes.integrity.world.World;
import dev.panoptes.integrity.world.WorldBuilder;
import dev.panoptes.integrity.world.Worlds;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DuplicateDirCheckTest {
    private final DuplicateDirCheck check = new DuplicateDirCheck();

    private List<String> pair(Worlds.Prog first, Worlds.Prog second) throws InterruptedException {
        return Verdicts.of(
                check,
                new WorldBuilder()
                        .directory(directory("first").program(first))
                        .directory(directory("second").program(second))
                        .build());
    }

    private static Worlds.Prog reporting(String name, String file, int port, int lines) {
        return program(file).binds(port).reports(name).codeLines(lines);
    }

    @Test
    void equalNamesAndTwoOfEntryPortAndSizeMakeADuplicate() throws InterruptedException {
        List<String> duplicate = List.of("fail first-second [first, second]");
        List<String> none = List.of("pass first", "pass second");

        assertThat(pair(reporting("EROS", "main.py", 8104, 400), reporting("Eros", "main.py", 8104, 390)))
                .isEqualTo(duplicate);
        assertThat(pair(reporting("EROS", "main.py", 8104, 400), reporting("eros", "main.py", 9104, 40)))
                .isEqualTo(duplicate);
        assertThat(pair(reporting("EROS", "eros.py", 8104, 400), reporting("EROS", "main.py", 8104, 40)))
                .isEqualTo(duplicate);
        assertThat(pair(reporting("EROS", "main.py", 8104, 400), reporting("EROS", "main.py", 9104, 200)))
                .isEqualTo(none);
        assertThat(pair(reporting("EROS", "eros.py", 8104, 400), reporting("EROS", "main.py", 9104, 40)))
                .isEqualTo(none);
        assertThat(pair(reporting("EROS", "eros.py", 8104, 400), reporting("EROS", "main.py", 8104, 200)))
                .isEqualTo(none);
    }

    @Test
    void aNameWithFurtherWordsNeedsThePortAndOneMore() throws InterruptedException {
        List<String> duplicate = List.of("fail first-second [first, second]");
        List<String> none = List.of("pass first", "pass second");

        assertThat(pair(reporting("ATLAS", "main.py", 8007, 400), reporting("atlas-infra", "main.py", 8007, 300)))
                .isEqualTo(duplicate);
        assertThat(pair(reporting("Old ATLAS", "main.py", 8007, 400), reporting("ATLAS", "x.py", 8007, 30)))
                .isEqualTo(duplicate);
        assertThat(pair(reporting("ATLAS", "main.py", 8007, 400), reporting("AtlasInfra", "main.py", 8208, 30)))
                .isEqualTo(none);
        assertThat(pair(reporting("ATLAS", "main.py", 8007, 400), reporting("ATLAS infra", "x.py", 8007, 300)))
                .isEqualTo(none);
        assertThat(pair(reporting("ATLAS", "main.py", 8007, 400), reporting("ATLASSIAN", "main.py", 8007, 30)))
                .isEqualTo(none);
    }

    @Test
    void underAThirdIsUnderAThird() throws InterruptedException {
        assertThat(pair(reporting("EROS", "main.py", 8104, 300), reporting("EROS", "main.py", 9104, 100)))
                .isEqualTo(List.of("pass first", "pass second"));
        assertThat(pair(reporting("EROS", "main.py", 8104, 301), reporting("EROS", "main.py", 9104, 100)))
                .isEqualTo(List.of("fail first-second [first, second]"));
    }

    @Test
    void nearlyEqualCodeMakesADuplicateOnlyWithARelatedNameOrOnePort() throws InterruptedException {
        Worlds.Prog original = reporting("HERMES", "hermes.py", 8014, 100).lines(Sketches.lines(0, 100));

        assertThat(pair(original, reporting("HERMES", "main.py", 8015, 95).lines(Sketches.lines(5, 100))))
                .isEqualTo(List.of("fail first-second [first, second]"));
        assertThat(pair(original, reporting("HERMES v2", "main.py", 8015, 95).lines(Sketches.lines(5, 100))))
                .isEqualTo(List.of("fail first-second [first, second]"));
        assertThat(pair(original, reporting("COURIER", "main.py", 8014, 95).lines(Sketches.lines(5, 100))))
                .isEqualTo(List.of("fail first-second [first, second]"));
        assertThat(pair(original, reporting("IRIS", "main.py", 8015, 100).lines(Sketches.lines(0, 100))))
                .isEqualTo(List.of("pass first", "pass second"));
        assertThat(pair(original, reporting("COURIER", "main.py", 8014, 100).lines(Sketches.lines(30, 130))))
                .isEqualTo(List.of("pass first", "pass second"));
    }

    @Test
    void stubsFromOneTemplateThatAreDeclaredAsDifferentAgentsAreNoDuplicates() throws InterruptedException {
        World world = new WorldBuilder()
                .agent("one", "ONE", 8014)
                .agent("one-relay", "ONE RELAY", 8015)
                .agent("three", "THREE", 8014)
                .directory(directory("one")
                        .program(reporting("ONE", "a.py", 8014, 50).lines(Sketches.lines(0, 50))))
                .directory(directory("one-relay")
                        .program(reporting("ONE RELAY", "b.py", 8015, 50).lines(Sketches.lines(0, 50))))
                .directory(directory("three")
                        .program(reporting("THREE", "c.py", 8014, 50).lines(Sketches.lines(0, 50))))
                .build();

        assertThat(Verdicts.of(check, world)).containsExactly("pass one", "pass one-relay", "pass three");
    }

    @Test
    void ofTwoEquallyFullOnesTheDeclaredComesFirst() throws InterruptedException {
        assertThat(Verdicts.of(
                        check,
                        new WorldBuilder()
                                .agent("second", "EROS", 8104)
                                .directory(directory("first").program(reporting("EROS", "main.py", 8104, 400)))
                                .directory(directory("second").program(reporting("EROS", "main.py", 8104, 400)))
                                .build()))
                .containsExactly("fail second-first [second, first]");
    }

    @Test
    void aFolderThatHoldsTheEntryIsNoSharedFolder() throws InterruptedException {
        assertThat(pair(
                        reporting("HERMES", "src/hermes.py", 8014, 100).lines(Sketches.lines(0, 100)),
                        reporting("HERMES", "src/main.py", 8015, 100).lines(Sketches.lines(0, 100))))
                .containsExactly("fail first-second [first, second]");
    }

    /** Of forty that bind one port the 32 fullest are compared with all others, and these not among themselves. */
    @Test
    void ofManyOnOnePortOnlyTheFullestAreCompared() throws InterruptedException {
        for (int copy : new int[] {31, 32}) {
            WorldBuilder world = new WorldBuilder();
            for (int i = 0; i < 36; i++) {
                int from = i == copy || i == 35 ? 0 : 1_000 * (i + 1);
                world.directory(directory("d" + (10 + i))
                        .program(reporting("NAME" + i, "f" + i + ".py", 8014, 100 - i)
                                .lines(Sketches.lines(from, from + 100))));
            }
            List<String> failures = Verdicts.of(check, world.build()).stream()
                    .filter(line -> line.startsWith("fail"))
                    .toList();
            assertThat(failures).isEqualTo(copy == 31 ? List.of("fail d41-d45 [d41, d45]") : List.of());
        }
    }

    @Test
    void copiesOfSharedFoldersAreNotCompared() throws InterruptedException {
        World world = new WorldBuilder()
                .directory(directory("a")
                        .program(reporting("A", "a.py", 8014, 20).lines(Sketches.lines(0, 20)))
                        .file("common/base.py", 500, "x", Sketches.lines(1000, 1500)))
                .directory(directory("b")
                        .program(reporting("B", "b.py", 8014, 20).lines(Sketches.lines(20, 40)))
                        .file("common/base.py", 500, "x", Sketches.lines(1000, 1500)))
                .build();

        assertThat(Verdicts.of(check, world)).containsExactly("pass a", "pass b");
    }

    @Test
    void saysWhichIsTheStubWhoUsesItAndWhichToKeep() throws InterruptedException {
        World world = new WorldBuilder()
                .agent("arwen", "EROS", 8104)
                .directory(directory("eros").program(reporting("EROS", "main.py", 8104, 40)))
                .directory(directory("arwen").program(reporting("EROS", "main.py", 8104, 400)))
                .unit(unit("fleet-arwen.service").workingDirectory("/opt/fleet/agents/arwen"))
                .compose(compose("compose.yml", service("love").builds("agents/eros", null)))
                .build();

        Failure failure = Verdicts.failure(check, world, "arwen-eros");
        assertThat(failure.description())
                .contains("arwen has 400 code lines and is used by the registry and fleet-arwen.service")
                .contains("eros, the stub, has 40 code lines and is used by compose.yml#love");
        assertThat(failure.recommendation()).isEqualTo("Keep arwen, point compose.yml#love to it, and retire eros");
        assertThat(failure.port()).isEqualTo(8104);
        assertThat(failure.evidence()).hasSize(4);
    }

    @Test
    void theStubIsKeptWhereOnlyTheStubIsInUse() throws InterruptedException {
        World world = new WorldBuilder()
                .agent("eros", "EROS", 8104)
                .directory(directory("eros").program(reporting("EROS", "main.py", 8104, 40)))
                .directory(directory("arwen").program(reporting("EROS", "main.py", 8104, 400)))
                .build();

        assertThat(Verdicts.failure(check, world, "arwen-eros").recommendation())
                .startsWith("Keep eros, which is the one in use");
    }

    @Test
    void aDirectoryOfWhichSomethingIsNotKnownIsNotPassed() throws InterruptedException {
        assertThat(pair(
                        program("main.py").binds(8014).nameUnknown("main.py:3 returns settings.name"),
                        program("main.py")
                                .binds(unresolved("it comes from a file"))
                                .reports("X")))
                .containsExactly(
                        "unknown first: main.py:3 returns settings.name",
                        "unknown second: The port bound at agents/second/main.py:40 is not known: it comes from a"
                                + " file");
    }

    @Test
    void threeCopiesAreThreePairs() throws InterruptedException {
        World world = new WorldBuilder()
                .directory(directory("a").program(reporting("X", "main.py", 8014, 40)))
                .directory(directory("b").program(reporting("X", "main.py", 8014, 40)))
                .directory(directory("c").program(reporting("X", "main.py", 8014, 50)))
                .build();

        assertThat(Verdicts.of(check, world)).containsExactly("fail a-b [a, b]", "fail c-a [c, a]", "fail c-b [c, b]");
    }
}
