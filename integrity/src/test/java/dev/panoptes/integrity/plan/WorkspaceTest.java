package dev.panoptes.integrity.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The files of a plan: where lines stand after edits, what is taken back, and what no patch can hold. */
class WorkspaceTest {
    @TempDir
    private Path root;

    private Workspace of(String text) throws IOException {
        Files.writeString(root.resolve("f"), text);
        return new Workspace(root);
    }

    private static String now(Workspace workspace) {
        return String.join("/", workspace.lines("f").orElseThrow());
    }

    @Test
    void placesOfTheOriginalAreFoundAfterLinesWereAddedAndRemoved() throws IOException {
        Workspace workspace = of("a\nb\nc\nd");
        assertThat(workspace.current("f", 3)).isEqualTo(2);
        workspace.insertLines("f", 1, List.of("x", "y"));
        workspace.removeLines("f", 3, 4);
        assertThat(now(workspace)).isEqualTo("a/x/y/c/d");
        assertThat(List.of(1, 2, 3, 4))
                .extracting(line -> workspace.current("f", line))
                .containsExactly(0, -1, 3, 4);
    }

    @Test
    void whatIsTakenBackIsAsItWasHoweverOften() throws IOException {
        Workspace workspace = of("a\nb\nc");
        workspace.removeLines("f", 0, 1);
        Workspace.State state = workspace.state();
        for (int round = 0; round < 2; round++) {
            workspace.removeLines("f", 0, 1);
            assertThat(now(workspace)).isEqualTo("c");
            assertThat(workspace.current("f", 3)).isZero();
            workspace.restore(state);
            assertThat(now(workspace)).isEqualTo("b/c");
            assertThat(workspace.current("f", 3)).isEqualTo(1);
        }
    }

    @Test
    void aFileThatWasNotEditedThenHasItsOwnLinesAgain() throws IOException {
        Workspace workspace = of("a\nb\nc");
        Workspace.State untouched = workspace.state();
        workspace.removeLines("f", 0, 2);
        workspace.restore(untouched);
        assertThat(now(workspace)).isEqualTo("a/b/c");
        assertThat(workspace.current("f", 1)).isZero();
        assertThat(workspace.current("f", 3)).isEqualTo(2);
        assertThat(workspace.diff()).isEmpty();
        assertThat(workspace.changed(List.of("f"))).isFalse();
    }

    /** A text, and whether it is one that a patch can hold; {@code 0} stands for the byte zero. */
    @ParameterizedTest
    @CsvSource({"a, true", "0a, false", "a0, false", "'', true"})
    void aFileWithAZeroByteIsNoText(String text, boolean readable) throws IOException {
        assertThat(of(text.replace('0', '\0')).lines("f").isPresent()).isEqualTo(readable);
    }

    @Test
    void onlyTextOfFourMebibytesAtMostBelowTheRootIsRead() throws IOException {
        assertThat(of("a".repeat(4 << 20)).lines("f")).isPresent();
        assertThat(of("a".repeat((4 << 20) + 1)).lines("f")).isEmpty();
        Files.write(root.resolve("f"), "\u00e4".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(new Workspace(root).lines("f")).as("no UTF-8").isEmpty();
        Path below = Files.createDirectory(root.resolve("below"));
        assertThat(new Workspace(below).lines("../f")).isEmpty();
        assertThat(new Workspace(root).lines("below")).as("a folder").isEmpty();
    }

    @Test
    void aFolderOfTwoHundredFilesIsRemovedAndALargerOneIsNot() throws IOException, InterruptedException {
        Fleet fleet = new Fleet(root);
        for (int i = 0; i < 200; i++) {
            fleet.write("old/f" + i, Integer.toString(i));
        }
        fleet.track();
        Workspace workspace = new Workspace(root);
        assertThat(workspace.deleteTracked("old")).isTrue();
        assertThat(workspace.exists("old/f199")).isFalse();
        assertThat(workspace.lines("old/f199")).isEmpty();
        fleet.write("old/one-more", "1");
        Workspace larger = new Workspace(root);
        assertThat(larger.deleteTracked("old")).isFalse();
        assertThat(larger.exists("old/f199")).isTrue();
        assertThat(larger.deleteTracked("none")).isFalse();
        fleet.write("new/f", "1");
        assertThat(larger.deleteTracked("new")).as("Git holds none of it").isFalse();
        assertThat(larger.diff()).isEmpty();
    }

    @Test
    void aProgramThatIsRemovedKeepsItsModeInThePatch() throws IOException, InterruptedException {
        Fleet fleet = new Fleet(root).write("old/run.sh", "#!/bin/sh\n").write("old/text", "a\n");
        assertThat(root.resolve("old/run.sh").toFile().setExecutable(true)).isTrue();
        fleet.track();
        Workspace workspace = new Workspace(root);
        assertThat(workspace.deleteTracked("old")).isTrue();
        assertThat(workspace.diff())
                .contains("a/old/run.sh b/old/run.sh\ndeleted file mode 100755\n")
                .contains("a/old/text b/old/text\ndeleted file mode 100644\n");
    }
}
